"""What a hypothesis may say: one line about a thing, on the map or off it; and one that states another anew."""

import pytest

from bot.core.effects import ShowHypothesis
from bot.core.incident import Status
from bot.core.refusal import Concluded, NoRevision, Unfit
from bot.core.tracker.boundaries import off_the_map
from bot.core.tracker.hypotheses import (
    STATEMENT,
    HypothesisProposed,
    HypothesisRevised,
    MarkRevision,
    PlaceHypothesis,
    ProposeHypothesis,
)
from bot.core.tracker.similar import alike
from tests.core.given import BOB, at, decided, declared, kinds, only, origin, supposed, wishes

PEOPLE = ("Bob Tanaka", "Alice Martin")
LONGEST = "x" * STATEMENT


def propose(statement: str = "It is idle", **fields: object) -> ProposeHypothesis:
    """BOB proposes it."""
    return ProposeHypothesis.model_validate(
        {"origin": origin(BOB, 3), "statement": statement, "names": PEOPLE, **fields}
    )


def test_a_statement_of_one_line_is_kept_and_a_longer_one_is_not():
    assert kinds(decided(declared(), propose(LONGEST))[1])[0] == "HypothesisProposed"
    after, decision = decided(declared(), propose(f"{LONGEST}yz"))
    assert decision.refusal == Unfit(length=STATEMENT + 2, most=STATEMENT) and after.hypotheses == ()


@pytest.mark.parametrize(
    "statement", ["Bob Tanaka broke it", "Bob broke it", "<@UBOB> broke it", "It is Alice's change"]
)
def test_a_statement_that_names_one_of_the_incidents_people_is_not_kept(statement):
    after, decision = decided(declared(), propose(statement))
    assert decision.refusal == Unfit(names_somebody=True, length=len(statement), most=STATEMENT)
    assert after.hypotheses == ()


@pytest.mark.parametrize("statement", ["The server `Bob` is full", "The bobbin is full", "Carol broke it"])
def test_things_in_marks_other_words_and_people_who_are_not_there_are_no_names(statement):
    assert decided(declared(), propose(statement))[1].refusal is None


def test_a_place_that_names_somebody_is_not_kept_either():
    refusal = decided(declared(), propose(place="Bob Tanaka"))[1].refusal
    assert isinstance(refusal, Unfit) and refusal.names_somebody


def test_a_place_that_the_map_does_not_have_is_kept_beside_it():
    after, decision = decided(declared(), propose("Checkout waits for it", place="Card network"))
    proposed = only(HypothesisProposed, decision)
    assert (proposed.boundary, proposed.place) == (None, "Card network")
    assert after.hypothesis(1).place == "Card network"
    placed, _ = decided(after, PlaceHypothesis(origin=origin(), hypothesis=1, boundary="search"))
    assert (placed.hypothesis(1).boundary, placed.hypothesis(1).place) == ("search", None)


def test_a_place_that_the_map_does_not_have_is_one_place_however_it_is_written():
    after, _ = decided(declared(), *(propose(place=place) for place in ("Card network", "Bank", "card  NETWORK")))
    assert [[one.number for one in ideas] for ideas in off_the_map(after)] == [[1, 3], [2]]
    assert (
        alike(after.hypothesis(1), after.hypothesis(3)) == 100 and alike(after.hypothesis(1), after.hypothesis(2)) == 0
    )


@pytest.mark.parametrize("place", ["Checkout", "checkout", " CHECKOUT "])
def test_a_place_that_the_map_has_after_all_is_that_part_of_it(place):
    proposed = only(HypothesisProposed, decided(declared(), propose(place=place))[1])
    assert (proposed.boundary, proposed.place) == ("checkout", None)


TURNED_OUT = [status for status in Status if not status.is_open]


@pytest.mark.parametrize("status", TURNED_OUT)
def test_what_has_turned_out_is_stated_anew_by_another_and_stays_as_it_is(status):
    before = supposed(status)
    after, decision = decided(before, propose(revises=1))
    assert only(HypothesisProposed, decision).revises == 1
    assert after.hypothesis(1) == before.hypothesis(1)
    assert [one.number for one in after.revised_by(1)] == [len(after.hypotheses)]


@pytest.mark.parametrize("status", [status for status in Status if status.is_open])
def test_what_is_still_open_is_not_stated_anew(status):
    after, decision = decided(supposed(status), propose(revises=1))
    assert decision.refusal == NoRevision(of=1, because="open") and len(after.hypotheses) == 1


def test_both_show_it():
    assert [one for one in wishes(supposed(Status.REFUTED), propose(revises=1)) if isinstance(one, ShowHypothesis)] == [
        ShowHypothesis(hypothesis=2),
        ShowHypothesis(hypothesis=1),
    ]


def revising(number: int = 2, of: int = 1) -> MarkRevision:
    """BOB says that it states the other one anew."""
    return MarkRevision(origin=origin(BOB, 4), hypothesis=number, of=of)


def test_an_open_one_is_linked_later_to_what_it_states_anew_once():
    incident, _ = decided(supposed(Status.REFUTED), propose())
    after, decision = decided(incident, revising())
    assert decision.events == (HypothesisRevised(at=at(4), actor=BOB, hypothesis=2, of=1),)
    assert after.hypothesis(2).revises == 1
    assert decided(after, revising())[1].events == ()
    assert wishes(incident, revising()) == [ShowHypothesis(hypothesis=2), ShowHypothesis(hypothesis=1)]


def test_only_an_open_one_is_linked_and_only_to_another_that_has_turned_out():
    incident, _ = decided(supposed(Status.REFUTED), propose(), propose())
    assert isinstance(decided(incident, revising(1, 2))[1].refusal, Concluded)
    assert decided(incident, revising(2, 2))[1].refusal == NoRevision(of=2, because="itself")
    assert decided(incident, revising(2, 3))[1].refusal == NoRevision(of=3, because="open")
