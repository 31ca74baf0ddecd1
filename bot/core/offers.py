"""A role that its holder offers: the person it is offered to accepts or declines, the holder takes the offer back, or the time for
that passes. Until then nothing changes: command is never nobody's, and never two people's (R4)."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident, Offer
from bot.core.policy import Policy
from bot.core.refusal import NoOffer, NotYours, Refusal
from bot.core.roles import How, RoleTaken, seated
from bot.core.tracker.trials import taken_on


class AcceptRole(Command):
    """Whoever asks takes the role that was offered to them."""

    role: str


class DeclineRole(Command):
    """Whoever asks does not take it."""

    role: str


class WithdrawOffer(Command):
    """Whoever asks keeps the role after all."""

    role: str


class LetOfferExpire(Command):
    """The time for accepting has passed."""

    is_report = True

    role: str
    due: AwareDatetime


class OfferDeclined(Event):
    """Whoever was offered the role does not take it: its holder goes on."""

    role: str
    to: str


class OfferWithdrawn(Event):
    """The holder keeps the role after all, which was offered to this person."""

    role: str
    to: str


class OfferExpired(Event):
    """Nobody answered in time: the holder goes on."""

    role: str
    to: str


def accept_role(incident: Incident, command: AcceptRole, policy: Policy) -> Decision:
    """Seat them, and let the former holder take on what they handed over for."""
    if reason := _stands_in_the_way(incident, command):
        return refuse(command, reason)
    offer, former = incident.offers[command.role], incident.seats[command.role].user
    taken = seated(incident, command, command.role, command.actor, How.ACCEPTED)
    return accept(taken, *_then(incident, command, offer, former, policy))


def _then(incident: Incident, command: AcceptRole, offer: Offer, former: str, policy: Policy) -> list[Event]:
    """What the former holder takes on, if it is still to be had."""
    if offer.then_test is not None:
        return taken_on(incident, offer.then_test, command.at, former, policy)
    if offer.then_role is not None and offer.then_role not in incident.seats:
        return [RoleTaken(at=command.at, actor=former, role=offer.then_role, user=former)]
    return []


def decline(incident: Incident, command: DeclineRole, policy: Policy) -> Decision:
    """The offer does not stand any more."""
    if reason := _stands_in_the_way(incident, command):
        return refuse(command, reason)
    return accept(OfferDeclined(at=command.at, actor=command.actor, role=command.role, to=command.actor))


def withdraw(incident: Incident, command: WithdrawOffer, policy: Policy) -> Decision:
    """Take the offer back. Only who made it can, the holder of the role."""
    offer, seat = incident.offers.get(command.role), incident.seats.get(command.role)
    if offer is None:
        return refuse(command, NoOffer(role=command.role, user=seat.user if seat else None))
    if seat is None or seat.user != command.actor:
        return refuse(command, NotYours(what="withdrawal", role=command.role, user=seat.user if seat else None))
    return accept(OfferWithdrawn(at=command.at, actor=command.actor, role=command.role, to=offer.to))


def _stands_in_the_way(incident: Incident, command: AcceptRole | DeclineRole) -> Refusal | None:
    """Why the offer is not theirs to answer, if so."""
    offer, seat = incident.offers.get(command.role), incident.seats.get(command.role)
    if offer is None:
        return NoOffer(role=command.role, user=seat.user if seat else None)
    return None if offer.to == command.actor else NotYours(what="offer", role=command.role, user=offer.to)


def expiries(incident: Incident, policy: Policy) -> Mapping[str, datetime]:
    """When each offer that stands does so no more, by its role."""
    return {role: offer.until for role, offer in incident.offers.items()} if incident.is_open else {}


def expire(incident: Incident, command: LetOfferExpire, policy: Policy) -> Decision:
    """End it, if this offer still stands."""
    if expiries(incident, policy).get(command.role) != command.due:
        return accept()
    offer = incident.offers[command.role]
    return accept(OfferExpired(at=command.at, actor=command.actor, role=command.role, to=offer.to))


def over(incident: Incident, event: OfferDeclined | OfferWithdrawn | OfferExpired) -> Incident:
    """It does not stand any more."""
    return incident.but(offers={role: offer for role, offer in incident.offers.items() if role != event.role})


DECIDE = {AcceptRole: accept_role, DeclineRole: decline, WithdrawOffer: withdraw, LetOfferExpire: expire}
EVOLVE = {OfferDeclined: over, OfferWithdrawn: over, OfferExpired: over}
