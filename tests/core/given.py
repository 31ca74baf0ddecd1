"""What core tests start from: a small policy, and incidents that commands have brought to where a test begins."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from bot.core.adoption import AdoptPolicy
from bot.core.containment import RecordContainment
from bot.core.decision import SYSTEM, Command, Decision, Event, Origin
from bot.core.effects import Effect
from bot.core.facts import MarkBoundaries, StateImpact, VerifyRecovery
from bot.core.incident import ContainmentResult, Incident, Phase, Side, Status
from bot.core.learning.actions import AddActionItem
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.policy import Policy
from bot.core.policy_parts import ANYONE, Act
from bot.core.roles import TakeRole
from bot.core.router.ladder import next_due
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.reminders import Remind
from bot.core.router.updates import KeepPromise, Occasion, SendUpdate, Wording, to_do
from bot.core.severity import SetSeverity
from bot.core.tracker.hypotheses import ConcludeHypothesis, ParkHypothesis, ProposeHypothesis, StartTest
from bot.core.tracker.predictions import PlanTest, StatePrediction
from bot.core.tracker.trials import AssignHypothesis, CallInconclusive, MarkDuplicate
from bot.core.trial import Explains
from bot.core.vocabulary import decide, evolve, fold
from bot.core.wishes import effects

START = datetime(2026, 11, 23, 14, 0, 20, tzinfo=UTC)
ALICE, BOB, CAROL = "UALICE", "UBOB", "UCAROL"

OPEN = [{"act": act, "who": [ANYONE]} for act in Act if act is not Act.CANCEL]
"""Everybody may do everything but cancel: who may do what has tests of its own."""

POLICY = Policy.model_validate(
    {
        "announce_in": "#incidents",
        "unset_counts_as": "SEV2",
        "severities": [
            {
                "name": "SEV1",
                "means": "Core service down",
                "first_update_minutes": 10,
                "then_every_minutes": 15,
                "invite": ["@incident-leads", "@payments-oncall"],
            },
            {
                "name": "SEV2",
                "means": "Core function broken",
                "first_update_minutes": 15,
                "then_every_minutes": 30,
                "invite": ["@incident-leads"],
            },
            {"name": "SEV3", "means": "Something minor", "first_update_minutes": 60, "then_every_minutes": 60},
        ],
        "boundaries": [{"id": "checkout", "name": "Checkout"}, {"id": "search", "name": "Search"}],
        "audiences": [
            {"name": "executives", "channel": "#exec-updates", "hears": ["SEV1", "SEV2"]},
            {"name": "support", "channel": "#support-updates", "hears": ["SEV1", "SEV2", "SEV3"]},
        ],
        "may": OPEN,
    }
)


def policy_with(policy: Policy = POLICY, **changes: Any) -> Policy:
    """The policy with these fields changed, read as its file would be: what it leaves out follows from the rest."""
    return Policy.model_validate({**policy.model_dump(exclude_unset=True), **changes})


def with_audience(policy: Policy = POLICY, **audience: Any) -> Policy:
    """The policy with one more audience; unless it says otherwise it is `product`, and hears of every severity."""
    usual = {"name": "product", "channel": "#product", "hears": [severity.name for severity in policy.severities]}
    return policy_with(policy, audiences=[*policy.model_dump()["audiences"], {**usual, **audience}])


POLICY_WITH_DRAFTS = with_audience(
    name="customers",
    channel="#status-page",
    hears=["SEV1", "SEV2"],
    sent_by="a person",
    first_update_minutes={"SEV2": 20},
    then_every_minutes={"SEV1": 25, "SEV2": 45},
)
"""What `customers` read is drafted, and a person sends it."""

_keys = count(1)

Kind = TypeVar("Kind", bound=Event)


def at(minutes: float) -> datetime:
    """The time some minutes after the start."""
    return START + timedelta(minutes=minutes)


def origin(actor: str = ALICE, minutes: float = 0) -> Origin:
    """Where a command comes from that `actor` gives some minutes after the start."""
    return Origin(team="T1", incident=1, actor=actor, at=at(minutes), key=f"k{next(_keys)}")


def decided(incident: Incident | None, *commands: Command, policy: Policy = POLICY) -> tuple[Incident, Decision]:
    """The incident after these commands, and what the last of them came to."""
    decision = Decision()
    for command in commands:
        decision = decide(incident, command, policy, number=1)
        incident = fold(incident, decision.events)
    assert incident is not None
    return incident, decision


def wishes(incident: Incident | None, command: Command, policy: Policy = POLICY) -> list[Effect]:
    """Everything that Slack should come to show after a command, in order."""
    found: list[Effect] = []
    for event in decide(incident, command, policy, number=1).events:
        after = evolve(incident, event)
        found += effects(event, incident, after, command.to if isinstance(command, AdoptPolicy) else policy)
        incident = after
    return found


def kinds(decision: Decision) -> list[str]:
    """The kinds of the events that a command led to, in order."""
    return [type(event).__name__ for event in decision.events]


def only(kind: type[Kind], decision: Decision) -> Kind:
    """The one event of this kind that a command led to."""
    (found,) = (event for event in decision.events if isinstance(event, kind))
    return found


def said(decision: Decision, kind: type[Wording] = Wording) -> dict[str, Occasion]:
    """Who is told (UpdateIssued), or whose update is drafted (UpdateDrafted), and on which occasion."""
    return {event.audience: event.occasion for event in decision.events if isinstance(event, kind)}


def declared(severity: str | None = None, policy: Policy = POLICY) -> Incident:
    """An incident that ALICE has just declared."""
    declare = DeclareIncident(origin=origin(), title="Checkout is failing", severity=severity)
    return decided(None, declare, policy=policy)[0]


def commanded(*, by: str = ALICE) -> Incident:
    """An incident with an incident commander."""
    return decided(declared(), TakeRole(origin=origin(by), user=by))[0]


def predicted(by: Origin, hypothesis: int) -> tuple[Command, ...]:
    """What must be known before a hypothesis is tested: what it predicts, and how it is tested."""
    return (
        StatePrediction(origin=by, hypothesis=hypothesis, if_true="Connections wait", if_false="Connections are free"),
        PlanTest(origin=by, hypothesis=hypothesis, how="Count the connections"),
    )


def start_test(*, origin: Origin, hypothesis: int, present: int | None = None) -> StartTest:
    """Whoever asks tests it, with all that this needs."""
    first = predicted(origin, hypothesis)
    return StartTest(origin=origin, hypothesis=hypothesis, present=present, first=first)


def conclude(*, origin: Origin, hypothesis: int, result: Side, why: str) -> ConcludeHypothesis:
    """It is confirmed or refuted, with all that this needs."""
    explains = Explains.ALL if result is Side.FOR else None
    first = predicted(origin, hypothesis)
    return ConcludeHypothesis(
        origin=origin, hypothesis=hypothesis, result=result, why=why, explains=explains, first=first
    )


def supposed(status: Status = Status.PROPOSED) -> Incident:
    """An incident with one hypothesis, H1, that has come to this status by what BOB did with it."""
    proposed = ProposeHypothesis(origin=origin(), statement="The pool is exhausted", boundary="checkout")
    by, start = origin(BOB), start_test(origin=origin(BOB), hypothesis=1)
    moves: dict[Status, tuple[Command, ...]] = {
        Status.PROPOSED: (),
        Status.READY: (*predicted(by, 1), AssignHypothesis(origin=by, hypothesis=1, user=BOB)),
        Status.TESTING: (start,),
        Status.INCONCLUSIVE: (start, CallInconclusive(origin=by, hypothesis=1, why="The log was gone")),
        Status.PARKED: (ParkHypothesis(origin=by, hypothesis=1),),
        Status.CONFIRMED: (conclude(origin=by, hypothesis=1, result=Side.FOR, why="Waits"),),
        Status.REFUTED: (conclude(origin=by, hypothesis=1, result=Side.AGAINST, why="Idle"),),
        Status.DUPLICATE: (
            ProposeHypothesis(origin=by, statement="No connection is free"),
            MarkDuplicate(origin=by, hypothesis=1, of=2),
        ),
    }
    if status is Status.CARRIED_OVER:
        recovering, _ = decided(in_phase(Phase.RECOVERY), proposed)
        return decided(recovering, next_step(recovering))[0]
    return decided(declared(), proposed, *moves[status])[0]


def facts_of(phase: Phase) -> tuple[Command, ...]:
    """The commands that satisfy the gate of a phase."""
    return {
        Phase.DETECTION: (
            TakeRole(origin=origin(), user=ALICE),
            StateImpact(origin=origin(), impact="Some customers cannot pay."),
        ),
        Phase.TRIAGE: (
            SetSeverity(origin=origin(), severity="SEV1"),
            MarkBoundaries(origin=origin(), boundaries=("checkout",)),
        ),
        Phase.CONTAINMENT: (
            RecordContainment(origin=origin(), action="Undid the release", result=ContainmentResult.WORKED),
        ),
        Phase.RECOVERY: (VerifyRecovery(origin=origin(), how="Payments are back to normal for 30 minutes"),),
        Phase.POSTMORTEM: (AddActionItem(origin=origin(), what="Add a check", assignee=BOB, due=date(2026, 12, 1)),),
    }[phase]


def next_step(incident: Incident) -> AdvancePhase:
    """The next phase is entered with all that its gate asks for."""
    assert incident.phase.next is not None
    return AdvancePhase(origin=origin(), to=incident.phase.next, first=facts_of(incident.phase))


def written(text: str = "We are on it.", *, to: tuple[str, ...] = (), minutes: float = 0) -> SendUpdate:
    """BOB writes an update."""
    return SendUpdate(origin=origin(BOB, minutes), text=text, audiences=to)


def delivered(incident: Incident, policy: Policy = POLICY) -> Incident:
    """The incident once Slack has accepted every update on its way, each when it was issued."""
    for one in incident.unsent:
        accepted = ConfirmUpdate(origin=origin(SYSTEM).but(at=one.at), audience=one.audience, update=one.update)
        incident, _ = decided(incident, accepted, policy=policy)
    return incident


def reminded_on_time(incident: Incident, policy: Policy) -> tuple[Incident, Decision]:
    """What comes of it at the moment at which somebody is to be reminded of an update."""
    due = next_due(incident, policy)
    assert due is not None
    return decided(incident, Remind(origin=origin(SYSTEM).but(at=due), due=due), policy=policy)


def on_time(incident: Incident, audience: str, policy: Policy) -> tuple[Incident, Decision]:
    """What comes of the promise to this audience at the moment at which something is to be done about it, when Slack has accepted
    all that went out before."""
    incident = delivered(incident, policy)
    due = to_do(incident, policy)[audience]
    keep = KeepPromise(origin=origin(SYSTEM).but(at=due), audience=audience, due=due)
    return decided(incident, keep, policy=policy)


def in_phase(phase: Phase, severity: str | None = None, policy: Policy = POLICY) -> Incident:
    """An incident that has walked to `phase` with every gate on the way satisfied."""
    incident = declared(severity, policy)
    while incident.phase is not phase:
        incident, _ = decided(incident, next_step(incident), policy=policy)
    return incident


def ended(incident: Incident, policy: Policy = POLICY) -> Incident:
    """The incident, taken to its end from wherever it stands."""
    while incident.phase.next is not None:
        incident, _ = decided(incident, next_step(incident), policy=policy)
    close = CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM))
    return decided(incident, close, policy=policy)[0]


def closed() -> Incident:
    """An incident that is over."""
    return ended(declared())
