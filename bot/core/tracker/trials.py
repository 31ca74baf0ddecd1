"""How a hypothesis moves from one status to the next. These moves and no others:

proposed → ready → testing → confirmed, refuted or inconclusive; inconclusive → ready, by another test, or parked; proposed or
ready → parked or duplicate; parked → ready; whatever is open → carried over, when RECOVERY is left. What is confirmed, refuted,
a duplicate or carried over is so for good: who sees it differently proposes it anew.

A command that goes farther walks every step between, an event each: who parks what is being tested leaves that test without a
result first; who concludes what was not under test has tested it just then. A test that is handed on stays the same test.
"""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.duties import is_solo, kept_apart, span_full
from bot.core.incident import Hypothesis, Incident, Status
from bot.core.policy import Policy
from bot.core.refusal import NoDuplicate, NotUnderTest, Refusal, SaysNothing, TestsFull
from bot.core.tracker.hypotheses import (
    HypothesisParked,
    OfHypothesis,
    ParkHypothesis,
    StartTest,
    TestStarted,
    changed,
    concluded,
    stands,
)
from bot.core.tracker.predictions import HypothesisReady, lacking, unsafe
from bot.core.value import Typed


class CallInconclusive(OfHypothesis):
    """Its test showed nothing either way, and this is why."""

    why: Typed


class MarkDuplicate(OfHypothesis):
    """It says the same as the hypothesis `of`."""

    of: int


class AssignHypothesis(OfHypothesis):
    """`user` tests it, from now on or next. `present` is how many people are in the room (None: not known)."""

    user: str
    present: int | None = None


class ExtendTest(OfHypothesis):
    """Its test needs a few minutes more."""


class HypothesisInconclusive(Event):
    """Its test ended without a result; `why` says so, unless it was only set aside."""

    hypothesis: int
    why: Typed | None = None


class HypothesisDuplicate(Event):
    """It says the same as `of`, where it goes on."""

    hypothesis: int
    of: int


class HypothesisAssigned(Event):
    """It is theirs to test; `ends`: when they are asked what came of a test that is running. `solo`: they lead as well."""

    hypothesis: int
    assignee: str
    ends: AwareDatetime | None = None
    solo: bool = False


class TestExtended(Event):
    """Its test goes on, until then."""

    __test__ = False

    hypothesis: int
    ends: AwareDatetime


class HypothesesCarriedOver(Event):
    """These were open when service was restored: the review has them."""

    hypotheses: tuple[int, ...]


def start_test(incident: Incident, command: StartTest, policy: Policy) -> Decision:
    """Put it under test by whoever asks, or hand a running test to them; not once it has turned out, not before it is known what a
    test needs, and not by whoever leads where others can do it."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.is_under_test:
        return assign(incident, AssignHypothesis(**_like(command), user=command.actor, present=command.present), policy)
    if apart := kept_apart(incident, command.actor, command.present, policy, hypothesis=one.number):
        return refuse(command, apart)
    if hindered := lacking(one) or unsafe(one) or full(incident, one, command.actor, policy):
        return refuse(command, hindered)
    if too_many := span_full(incident, command.actor, policy):
        return refuse(command, too_many)
    return accept(*begun(incident, one, command.at, command.actor, policy))


def _like(command: OfHypothesis) -> dict[str, Any]:
    return {"origin": command.origin, "hypothesis": command.hypothesis}


def full(incident: Incident, one: Hypothesis, user: str, policy: Policy) -> TestsFull | None:
    """Why this person cannot test it beside all that is being tested, if so: one test a person, a few at once, and of those that
    change production one, or nobody could tell which of them did what."""
    running = [other for other in incident.hypotheses if other.status is Status.TESTING and other is not one]
    own = tuple(other.number for other in running if other.assignee == user)
    if own:
        return TestsFull(hypotheses=own, because="own")
    if len(running) >= policy.tests_at_once:
        return TestsFull(hypotheses=tuple(other.number for other in running), because="all")
    changing = tuple(other.number for other in running if other.plan and other.plan.changes_production)
    if changing and one.plan and one.plan.changes_production:
        return TestsFull(hypotheses=changing, because="change")
    return None


def begun(incident: Incident, one: Hypothesis, at: datetime, user: str, policy: Policy) -> list[Event]:
    """The steps by which it comes under test by this person."""
    ready = HypothesisReady(at=at, actor=user, hypothesis=one.number, assignee=user)
    started = TestStarted(
        at=at,
        actor=user,
        hypothesis=one.number,
        assignee=user,
        solo=is_solo(incident, user),
        ends=at + policy.test_box(one.cost),
    )
    return [*([] if one.status is Status.READY else [ready]), started]


def taken_on(incident: Incident, number: int, at: datetime, user: str, policy: Policy) -> list[Event]:
    """What comes of a test that somebody was to begin once they do not lead any more: it begins, passes to them if it is running,
    or is theirs and waits for what it still needs."""
    one = incident.hypothesis(number)
    if not one.status.is_open or one.assignee == user:
        return []
    hindered = full(incident, one, user, policy)
    if one.is_under_test and hindered and hindered.because == "own":
        return []
    if one.is_under_test or hindered or lacking(one) or unsafe(one):
        return [_assigned(incident, one, at, user, user, policy).but(solo=False)]
    ready, started = begun(incident.but(seats={}), one.but(status=Status.PROPOSED), at, user, policy)
    return [started] if one.status is Status.READY else [ready, started]


def assign(incident: Incident, command: AssignHypothesis, policy: Policy) -> Decision:
    """Let this person test it: next, or from now on with a time box of their own."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.assignee == command.user:
        return accept()
    if one.is_under_test and (hindered := _hindered(incident, one, command, policy)):
        return refuse(command, hindered)
    if one.assignee is None and not lacking(one) and (too_many := span_full(incident, command.user, policy)):
        return refuse(command, too_many)
    assigned = _assigned(incident, one, command.at, command.actor, command.user, policy)
    is_ready = one.status is Status.PROPOSED and not lacking(one)
    ready = HypothesisReady(at=command.at, actor=command.actor, hypothesis=one.number, assignee=command.user)
    return accept(assigned, *([ready] if is_ready else []))


def _hindered(incident: Incident, one: Hypothesis, command: AssignHypothesis, policy: Policy) -> Refusal | None:
    apart = kept_apart(incident, command.user, command.present, policy, hypothesis=one.number)
    running = [other for other in incident.hypotheses if other.status is Status.TESTING and other is not one]
    own = tuple(other.number for other in running if other.assignee == command.user)
    return apart or (TestsFull(hypotheses=own, because="own") if own else None)


def _assigned(
    incident: Incident, one: Hypothesis, at: datetime, actor: str, user: str, policy: Policy
) -> HypothesisAssigned:
    is_running = one.is_under_test
    return HypothesisAssigned(
        at=at,
        actor=actor,
        hypothesis=one.number,
        assignee=user,
        ends=at + policy.test_box(one.cost) if is_running else None,
        solo=is_running and is_solo(incident, user),
    )


def park(incident: Incident, command: ParkHypothesis, policy: Policy) -> Decision:
    """Set it aside, unless it has turned out. A test that was running ends without a result."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.status is Status.PARKED:
        return accept()
    by = {"at": command.at, "actor": command.actor, "hypothesis": one.number}
    ended = [HypothesisInconclusive.model_validate(by)] if one.status is Status.TESTING else []
    return accept(*ended, HypothesisParked.model_validate(by))


def call_inconclusive(incident: Incident, command: CallInconclusive, policy: Policy) -> Decision:
    """End its test without a result, for a stated reason."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.status is not Status.TESTING:
        return refuse(command, NotUnderTest(hypothesis=one.number, status=one.status))
    if not command.why:
        return refuse(command, SaysNothing(what="why it shows nothing"))
    return accept(HypothesisInconclusive(at=command.at, actor=command.actor, hypothesis=one.number, why=command.why))


def mark_duplicate(incident: Incident, command: MarkDuplicate, policy: Policy) -> Decision:
    """It goes on in the other one, as long as nobody has tested it. What the other one is a duplicate of is meant then."""
    one, other = incident.hypothesis(command.hypothesis), original(incident, command.of)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if other.number == one.number:
        return refuse(command, NoDuplicate(hypothesis=one.number, of=command.of, because="itself"))
    if one.status not in (Status.PROPOSED, Status.READY):
        return refuse(command, NoDuplicate(hypothesis=one.number, of=command.of, because="tested"))
    return accept(HypothesisDuplicate(at=command.at, actor=command.actor, hypothesis=one.number, of=other.number))


def original(incident: Incident, number: int) -> Hypothesis:
    """The hypothesis that this one is a duplicate of in the end; itself when it is none."""
    one = incident.hypothesis(number)
    while one.same_as is not None:
        one = incident.hypothesis(one.same_as)
    return one


def extend(incident: Incident, command: ExtendTest, policy: Policy) -> Decision:
    """A few minutes more, once."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if not one.is_under_test or one.is_extended:
        why = NotUnderTest(hypothesis=one.number, status=one.status, is_extended=one.is_under_test)
        return refuse(command, why)
    more = timedelta(minutes=policy.prolong_test_by_minutes)
    ends = max(one.ends or command.at, command.at) + more
    return accept(TestExtended(at=command.at, actor=command.actor, hypothesis=one.number, ends=ends))


def carried_over(incident: Incident, command: Command) -> list[Event]:
    """That all that is open goes to the review, when service is restored; nothing when nothing is."""
    numbers = tuple(one.number for one in incident.hypotheses if one.status.is_open)
    return [HypothesesCarriedOver(at=command.at, actor=command.actor, hypotheses=numbers)] if numbers else []


def ended_in_review(incident: Incident, event: HypothesesCarriedOver) -> Incident:
    """They are carried over, and their tests are over."""
    for number in event.hypotheses:
        one = HypothesisParked(at=event.at, actor=event.actor, hypothesis=number)
        incident = stands(Status.CARRIED_OVER)(incident, one)
    return incident


def inconclusive(incident: Incident, event: HypothesisInconclusive) -> Incident:
    """It has no result, and needs another test."""
    after = stands(Status.INCONCLUSIVE)(incident, event)
    return changed(after, event.hypothesis, plan=None, allowed_by=None)


def assigned(incident: Incident, event: HypothesisAssigned) -> Incident:
    """It is theirs, with a time box that begins anew if a test is running."""
    after = changed(incident, event.hypothesis, assignee=event.assignee)
    if event.ends is None:
        return after
    return changed(after, event.hypothesis, ends=event.ends, is_extended=False, overruns=0, asked_at=None)


DECIDE = {
    StartTest: start_test,
    AssignHypothesis: assign,
    ParkHypothesis: park,
    CallInconclusive: call_inconclusive,
    MarkDuplicate: mark_duplicate,
    ExtendTest: extend,
}
EVOLVE = {
    HypothesisInconclusive: inconclusive,
    HypothesisDuplicate: lambda incident, event: changed(
        stands(Status.DUPLICATE)(incident, event), event.hypothesis, same_as=event.of
    ),
    HypothesisAssigned: assigned,
    TestExtended: lambda incident, event: changed(incident, event.hypothesis, ends=event.ends, is_extended=True),
    HypothesesCarriedOver: ended_in_review,
}
