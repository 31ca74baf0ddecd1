"""Notes: lines that people want on the timeline, typed, pinned, or put off until after the incident. They change nothing else."""

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.refusal import SaysNothing
from bot.core.value import Typed


class AddNote(Command):
    """This belongs on the timeline."""

    text: Typed


class PinMessage(Command):
    """This message of the room, by `author`, belongs on the timeline; `posted` is when it was written."""

    ts: str
    author: str
    posted: AwareDatetime
    text: Typed
    permalink: str | None = None


class ParkDebate(Command):
    """This is not to be settled now, but after the incident (R15)."""

    text: Typed


class NoteAdded(Event):
    """A line on the timeline."""

    text: Typed


class MessagePinned(Event):
    """A message of the room that somebody put on the timeline."""

    ts: str
    author: str
    posted: AwareDatetime
    permalink: str | None
    text: Typed


class DebateParked(Event):
    """Something to talk about after the incident."""

    text: Typed


def add(incident: Incident, command: AddNote, policy: Policy) -> Decision:
    """Keep it when it says something."""
    if not command.text:
        return refuse(command, SaysNothing(what="note"))
    return accept(NoteAdded(at=command.at, actor=command.actor, text=command.text))


def park(incident: Incident, command: ParkDebate, policy: Policy) -> Decision:
    """Keep it when it says something."""
    if not command.text:
        return refuse(command, SaysNothing(what="what is put off"))
    return accept(DebateParked(at=command.at, actor=command.actor, text=command.text))


def pin(incident: Incident, command: PinMessage, policy: Policy) -> Decision:
    """Keep it. That it is kept once is seen to by the command's key, which is that of the message."""
    return accept(
        MessagePinned(
            at=command.at,
            actor=command.actor,
            ts=command.ts,
            author=command.author,
            posted=command.posted,
            permalink=command.permalink,
            text=command.text,
        )
    )


DECIDE = {AddNote: add, ParkDebate: park, PinMessage: pin}
EVOLVE = {
    NoteAdded: lambda incident, event: incident,
    DebateParked: lambda incident, event: incident,
    MessagePinned: lambda incident, event: incident,
}
