"""What the room is told: one short message for each event that changes what people do next. Nothing is told twice."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.core.adoption import PolicyAdopted
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned, hold_due
from bot.core.decision import Event
from bot.core.delivery import DeliveryFailed
from bot.core.gates import NeedsWaived, missing
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import IncidentClosed, PhaseEntered
from bot.core.notes import NoteAdded
from bot.core.policy import Policy
from bot.core.redaction import TextRedacted
from bot.core.roles import RoleTaken, SeatFoundEmpty
from bot.core.rooms import RoomOpened
from bot.core.severity import SeverityChanged
from bot.core.updates import UpdateDrafted, UpdateIssued, owed
from bot.slack import words
from bot.slack.blocks import Block, actions, button, context, paragraphs, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.card import title
from bot.slack.messages.message import Message, say
from bot.slack.messages.updates import update
from bot.slack.text import clock_time, escape, escape_within, group_mention, mention, one_line, quoted, time_from

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
_REDACTED_BRIEF = (
    "Where it stood then is not shown any more: something of it was redacted. The card shows where it stands."
)
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
    if isinstance(event, SeatFoundEmpty):
        return nobody_leads(event, incident)
    if isinstance(event, RoleTaken) and event.former:
        return handed_over(event, incident, policy)
    if isinstance(event, DeliveryFailed):
        return not_delivered(event, incident)
    if isinstance(event, HoldPassed):
        return contained(event, incident, policy)
    if isinstance(event, ContainmentRecorded):
        return say(_containment_recorded(event, incident, policy))
    tell = _TELL.get(type(event))
    if tell is None:
        raise ValueError(f"the room is not told of {type(event).__name__}")
    return say(tell(event, incident))


def retold(event: Event, incident: Incident, policy: Policy) -> Message:
    """What the room reads in place of what it was told of this event, something of which was redacted. What stood there of other
    things, as they were then, is not told anew."""
    if isinstance(event, RoleTaken) and event.former:
        swap = _swap(event, incident)
        return Message(text=swap, blocks=paragraphs([swap, _REDACTED_BRIEF]))
    if isinstance(event, UpdateIssued):
        return say(f"{words.person(event.actor)} sent an update: {quoted(event.text or '', 1500)}")
    return told(event, incident, policy)


def nobody_leads(event: SeatFoundEmpty, incident: Incident) -> Message:
    """Asks, once, for somebody to lead; when somebody was faster than this message, it says so."""
    if seat := incident.commander:
        return say(f"Nobody was *{event.role}* of {incident.name} in time. {words.person(seat.user)} is now.")
    asked = (
        f"Nobody is *{event.role}* of {incident.name} yet. {words.person(incident.declared_by)}, and everybody here:"
    )
    text = f"{asked} whoever can lead, please take it now. It can be handed over at any time."
    press = button(words.TAKE_COMMAND, Action.TAKE_COMMAND, Drawn.of(incident).write(), primary=True)
    return Message(text=text, blocks=[section(text), *actions([press])])


def handed_over(event: RoleTaken, incident: Incident, policy: Policy) -> Message:
    """Who takes over from whom, and all they need to know."""
    text = _swap(event, incident)
    return Message(text=text, blocks=paragraphs([text, "*Where we stand*", *brief(event.at, incident, policy)]))


def _swap(event: RoleTaken, incident: Incident) -> str:
    former = words.person(event.former or "")
    return f"{words.person(event.user)} is now *{escape(event.role)}* of {incident.name}, in place of {former}."


def brief(at: datetime, incident: Incident, policy: Policy) -> list[str]:
    """What whoever takes over must know, at this time: every line is there, also when there is nothing to say."""
    minutes = max(0, int((at - incident.phase_since).total_seconds() // 60))
    containment = incident.contained_by
    in_force = f"{quoted(containment.action, 300)} ({words.came_of(containment)})" if containment else "none"
    hypotheses = [
        f"{one.name} {words.STATUS[one.status]} {quoted(one.statement, 80)}" for one in incident.open_hypotheses[:5]
    ]
    rest = len(incident.open_hypotheses) - len(hypotheses)
    due = sorted(owed(incident, policy).items(), key=lambda item: item[1])
    updates = [f"{escape(name)} {time_from(at, when)}{words.by_whom(name, policy)}" for name, when in due[:12]]
    updates += [f"and {len(due) - 12} more"] if len(due) > 12 else []
    more = [f"and {rest} more"] if rest > 0 else []
    return [
        f"• *Phase:* {words.phase_name(incident.phase)}, for {_minutes(minutes)}",
        f"• *Severity:* {words.severity(incident, policy)}",
        f"• *Impact:* {escape_within(one_line(incident.impact), 800) if incident.impact else 'not known yet'}",
        f"• *Containment in force:* {in_force}",
        f"• *Open hypotheses:* {', '.join([*hypotheses, *more]) or 'none'}",
        f"• *Next update:* {', '.join(updates) or 'none is due'}",
    ]


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


def _minutes(minutes: int) -> str:
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} h {minutes % 60} min"


def draft(event: UpdateDrafted, incident: Incident, policy: Policy) -> Message:
    """An update for an audience that only a person may write to: what it would read, and the buttons that send it."""
    audience = policy.audience(event.audience)
    where = f" in {escape(audience.channel)}" if audience else ""
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
    return f"{moved}\n{name} is for {words.PURPOSE[event.phase]}."


def _role_taken(event: RoleTaken, incident: Incident) -> str:
    named = "" if event.actor == event.user else f" {words.person(event.actor)} asked them to."
    return f"{words.person(event.user)} is now *{escape(event.role)}* of {incident.name}.{named}"


def _new_room(event: RoomOpened, incident: Incident) -> str:
    why = "The room of this incident was deleted or archived, so I opened this one in its place."
    return f"*{why}* Everything recorded is kept; the card shows where {incident.name} stands."


def _adopted(event: PolicyAdopted, incident: Incident) -> str:
    changed = escape_within(", ".join(map(words.policy_part, event.changes)), 1000) or "nothing that counts here"
    return f"{words.person(event.actor)} brought the corrected policy to {incident.name}. Changed: {changed}."


def _severity_changed(event: SeverityChanged, incident: Incident) -> str:
    return f"{words.person(event.actor)} set the severity of {incident.name} to *{escape(event.severity)}*."


def contained(event: HoldPassed, incident: Incident, policy: Policy) -> Message:
    """That it counts as contained now, and that it can move on if nothing else is missing."""
    held = incident.held_at == event.at
    text = f"*No new harm was seen since {clock_time(event.since)}: {incident.name} is contained.*"
    if not held or missing(incident, policy) or incident.phase is not Phase.CONTAINMENT:
        return say(text)
    text += " Everything that must be known is known; it can move on."
    onward = button(words.step(incident.phase), Action.ADVANCE, Drawn.of(incident).write(), primary=True)
    return Message(text=text, blocks=[section(text), *actions([onward])])


def _containment_recorded(event: ContainmentRecorded, incident: Incident, policy: Policy) -> str:
    done = f"{words.person(event.actor)} recorded what was done to stop the harm: {quoted(event.action, 1500)}."
    came_of = "It worked for now" if event.is_temporary else words.RESULT[event.result]
    due = hold_due(incident, policy)
    is_newest = bool(incident.containments) and incident.containments[-1].at == event.at
    return f"{done} *{came_of}.*" + (f" {_watch(due)}" if due and is_newest else "")


def _watch(due: datetime) -> str:
    """What to do while the hold lasts."""
    return (
        f"Until {clock_time(due)} watch whether it holds; if the harm is back, press `{words.IMPACT_BACK}` on the card."
    )


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
    return f"*{incident.name} is closed.* {words.person(event.actor)} closed it. Thank you, everyone."


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
    what = f"Slack did not let me {words.effect(event.effect)} ({escape_within(event.reason, 200)})."
    start = f"{words.person(whom)}: {what}"
    if event.reason in _BY_HAND or event.effect_id is None:
        return say(f"{start} {_BY_HAND.get(event.reason, f'{_MEND_OTHERWISE}.')}")
    text = f"{start} {_MEND.get(event.reason, _MEND_OTHERWISE)}, then press `{words.TRY_AGAIN}`."
    row = [button(words.TRY_AGAIN, Action.TRY_AGAIN, Drawn.of(incident).but(effect=event.effect_id).write())]
    return Message(text=text, blocks=[section(text), *actions(row)])


_TELL: dict[type[Event], Callable[[Any, Incident], str]] = {
    PhaseEntered: _phase_entered,
    RoleTaken: _role_taken,
    RoomOpened: _new_room,
    NoteAdded: lambda event, incident: f"{words.person(event.actor)} noted: {quoted(event.text, 2500)}",
    PolicyAdopted: _adopted,
    SeverityChanged: _severity_changed,
    ImpactReturned: _returned,
    NeedsWaived: _waived,
    IncidentClosed: _closed,
    UpdateIssued: _update_written,
    TextRedacted: _redacted,
}
