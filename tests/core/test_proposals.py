"""Decisions put to the room: without an objection in time they stand (R10). What is put off until afterwards is kept (R15)."""

import pytest

from bot.core.decision import SYSTEM
from bot.core.due import falls_due, when_due
from bot.core.effects import Tell
from bot.core.incident import Incident
from bot.core.notes import DebateParked, ParkDebate
from bot.core.proposals import (
    DecisionObjectedTo,
    DecisionProposed,
    DecisionStood,
    LetDecisionStand,
    ObjectToDecision,
    ProposeDecision,
)
from bot.core.refusal import SaysNothing, Settled
from tests.core.given import ALICE, BOB, CAROL, POLICY, at, closed, commanded, decided, origin, policy_with, wishes

DECIDE = ProposeDecision(origin=origin(ALICE, 1), text="We roll back")
OBJECT = ObjectToDecision(origin=origin(BOB, 1.5), proposal=1, why="It logs people out")


def proposed() -> Incident:
    """ALICE has put a decision to the room."""
    return decided(commanded(), DECIDE)[0]


def stood(incident: Incident) -> tuple[Incident, tuple[object, ...]]:
    """What comes of it when the time for objections has passed."""
    due = falls_due(incident, POLICY)["decision:1"]
    after, decision = decided(incident, when_due("decision:1", due, origin(SYSTEM).but(at=due)))
    return after, decision.events


def test_a_decision_waits_a_minute_for_objections():
    after, decision = decided(commanded(), DECIDE)
    assert decision.events == (DecisionProposed(at=at(1), actor=ALICE, proposal=1, text="We roll back", until=at(2)),)
    assert [one.text for one in after.pending] == ["We roll back"]
    assert wishes(commanded(), DECIDE) == [Tell()]


def test_the_policy_says_how_long():
    slow = policy_with(object_within_seconds=300)
    assert decided(commanded(), DECIDE, policy=slow)[0].proposal(1).until == at(6)


def test_without_an_objection_it_stands():
    after, events = stood(proposed())
    assert events == (DecisionStood(at=at(2), actor=SYSTEM, proposal=1),)
    assert after.proposal(1).stands and not after.pending and "decision:1" not in falls_due(after, POLICY)


def test_an_objection_keeps_it_from_standing_and_says_why():
    after, decision = decided(proposed(), OBJECT)
    assert decision.events == (DecisionObjectedTo(at=at(1.5), actor=BOB, proposal=1, why="It logs people out"),)
    assert not after.pending and "decision:1" not in falls_due(after, POLICY)
    late = LetDecisionStand(origin=origin(SYSTEM, 2), proposal=1, due=at(2))
    assert decided(after, late)[1].events == ()


def test_two_who_object_at_the_same_moment_are_both_heard_and_each_once():
    carols = OBJECT.but(origin=origin(CAROL, 1.6))
    after, decision = decided(proposed(), OBJECT, carols)
    assert decision.refusal is None
    assert [one.user for one in after.proposal(1).objections] == [BOB, CAROL]
    assert decided(after, carols)[1].events == ()


@pytest.mark.parametrize("stands", [True, False])
def test_an_objection_that_comes_too_late_reads_how_it_stands(stands):
    settled = stood(proposed())[0] if stands else decided(proposed(), OBJECT)[0]
    decision = decided(settled, OBJECT.but(origin=origin(CAROL, 3)))[1]
    assert decision.refusal == Settled(proposal=1, stands=stands, until=at(2))


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (DECIDE.but(text=""), "decision"),
        (OBJECT.but(why=""), "objection"),
        (ParkDebate(origin=origin(), text=""), "what is put off"),
    ],
)
def test_what_says_nothing_is_refused(command, what):
    assert decided(proposed(), command)[1].refusal == SaysNothing(what=what)


def test_there_is_no_other_decision():
    with pytest.raises(LookupError, match="INC-1 has no decision 2"):
        decided(proposed(), OBJECT.but(proposal=2))


def test_once_it_is_over_nothing_is_decided():
    assert "decision:1" not in falls_due(closed().but(proposals=proposed().proposals), POLICY)


def test_a_debate_is_put_off_and_changes_nothing_else():
    park = ParkDebate(origin=origin(BOB, 4), text="Who is on call?")
    after, decision = decided(commanded(), park)
    assert decision.events == (DebateParked(at=at(4), actor=BOB, text="Who is on call?"),)
    assert after == commanded().but(seq=after.seq) and wishes(commanded(), park) == [Tell()]
