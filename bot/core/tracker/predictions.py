"""What a hypothesis predicts and how it is tested: what must be known before a test begins. A prediction has two halves, or no test
could go against it, and it stands once the first test has begun. A test that changes production needs a way back, and the go of
whoever the policy says.
"""

from typing import Annotated

from pydantic import Field

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.duties import span_full
from bot.core.incident import Hypothesis, Incident, Status
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import Frozen, NotReady, Refusal, SameTest, SaysNothing, SpanFull
from bot.core.tracker.hypotheses import OfHypothesis, changed, concluded
from bot.core.trial import LIKELY, USUAL_COST, Plan, Prediction, Reason
from bot.core.value import Typed

OneToThree = Annotated[int, Field(ge=1, le=3)]


class StatePrediction(OfHypothesis):
    """This will be seen if it is true, and that if it is false; it is so likely, 1 to 3 (None: as before), for this reason if one
    was given."""

    if_true: Typed
    if_false: Typed
    likelihood: OneToThree | None = None
    reason: Reason | None = None


class PlanTest(OfHypothesis):
    """It is tested like this, which costs 1 to 3, by `assignee` (None: as before). `way_back`: how a change of production is
    undone."""

    how: Typed
    cost: OneToThree = USUAL_COST
    changes_production: bool = False
    way_back: Typed | None = None
    assignee: str | None = None


class AllowChange(OfHypothesis):
    """Its test may change production."""

    act = Act.CHANGE


class PredictionStated(Event):
    """What it predicts from now on, and how likely it is, and why (None: nobody said)."""

    hypothesis: int
    if_true: Typed
    if_false: Typed
    likelihood: int = LIKELY
    reason: Reason | None = None


class TestPlanned(Event):
    """How it is tested next. `asks`: who is asked whether it may change production."""

    __test__ = False

    hypothesis: int
    how: Typed
    cost: int
    changes_production: bool = False
    way_back: Typed | None = None
    assignee: str | None = None
    asks: str | None = None


class HypothesisReady(Event):
    """All that a test needs is known: prediction, test, and who does it."""

    hypothesis: int
    assignee: str


class ChangeAllowed(Event):
    """Its test may change production."""

    hypothesis: int


def state(incident: Incident, command: StatePrediction, policy: Policy) -> Decision:
    """Keep both halves, until a test has begun. What was stated already changes nothing."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if not command.if_true or not command.if_false:
        return refuse(command, SaysNothing(what="prediction"))
    likelihood = command.likelihood or one.likelihood
    reason = command.reason if command.likelihood else one.likely_because
    prediction = Prediction(if_true=command.if_true, if_false=command.if_false)
    if (prediction, likelihood, reason) == (one.prediction, one.likelihood, one.likely_because):
        return accept()
    if one.is_frozen:
        return refuse(command, Frozen(hypothesis=one.number, what="prediction"))
    stated = PredictionStated(
        at=command.at,
        actor=command.actor,
        hypothesis=one.number,
        if_true=command.if_true,
        if_false=command.if_false,
        likelihood=likelihood,
        reason=reason,
    )
    return accept(stated, *_readied(one.but(prediction=prediction), command))


def plan(incident: Incident, command: PlanTest, policy: Policy) -> Decision:
    """Keep how it is tested next: another way than those that brought no result, and not while a test is running."""
    one = incident.hypothesis(command.hypothesis)
    if refusal := _unplannable(one, command) or _one_too_many(incident, one, command, policy):
        return refuse(command, refusal)
    planned = TestPlanned(
        at=command.at,
        actor=command.actor,
        hypothesis=one.number,
        how=command.how,
        cost=command.cost,
        changes_production=command.changes_production,
        way_back=command.way_back or None,
        assignee=command.assignee or one.assignee,
        asks=incident.commander.user
        if command.way_back and command.changes_production and incident.commander
        else None,
    )
    after = _with_plan(one, planned)
    if after.plan == (one.plan.but(at=command.at) if one.plan else None) and after.assignee == one.assignee:
        return accept()
    if one.is_under_test:
        return refuse(command, Frozen(hypothesis=one.number, what="test"))
    return accept(planned, *_readied(after, command, also=(Status.PARKED, Status.INCONCLUSIVE)))


def _unplannable(one: Hypothesis, command: PlanTest) -> Refusal | None:
    if not one.status.is_open:
        return concluded(one)
    if not command.how:
        return SaysNothing(what="how it is tested")
    if not one.is_under_test and _same(command.how) in map(_same, one.tested):
        return SameTest(hypothesis=one.number)
    return None


def _one_too_many(incident: Incident, one: Hypothesis, command: PlanTest, policy: Policy) -> SpanFull | None:
    """Why nobody else can be given this test, if so."""
    if command.assignee is None or one.assignee is not None or one.prediction is None:
        return None
    return span_full(incident, command.assignee, policy)


def _same(how: str) -> str:
    """What counts when two tests are compared."""
    return " ".join(how.casefold().split()).strip(" .!?")


def _readied(one: Hypothesis, command: Command, also: tuple[Status, ...] = ()) -> list[Event]:
    """That it is ready, when it has become so."""
    if one.status not in (Status.PROPOSED, *also) or lacking(one) or one.assignee is None:
        return []
    return [HypothesisReady(at=command.at, actor=command.actor, hypothesis=one.number, assignee=one.assignee)]


def lacking(one: Hypothesis) -> NotReady | None:
    """What must be known before it can be tested, all of it at once; who does it is known when they begin."""
    missing = (
        *(("prediction",) if one.prediction is None else ()),
        *(("test",) if one.plan is None else ()),
    )
    return NotReady(hypothesis=one.number, lacks=missing) if missing else None


def unsafe(one: Hypothesis) -> NotReady | None:
    """What a test that changes production lacks: the way back, and the go."""
    if one.plan is None or not one.plan.changes_production:
        return None
    missing = (
        *(("way back",) if not one.plan.way_back else ()),
        *(("go",) if one.allowed_by is None else ()),
    )
    return NotReady(hypothesis=one.number, lacks=missing) if missing else None


def allow(incident: Incident, command: AllowChange, policy: Policy) -> Decision:
    """Give the go to a test that changes production and knows the way back."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.plan is None:
        return refuse(command, NotReady(hypothesis=one.number, lacks=("test",)))
    if not one.plan.changes_production or one.allowed_by is not None:
        return accept()
    if not one.plan.way_back:
        return refuse(command, NotReady(hypothesis=one.number, lacks=("way back",)))
    return accept(ChangeAllowed(at=command.at, actor=command.actor, hypothesis=one.number))


def _with_plan(one: Hypothesis, event: TestPlanned) -> Hypothesis:
    new = Plan(
        how=event.how,
        cost=event.cost,
        changes_production=event.changes_production,
        way_back=event.way_back,
        at=event.at,
    )
    return one.but(plan=new, allowed_by=None, assignee=event.assignee)


def planned(incident: Incident, event: TestPlanned) -> Incident:
    """It is tested like this next. A go for another test does not count."""
    after = _with_plan(incident.hypothesis(event.hypothesis), event)
    return changed(incident, event.hypothesis, plan=after.plan, allowed_by=after.allowed_by, assignee=after.assignee)


def readied(incident: Incident, event: HypothesisReady) -> Incident:
    """It is ready, and theirs."""
    return changed(
        incident,
        event.hypothesis,
        status=Status.READY,
        since=event.at,
        by=event.actor,
        assignee=event.assignee,
        why=None,
    )


DECIDE = {StatePrediction: state, PlanTest: plan, AllowChange: allow}
EVOLVE = {
    PredictionStated: lambda incident, event: changed(
        incident,
        event.hypothesis,
        prediction=Prediction(if_true=event.if_true, if_false=event.if_false),
        likelihood=event.likelihood,
        likely_because=event.reason,
    ),
    TestPlanned: planned,
    HypothesisReady: readied,
    ChangeAllowed: lambda incident, event: changed(incident, event.hypothesis, allowed_by=event.actor),
}
