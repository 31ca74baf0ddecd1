"""Roles: who sits where. One holder each; an empty seat is taken by whoever asks first."""

from bot.core.decision import Command, Decision, Event, SeatTaken, accept, refuse
from bot.core.incident import Incident, Role, Seat
from bot.core.policy import Policy


class TakeRole(Command):
    """`user` takes the role, if nobody has it."""

    role: Role = Role.INCIDENT_COMMANDER
    user: str


class RoleTaken(Event):
    """`user` holds the role from now on."""

    role: Role
    user: str


def take(incident: Incident, command: TakeRole, policy: Policy) -> Decision:
    """Seat the user when the seat is empty. Taking one's own seat again changes nothing; another's is refused."""
    seat = incident.seats.get(command.role)
    if seat is None:
        return accept(RoleTaken(at=command.at, actor=command.actor, role=command.role, user=command.user))
    if seat.user == command.user:
        return accept()
    return refuse(command, SeatTaken(role=command.role, user=seat.user, since=seat.since))


def taken(incident: Incident, event: RoleTaken) -> Incident:
    """The seat has its holder."""
    return incident.but(seats={**incident.seats, event.role: Seat(user=event.user, since=event.at)})


DECIDE = {TakeRole: take}
EVOLVE = {RoleTaken: taken}
