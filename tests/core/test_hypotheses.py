"""Hypotheses: proposed, placed, tested, parked, and how they turn out."""

import pytest

from bot.core.decision import SYSTEM, Command
from bot.core.effects import ShowCard, ShowHypothesis, TellThread
from bot.core.incident import Hypothesis, Incident, Side, Status, Thread
from bot.core.refusal import Concluded, NotInPolicy, SaysNothing
from bot.core.tracker.evidence import EvidenceWritten
from bot.core.tracker.hypotheses import (
    BindThread,
    ConcludeHypothesis,
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisPlaced,
    HypothesisPosted,
    HypothesisProposed,
    HypothesisRefuted,
    ParkHypothesis,
    PlaceHypothesis,
    ProposeHypothesis,
    StartTest,
    TestStarted,
)
from bot.core.tracker.trials import HypothesisInconclusive
from bot.core.trial import Explains
from tests.core import given
from tests.core.given import (
    BOB,
    CAROL,
    at,
    decided,
    declared,
    kinds,
    origin,
    policy_with,
    start_test,
    supposed,
    wishes,
)

OPEN = [status for status in Status if status.is_open]
FINAL = [status for status in Status if not status.is_open]


def propose(statement: str, boundary: str | None = None) -> ProposeHypothesis:
    """ALICE proposes this."""
    return ProposeHypothesis(origin=origin(), statement=statement, boundary=boundary)


def conclude(result: Side, why: str = "The graph shows it") -> ConcludeHypothesis:
    """CAROL says after nine minutes how H1 turned out, with all that this needs."""
    return given.conclude(origin=origin(CAROL, 9), hypothesis=1, result=result, why=why)


def first(incident: Incident) -> Hypothesis:
    """H1."""
    return incident.hypothesis(1)


def concluded(incident: Incident) -> Concluded:
    """The refusal that says how H1 turned out."""
    one = first(incident)
    return Concluded(hypothesis=1, status=one.status, since=one.since, by=one.by)


def test_what_has_turned_out_or_goes_on_elsewhere_is_final():
    assert FINAL == [Status.CONFIRMED, Status.REFUTED, Status.DUPLICATE, Status.CARRIED_OVER]


def test_a_proposal_gets_the_next_number_and_knows_who_proposed_it_when():
    command = ProposeHypothesis(origin=origin(BOB, 3), statement="A bad release", boundary="search")
    after, decision = decided(supposed(), command)
    proposed = HypothesisProposed(at=at(3), actor=BOB, hypothesis=2, statement="A bad release", boundary="search")
    assert decision.events == (proposed,)
    assert after.hypotheses[0] == first(supposed())
    assert after.hypothesis(2) == Hypothesis(
        number=2,
        statement="A bad release",
        boundary="search",
        status=Status.PROPOSED,
        since=at(3),
        by=BOB,
        proposed_by=BOB,
    )
    assert after.hypothesis(2).name == "H2"


def test_the_same_words_twice_are_two_hypotheses():
    after, _ = decided(declared(), propose("It is DNS"), propose("It is DNS"))
    assert [one.number for one in after.hypotheses] == [1, 2]


@pytest.mark.parametrize("statement", ["", "  ", "\x00"])
def test_a_proposal_that_says_nothing_is_refused(statement):
    after, decision = decided(declared(), propose(statement))
    assert decision.refusal == SaysNothing(what="hypothesis") and after.hypotheses == ()


def test_a_proposal_at_a_place_that_the_map_does_not_have_is_refused_with_those_it_has():
    after, decision = decided(declared(), propose("It is the tide", "moon"))
    assert decision.refusal == NotInPolicy(what="boundary", given="moon", known=("checkout", "search"))
    assert after.hypotheses == ()


@pytest.mark.parametrize(
    ("statement", "boundary"),
    [
        ("CHECKOUT has no free connections", "checkout"),
        ("The index behind Search is stale", "search"),
        ("Search starves checkout", None),
        ("It is DNS", None),
    ],
)
def test_without_a_boundary_a_proposal_gets_the_one_it_names_if_that_is_exactly_one(statement, boundary):
    assert first(decided(declared(), propose(statement))[0]).boundary == boundary


def test_a_boundary_is_known_by_its_id_as_well_as_by_its_name():
    mapped = policy_with(boundaries=[{"id": "orders-db", "name": "Orders database"}])
    for statement in ("orders-db is full", "The orders database is full"):
        assert first(decided(declared(), propose(statement), policy=mapped)[0]).boundary == "orders-db"


def test_the_boundary_that_was_chosen_counts_more_than_the_one_that_is_named():
    assert first(decided(declared(), propose("Search starves it", "checkout"))[0]).boundary == "checkout"


@pytest.mark.parametrize("status", list(Status))
def test_it_can_be_placed_elsewhere_at_any_time_and_stands_as_it_stood(status):
    incident = supposed(status)
    after, decision = decided(incident, PlaceHypothesis(origin=origin(CAROL, 5), hypothesis=1, boundary="search"))
    assert decision.events == (HypothesisPlaced(at=at(5), actor=CAROL, hypothesis=1, boundary="search"),)
    assert first(after) == first(incident).but(boundary="search")


def test_placing_it_where_it_is_changes_nothing():
    assert decided(supposed(), PlaceHypothesis(origin=origin(), hypothesis=1, boundary="checkout"))[1].events == ()


def test_a_place_that_the_map_does_not_have_is_refused():
    after, decision = decided(supposed(), PlaceHypothesis(origin=origin(), hypothesis=1, boundary="moon"))
    assert decision.refusal == NotInPolicy(what="boundary", given="moon", known=("checkout", "search"))
    assert first(after).boundary == "checkout"


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.PARKED])
def test_whoever_starts_the_test_is_its_assignee(status):
    after, decision = decided(supposed(status), start_test(origin=origin(CAROL, 5), hypothesis=1))
    started = TestStarted(at=at(5), actor=CAROL, hypothesis=1, assignee=CAROL, ends=at(15))
    assert kinds(decision) == ["PredictionStated", "TestPlanned", "HypothesisReady", "TestStarted"]
    assert decision.events[-1] == started
    one = first(after)
    assert (one.status, one.assignee, one.since, one.by) == (Status.TESTING, CAROL, at(5), CAROL)


def test_a_running_test_can_be_taken_over_and_not_started_twice_by_the_same_person():
    incident = supposed(Status.TESTING)
    assert decided(incident, StartTest(origin=origin(BOB, 5), hypothesis=1))[1].events == ()
    assert first(decided(incident, StartTest(origin=origin(CAROL, 5), hypothesis=1))[0]).assignee == CAROL


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.READY, Status.INCONCLUSIVE, Status.TESTING])
def test_it_can_be_parked_until_it_has_turned_out_and_a_test_of_it_ends_without_a_result(status):
    after, decision = decided(supposed(status), ParkHypothesis(origin=origin(CAROL, 5), hypothesis=1))
    ended = [HypothesisInconclusive(at=at(5), actor=CAROL, hypothesis=1)] if status is Status.TESTING else []
    assert decision.events == (*ended, HypothesisParked(at=at(5), actor=CAROL, hypothesis=1))
    one = first(after)
    assert (one.status, one.since, one.by) == (Status.PARKED, at(5), CAROL)
    assert one.assignee == first(supposed(status)).assignee


def test_parking_it_again_changes_nothing():
    incident = supposed(Status.PARKED)
    after, decision = decided(incident, ParkHypothesis(origin=origin(CAROL, 5), hypothesis=1))
    assert decision.events == () and after == incident


@pytest.mark.parametrize(
    ("result", "kind", "status"),
    [(Side.FOR, HypothesisConfirmed, Status.CONFIRMED), (Side.AGAINST, HypothesisRefuted, Status.REFUTED)],
)
def test_a_test_ends_with_a_result_and_what_shows_it(result, kind, status):
    after, decision = decided(supposed(Status.TESTING), conclude(result))
    explains = {"explains": Explains.ALL} if result is Side.FOR else {}
    shown, ending = decision.events
    assert isinstance(shown, EvidenceWritten) and (shown.side, shown.text) == (result, "The graph shows it")
    assert ending == kind(at=at(9), actor=CAROL, hypothesis=1, why="The graph shows it", **explains)
    one = first(after)
    assert (one.status, one.since, one.by, one.why) == (status, at(9), CAROL, "The graph shows it")
    assert one.assignee == BOB


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.PARKED])
@pytest.mark.parametrize("result", list(Side))
def test_who_concludes_what_was_not_under_test_has_tested_it_just_then(status, result):
    after, decision = decided(supposed(status), conclude(result))
    ending = "HypothesisConfirmed" if result is Side.FOR else "HypothesisRefuted"
    known = ["PredictionStated", "TestPlanned", "HypothesisReady"]
    assert kinds(decision) == [*known, "TestStarted", "EvidenceWritten", ending]
    assert {(event.at, event.actor) for event in decision.events} == {(at(9), CAROL)}
    assert first(after).assignee == CAROL and not first(after).status.is_open


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("result", list(Side))
def test_a_result_without_what_shows_it_is_refused(status, result):
    incident = supposed(status)
    after, decision = decided(incident, conclude(result, why=" ").but(first=()))
    assert decision.refusal == SaysNothing(what="what shows it")
    assert after.hypotheses == incident.hypotheses


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize(
    "command",
    [
        StartTest(origin=origin(), hypothesis=1),
        ParkHypothesis(origin=origin(), hypothesis=1),
        conclude(Side.FOR).but(first=()),
        conclude(Side.AGAINST).but(first=()),
    ],
    ids=["test", "park", "confirm", "refute"],
)
def test_what_has_turned_out_never_moves_again_and_the_refusal_says_how_it_did(status, command):
    incident = supposed(status)
    after, decision = decided(incident, command)
    assert decision.refusal == concluded(incident)
    assert kinds(decision) == ["AttemptRefused"] and after.hypotheses == incident.hypotheses


def bind(ts: str = "1.1", channel: str = "C1") -> BindThread:
    """Slack shows H1 here."""
    return BindThread(origin=origin(SYSTEM, 1), hypothesis=1, channel=channel, ts=ts, permalink=f"https://x/{ts}")


def test_slack_says_where_the_thread_is_once():
    after, decision = decided(supposed(), bind())
    posted = HypothesisPosted(at=at(1), actor=SYSTEM, hypothesis=1, channel="C1", ts="1.1", permalink="https://x/1.1")
    assert decision.events == (posted,)
    assert first(after).thread == Thread(channel="C1", ts="1.1", permalink="https://x/1.1")
    assert decided(after, bind())[1].events == ()


def test_a_new_room_gives_it_a_new_thread():
    after, _ = decided(supposed(), bind(), bind("7.7", "C2"))
    thread = first(after).thread
    assert thread is not None and (thread.channel, thread.ts) == ("C2", "7.7")


@pytest.mark.parametrize("number", [0, 2, -1])
def test_there_is_no_hypothesis_of_another_number(number):
    commands: list[Command] = [
        StartTest(origin=origin(), hypothesis=number),
        ParkHypothesis(origin=origin(), hypothesis=number),
        PlaceHypothesis(origin=origin(), hypothesis=number, boundary="search"),
        conclude(Side.FOR).but(hypothesis=number),
        bind().but(hypothesis=number),
    ]
    for command in commands:
        with pytest.raises(LookupError, match=f"INC-1 has no hypothesis H{number}"):
            decided(supposed(), command)


def test_a_move_of_one_leaves_the_others_as_they_were():
    incident, _ = decided(supposed(), propose("Second"), propose("Third"))
    after, _ = decided(incident, start_test(origin=origin(BOB), hypothesis=2))
    assert (after.hypothesis(1), after.hypothesis(3)) == (incident.hypothesis(1), incident.hypothesis(3))
    assert after.hypothesis(2).status is Status.TESTING


def test_open_ones_are_listed_under_test_first_then_proposed_then_parked_and_the_older_first():
    incident, _ = decided(
        supposed(Status.CONFIRMED),
        *(propose(f"Idea {number}") for number in range(2, 8)),
        *(start_test(origin=origin(f"U{number}"), hypothesis=number) for number in (7, 4)),
        *(ParkHypothesis(origin=origin(), hypothesis=number) for number in (6, 2)),
    )
    assert [one.number for one in incident.open_hypotheses] == [4, 7, 3, 5, 2, 6]


def test_a_proposal_is_shown_in_the_room_and_on_the_card():
    assert wishes(declared(), propose("It is DNS")) == [ShowCard(), ShowHypothesis(hypothesis=1)]


@pytest.mark.parametrize(
    ("status", "command"),
    [
        (Status.READY, StartTest(origin=origin(), hypothesis=1)),
        (Status.PROPOSED, ParkHypothesis(origin=origin(), hypothesis=1)),
    ],
    ids=["test", "park"],
)
def test_a_move_is_shown_on_its_message_and_told_to_its_thread_only(status, command):
    found = wishes(supposed(status), command)
    assert found == [ShowCard(), ShowHypothesis(hypothesis=1), TellThread(hypothesis=1)]


@pytest.mark.parametrize("result", list(Side))
def test_how_it_turned_out_is_told_to_the_room_as_well(result):
    found = wishes(supposed(Status.TESTING), conclude(result))
    told = [ShowCard(), ShowHypothesis(hypothesis=1), TellThread(hypothesis=1, to_room=True)]
    assert found == [ShowHypothesis(hypothesis=1), *told]


def test_a_placed_hypothesis_is_shown_anew_and_nobody_is_told():
    assert wishes(supposed(), PlaceHypothesis(origin=origin(), hypothesis=1, boundary="search")) == [
        ShowHypothesis(hypothesis=1)
    ]


def test_where_the_thread_is_calls_for_nothing():
    assert wishes(supposed(), bind()) == []


def test_a_refused_move_calls_for_nothing():
    assert wishes(supposed(Status.REFUTED), StartTest(origin=origin(), hypothesis=1)) == []


def test_each_hypothesis_has_a_lane_of_its_own_and_its_thread_waits_for_its_message():
    assert ShowHypothesis(hypothesis=1).lane != ShowHypothesis(hypothesis=2).lane
    assert TellThread(hypothesis=2).needs_lane == ShowHypothesis(hypothesis=2).lane
