"""Roles: who sits where. The policy says which there are; one holder each, swapped in one step."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, NotInPolicy, SeatTaken, accept, refuse
from bot.core.incident import COMMANDER, Incident, Seat
from bot.core.policy import Policy

NOBODY = ""
"""Who had a role that was empty."""


class TakeRole(Command):
    """`user` takes the role, if nobody has it."""

    role: str = COMMANDER
    user: str


class HandOver(Command):
    """`user` gets the role from whoever has it. `instead_of` is who had it when this was asked (NOBODY, or
    None: whoever has it), so that two people who hand over at the same moment do not undo each other unknowingly."""

    role: str
    user: str
    instead_of: str | None = None


class AskForCommander(Command):
    """The time has come at which somebody should have taken command."""

    is_report = True

    due: AwareDatetime


class RoleTaken(Event):
    """`user` holds the role from now on, in place of `former` if somebody had it."""

    role: str
    user: str
    former: str | None = None


class SeatFoundEmpty(Event):
    """Nobody had taken this role in time; the room was asked once."""

    role: str


def take(incident: Incident, command: TakeRole, policy: Policy) -> Decision:
    """Seat the user when the seat is empty. Taking one's own seat again changes nothing; another's is refused."""
    return _seat(incident, command, policy, may_replace=NOBODY)


def hand_over(incident: Incident, command: HandOver, policy: Policy) -> Decision:
    """Swap the holder, unless it is another one by now than the person who asks saw."""
    return _seat(incident, command, policy, may_replace=command.instead_of)


def _seat(incident: Incident, command: TakeRole | HandOver, policy: Policy, *, may_replace: str | None) -> Decision:
    """Let the user hold the role, if the policy knows it, in place of this holder (None: of any)."""
    role = policy.role(command.role)
    if role is None:
        known = tuple(one.name for one in policy.roles)
        return refuse(command, NotInPolicy(what="role", given=command.role, known=known))
    seat = incident.seats.get(role.name)
    if seat and seat.user == command.user:
        return accept()
    if seat and may_replace not in (None, seat.user):
        return refuse(command, SeatTaken(role=role.name, user=seat.user, since=seat.since))
    former = seat.user if seat else None
    taken = RoleTaken(at=command.at, actor=command.actor, role=role.name, user=command.user, former=former)
    return accept(taken)


def commander_due(incident: Incident, policy: Policy) -> datetime | None:
    """When the room is asked for an incident commander; None when it has one, was asked, or is over."""
    if not incident.is_open or incident.commander or COMMANDER in incident.reminded_of:
        return None
    return incident.declared_at + timedelta(minutes=policy.ask_for_commander_after_minutes)


def ask(incident: Incident, command: AskForCommander, policy: Policy) -> Decision:
    """Ask the room, once, if this is still due."""
    if commander_due(incident, policy) != command.due:
        return accept()
    return accept(SeatFoundEmpty(at=command.at, actor=command.actor, role=COMMANDER))


def taken(incident: Incident, event: RoleTaken) -> Incident:
    """The seat has its holder."""
    return incident.but(seats={**incident.seats, event.role: Seat(user=event.user, since=event.at)})


DECIDE = {TakeRole: take, HandOver: hand_over, AskForCommander: ask}
EVOLVE = {
    RoleTaken: taken,
    SeatFoundEmpty: lambda incident, event: incident.but(reminded_of=(*incident.reminded_of, event.role)),
}
