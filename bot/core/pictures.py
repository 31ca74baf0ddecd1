"""Pictures of an incident, which anybody may ask for: that one was asked for is an event, that it is in the room an effect."""

from enum import StrEnum

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident
from bot.core.policy import Policy


class Shows(StrEnum):
    """What a picture shows: the course of the incident, or its system map."""

    INCIDENT = "incident"
    MAP = "map"


class AskForPicture(Command):
    """The room is to have a picture of the incident, or of its system map, as it stands."""

    shows: Shows = Shows.INCIDENT


class PictureAsked(Event):
    """Somebody asked for it."""

    shows: Shows = Shows.INCIDENT


def ask(incident: Incident, command: AskForPicture, policy: Policy) -> Decision:
    """Keep that it was asked for: whoever reads the room later knows of when the picture is."""
    return accept(PictureAsked(at=command.at, actor=command.actor, shows=command.shows))


DECIDE = {AskForPicture: ask}
EVOLVE = {PictureAsked: lambda incident, event: incident}
