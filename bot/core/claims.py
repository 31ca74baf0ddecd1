"""Claiming a role whose holder does not answer: whoever claims it asks, the holder says that they are there, or silence gives it
away (R6). A senior who arrives changes nothing by that."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import COMMANDER, Claim, Incident
from bot.core.policy import Policy
from bot.core.refusal import ClaimWaits, NoClaim, NotInPolicy, NotYours, SeatTaken
from bot.core.roles import How, TakeRole, known, seated, take


class ClaimRole(Command):
    """Whoever asks takes the role if nobody has it, and otherwise asks whether its holder is still there. `present` is how many
    people are in the room (None: not known)."""

    role: str = COMMANDER
    present: int | None = None


class AnswerClaim(Command):
    """Whoever asks is there, and keeps the role."""

    role: str = COMMANDER


class SettleClaim(Command):
    """The time for an answer has passed."""

    is_report = True

    role: str
    due: AwareDatetime


class RoleClaimed(Event):
    """`user` takes the role over from `of`, unless they answer `until` then."""

    role: str
    user: str
    of: str
    until: AwareDatetime


class ClaimAnswered(Event):
    """The holder is there: the role stays theirs. `user` had claimed it."""

    role: str
    user: str


def claim(incident: Incident, command: ClaimRole, policy: Policy) -> Decision:
    """Take an empty seat, or claim one. Whoever took it less than a claim's time ago is there: of two who reach for an empty seat
    at the same moment the second does not challenge the first."""
    role = known(policy, command.role)
    if isinstance(role, NotInPolicy):
        return refuse(command, role)
    seat, wait = incident.seats.get(role.name), timedelta(minutes=policy.claim_passes_after_minutes)
    if seat is None or seat.user == command.actor:
        taking = TakeRole(origin=command.origin, role=role.name, user=command.actor, present=command.present)
        return take(incident, taking, policy)
    if command.at - seat.since < wait:
        return refuse(command, SeatTaken(role=role.name, user=seat.user, since=seat.since))
    if waiting := incident.claims.get(role.name):
        mine = waiting.user == command.actor
        waits = ClaimWaits(role=role.name, user=waiting.user, until=waiting.until)
        return accept() if mine else refuse(command, waits)
    until = command.at + wait
    return accept(
        RoleClaimed(at=command.at, actor=command.actor, role=role.name, user=command.actor, of=seat.user, until=until)
    )


def answer(incident: Incident, command: AnswerClaim, policy: Policy) -> Decision:
    """Keep the role with its holder."""
    seat, waiting = incident.seats.get(command.role), incident.claims.get(command.role)
    if waiting is None:
        return refuse(command, NoClaim(role=command.role, user=seat.user if seat else None))
    if command.actor != waiting.of:
        return refuse(command, NotYours(what="claim", role=command.role, user=waiting.of))
    return accept(ClaimAnswered(at=command.at, actor=command.actor, role=command.role, user=waiting.user))


def passings(incident: Incident, policy: Policy) -> Mapping[str, datetime]:
    """When each role that is claimed passes on, by its name."""
    return {role: claim.until for role, claim in incident.claims.items()} if incident.is_open else {}


def settle(incident: Incident, command: SettleClaim, policy: Policy) -> Decision:
    """Seat whoever claimed the role, if it is still claimed."""
    if passings(incident, policy).get(command.role) != command.due:
        return accept()
    waiting = incident.claims[command.role]
    passed = seated(incident, command, command.role, waiting.user, How.CLAIMED)
    return accept(passed.but(actor=waiting.user))


def claimed(incident: Incident, event: RoleClaimed) -> Incident:
    """The claim waits."""
    waiting = Claim(user=event.user, of=event.of, until=event.until)
    return incident.but(claims={**incident.claims, event.role: waiting})


def answered(incident: Incident, event: ClaimAnswered) -> Incident:
    """It does not wait any more."""
    return incident.but(claims={role: claim for role, claim in incident.claims.items() if role != event.role})


DECIDE = {ClaimRole: claim, AnswerClaim: answer, SettleClaim: settle}
EVOLVE = {RoleClaimed: claimed, ClaimAnswered: answered}
