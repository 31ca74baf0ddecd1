"""One of each kind of event, refusal and command by which roles pass and decisions are taken."""

from datetime import datetime
from typing import Any

from bot.core.claims import AnswerClaim, ClaimAnswered, ClaimRole, RoleClaimed, SettleClaim
from bot.core.decision import Command, Event, Origin
from bot.core.load import ProposeRest, RestProposed, RestSnoozed, SnoozeRest, SpanReached, WarnOfSpan
from bot.core.notes import DebateParked, ParkDebate
from bot.core.offers import (
    AcceptRole,
    DeclineRole,
    LetOfferExpire,
    OfferDeclined,
    OfferExpired,
    OfferWithdrawn,
    WithdrawOffer,
)
from bot.core.proposals import (
    DecisionObjectedTo,
    DecisionProposed,
    DecisionStood,
    LetDecisionStand,
    ObjectToDecision,
    ProposeDecision,
)
from bot.core.refusal import ClaimWaits, KeptApart, NoClaim, NoOffer, NotYours, Refusal, Settled, SpanFull
from bot.core.roles import How, RoleOffered, RoleTaken, TakeCommand


def role_events(at: datetime, actor: str, user: str, role: str, text: str) -> tuple[Event, ...]:
    """One event of each kind, about this person and role, with this text where somebody types one."""
    here: dict[str, Any] = {"at": at, "actor": actor}
    return (
        RoleTaken(**here, role=role, user=actor, former=user, how=How.EMERGENCY, solo=True, why=text),
        RoleOffered(**here, role=role, to=user, until=at, then_test=1),
        OfferDeclined(**here, role=role, to=user),
        OfferWithdrawn(**here, role=role, to=user),
        OfferExpired(**here, role=role, to=user),
        RoleClaimed(**here, role=role, user=actor, of=user, until=at),
        ClaimAnswered(**here, role=role, user=user),
        SpanReached(**here, role=role, user=user, reports=6),
        RestProposed(**here, role=role, user=user, since=at, again=at, insists=True),
        RestSnoozed(**here, role=role, again=at),
        DecisionProposed(**here, proposal=1, text=text, until=at),
        DecisionObjectedTo(**here, proposal=1, why=text),
        DecisionStood(**here, proposal=1),
        DebateParked(**here, text=text),
    )


def role_refusals(at: datetime, user: str, role: str) -> tuple[Refusal, ...]:
    """One refusal of each kind, about this person and role."""
    return (
        KeptApart(user=user, role=role),
        SpanFull(user=user, reports=8),
        NotYours(what="offer", role=role, user=user),
        NoOffer(role=role, user=user),
        ClaimWaits(role=role, user=user, until=at),
        NoClaim(role=role, user=None),
        Settled(proposal=1, stands=True, until=at),
    )


def role_commands(origin: Origin, role: str) -> tuple[Command, ...]:
    """One command of each kind but for taking and handing over."""
    return (
        TakeCommand(origin=origin, why="Nobody decides"),
        AcceptRole(origin=origin, role=role),
        DeclineRole(origin=origin, role=role),
        WithdrawOffer(origin=origin, role=role),
        LetOfferExpire(origin=origin, role=role, due=origin.at),
        ClaimRole(origin=origin, role=role),
        AnswerClaim(origin=origin, role=role),
        SettleClaim(origin=origin, role=role, due=origin.at),
        SnoozeRest(origin=origin, role=role),
        WarnOfSpan(origin=origin, role=role, due=origin.at),
        ProposeRest(origin=origin, role=role, due=origin.at),
        ProposeDecision(origin=origin, text="We roll back"),
        ObjectToDecision(origin=origin, proposal=1, why="It logs people out"),
        LetDecisionStand(origin=origin, proposal=1, due=origin.at),
        ParkDebate(origin=origin, text="Who is on call"),
    )
