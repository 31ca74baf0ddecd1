"""What people can try who lead, or want to: phases and what may be let go, severities, roles, decisions, and how it ends."""

from datetime import timedelta

from bot.core.claims import AnswerClaim, ClaimRole
from bot.core.decision import Command
from bot.core.duties import OPERATIONS
from bot.core.ends import CancelIncident, MergeIncident
from bot.core.gates import WaiveNeeds, missing, waivable
from bot.core.incident import COMMANDER, Cause, Claim, End, Incident, Link, LinkKind, Objection, Offer, Proposal
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.links import carried_over
from bot.core.load import SnoozeRest
from bot.core.offers import AcceptRole, DeclineRole, WithdrawOffer
from bot.core.policy_parts import Loss, Who
from bot.core.prompts import SnoozePrompts
from bot.core.proposals import ObjectToDecision, ProposeDecision
from bot.core.roles import HandOver, TakeCommand, TakeRole
from bot.core.severity import AssessSeverity, SetSeverity
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import ANOTHER, LEADER, NOW, done, with_testers

SOON = NOW + timedelta(minutes=2)
"""Until when something waits for an answer."""


def _onward(asked: Asked) -> Command:
    onward = asked.now.phase.next
    return AdvancePhase(origin=asked.by, to=onward) if onward else CloseIncident(origin=asked.by)


def _waive(asked: Asked) -> WaiveNeeds:
    return WaiveNeeds(origin=asked.by, needs=waivable(asked.now, asked.policy), reason="Nobody knows")


def _waive_the_rest(asked: Asked) -> WaiveNeeds:
    can = waivable(asked.now, asked.policy)
    rest = tuple(need for need in missing(asked.now, asked.policy) if need not in can)
    return WaiveNeeds(origin=asked.by, needs=rest, reason="Nobody knows")


WALKING = (
    Attempt("Going on", "go on to the next phase, or close", _onward),
    Attempt("Going on", "close", lambda asked: CloseIncident(origin=asked.by)),
    Attempt(
        "Going on",
        "go on from a phase that is left already",
        lambda asked: AdvancePhase(origin=asked.by, to=asked.now.phase),
    ),
    Attempt("Going on", "waive what the policy lets be waived here", _waive),
    Attempt("Going on", "waive anything else that is missing", _waive_the_rest),
    Attempt("Going on", "snooze the question about the phase", lambda asked: SnoozePrompts(origin=asked.by)),
)


def _to(asked: Asked, place: int, reason: str | None = None) -> SetSeverity:
    """The severity at this place of the policy's list."""
    return SetSeverity(origin=asked.by, severity=asked.policy.severities[place].name, reason=reason)


def _milder(asked: Asked) -> SetSeverity:
    last = len(asked.policy.severities)
    here = asked.policy.rank(asked.now.severity) if asked.now.severity else last
    return _to(asked, min(here, last - 1), "A workaround")


def _lowered_just_now(asked: Asked) -> Incident:
    return asked.now.but(lowered_at=NOW)


SEVERITY = (
    Attempt("Severity", "set the worst severity", lambda asked: _to(asked, 0)),
    Attempt(
        "Severity",
        "answer the two questions, for the worst",
        lambda asked: AssessSeverity(origin=asked.by, who=Who.ALL, loss=Loss.DATA),
    ),
    Attempt("Severity", "lower the severity by one level, with a reason", _milder),
    Attempt("Severity", "lower it once more, at once", _milder, _lowered_just_now),
    Attempt("Severity", "lower it to the mildest, with a reason", lambda asked: _to(asked, -1, "A workaround")),
    Attempt("Severity", "lower it to the mildest, without a reason", lambda asked: _to(asked, -1)),
    Attempt(
        "Severity",
        "set a severity that the policy does not have",
        lambda asked: SetSeverity(origin=asked.by, severity="nonsense"),
    ),
)


def passing_at_once(asked: Asked) -> str:
    """The last role of the policy that passes from one person to another at once, or else command."""
    names = (role.name for role in reversed(asked.policy.roles) if role.name != COMMANDER)
    return next((name for name in names if name not in asked.policy.hand_over_is_accepted), COMMANDER)


def _give(asked: Asked, user: str) -> HandOver:
    return HandOver(origin=asked.by, role=passing_at_once(asked), user=user, present=asked.present)


def _taken_just_now(asked: Asked) -> Incident:
    return asked.now.but(seats={role: seat.but(since=NOW) for role, seat in asked.now.seats.items()})


def _claimed(asked: Asked) -> Incident:
    """Somebody else has asked whoever leads, if anybody does, whether they are there."""
    if asked.now.commander is None:
        return asked.now
    return asked.now.but(claims={COMMANDER: Claim(user=ANOTHER, of=LEADER, until=SOON)})


def _offered(asked: Asked, to: str) -> Incident:
    """Whoever leads, if anybody does, offers command to this person."""
    if asked.now.commander is None:
        return asked.now
    return asked.now.but(offers={COMMANDER: Offer(to=to, until=SOON)})


def _unseated(asked: Asked) -> Incident:
    """Nobody has the role that passes at once."""
    role = passing_at_once(asked)
    return asked.now.but(seats={name: seat for name, seat in asked.now.seats.items() if name != role})


def _full(asked: Asked) -> Incident:
    """As many test something as one person can lead, and nobody has operations, nor the role that passes at once."""
    unseated = _unseated(asked)
    seats = {role: seat for role, seat in unseated.seats.items() if role != OPERATIONS}
    return with_testers(unseated, asked.policy.reports_before_refusing).but(seats=seats)


ROLES = (
    Attempt(
        "Roles",
        "press `I'm incident commander`",
        lambda asked: ClaimRole(origin=asked.by, present=asked.present),
    ),
    Attempt(
        "Roles",
        "press it a moment after somebody took command",
        lambda asked: ClaimRole(origin=asked.by, present=asked.present),
        _taken_just_now,
    ),
    Attempt(
        "Roles",
        "press it while somebody else waits for an answer",
        lambda asked: ClaimRole(origin=asked.by, present=asked.present),
        _claimed,
    ),
    Attempt("Roles", "answer that, being still there", lambda asked: AnswerClaim(origin=asked.by), _claimed),
    Attempt("Roles", "answer a claim that is settled", lambda asked: AnswerClaim(origin=asked.by)),
    Attempt(
        "Roles",
        "take command at once, in an emergency",
        lambda asked: TakeCommand(origin=asked.by, why="No answer"),
    ),
    Attempt(
        "Roles",
        "hand command over",
        lambda asked: HandOver(origin=asked.by, role=COMMANDER, user=ANOTHER, present=asked.present),
    ),
    Attempt(
        "Roles",
        "accept command that is offered to one",
        lambda asked: AcceptRole(origin=asked.by, role=COMMANDER),
        lambda asked: _offered(asked, asked.who),
    ),
    Attempt(
        "Roles",
        "accept command that is offered to somebody else",
        lambda asked: AcceptRole(origin=asked.by, role=COMMANDER),
        lambda asked: _offered(asked, ANOTHER),
    ),
    Attempt("Roles", "accept command that is not offered", lambda asked: AcceptRole(origin=asked.by, role=COMMANDER)),
    Attempt(
        "Roles",
        "decline command that is offered to one",
        lambda asked: DeclineRole(origin=asked.by, role=COMMANDER),
        lambda asked: _offered(asked, asked.who),
    ),
    Attempt(
        "Roles",
        "take the offer of command back",
        lambda asked: WithdrawOffer(origin=asked.by, role=COMMANDER),
        lambda asked: _offered(asked, ANOTHER),
    ),
    Attempt("Roles", "give another role to somebody", lambda asked: _give(asked, ANOTHER)),
    Attempt("Roles", "give another role to whoever leads", lambda asked: _give(asked, LEADER)),
    Attempt(
        "Roles",
        "take another role that nobody has",
        lambda asked: TakeRole(origin=asked.by, role=passing_at_once(asked), user=asked.who, present=asked.present),
        _unseated,
    ),
    Attempt(
        "Roles",
        "take another role while as many report to whoever leads as one person can lead",
        lambda asked: TakeRole(origin=asked.by, role=passing_at_once(asked), user=asked.who, present=asked.present),
        _full,
    ),
    Attempt(
        "Roles",
        "take another role that somebody has",
        lambda asked: TakeRole(origin=asked.by, role=passing_at_once(asked), user=asked.who, present=asked.present),
    ),
    Attempt(
        "Roles",
        "give a role that the policy does not have",
        lambda asked: HandOver(origin=asked.by, role="astrologer", user=ANOTHER),
    ),
    Attempt(
        "Roles",
        "snooze the question whether whoever leads should rest",
        lambda asked: SnoozeRest(origin=asked.by, role=COMMANDER),
    ),
)


def _proposed(asked: Asked, *, stands: bool = False, objected: bool = False) -> Incident:
    objections = (Objection(user=ANOTHER, why="It logs people out"),) if objected else ()
    one = Proposal(number=1, text="We roll back", by=LEADER, until=SOON, objections=objections, stands=stands)
    return asked.now.but(proposals=(one,))


def _object(asked: Asked) -> ObjectToDecision:
    return ObjectToDecision(origin=asked.by, proposal=1, why="It logs people out")


DECISIONS = (
    Attempt(
        "Decisions", "put a decision to the room", lambda asked: ProposeDecision(origin=asked.by, text="We roll back")
    ),
    Attempt("Decisions", "object to a decision", _object, _proposed),
    Attempt("Decisions", "object as well as somebody else", _object, lambda asked: _proposed(asked, objected=True)),
    Attempt("Decisions", "object to what stands by now", _object, lambda asked: _proposed(asked, stands=True)),
)


def _merge(asked: Asked, survivor: Incident) -> MergeIncident:
    return MergeIncident(origin=asked.by, into=survivor.number, survivor=survivor)


def _other(asked: Asked) -> Incident:
    """Another incident, which is open."""
    return asked.now.but(number=7, end=None, into=None)


def _declare(asked: Asked, kind: LinkKind) -> DeclareIncident:
    follows = Link(kind=kind, other=asked.now.number)
    return carried_over(DeclareIncident(origin=asked.by, title="Down", follows=follows), asked.now, asked.policy)


ENDS = (
    Attempt(
        "Other incidents and the end", "cancel", lambda asked: CancelIncident(origin=asked.by, cause=Cause.MISTAKE)
    ),
    Attempt(
        "Other incidents and the end",
        "cancel after something was done against the harm",
        lambda asked: CancelIncident(origin=asked.by, cause=Cause.MISTAKE),
        lambda asked: asked.now.but(containments=(done(),)),
    ),
    Attempt("Other incidents and the end", "merge into another", lambda asked: _merge(asked, _other(asked))),
    Attempt("Other incidents and the end", "merge into itself", lambda asked: _merge(asked, asked.now.but(end=None))),
    Attempt(
        "Other incidents and the end",
        "merge into one that is over",
        lambda asked: _merge(asked, _other(asked).but(end=End.CLOSED)),
    ),
    Attempt(
        "Other incidents and the end",
        "merge into a drill",
        lambda asked: _merge(asked, _other(asked).but(is_drill=True)),
    ),
    Attempt("Other incidents and the end", "split", lambda asked: _declare(asked, LinkKind.SPLIT_FROM)),
    Attempt(
        "Other incidents and the end", "say that it happened again", lambda asked: _declare(asked, LinkKind.RECURS)
    ),
    Attempt(
        "Other incidents and the end",
        "declare the same once more within two minutes",
        lambda asked: DeclareIncident(origin=asked.by, title="Down", earlier=asked.now.number),
    ),
)
LEADING = (*WALKING, *SEVERITY, *ROLES, *DECISIONS, *ENDS)
