"""What is tested first, where a fault would split the map best, and what says nearly the same."""

import pytest

from bot.core.facts import MarkBoundaries
from bot.core.incident import Incident
from bot.core.needs import Need
from bot.core.questions import AnswerQuestion
from bot.core.tracker.board import board, leading, score
from bot.core.tracker.boundaries import beside, hit_by, off_the_middle, state_of
from bot.core.tracker.hypotheses import ParkHypothesis, ProposeHypothesis
from bot.core.tracker.predictions import PlanTest, StatePrediction
from bot.core.tracker.similar import shared
from bot.core.trial import BoundaryState
from tests.core.given import ALICE, BOB, at, decided, declared, origin, policy_with

MAP = policy_with(
    boundaries=[
        {"id": "website", "name": "Website", "depends_on": ["checkout", "search"]},
        {"id": "checkout", "name": "Checkout", "depends_on": ["payments"]},
        {"id": "search", "name": "Search"},
        {"id": "payments", "name": "Payments", "depends_on": ["cloud"]},
        {"id": "cloud", "name": "Cloud"},
    ]
)


def thinking(*places: str | None) -> Incident:
    """An idea at each of these places."""
    ideas = [ProposeHypothesis(origin=origin(), statement=f"Idea {n}", boundary=id) for n, id in enumerate(places)]
    return decided(declared(policy=MAP), *ideas, policy=MAP)[0]


def rated(number: int, likelihood: int, cost: int, *, changes: bool = False) -> tuple[StatePrediction, PlanTest]:
    """It is so likely, and its test costs so much."""
    by = origin()
    return (
        StatePrediction(origin=by, hypothesis=number, if_true="a", if_false="b", likelihood=likelihood),
        PlanTest(origin=by, hypothesis=number, how="c", cost=cost, changes_production=changes, way_back="d"),
    )


def order(incident: Incident, *commands: object) -> list[int]:
    """The numbers of the board, top to bottom."""
    after, _ = decided(incident, *commands, policy=MAP)  # type: ignore[arg-type]
    return [one.number for one in board(after, MAP)]


@pytest.mark.parametrize(("likelihood", "cost", "expected"), [(3, 1, 9), (3, 3, 3), (1, 1, 3), (2, 2, 4), (1, 3, 1)])
def test_the_score_is_likelihood_times_how_little_it_costs(likelihood, cost, expected):
    after, _ = decided(thinking("checkout"), *rated(1, likelihood, cost), policy=MAP)
    assert score(after.hypothesis(1)) == expected


def test_what_is_likely_and_cheap_comes_first():
    assert order(thinking(None, None, None), *rated(1, 1, 3), *rated(2, 2, 2), *rated(3, 3, 1)) == [3, 2, 1]


def test_of_two_with_one_score_the_test_that_only_reads_comes_first():
    assert order(thinking(None, None), *rated(1, 2, 3, changes=True), *rated(2, 2, 3)) == [2, 1]


def test_then_what_lies_where_something_changed():
    change = AnswerQuestion(origin=origin(), question=Need.CHANGES, answer="A new index in Search")
    assert order(thinking("payments", "search"), change) == [2, 1]


def test_then_what_splits_the_map_nearest_the_middle_and_then_the_older():
    assert hit_by("payments", MAP) == {"payments", "checkout", "website"}
    assert [off_the_middle(id, MAP) for id in ("website", "checkout", "payments", "cloud", None)] == [3, 1, 1, 3, 5]
    assert order(thinking("website", "cloud", "payments", "checkout", None)) == [3, 4, 1, 2, 5]


def test_what_was_set_aside_comes_last_and_leads_never():
    incident = thinking("payments", "website")
    assert order(incident, ParkHypothesis(origin=origin(), hypothesis=1)) == [2, 1]
    parked, _ = decided(thinking("payments"), ParkHypothesis(origin=origin(), hypothesis=1), policy=MAP)
    assert leading(parked, MAP) is None


def test_a_part_is_known_since_somebody_looked_and_by_whom():
    first = MarkBoundaries(origin=origin(ALICE, 1), boundaries=("checkout",), working=("search",))
    second = MarkBoundaries(origin=origin(BOB, 5), boundaries=("checkout", "payments"), working=("website",))
    incident, _ = decided(declared(policy=MAP), first, second, policy=MAP)
    assert {id: (one.state, one.by, one.at) for id, one in incident.checks.items()} == {
        "checkout": (BoundaryState.AFFECTED, ALICE, at(1)),
        "payments": (BoundaryState.AFFECTED, BOB, at(5)),
        "website": (BoundaryState.WORKING, BOB, at(5)),
    }
    assert state_of(incident, "search") is BoundaryState.UNKNOWN
    assert [one.id for one in beside(incident, MAP)] == ["cloud"]


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("The connection pool is exhausted", "connection pools exhausted!", True),
        ("The release broke checkout", "Checkout was broken by the release", False),
        ("The release drops card tokens", "Card tokens are dropped by the new release", True),
        ("The pool is exhausted", "The disk is full", False),
        ("It is", "It was", False),
    ],
)
def test_statements_are_alike_by_the_words_that_mean_something(one, other, are_alike):
    assert (shared(one, other) >= 60) is are_alike
    assert shared(one, other) == shared(other, one)
