"""Roles: who sits where. The policy says which there are; one holder each, swapped in one step.

A role that the policy lists in `hand_over_is_accepted` passes from one person to another only when they accept it (`offers.py`),
when its holder does not answer (`claims.py`), or in an emergency, with a reason. Any other passes at once.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.duties import is_solo, kept_apart, span_full
from bot.core.incident import COMMANDER, Incident, Offer, Seat
from bot.core.policy import Policy
from bot.core.policy_parts import RoleSpec
from bot.core.prompts import prompted, within_budget
from bot.core.refusal import NotInPolicy, NotYours, Refusal, SaysNothing, SeatTaken
from bot.core.value import Typed

NOBODY = ""
"""Who had a role that was empty."""


class How(StrEnum):
    """How somebody came to a role."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    EMERGENCY = "emergency"


class TakeRole(Command):
    """`user` takes the role, if nobody has it. `present` is how many people are in the room (None: not known)."""

    role: str = COMMANDER
    user: str
    present: int | None = None


class HandOver(Command):
    """`user` gets the role from whoever has it, or is offered it. `instead_of` is who had it when this was asked (NOBODY, or
    None: whoever has it), so that two people who hand over at the same moment do not undo each other unknowingly. `present` is
    how many people are in the room (None: not known). What whoever hands over takes on when the offer is accepted: the test of
    `then_test`, or `then_role`."""

    role: str
    user: str
    instead_of: str | None = None
    present: int | None = None
    then_test: int | None = None
    then_role: str | None = None


class TakeCommand(Command):
    """Whoever asks is in command at once, whoever was, for this reason. There is no partial override (R7)."""

    why: Typed


class AskForCommander(Command):
    """The time has come at which somebody should have taken command."""

    is_report = True

    due: AwareDatetime


class RoleTaken(Event):
    """`user` holds the role from now on, in place of `former` if somebody had it. `solo`: leading and another duty come together
    in them. `why` is said when somebody took command at once."""

    role: str
    user: str
    former: str | None = None
    how: How = How.GIVEN
    solo: bool = False
    why: Typed | None = None


class RoleOffered(Event):
    """The holder offers the role, and keeps it until `to` accepts. After `until` the offer does not stand any more."""

    role: str
    to: str
    until: AwareDatetime
    then_test: int | None = None
    then_role: str | None = None


class SeatFoundEmpty(Event):
    """Nobody had taken this role in time; the room was asked once. `is_prompt`: it counts on the budget of prompts, as it did not
    in earlier versions."""

    role: str
    is_prompt: bool = False


def take(incident: Incident, command: TakeRole, policy: Policy) -> Decision:
    """Seat the user when the seat is empty. Taking one's own seat again changes nothing; another's is refused."""
    role = known(policy, command.role)
    if isinstance(role, NotInPolicy):
        return refuse(command, role)
    seat = incident.seats.get(role.name)
    if seat and seat.user != command.user:
        return refuse(command, SeatTaken(role=role.name, user=seat.user, since=seat.since))
    return _seat(incident, command, role, policy)


def hand_over(incident: Incident, command: HandOver, policy: Policy) -> Decision:
    """Swap the holder, unless it is another one by now than the person who asks saw. A role that is to be accepted, and that
    somebody has, is offered by its holder."""
    role = known(policy, command.role)
    if isinstance(role, NotInPolicy):
        return refuse(command, role)
    seat = incident.seats.get(role.name)
    if seat and seat.user == command.user:
        return accept()
    if seat and command.instead_of not in (None, seat.user):
        return refuse(command, SeatTaken(role=role.name, user=seat.user, since=seat.since))
    if seat and role.name in policy.hand_over_is_accepted:
        return _offer(incident, command, role, seat, policy)
    return _seat(incident, command, role, policy)


def known(policy: Policy, name: str) -> RoleSpec | NotInPolicy:
    """The role that this word means, or why there is none."""
    names = tuple(one.name for one in policy.roles)
    return policy.role(name) or NotInPolicy(what="role", given=name, known=names)


def _seat(incident: Incident, command: TakeRole | HandOver, role: RoleSpec, policy: Policy) -> Decision:
    """Let the user hold the role, unless a rule keeps it from them."""
    seat = incident.seats.get(role.name)
    if seat and seat.user == command.user:
        return accept()
    if reason := _kept_from(incident, command, role.name, policy):
        return refuse(command, reason)
    return accept(seated(incident, command, role.name, command.user, How.GIVEN))


def _kept_from(incident: Incident, command: TakeRole | HandOver, role: str, policy: Policy) -> Refusal | None:
    """Why this person may not have this role, if so."""
    apart = kept_apart(incident, command.user, command.present, policy, role=role)
    return apart or span_full(incident, command.user, policy, role=role, of=incident.seats.get(role))


def seated(incident: Incident, command: Command, role: str, user: str, how: How) -> RoleTaken:
    """The user has the role from now on."""
    seat = incident.seats.get(role)
    return RoleTaken(
        at=command.at,
        actor=command.actor,
        role=role,
        user=user,
        former=seat.user if seat else None,
        how=how,
        solo=is_solo(incident, user, role),
    )


def _offer(incident: Incident, command: HandOver, role: RoleSpec, seat: Seat, policy: Policy) -> Decision:
    """Offer the role; offered to the same person again, the offer stands as it is. Only the holder names a successor (R4)."""
    if command.actor != seat.user:
        return refuse(command, NotYours(what="hand-over", role=role.name, user=seat.user))
    standing = incident.offers.get(role.name)
    if standing and standing.to == command.user:
        return accept()
    return accept(
        RoleOffered(
            at=command.at,
            actor=command.actor,
            role=role.name,
            to=command.user,
            until=command.at + timedelta(minutes=policy.offer_expires_after_minutes),
            then_test=command.then_test,
            then_role=command.then_role,
        )
    )


def take_command(incident: Incident, command: TakeCommand, policy: Policy) -> Decision:
    """Seat whoever asks, for a stated reason."""
    if not command.why:
        return refuse(command, SaysNothing(what="why you take command"))
    if incident.commander and incident.commander.user == command.actor:
        return accept()
    return accept(seated(incident, command, COMMANDER, command.actor, How.EMERGENCY).but(why=command.why))


def commander_due(incident: Incident, policy: Policy) -> datetime | None:
    """When the room is asked for an incident commander; None when it has one, was asked, or is over."""
    if not incident.is_open or incident.commander or COMMANDER in incident.reminded_of:
        return None
    due = incident.declared_at + timedelta(minutes=policy.ask_for_commander_after_minutes)
    return within_budget(incident, NOBODY, due)


def ask(incident: Incident, command: AskForCommander, policy: Policy) -> Decision:
    """Ask the room, once, if this is still due."""
    if commander_due(incident, policy) != command.due:
        return accept()
    return accept(SeatFoundEmpty(at=command.at, actor=command.actor, role=COMMANDER, is_prompt=True))


def taken(incident: Incident, event: RoleTaken) -> Incident:
    """The seat has its holder; what was offered or claimed of it is settled."""
    return incident.but(
        seats={**incident.seats, event.role: Seat(user=event.user, since=event.at)},
        offers={role: offer for role, offer in incident.offers.items() if role != event.role},
        claims={role: claim for role, claim in incident.claims.items() if role != event.role},
    )


def offered(incident: Incident, event: RoleOffered) -> Incident:
    """The offer stands, in place of an earlier one. Whoever offers a role is there: a claim to it is answered."""
    offer = Offer(to=event.to, until=event.until, then_test=event.then_test, then_role=event.then_role)
    return incident.but(
        offers={**incident.offers, event.role: offer},
        claims={role: claim for role, claim in incident.claims.items() if role != event.role},
    )


def found_empty(incident: Incident, event: SeatFoundEmpty) -> Incident:
    """The room was asked: nobody in it by name."""
    after = incident.but(reminded_of=(*incident.reminded_of, event.role))
    return prompted(after, NOBODY, event.at) if event.is_prompt else after


DECIDE = {TakeRole: take, HandOver: hand_over, TakeCommand: take_command, AskForCommander: ask}
EVOLVE = {
    RoleTaken: taken,
    RoleOffered: offered,
    SeatFoundEmpty: found_empty,
}
