"""Anything that people, machines and the clock may do to an incident, in random order, for `test_random_commands.py`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.core.action_item import ActionKind
from bot.core.adoption import AdoptPolicy
from bot.core.claims import AnswerClaim, ClaimRole
from bot.core.containment import RecordContainment, ReportReturn, SettleMeasure
from bot.core.decision import SYSTEM, Command, Origin
from bot.core.delivery import DropDelivery, ReportFailure, TryDeliveryAgain
from bot.core.due import falls_due, when_due
from bot.core.ends import CancelIncident, MergeIncident
from bot.core.factors import Factor
from bot.core.facts import (
    CorrectFacts,
    MarkBoundaries,
    Retitle,
    StateDetection,
    StateImpact,
    StateStart,
    VerifyRecovery,
)
from bot.core.gates import WaiveNeeds, guards
from bot.core.hint_rules import Hint
from bot.core.incident import COMMANDER, Cause, ContainmentResult, Incident, LinkKind, Phase, Side
from bot.core.learning.action_moves import (
    AcceptAction,
    AssignAction,
    ChangeAction,
    DeclineAction,
    DetailAction,
    DropAction,
    FinishAction,
    MoveDueDate,
    OfAction,
    ReopenAction,
    StartAction,
    VerifyAction,
)
from bot.core.learning.action_reminders import LearnZone
from bot.core.learning.actions import AddActionItem, NeedNoAction
from bot.core.learning.issues import FollowElsewhere
from bot.core.learning.postmortem import EditSection, KeepFinding, MovePostmortem, TagFactors
from bot.core.lifecycle import AdvancePhase, CloseIncident
from bot.core.links import LinkIncident
from bot.core.load import SnoozeRest
from bot.core.needs import DONE_ELSEWHERE, Need
from bot.core.notes import AddNote, ParkDebate, PinMessage
from bot.core.offers import AcceptRole, DeclineRole, WithdrawOffer
from bot.core.pictures import AskForPicture
from bot.core.playbooks.acts import Answer, ByPerson, Hold, Override, Report, RollBackNow, SayWorse, UndoDone
from bot.core.policy import Policy
from bot.core.policy_parts import ON_PHASE_CHANGE, Loss, Who
from bot.core.prompts import SnoozePrompts
from bot.core.proposals import ProposeDecision
from bot.core.questions import QUESTIONS, AnswerQuestion
from bot.core.review import Section, Stage
from bot.core.roles import AskForCommander, HandOver, TakeCommand, TakeRole
from bot.core.rooms import BindRoom, ConfirmArchive, KeepHistory, ReportRoomGone, RetireRoom
from bot.core.router.cadence import StretchCadence
from bot.core.router.corrections import CorrectUpdate
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.reminders import SayNoChange, SnoozeReminder
from bot.core.router.renewals import RenewUpdate
from bot.core.router.subscribing import Subscribe, Unsubscribe
from bot.core.router.updates import KeepPromise, SendUpdate
from bot.core.runs import ActOnRun, ReportOnRun, StartPlaybook
from bot.core.severity import AssessSeverity, SetSeverity
from bot.core.tracker.evidence import AnswerEvidence, KeepReply, MarkReply, WithdrawMark, WriteEvidence
from bot.core.tracker.hypotheses import (
    BindThread,
    ConcludeHypothesis,
    MarkRevision,
    OfHypothesis,
    ParkHypothesis,
    PlaceHypothesis,
    ProposeHypothesis,
    StartTest,
)
from bot.core.tracker.predictions import AllowChange, PlanTest, StatePrediction
from bot.core.tracker.rewriting import EditReply, NoteDeletion
from bot.core.tracker.trials import AssignHypothesis, CallInconclusive, ExtendTest, MarkDuplicate
from bot.core.trial import Explains
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    POLICY_WITH_DRAFTS,
    START,
    at,
    declared,
    facts_of,
    origin,
    policy_with,
    predicted,
    with_audience,
)
from tests.core.run_examples import SHELF, shelved

STRICTLY_ASKED = (
    *("severity", "boundary", "recent changes", "containment", "hold"),
    *("recovery", "temporary measures", "data", "action item"),
)
SEV1_ONLY = policy_with(
    unset_counts_as="SEV1",
    severities=[POLICY.model_dump()["severities"][0]],
    audiences=[{"name": "support", "channel": "#support-updates", "hears": ["SEV1"]}],
)
ARCHIVING = with_audience(
    policy_with(POLICY_WITH_DRAFTS, archive_room_after_days=0),
    then_every_minutes={"SEV1": 5, "SEV3": ON_PHASE_CHANGE},
)
STRICT = policy_with(
    POLICY_WITH_DRAFTS,
    gates=[{"need": need, "can_be_waived": need in ("recent changes", "data")} for need in STRICTLY_ASKED],
    may=[{"act": "advance", "who": ["incident commander", "deputy"]}, {"act": "waive", "who": ["incident commander"]}],
)
HINTING = policy_with(
    POLICY_WITH_DRAFTS,
    hints=[{"hint": hint, "after_minutes": number} for number, hint in enumerate(Hint)],
    boundaries=[{"id": "checkout", "name": "Checkout", "depends_on": ["search"]}, {"id": "search", "name": "Search"}],
)
POLICIES = {policy.hash: policy for policy in (POLICY, POLICY_WITH_DRAFTS, SEV1_ONLY, ARCHIVING, STRICT, HINTING)}
"""What an incident may be declared under or brought to follow, by hash."""


@dataclass(frozen=True)
class NextPhase:
    """The next phase is entered, or the incident closed from the last one, with all that the gate asks for."""


@dataclass(frozen=True)
class Fire:
    """What falls due comes to pass, on time: the first of it, the second, and so on."""

    which: int


@dataclass(frozen=True)
class InRun:
    """Somebody does something to the latest run, the first of what there is, the second, and so on."""

    who: str
    which: int


Act = Command | NextPhase | Fire | InRun

words = st.text(max_size=30)
people = st.sampled_from([ALICE, BOB, CAROL])
origins = st.builds(origin, people, st.integers(0, 600))
roles = st.sampled_from([COMMANDER, "deputy", "scribe", "astrologer"])
boundaries = st.sampled_from(["checkout", "search", "moon"])
sides = st.sampled_from(Side)
channels = st.sampled_from(["C1", "C2"])
timestamps = st.sampled_from(["1.1", "1.2", "1.3"])
times = st.integers(-60, 700).map(at)
numbers = st.integers(0, 5)
failing = st.sampled_from(["Tell notices", "PostUpdate updates:support"])
effect_ids = st.sampled_from(["e1", "e2"])

graded = st.sampled_from(["SEV1", "sev2", "SEV3", "nonsense"])
grading = st.builds(SetSeverity, origin=origins, severity=graded, reason=st.none() | words)
assessing = st.one_of(
    st.builds(
        AssessSeverity, origin=origins, who=st.sampled_from(Who), loss=st.sampled_from(Loss), reason=st.none() | words
    ),
    st.builds(SnoozePrompts, origin=origins),
)
facts = st.one_of(
    st.builds(TakeRole, origin=origins, role=roles, user=people),
    grading,
    st.builds(StateImpact, origin=origins, impact=words),
    st.builds(StateImpact, origin=origins, impact=st.just("Bob cannot pay"), names=st.just(("Bob Tanaka",))),
    st.builds(StateStart, origin=origins, started=times, is_estimated=st.booleans()),
    st.builds(StateDetection, origin=origins, detected=times, is_estimated=st.booleans()),
    st.builds(Retitle, origin=origins, title=words),
    st.builds(MarkBoundaries, origin=origins, boundaries=st.lists(boundaries, max_size=3).map(tuple)),
    st.builds(
        RecordContainment,
        origin=origins,
        action=words,
        result=st.sampled_from(ContainmentResult),
        since=st.none() | times,
        is_temporary=st.booleans(),
    ),
    st.builds(ReportReturn, origin=origins),
    st.builds(
        SettleMeasure, origin=origins, measure=numbers, assignee=st.none() | people, due=st.just(date(2026, 12, 1))
    ),
    st.builds(AnswerQuestion, origin=origins, question=st.sampled_from(QUESTIONS), answer=words | st.just("unknown")),
    st.builds(WaiveNeeds, origin=origins, needs=st.lists(st.sampled_from(Need), max_size=3).map(tuple), reason=words),
    st.builds(VerifyRecovery, origin=origins, how=words),
    st.builds(AddActionItem, origin=origins, what=words, assignee=people, due=st.just(date(2026, 12, 1))),
    st.builds(NeedNoAction, origin=origins, reason=words),
)
items = st.integers(1, 3)
whys = st.none() | words
what_becomes = st.one_of(
    st.builds(AcceptAction, origin=origins, item=items),
    st.builds(DeclineAction, origin=origins, item=items, why=whys),
    st.builds(AssignAction, origin=origins, item=items, user=people),
    st.builds(StartAction, origin=origins, item=items),
    st.builds(FinishAction, origin=origins, item=items),
    st.builds(VerifyAction, origin=origins, item=items),
    st.builds(ReopenAction, origin=origins, item=items, why=words),
    st.builds(DropAction, origin=origins, item=items, why=words),
    st.builds(MoveDueDate, origin=origins, item=items, due=st.dates(date(2026, 11, 20), date(2027, 1, 9)), why=whys),
    st.builds(ChangeAction, origin=origins, item=items, what=words, done_when=whys, kind=st.sampled_from(ActionKind)),
    st.builds(DetailAction, origin=origins, item=items, done_when=whys, kind=st.sampled_from(ActionKind)),
    st.builds(FollowElsewhere, origin=origins, item=items, tracker=words),
    st.builds(
        LearnZone, origin=origins, user=people, zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "nowhere"])
    ),
)
"""What becomes of action items."""
some_facts = st.lists(facts, max_size=3).map(tuple)


def with_all_it_needs(command: StartTest | ConcludeHypothesis) -> OfHypothesis:
    """The command after the prediction and the test that it needs."""
    return command.but(first=predicted(command.origin, command.hypothesis))


proposing = st.builds(
    ProposeHypothesis,
    origin=origins,
    statement=words | st.sampled_from(["Checkout has no free connections", "It is DNS"]),
    boundary=st.none() | boundaries,
    place=st.none() | st.sampled_from(["Card network", "card network", "The bank"]),
)
testing = st.one_of(
    st.builds(PlaceHypothesis, origin=origins, hypothesis=numbers, boundary=boundaries),
    st.builds(StartTest, origin=origins, hypothesis=numbers),
    st.builds(StartTest, origin=origins, hypothesis=numbers).map(with_all_it_needs),
    st.builds(ParkHypothesis, origin=origins, hypothesis=numbers),
    st.builds(
        ConcludeHypothesis,
        origin=origins,
        hypothesis=numbers,
        result=sides,
        why=words,
        explains=st.none() | st.sampled_from(Explains),
    ),
    st.builds(
        ConcludeHypothesis,
        origin=origins,
        hypothesis=numbers,
        result=sides,
        why=st.just("It waits"),
        explains=st.just(Explains.ALL),
    ).map(with_all_it_needs),
    st.builds(BindThread, origin=origins, hypothesis=numbers, channel=channels, ts=timestamps),
)
hows = st.sampled_from(["Count them", "Count  THEM.", "Restart one", ""])
trying = st.one_of(
    st.builds(
        StatePrediction,
        origin=origins,
        hypothesis=numbers,
        if_true=words | st.just("They wait"),
        if_false=words | st.just("They are free"),
        likelihood=st.none() | st.integers(1, 3),
    ),
    st.builds(
        PlanTest,
        origin=origins,
        hypothesis=numbers,
        how=hows,
        cost=st.integers(1, 3),
        changes_production=st.booleans(),
        way_back=st.none() | st.just("Start it again"),
        assignee=st.none() | people,
    ),
    st.builds(AllowChange, origin=origins, hypothesis=numbers),
    st.builds(CallInconclusive, origin=origins, hypothesis=numbers, why=words | st.just("No log")),
    st.builds(MarkDuplicate, origin=origins, hypothesis=numbers, of=st.just(1)),
    st.builds(MarkRevision, origin=origins, hypothesis=numbers, of=st.just(1)),
    st.builds(AssignHypothesis, origin=origins, hypothesis=numbers, user=people),
    st.builds(ExtendTest, origin=origins, hypothesis=numbers),
    st.builds(AnswerEvidence, origin=origins, hypothesis=numbers, text=words | st.just("Another system")),
)
showing = st.one_of(
    st.builds(KeepReply, origin=origins, hypothesis=numbers, reply=timestamps, author=people, text=words),
    st.builds(MarkReply, origin=origins, hypothesis=numbers, reply=timestamps, side=sides),
    st.builds(WithdrawMark, origin=origins, hypothesis=numbers, reply=timestamps, side=sides),
    st.builds(WriteEvidence, origin=origins, hypothesis=numbers, side=sides, text=words),
    st.builds(EditReply, origin=origins, hypothesis=numbers, reply=timestamps, text=words),
    st.builds(NoteDeletion, origin=origins, hypothesis=numbers, reply=timestamps),
)
binding = st.builds(BindRoom, origin=origins, channel=channels, name=words)
losing = st.builds(ReportRoomGone, origin=origins, channel=channels)
rooms = st.one_of(
    losing,
    st.builds(RetireRoom, origin=origins, due=times),
    st.builds(KeepHistory, origin=origins, history=words, messages=numbers),
    st.builds(ConfirmArchive, origin=origins),
)
delivering = st.one_of(
    st.builds(ReportFailure, origin=origins, effect=failing, reason=st.just("is_archived"), effect_id=effect_ids),
    st.builds(TryDeliveryAgain, origin=origins, effect_id=st.none() | effect_ids),
    st.builds(DropDelivery, origin=origins, effect_id=effect_ids, reason=words),
)
speaking = st.one_of(
    st.builds(SendUpdate, origin=origins, text=words),
    st.builds(SendUpdate, origin=origins, text=words, audiences=st.just(("customers",)), updates=numbers),
    st.builds(
        SendUpdate,
        origin=origins,
        text=words,
        audiences=st.lists(st.sampled_from(["support", "customers", "press"]), max_size=3, unique=True).map(tuple),
    ),
    st.builds(KeepPromise, origin=origins, audience=st.sampled_from(["support", "customers"]), due=times),
    st.builds(ConfirmUpdate, origin=origins, audience=st.just("support"), update=st.integers(0, 12)),
    st.builds(RenewUpdate, origin=origins, update=st.integers(0, 12)),
    st.builds(SayNoChange, origin=origins, audiences=st.just(("customers",)), told=st.just({"customers": 1})),
    st.builds(CorrectUpdate, origin=origins, audiences=st.just(("support",)), wrong=words, text=words),
    st.builds(Subscribe, origin=origins, people=people.map(lambda one: (one,)), by_rule=st.booleans()),
    st.builds(Unsubscribe, origin=origins, person=people),
    st.builds(SendUpdate, origin=origins, text=st.just("@carol broke it"), because=st.none() | words),
    st.builds(SnoozeReminder, origin=origins, audiences=st.just(("customers",))),
    st.builds(StretchCadence, origin=origins, is_on=st.booleans()),
    st.builds(AddNote, origin=origins, text=words),
    st.builds(AskForPicture, origin=origins),
    st.builds(EditSection, origin=origins, section=st.sampled_from(Section), text=words, seen=st.integers(0, 2)),
    st.builds(
        TagFactors,
        origin=origins,
        factors=st.lists(st.sampled_from(Factor), max_size=3, unique=True).map(tuple),
        strengths=st.just(()),
    ),
    st.builds(
        KeepFinding, origin=origins, section=st.sampled_from(Section), rule=st.just("B4"), found=words, reason=words
    ),
    st.builds(
        MovePostmortem,
        origin=origins,
        to=st.sampled_from(Stage),
        leaving=st.sampled_from(Stage),
        seen=st.integers(0, 3),
        reason=words,
    ),
    st.builds(PinMessage, origin=origins, ts=timestamps, author=people, posted=times, text=words),
)
steering = st.one_of(
    st.builds(AdvancePhase, origin=origins, to=st.sampled_from(Phase), first=some_facts),
    st.builds(CloseIncident, origin=origins, first=some_facts),
    st.builds(CorrectFacts, origin=origins, facts=some_facts),
    st.builds(HandOver, origin=origins, role=roles | st.just("ic"), user=people),
    st.builds(AskForCommander, origin=origins, due=times),
)
seatings = st.sampled_from([COMMANDER, "scribe"])
passing = st.one_of(
    st.builds(HandOver, origin=origins, role=seatings, user=people, then_role=st.none() | st.just("deputy")),
    st.builds(AcceptRole, origin=origins, role=seatings),
    st.builds(DeclineRole, origin=origins, role=seatings),
    st.builds(WithdrawOffer, origin=origins, role=seatings),
    st.builds(ClaimRole, origin=origins, role=seatings),
    st.builds(AnswerClaim, origin=origins, role=seatings),
    st.builds(TakeCommand, origin=origins, why=words),
    st.builds(SnoozeRest, origin=origins, role=seatings),
    st.builds(ProposeDecision, origin=origins, text=words),
    st.builds(ParkDebate, origin=origins, text=words),
)
survivors = st.sampled_from([declared().but(number=7), declared().but(number=8, is_drill=True), declared()])
ending = st.one_of(
    st.builds(CancelIncident, origin=origins, cause=st.sampled_from(Cause), words=words),
    st.builds(MergeIncident, origin=origins, into=numbers, survivor=survivors),
)
linking = st.builds(
    LinkIncident,
    origin=origins,
    kind=st.sampled_from(LinkKind),
    other=st.integers(7, 9),
    started=st.none() | times,
    told=st.lists(st.sampled_from(["support", "customers", "press"]), max_size=2, unique=True).map(tuple),
)
starting = st.builds(StartPlaybook, origin=origins, playbook=st.just("small"), shelf=st.just(SHELF))
running = st.one_of(starting, st.builds(InRun, people, st.integers(0, 9)), st.builds(InRun, people, st.integers(0, 9)))
onward = st.just(NextPhase())
firing = st.builds(Fire, numbers)
adopting = st.builds(AdoptPolicy, origin=origins, to=st.sampled_from(list(POLICIES.values())))
groups = (
    *(facts, facts, passing, grading, assessing, adopting, steering, onward, onward, firing, speaking),
    *(facts, what_becomes, what_becomes),
    *(
        proposing,
        proposing,
        testing,
        testing,
        trying,
        trying,
        showing,
        showing,
        showing,
        binding,
        losing,
        rooms,
        delivering,
        linking,
    ),
    ending,
    running,
)
thoughts: st.SearchStrategy[Act] = st.sampled_from(
    (proposing, testing, trying, trying, firing, showing, showing)
).flatmap(lambda group: group)
"""Anything that concerns hypotheses."""
acts: st.SearchStrategy[Act] = st.sampled_from(groups).flatmap(lambda group: group)
"""Anything that anybody may do. One in so many from each group, or the many kinds of one would drown the few of another."""
commands = st.one_of(facts, passing, binding, rooms, delivering, speaking, steering)
"""Commands that need nothing of the incident they are for, and no other policy than the one it has."""


def many(each: st.SearchStrategy[Act]) -> st.SearchStrategy[list[Act]]:
    """Up to forty of them. By their number first: Hypothesis makes a failing sequence short much sooner that way."""
    return st.integers(1, 40).flatmap(lambda count: st.lists(each, min_size=count, max_size=count))


ENDING: tuple[Act, ...] = (*(NextPhase() for _ in Phase), Fire(0), Fire(0))
"""What takes an incident to its end from wherever it stands, and then does what is due."""


def aimed(act: Act, incident: Incident, policy: Policy) -> Command | None:
    """The command that an act is for this incident: about a hypothesis that exists, at the time that is due, into the phase that
    comes next. None when there is nothing of that kind."""
    if isinstance(act, NextPhase):
        return step_onward(incident, policy, at(1000))
    if isinstance(act, Fire):
        due = sorted(falls_due(incident, policy).items())
        if not due:
            return None
        name, when = due[act.which % len(due)]
        return shelved(when_due(name, when, origin(SYSTEM).but(at=when)))
    if isinstance(act, OfAction):
        there = len(incident.action_items)
        return act.but(item=act.item % there + 1) if there else None
    if isinstance(act, InRun):
        return _in_run(act, incident)
    if isinstance(act, OfHypothesis):
        count = len(incident.hypotheses)
        return _marking(_about(act, act.hypothesis % count + 1), incident) if count else None
    return act


def _in_run(act: InRun, incident: Incident) -> Command | None:
    """What is done to the latest run, at the step that it has come to; None when there is no run."""
    if not incident.runs:
        return None
    visit = incident.runs[-1].visits[-1]
    step: dict[str, Any] = {"step": visit.step, "visit": visit.entered.visit}
    tried: list[tuple[type[ByPerson], dict[str, Any]]] = [
        *((Answer, step | {"answer": answer}) for answer in ("done", "yes", "yes", "no")),
        (SayWorse, {}),
        (RollBackNow, {}),
        (Hold, {"why": "Not yet"}),
        (Override, {"why": "It is not"}),
        (UndoDone, {"step": "do", "is_done": True}),
    ]
    if act.which >= len(tried):
        came = Report(at=at(0), result="success", **step)
        return ReportOnRun(origin=origin(SYSTEM), run=len(incident.runs), does=came, shelf=SHELF)
    kind, what = tried[act.which]
    return ActOnRun.by(origin(act.who), len(incident.runs), kind, **what).but(shelf=SHELF)


def _about(act: OfHypothesis, number: int) -> OfHypothesis:
    """The act about this hypothesis, and with it what comes along."""
    if isinstance(act, StartTest | ConcludeHypothesis):
        first = tuple(one.but(hypothesis=number) for one in act.first)
        return act.but(hypothesis=number, first=first)
    return act.but(hypothesis=number)


def _marking(act: OfHypothesis, incident: Incident) -> OfHypothesis:
    """A mark on a reply that was kept, the withdrawal of a mark that was put there, and what becomes of such a reply, as far as
    there are any."""
    replies = incident.hypothesis(act.hypothesis).replies
    if isinstance(act, WithdrawMark):
        for reply in replies:
            for mark in reply.marks:
                later = origin(mark.user).but(at=mark.at + timedelta(minutes=act.origin.at.minute))
                return act.but(origin=later, reply=reply.ref, side=mark.side)
    if isinstance(act, MarkReply | EditReply | NoteDeletion) and replies:
        return act.but(reply=replies[int(act.reply[-1]) % len(replies)].ref)
    return act


def leader(incident: Incident) -> str:
    """Who may move it on: the commander, or anybody while there is none."""
    return incident.commander.user if incident.commander else ALICE


def step_onward(incident: Incident, policy: Policy, when: datetime = START) -> AdvancePhase | CloseIncident:
    """The next step at this time by whoever may take it, with all that its gate asks for; a seat that somebody has is left to
    them. What stops the harm is said to have done so long enough before."""
    by = origin(leader(incident)).but(at=when)
    asked = (*facts_of(incident.phase), *_asked_besides(incident, policy, by))
    first = tuple(fact.but(origin=by) for fact in asked if not (isinstance(fact, TakeRole) and incident.commander))
    if incident.phase.next is None:
        return CloseIncident(origin=by, first=first)
    return AdvancePhase(origin=by, to=incident.phase.next, first=first)


def _asked_besides(incident: Incident, policy: Policy, by: Origin) -> list[Command]:
    """What the gates of a policy ask for that asks for more than the usual."""
    held = by.at - timedelta(minutes=policy.severity(incident.severity).hold_minutes)
    contained = RecordContainment(origin=by, action="Undid it", result=ContainmentResult.WORKED, since=held)
    settled = [SettleMeasure(origin=by, measure=number) for number in incident.unsettled]
    facts: dict[Need, list[Command]] = {
        Need.CHANGES: [AnswerQuestion(origin=by, question=Need.CHANGES, answer="Nothing found")],
        Need.CONTAINMENT: [contained.but(since=None)] if incident.phase is Phase.RECOVERY else [],
        Need.HOLD: [contained],
        Need.DATA: [AnswerQuestion(origin=by, question=Need.DATA, answer="none lost")],
        Need.MEASURES: [*settled],
    }
    facts |= {
        need: [WaiveNeeds(origin=by, needs=(need,), reason="We go on")] for need in DONE_ELSEWHERE | {Need.CHECKED}
    }
    return [fact for guard in guards(incident, policy) for fact in facts.get(guard.need, [])]
