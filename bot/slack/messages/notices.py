"""What the room is told: one short message for each event that changes what people do next. Nothing is told twice."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.adoption import PolicyAdopted
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned
from bot.core.decision import Event
from bot.core.delivery import DeliveryFailed
from bot.core.ends import IncidentCancelled, IncidentMerged
from bot.core.gates import NeedsWaived
from bot.core.incident import COMMANDER, ContainmentResult, Incident, LinkKind, Phase
from bot.core.learning.postmortem import PostmortemMoved
from bot.core.lifecycle import IncidentClosed, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.notes import DebateParked, NoteAdded
from bot.core.policy import Policy
from bot.core.redaction import TextRedacted
from bot.core.roles import RoleOffered, RoleTaken
from bot.core.rooms import RoomOpened
from bot.core.router.updates import UpdateDrafted, UpdateIssued
from bot.core.run_offers import PlaybooksOffered
from bot.core.severity import SeverityChanged
from bot.core.tracker.hints import HintGiven
from bot.core.tracker.trials import HypothesesCarriedOver
from bot.core.wishes.tracker import IN_ITS_THREAD
from bot.slack import words
from bot.slack.blocks import Block, actions, button, context, paragraphs, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.card import title
from bot.slack.messages.hints import hint
from bot.slack.messages.message import Message, say
from bot.slack.messages.playbook_list import offered
from bot.slack.messages.postmortem import moved as postmortem_moved
from bot.slack.messages.promises import PROMISES, kept_line
from bot.slack.messages.prompts import PROMPTS
from bot.slack.messages.proposals import DECISIONS
from bot.slack.messages.roles import ROLES, has_brief, without_brief
from bot.slack.messages.trials import carried_over
from bot.slack.messages.updates import update
from bot.slack.text import channel_link, clock_time, ended, escape, escape_within, group_mention, mention, quoted

_MENTIONS_A_LINE = 50

HEAD_LENGTH = 32
"""Hexadecimal digits of an event's hash that are posted: 128 bits, which nobody can meet by chance or by trying."""
_HEAD = re.compile(r"Record (\d+): ([0-9a-f]{32})")

_MEND: dict[str, str] = {
    "channel_not_found": "Check the channel in the policy, and invite me there if it is private",
    "not_in_channel": "Invite me into the channel",
    "is_archived": "Unarchive the channel, or name another one in the policy",
    "missing_scope": "Ask whoever looks after Lockstep to install it again with the permissions of its manifest",
    "restricted_action": "Ask a workspace administrator to let me do this",
    "user_not_found": "Check the people and groups that the policy invites",
    "no_such_subteam": "Check the people and groups that the policy invites",
}
_MEND_OTHERWISE = "Please tell whoever looks after Lockstep"
_BY_HAND: dict[str, str] = {
    "cant_invite": "Please invite them by hand.",
    "user_is_restricted": "Please invite them by hand.",
    "too_many_pins": "Please remove a pin, and pin the room card by hand.",
}
"""What Slack lets people do and not us: trying again would change nothing."""


def told(event: Event, incident: Incident, policy: Policy) -> Message:
    """What the room is told of this event. ValueError for a kind that the room is not told of."""
    if isinstance(event, UpdateDrafted):
        return draft(event, incident, policy)
    if isinstance(event, IncidentLinked) and event.kind is LinkKind.RECURS:
        return happened_again(event, incident)
    if isinstance(event, DeliveryFailed):
        return not_delivered(event, incident)
    if with_buttons := _WITH_BUTTONS.get(type(event)):
        return with_buttons(event, incident, policy)
    if isinstance(event, HintGiven) and event.hint not in IN_ITS_THREAD:
        return hint(event, incident, policy)
    if isinstance(event, HypothesesCarriedOver):
        return carried_over(event, incident)
    if isinstance(event, ContainmentRecorded):
        return say(_containment_recorded(event, incident, policy))
    tell = _TELL.get(type(event))
    if tell is None:
        raise ValueError(f"the room is not told of {type(event).__name__}")
    return say(tell(event, incident))


def retold(event: Event, incident: Incident, policy: Policy) -> Message:
    """What the room reads in place of what it was told of this event, something of which was redacted. What stood there of other
    things, as they were then, is not told anew."""
    if isinstance(event, RoleTaken | RoleOffered) and has_brief(event):
        return without_brief(event, incident)
    if isinstance(event, UpdateIssued):
        return say(f"{words.person(event.actor)} sent an update: {quoted(event.text or '', 1500)}")
    return told(event, incident, policy)


def happened_again(event: IncidentLinked, incident: Incident) -> Message:
    """That it is an earlier incident once more, who had which role then, and the button by which somebody leads."""
    start = f"*{incident.name} is INC-{event.other} once more.* What was known then is on the card; please correct what differs."
    had = [f"{words.person(user)} was {escape_within(role, 60)}" for role, user in event.seats.items()]
    asked = f"Last time {', '.join(had)}: are you here? Roles are not handed on by themselves." if had else ""
    text = "\n".join([start, *([asked] if asked else [])])
    press = button(words.TAKE_COMMAND, Action.TAKE_COMMAND, Drawn.of(incident).write(), primary=True)
    return Message(
        text=text,
        blocks=[*paragraphs([start, asked] if asked else [start]), *([] if incident.commander else actions([press]))],
    )


def with_head(message: Message, seq: int, hash: str) -> Message:
    """The message with a line that vouches for the record up to event `seq`: whoever changed it later could not change this
    line."""
    line = f"Record {seq}: {hash[:HEAD_LENGTH]}"
    return Message(text=message.text, blocks=[*message.blocks, context(line)])


def posted_head(blocks: Sequence[Block]) -> tuple[int, str] | None:
    """Number and beginning of the hash of the event that a message vouches for, if it does."""
    for block in blocks:
        for element in block.get("elements", ()) if block.get("type") == "context" else ():
            if found := _HEAD.fullmatch(element.get("text", "")):
                return int(found[1]), found[2]
    return None


def draft(event: UpdateDrafted, incident: Incident, policy: Policy) -> Message:
    """An update for an audience that only a person may write to: what it would read, and the buttons that send it."""
    audience = policy.audience(event.audience)
    where = f" in {escape(audience.channel)}" if audience and audience.channel else ""
    seat = incident.seats.get("communications lead") or incident.commander
    start = f"{words.person(seat.user)}: here" if seat else "Here"
    waits = event.audience in incident.undrafted_until
    then = "It goes out only if one of you sends it." if waits else "They have been told something newer since."
    text = f"{start} is a draft for *{escape(event.audience)}*{where}. {then}"
    drawn = Drawn.of(incident).but(audiences=(event.audience,)).write()
    row = [
        button(words.SEND_DRAFT, Action.SEND_DRAFT, drawn, primary=True),
        button(words.EDIT_DRAFT, Action.EDIT_DRAFT, drawn),
    ]
    shown = update(event)
    return Message(text=text, blocks=[section(text), *shown.blocks, *(actions(row) if waits else [])])


def mentions(incident: Incident, users: Sequence[str], groups: Sequence[str]) -> Message:
    """Calls the responders, each once, and says why. `users` and `groups` are ids."""
    names = [*map(mention, users), *map(group_mention, groups)]
    lines = [" ".join(names[start : start + _MENTIONS_A_LINE]) for start in range(0, len(names), _MENTIONS_A_LINE)]
    severity = f", {escape(incident.severity)}" if incident.severity else ""
    why = f"You are called to {escape_within(title(incident), 500)}{severity}."
    return Message(
        text=why, blocks=paragraphs([*lines, f"{why} The pinned card shows where it stands and what comes next."])
    )


def _phase_entered(event: PhaseEntered, incident: Incident) -> str:
    name = words.phase_name(event.phase)
    moved = f"*{incident.name} is now in {name}.* {words.person(event.actor)} moved it on."
    return "\n".join(
        [
            f"{moved}\n{name} is for {words.PURPOSE[event.phase]}.",
            *_who_may_go(event, incident),
            *_draft_is_there(event),
        ]
    )


def _who_may_go(event: PhaseEntered, incident: Incident) -> list[str]:
    """Once the harm is contained, the commander is asked whom they still need (R12)."""
    if event.phase is not Phase.RECOVERY or incident.commander is None:
        return []
    return [f"{words.person(incident.commander.user)}: who may go now? Please tell whoever is not needed any more."]


def _draft_is_there(event: PhaseEntered) -> list[str]:
    """Where the draft of the postmortem is, once Recovery is left."""
    if event.phase is not Phase.POSTMORTEM:
        return []
    return [f"A draft of the postmortem comes into this room. `{COMMAND} {Verb.POSTMORTEM}` opens it for writing."]


def _new_room(event: RoomOpened, incident: Incident) -> str:
    why = "The room of this incident was deleted or archived, so I opened this one in its place."
    return f"*{why}* Everything recorded is kept; the card shows where {incident.name} stands."


def _parked(event: DebateParked, incident: Incident) -> str:
    put_off = f"{words.person(event.actor)} put this off until after the incident: {ended(quoted(event.text, 2000))}"
    return f"{put_off} It is kept for the postmortem, so that nobody has to settle it now."


def _adopted(event: PolicyAdopted, incident: Incident) -> str:
    changed = escape_within(", ".join(map(words.policy_part, event.changes)), 1000) or "nothing that counts here"
    return f"{words.person(event.actor)} brought the corrected policy to {incident.name}. Changed: {changed}."


def _severity_changed(event: SeverityChanged, incident: Incident) -> str:
    start = f"{words.person(event.actor)} set the severity of {incident.name} to *{escape(event.severity)}*"
    answers = f": {words.assessed(event.who, event.loss)}" if event.who and event.loss else ""
    why = f" It is lower because: {quoted(event.reason, 1500)}" if event.reason else ""
    return f"{start}{answers}.{why}"


def _containment_recorded(event: ContainmentRecorded, incident: Incident, policy: Policy) -> str:
    done = f"{words.person(event.actor)} recorded what was done to stop the harm: {quoted(event.action, 1500)}."
    came_of = "It worked for now" if event.is_temporary else words.RESULT[event.result]
    hold = timedelta(minutes=policy.severity(incident.severity).hold_minutes)
    due = (event.since or event.at) + hold
    is_watched = event.result is not ContainmentResult.FAILED and due > event.at
    return f"{done} *{came_of}.*" + (f" {_watch(due)}" if is_watched else "")


def _watch(due: datetime) -> str:
    """What to do while the hold lasts."""
    return (
        f"Until {clock_time(due)} watch whether it holds; if the harm is back, press `{words.IMPACT_BACK}` on the card."
    )


def _contained(event: HoldPassed, incident: Incident) -> str:
    held = f"*No new harm was seen since {clock_time(event.since)}: {incident.name} is contained.*"
    return f"{held} If nothing else is missing on the card, it can move on."


def _returned(event: ImpactReturned, incident: Incident) -> str:
    relapse = f" This is relapse {event.relapse}; stakeholders are told." if event.relapse else ""
    now = "What held it back counts no more. Contain it again; the card shows what is missing."
    return f"*The harm of {incident.name} is back*, says {words.person(event.actor)}.{relapse} {now}"


def _waived(event: NeedsWaived, incident: Incident) -> str:
    needs = "; ".join(words.KNOWN[need] for need in event.needs)
    return (
        f"{words.person(event.actor)} lets {incident.name} go on without knowing {needs}: {quoted(event.reason, 1500)}"
    )


def _closed(event: IncidentClosed, incident: Incident) -> str:
    kept = f" {kept_line(event.due, event.kept)}" if event.due else ""
    return f"*{incident.name} is closed.* {words.person(event.actor)} closed it.{kept} Thank you, everyone."


def _cancelled(event: IncidentCancelled, incident: Incident) -> str:
    said = f": {quoted(event.words, 1500)}" if event.words else ""
    done = f"*{incident.name} is cancelled.* {words.person(event.actor)} cancelled it. {words.CAUSE[event.cause]}{said}"
    return f"{done}\nNothing more is to be done here. Thank you for looking, everyone."


def _merged(event: IncidentMerged, incident: Incident) -> str:
    where = f"in {channel_link(event.channel)}" if event.channel else f"in the room of INC-{event.into}"
    done = f"*{incident.name} goes on as INC-{event.into}.* {words.person(event.actor)} merged it."
    return f"{done}\nPlease go on {where}. Who had a role here, or declared it, is invited there."


def _linked(event: IncidentLinked, incident: Incident) -> str:
    by, other = words.person(event.actor), f"INC-{event.other}"
    where = f" Its room: {channel_link(event.channel)}." if event.channel else ""
    if event.kind is LinkKind.ABSORBED:
        ideas = ", ".join(f"H{number}" for number in event.hypotheses[:20])
        still = f" Open there: {ideas}." if ideas else ""
        return f"*{other} is part of this now.* {by} merged it into {incident.name}.{where}{still}"
    if event.kind is LinkKind.SPLIT_FROM:
        seat = event.seats.get(COMMANDER)
        leads = f" {words.person(seat)} is incident commander there, and may be of both." if seat else ""
        return f"*{incident.name} was split from {other}* by {by}.{where} What was known there is on the card.{leads}"
    if event.kind is LinkKind.SPLIT_OFF:
        return f"*{other} was split off {incident.name}* by {by}, and is followed on its own.{where}"
    return (
        f"*It happened again:* {by} declared {other}.{where} `{COMMAND} {Verb.STATUS} {other}` shows where that stands."
    )


def _redacted(event: TextRedacted, incident: Incident) -> str:
    entries = words.count(len(event.entries), "entry", "entries")
    start = f"{words.person(event.actor)} redacted what was typed in {entries} of the record of {incident.name}"
    unread = "Please do not repeat it here. Whoever wrote it in a message of their own should delete that message."
    return f"{start}: {quoted(event.reason, 1500)}\n{unread}"


def _update_written(event: UpdateIssued, incident: Incident) -> str:
    told = [name for name, told in incident.told.items() if told.last == event.at] or [event.audience]
    text = quoted(event.text or "", 1500)
    return f"{words.person(event.actor)} sent an update to {escape_within(', '.join(told), 800)}: {text}"


def not_delivered(event: DeliveryFailed, incident: Incident) -> Message:
    """What did not arrive and how to mend it, to whoever leads, with the button that tries again."""
    whom = incident.commander.user if incident.commander else incident.declared_by
    what = f"{words.did_not(event.effect)} ({escape_within(event.reason, 200)})."
    start = f"{words.person(whom)}: {what}"
    if event.reason in _BY_HAND or event.effect_id is None:
        return say(f"{start} {_BY_HAND.get(event.reason, f'{_MEND_OTHERWISE}.')}")
    text = f"{start} {_MEND.get(event.reason, _MEND_OTHERWISE)}, then press `{words.TRY_AGAIN}`."
    row = [button(words.TRY_AGAIN, Action.TRY_AGAIN, Drawn.of(incident).but(effect=event.effect_id).write())]
    return Message(text=text, blocks=[section(text), *actions(row)])


_WITH_BUTTONS = ROLES | DECISIONS | PROMPTS | PROMISES
_WITH_BUTTONS |= {PostmortemMoved: postmortem_moved, PlaybooksOffered: offered}

_TELL: dict[type[Event], Callable[[Any, Incident], str]] = {
    PhaseEntered: _phase_entered,
    RoomOpened: _new_room,
    NoteAdded: lambda event, incident: f"{words.person(event.actor)} noted: {quoted(event.text, 2500)}",
    DebateParked: _parked,
    PolicyAdopted: _adopted,
    SeverityChanged: _severity_changed,
    HoldPassed: _contained,
    ImpactReturned: _returned,
    NeedsWaived: _waived,
    IncidentClosed: _closed,
    IncidentCancelled: _cancelled,
    IncidentMerged: _merged,
    IncidentLinked: _linked,
    UpdateIssued: _update_written,
    TextRedacted: _redacted,
}
