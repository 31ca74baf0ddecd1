"""The incident's room: bound when Slack has opened it, replaced when it is gone, archived when the policy says so."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident, Room
from bot.core.policy import Policy
from bot.core.value import Typed


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
    """The incident has its channel."""

    channel: str
    name: str


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
    """Keep it."""
    return accept(HistoryKept(at=command.at, actor=command.actor, messages=command.messages, history=command.history))


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
