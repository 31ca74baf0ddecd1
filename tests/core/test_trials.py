"""How a hypothesis gets to its test and its result: what must be known before, how many are tested at once, and no way around."""

import pytest

from bot.core.decision import SYSTEM
from bot.core.incident import Incident, Phase, Side, Status
from bot.core.lifecycle import PhaseEntered
from bot.core.refusal import (
    Contradicted,
    Frozen,
    NoDuplicate,
    NotAllowed,
    NotReady,
    NotUnderTest,
    SameTest,
    SaysNothing,
    TestsFull,
)
from bot.core.roles import TakeRole
from bot.core.tracker.boxes import AskAboutTest, TestOverran, overruns
from bot.core.tracker.conclusions import EXPLAINS
from bot.core.tracker.evidence import AnswerEvidence, WriteEvidence
from bot.core.tracker.hypotheses import ConcludeHypothesis, ParkHypothesis, ProposeHypothesis, StartTest
from bot.core.tracker.predictions import AllowChange, PlanTest, PredictionStated, StatePrediction
from bot.core.tracker.similar import repeated
from bot.core.tracker.trials import AssignHypothesis, CallInconclusive, ExtendTest, HypothesesCarriedOver, MarkDuplicate
from bot.core.trial import Explains, Reason
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    conclude,
    decided,
    declared,
    in_phase,
    kinds,
    next_step,
    only,
    origin,
    policy_with,
    predicted,
    start_test,
    supposed,
)

GUARDED = policy_with(may=[])
CHANGE = PlanTest(
    origin=origin(BOB), hypothesis=1, how="Switch it off", changes_production=True, way_back="Switch it on"
)


def several(count: int) -> Incident:
    """So many ideas, each ready but for who tests it."""
    ideas = [ProposeHypothesis(origin=origin(), statement=f"Idea {number}") for number in range(1, count + 1)]
    known = [one for number in range(1, count + 1) for one in predicted(origin(), number)]
    return decided(declared(), *ideas, *known)[0]


def start(user: str, number: int = 1, minutes: float = 0) -> StartTest:
    """This person begins a test with what is known."""
    return StartTest(origin=origin(user, minutes), hypothesis=number)


def test_one_line_is_enough_and_the_rest_is_asked_for_all_at_once():
    refusal = decided(supposed(), start(BOB))[1].refusal
    assert refusal == NotReady(hypothesis=1, lacks=("prediction", "test"))


@pytest.mark.parametrize("empty", [{"if_true": ""}, {"if_false": " "}])
def test_a_prediction_has_two_halves(empty):
    half = StatePrediction(origin=origin(), hypothesis=1, **({"if_true": "x", "if_false": "y"} | empty))
    assert decided(supposed(), half)[1].refusal == SaysNothing(what="prediction")


def test_it_is_ready_once_prediction_test_and_assignee_are_known_in_any_order():
    predict, plan = predicted(origin(), 1)
    mine = AssignHypothesis(origin=origin(), hypothesis=1, user=BOB)
    for commands in ((predict, plan, mine), (mine, plan, predict), (plan, mine, predict)):
        incident, decision = decided(supposed(), *commands)
        assert kinds(decision)[-1] == "HypothesisReady" and incident.hypothesis(1).status is Status.READY
        assert incident.hypothesis(1).assignee == BOB


def test_what_it_predicts_stays_once_a_test_has_begun_also_after_that_test():
    other = StatePrediction(origin=origin(), hypothesis=1, if_true="Whatever", if_false="Anything")
    for status in (Status.TESTING, Status.INCONCLUSIVE):
        incident = supposed(status)
        after, decision = decided(incident, other)
        assert decision.refusal == Frozen(hypothesis=1, what="prediction")
        assert after.hypotheses == incident.hypotheses
    changed, _ = decided(supposed(Status.READY), other)
    assert changed.hypothesis(1).prediction != supposed(Status.READY).hypothesis(1).prediction


def test_without_a_result_it_needs_another_test():
    incident = supposed(Status.INCONCLUSIVE)
    assert decided(incident, start(BOB))[1].refusal == NotReady(hypothesis=1, lacks=("test",))
    same = PlanTest(origin=origin(), hypothesis=1, how=" count the  connections. ")
    assert decided(incident, same)[1].refusal == SameTest(hypothesis=1)
    another = PlanTest(origin=origin(), hypothesis=1, how="Ask the database")
    again, decision = decided(incident, another)
    assert kinds(decision) == ["TestPlanned", "HypothesisReady"] and again.hypothesis(1).status is Status.READY
    assert decided(again, start(BOB))[0].hypothesis(1).tested == ("Count the connections", "Ask the database")


def test_parking_what_is_tested_is_no_way_to_the_same_test_again():
    parked, _ = decided(supposed(Status.TESTING), ParkHypothesis(origin=origin(BOB), hypothesis=1))
    again = decided(parked, start_test(origin=origin(BOB), hypothesis=1))[1]
    assert again.refusal == SameTest(hypothesis=1)


def test_what_was_parked_before_its_test_is_tested_as_planned():
    parked, _ = decided(supposed(Status.READY), ParkHypothesis(origin=origin(BOB), hypothesis=1))
    assert kinds(decided(parked, start(BOB))[1]) == ["HypothesisReady", "TestStarted"]


def test_while_a_test_runs_no_other_is_planned():
    other = PlanTest(origin=origin(), hypothesis=1, how="Ask the database")
    assert decided(supposed(Status.TESTING), other)[1].refusal == Frozen(hypothesis=1, what="test")


# How many at once


def test_one_person_tests_one_at_a_time():
    incident, decision = decided(several(2), start(BOB, 1), start(BOB, 2))
    assert decision.refusal == TestsFull(hypotheses=(1,), because="own")
    assert decided(incident, start(CAROL, 2))[1].refusal is None


def test_three_are_tested_at_once_and_no_fourth():
    running = [start(f"U{number}", number) for number in (1, 2, 3)]
    incident, _ = decided(several(4), *running)
    assert decided(incident, start("U4", 4))[1].refusal == TestsFull(hypotheses=(1, 2, 3), because="all")
    ended, _ = decided(incident, ParkHypothesis(origin=origin(), hypothesis=2))
    assert decided(ended, start("U4", 4))[1].refusal is None


def test_two_changes_of_production_are_never_tested_at_once():
    changes = [CHANGE, CHANGE.but(hypothesis=2)]
    allowed = [AllowChange(origin=origin(), hypothesis=number) for number in (1, 2)]
    incident, _ = decided(several(2), *changes, *allowed, start(BOB, 1))
    assert decided(incident, start(CAROL, 2))[1].refusal == TestsFull(hypotheses=(1,), because="change")


def test_a_running_test_is_handed_to_somebody_who_has_none():
    incident, _ = decided(several(2), start(BOB, 1), start(CAROL, 2))
    hand = AssignHypothesis(origin=origin(BOB, 3), hypothesis=1, user=CAROL)
    assert decided(incident, hand)[1].refusal == TestsFull(hypotheses=(2,), because="own")
    handed, decision = decided(incident, hand.but(user=ALICE))
    assert kinds(decision) == ["HypothesisAssigned"]
    assert (handed.hypothesis(1).assignee, handed.hypothesis(1).ends) == (ALICE, at(13))


# What changes production


def test_a_change_needs_a_way_back_and_the_go_of_whoever_leads():
    led, _ = decided(several(1), TakeRole(origin=origin(), user=ALICE), policy=GUARDED)
    no_way_back, _ = decided(led, CHANGE.but(way_back=None), policy=GUARDED)
    lacks = decided(no_way_back, start(BOB), policy=GUARDED)[1].refusal
    assert lacks == NotReady(hypothesis=1, lacks=("way back", "go"))
    go = AllowChange(origin=origin(), hypothesis=1)
    assert decided(no_way_back, go, policy=GUARDED)[1].refusal == NotReady(hypothesis=1, lacks=("way back",))
    planned, _ = decided(led, CHANGE, policy=GUARDED)
    assert isinstance(decided(planned, go.but(origin=origin(BOB)), policy=GUARDED)[1].refusal, NotAllowed)
    allowed, _ = decided(planned, go, policy=GUARDED)
    assert decided(allowed, start(BOB), policy=GUARDED)[1].refusal is None
    other, _ = decided(allowed, CHANGE.but(how="Restart it"), policy=GUARDED)
    assert decided(other, start(BOB), policy=GUARDED)[1].refusal == NotReady(hypothesis=1, lacks=("go",))


def test_a_change_that_nobody_allowed_cannot_be_concluded_either():
    planned, _ = decided(several(1), CHANGE)
    done = ConcludeHypothesis(origin=origin(BOB), hypothesis=1, result=Side.AGAINST, why="It changed nothing")
    assert decided(planned, done)[1].refusal == NotReady(hypothesis=1, lacks=("go",))


# How it turns out


def test_nothing_is_confirmed_or_refuted_that_could_not_have_failed():
    for side in Side:
        bare = ConcludeHypothesis(origin=origin(), hypothesis=1, result=side, why="Seen", explains=Explains.ALL)
        assert decided(supposed(), bare)[1].refusal == NotReady(hypothesis=1, lacks=("prediction", "test"))


def test_a_confirmation_says_how_much_it_explains():
    bare = ConcludeHypothesis(origin=origin(), hypothesis=1, result=Side.FOR, why="Seen")
    assert decided(supposed(Status.TESTING), bare)[1].refusal == SaysNothing(what=EXPLAINS)
    partly, _ = decided(supposed(Status.TESTING), bare.but(explains=Explains.PARTLY))
    assert partly.hypothesis(1).explains is Explains.PARTLY


def test_what_speaks_against_it_is_answered_before_it_is_confirmed():
    against = WriteEvidence(origin=origin(CAROL), hypothesis=1, side=Side.AGAINST, text="One server is fine")
    doubted, _ = decided(supposed(Status.TESTING), against, against)
    confirm = conclude(origin=origin(BOB), hypothesis=1, result=Side.FOR, why="Waits")
    assert decided(doubted, confirm)[1].refusal == Contradicted(hypothesis=1, open=2)
    answered, _ = decided(doubted, AnswerEvidence(origin=origin(BOB), hypothesis=1, text="That one is idle"))
    assert answered.hypothesis(1).contradictions == ()
    after, _ = decided(answered, confirm)
    assert after.hypothesis(1).status is Status.CONFIRMED and after.hypothesis(1).count(Side.AGAINST) == 2


def test_no_result_needs_a_test_and_a_reason():
    nothing = CallInconclusive(origin=origin(BOB), hypothesis=1, why="No log")
    refusal = decided(supposed(Status.READY), nothing)[1].refusal
    assert refusal == NotUnderTest(hypothesis=1, status=Status.READY)
    empty = decided(supposed(Status.TESTING), nothing.but(why=""))[1].refusal
    assert empty == SaysNothing(what="why it shows nothing")


def test_how_likely_it_is_can_have_a_reason_which_stays_until_somebody_says_otherwise():
    halves = {"if_true": "Full", "if_false": "Free"}
    said = StatePrediction(origin=origin(), hypothesis=1, **halves, likelihood=3, reason=Reason.CHANGED)
    incident, decision = decided(several(1), said)
    one = incident.hypothesis(1)
    assert (one.likelihood, one.likely_because) == (3, Reason.CHANGED) == (3, only(PredictionStated, decision).reason)
    assert decided(incident, said)[1].events == ()
    again = StatePrediction(origin=origin(), hypothesis=1, if_true="Nearly full", if_false="Free")
    assert decided(incident, again)[0].hypothesis(1).likely_because is Reason.CHANGED
    other = decided(incident, said.but(likelihood=1, reason=None))[0].hypothesis(1)
    assert (other.likelihood, other.likely_because) == (1, None)


def test_what_it_may_repeat_is_listed_with_what_says_most_the_same_first():
    statements = ("The pool is full", "A cable", "Pools are full", "The pool was full", "DNS")
    ideas = [ProposeHypothesis(origin=origin(), statement=text) for text in statements]
    same = MarkDuplicate(origin=origin(), hypothesis=3, of=1)
    incident, _ = decided(declared(), *ideas, same)
    assert [other.number for other in repeated(incident, incident.hypothesis(4))] == [1, 5, 2]


def test_a_duplicate_goes_on_in_the_first_of_its_kind_as_long_as_nobody_tested_it():
    same = [MarkDuplicate(origin=origin(), hypothesis=3, of=2), MarkDuplicate(origin=origin(), hypothesis=2, of=1)]
    incident, _ = decided(several(3), same[1], same[0])
    assert [one.same_as for one in incident.hypotheses] == [None, 1, 1]
    itself = decided(several(1), MarkDuplicate(origin=origin(), hypothesis=1, of=1))[1].refusal
    assert itself == NoDuplicate(hypothesis=1, of=1, because="itself")
    begun, _ = decided(several(2), start(BOB, 2))
    assert decided(begun, same[1])[1].refusal == NoDuplicate(hypothesis=2, of=1, because="tested")
    circle, _ = decided(several(2), same[1])
    back = decided(circle, MarkDuplicate(origin=origin(), hypothesis=1, of=2))[1].refusal
    assert back == NoDuplicate(hypothesis=1, of=2, because="itself")


def test_all_that_is_open_is_carried_over_by_name_when_service_is_restored():
    ideas = [ProposeHypothesis(origin=origin(), statement=f"Idea {number}") for number in range(1, 5)]
    recovering, _ = decided(in_phase(Phase.RECOVERY), *ideas, start_test(origin=origin(BOB), hypothesis=2))
    recovering, _ = decided(recovering, conclude(origin=origin(), hypothesis=3, result=Side.AGAINST, why="No"))
    after, decision = decided(recovering, next_step(recovering))
    assert only(PhaseEntered, decision).phase is Phase.POSTMORTEM
    assert only(HypothesesCarriedOver, decision).hypotheses == (1, 2, 4)
    carried, refuted = Status.CARRIED_OVER, Status.REFUTED
    assert [one.status for one in after.hypotheses] == [carried, carried, refuted, carried]
    assert after.open_hypotheses == ()


# Time boxes


def asked(incident: Incident) -> tuple[Incident, TestOverran]:
    """What comes of the next time at which somebody is asked about H1."""
    due = overruns(incident, POLICY)["1"]
    ask = AskAboutTest(origin=origin(SYSTEM).but(at=due), hypothesis=1, due=due)
    after, decision = decided(incident, ask)
    return after, only(TestOverran, decision)


@pytest.mark.parametrize(("cost", "minutes"), [(1, 5), (2, 10), (3, 20)])
def test_a_test_is_asked_about_after_what_it_costs(cost, minutes):
    planned, _ = decided(several(1), PlanTest(origin=origin(), hypothesis=1, how="Look", cost=cost), start(BOB))
    assert overruns(planned, POLICY) == {"1": at(minutes)}


def test_whoever_tests_is_asked_first_and_whoever_leads_a_while_later_and_then_nobody():
    led, _ = decided(several(1), TakeRole(origin=origin(), user=ALICE), start(BOB))
    once, first = asked(led)
    assert (first.at, first.to, first.overrun) == (at(10), BOB, 1)
    twice, second = asked(once)
    assert (second.at, second.to, second.overrun) == (at(15), ALICE, 2)
    assert overruns(twice, POLICY) == {}


def test_more_time_is_given_once_and_moves_the_second_question():
    incident, _ = asked(supposed(Status.TESTING))
    more = ExtendTest(origin=origin(BOB, 12), hypothesis=1)
    extended, _ = decided(incident, more)
    assert overruns(extended, POLICY) == {"1": at(17)}
    refusal = decided(extended, more)[1].refusal
    assert refusal == NotUnderTest(hypothesis=1, status=Status.TESTING, is_extended=True)


def test_a_test_that_has_ended_is_asked_about_no_more():
    incident = supposed(Status.TESTING)
    due = overruns(incident, POLICY)["1"]
    ended, _ = decided(incident, CallInconclusive(origin=origin(BOB), hypothesis=1, why="No log"))
    assert overruns(ended, POLICY) == {}
    assert decided(ended, AskAboutTest(origin=origin(SYSTEM), hypothesis=1, due=due))[1].events == ()
