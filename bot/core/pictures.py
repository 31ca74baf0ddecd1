"""The picture of an incident, which anybody may ask for: that it was asked for is an event, that it is in the room an effect."""

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident
from bot.core.policy import Policy


class AskForPicture(Command):
    """The room is to have a picture of the incident as it stands."""


class PictureAsked(Event):
    """Somebody asked for it."""


def ask(incident: Incident, command: AskForPicture, policy: Policy) -> Decision:
    """Keep that it was asked for: whoever reads the room later knows of when the picture is."""
    return accept(PictureAsked(at=command.at, actor=command.actor))


DECIDE = {AskForPicture: ask}
EVOLVE = {PictureAsked: lambda incident, event: incident}
