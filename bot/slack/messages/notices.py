"""What the room is told: one short message for each event that changes what people do next. Nothing is told twice."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.decision import Event
from bot.core.delivery import DeliveryFailed
from bot.core.facts import ContainmentRecorded
from bot.core.incident import Incident
from bot.core.lifecycle import IncidentClosed, PhaseEntered
from bot.core.roles import RoleTaken
from bot.core.severity import SeverityChanged
from bot.core.updates import UpdateIssued
from bot.slack import words
from bot.slack.blocks import paragraphs
from bot.slack.messages.card import title
from bot.slack.messages.message import Message, say
from bot.slack.text import escape, escape_within, group_mention, mention, quoted

_MENTIONS_A_LINE = 50

_MEND: dict[str, str] = {
    "channel_not_found": "Check the channel in the policy, and invite me there if it is private.",
    "not_in_channel": "Invite me into the channel.",
    "is_archived": "Unarchive the channel, or name another one in the policy.",
    "missing_scope": "Ask whoever looks after Lockstep to install it again with the permissions of its manifest.",
    "restricted_action": "Ask a workspace administrator to let me do this.",
    "user_not_found": "Check the people and groups that the policy invites.",
    "no_such_subteam": "Check the people and groups that the policy invites.",
    "cant_invite": "Invite them by hand.",
    "user_is_restricted": "Invite them by hand.",
    "too_many_pins": "Remove a pin, then pin the room card by hand.",
}
_MEND_OTHERWISE = "Please do it by hand, and tell whoever looks after Lockstep."


def told(event: Event, incident: Incident) -> Message:
    """What the room is told of this event. ValueError for a kind that the room is not told of."""
    tell = _TELL.get(type(event))
    if tell is None:
        raise ValueError(f"the room is not told of {type(event).__name__}")
    return say(tell(event, incident))


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
    return f"{words.person(event.user)} is now *{event.role.value}* of {incident.name}.{named}"


def _severity_changed(event: SeverityChanged, incident: Incident) -> str:
    return f"{words.person(event.actor)} set the severity of {incident.name} to *{escape(event.severity)}*."


def _containment_recorded(event: ContainmentRecorded, incident: Incident) -> str:
    done = f"{words.person(event.actor)} recorded what was done to stop the harm: {quoted(event.action, 1500)}."
    return f"{done} *{words.RESULT[event.result]}.*"


def _closed(event: IncidentClosed, incident: Incident) -> str:
    return f"*{incident.name} is closed.* {words.person(event.actor)} closed it. Thank you, everyone."


def _update_written(event: UpdateIssued, incident: Incident) -> str:
    text = quoted(event.text or "", 1500)
    return f"{words.person(event.actor)} sent an update to everyone who is kept informed: {text}"


def _delivery_failed(event: DeliveryFailed, incident: Incident) -> str:
    whom = incident.commander.user if incident.commander else incident.declared_by
    what = f"Slack did not let me {words.effect(event.effect)} ({escape_within(event.reason, 200)})."
    return f"{words.person(whom)}: {what} {_MEND.get(event.reason, _MEND_OTHERWISE)}"


_TELL: dict[type[Event], Callable[[Any, Incident], str]] = {
    PhaseEntered: _phase_entered,
    RoleTaken: _role_taken,
    SeverityChanged: _severity_changed,
    ContainmentRecorded: _containment_recorded,
    IncidentClosed: _closed,
    DeliveryFailed: _delivery_failed,
    UpdateIssued: _update_written,
}
