"""The incident's room: what it is called, bound when Slack has opened it, replaced when it is gone, archived when the policy says
so. What was said in it is kept as Slack gives it.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident, Room
from bot.core.policy import Policy
from bot.core.value import REDACTED, Typed, canonical

LONGEST_NAME = 80
"""Of a channel in Slack."""
NAMES = 20
"""How many names a room may try."""

_NOTICES = ("channel_topic", "channel_name")
"""What Slack says in a room of its topic and its name: both have the title."""

Said = Mapping[str, object]
"""A message as Slack gives it."""


class BindRoom(Command):
    """Slack opened the room: this channel, under this name."""

    is_report = True

    channel: str
    name: str


class ReportRoomGone(Command):
    """This channel was deleted or archived, or cannot be reached any more."""

    is_report = True

    channel: str


class RetireRoom(Command):
    """The time has come at which the policy archives the room of a closed incident."""

    is_report = True

    due: AwareDatetime


class KeepHistory(Command):
    """What was said in the room, as Slack gives it: JSON with `messages` messages."""

    is_report = True

    history: Typed
    messages: int


class ConfirmArchive(Command):
    """Slack archived the room."""

    is_report = True


class RoomOpened(Event):
    """The incident has its channel. It is called after the title, so that its name is what somebody typed."""

    channel: str
    name: Typed


class RoomLost(Event):
    """The channel is gone or closed to us; the incident gets a new one."""

    channel: str


class RoomRetired(Event):
    """The room is to be archived; what was said in it is kept first."""


class HistoryKept(Event):
    """What was said in the room is kept: so many messages."""

    messages: int
    history: Typed


class RoomArchived(Event):
    """The room is archived."""


def room_prefix(number: int, is_drill: bool = False) -> str:
    """How the name of an incident's room begins, up to its words: inc-7, or drill-7."""
    return f"{'drill' if is_drill else 'inc'}-{number}"


def room_names(number: int, title: str, is_drill: bool = False) -> Iterator[str]:
    """Names for the room of an incident, best first: inc-7-checkout-is-failing, then the same with -2, -3 … in case it is taken;
    for a drill drill-7-checkout-is-failing. Always lower-case ASCII letters, digits and hyphens, at most 80 characters."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_title).strip("-")
    stem = f"{room_prefix(number, is_drill)}-{words}".rstrip("-")
    for attempt in range(1, NAMES + 1):
        suffix = f"-{attempt}" if attempt > 1 else ""
        yield stem[: LONGEST_NAME - len(suffix)].rstrip("-") + suffix


def bind(incident: Incident, command: BindRoom, policy: Policy) -> Decision:
    """Remember the channel that Slack opened."""
    return accept(RoomOpened(at=command.at, actor=command.actor, channel=command.channel, name=command.name))


def report_gone(incident: Incident, command: ReportRoomGone, policy: Policy) -> Decision:
    """Do without it, if it still is the room of an open incident."""
    if not incident.is_open or incident.room is None or incident.room.channel != command.channel:
        return accept()
    return accept(RoomLost(at=command.at, actor=command.actor, channel=command.channel))


def retirement_due(incident: Incident, policy: Policy) -> datetime | None:
    """When the room is archived; None when it is not to be, or is on the way there."""
    days = policy.archive_room_after_days
    if days == "never" or incident.ended_at is None or incident.room is None or incident.is_room_retired:
        return None
    return incident.ended_at + timedelta(days=days)


def retire(incident: Incident, command: RetireRoom, policy: Policy) -> Decision:
    """Archive it, if this is still due."""
    if retirement_due(incident, policy) != command.due:
        return accept()
    return accept(RoomRetired(at=command.at, actor=command.actor))


def keep_history(incident: Incident, command: KeepHistory, policy: Policy) -> Decision:
    """Keep it, but for what messages say that were redacted, and for Slack's notices of a title that was."""

    def goes(said: Said) -> bool:
        of_title = incident.is_title_redacted and said.get("subtype") in _NOTICES
        return of_title or said.get("ts") in incident.redacted_messages

    history = silenced(command.history, goes)
    return accept(HistoryKept(at=command.at, actor=command.actor, messages=command.messages, history=history))


def silenced(history: str, goes: Callable[[Said], bool]) -> str:
    """What was said in a room, without what those messages say of which `goes` holds: that there was one, by whom and when,
    stays."""
    try:
        messages = json.loads(history)
    except ValueError:
        return history
    if not isinstance(messages, list) or not all(isinstance(said, dict) for said in messages):
        return history
    if not any(map(goes, messages)):
        return history
    return canonical([_unsaid(said) if goes(said) else said for said in messages])


def _unsaid(said: Said) -> Said:
    """A message of which only the frame is left."""
    frame = ("type", "subtype", "ts", "thread_ts", "user", "bot_id", "reply_count")
    return {name: said[name] for name in frame if name in said} | {"text": REDACTED}


def confirm_archive(incident: Incident, command: ConfirmArchive, policy: Policy) -> Decision:
    """Record that it is archived."""
    return accept(RoomArchived(at=command.at, actor=command.actor))


DECIDE = {
    BindRoom: bind,
    ReportRoomGone: report_gone,
    RetireRoom: retire,
    KeepHistory: keep_history,
    ConfirmArchive: confirm_archive,
}
EVOLVE = {
    RoomOpened: lambda incident, event: incident.but(room=Room(channel=event.channel, name=event.name)),
    RoomLost: lambda incident, event: incident.but(room=None, rooms_lost=incident.rooms_lost + 1),
    RoomRetired: lambda incident, event: incident.but(is_room_retired=True),
    HistoryKept: lambda incident, event: incident,
    RoomArchived: lambda incident, event: incident,
}
