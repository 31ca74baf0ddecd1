"""What people overlook is said once, to whom it concerns, in order of importance and within the budget; H1 to H15."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.containment import RecordContainment
from bot.core.decision import SYSTEM, Command
from bot.core.due import falls_due, when_due
from bot.core.facts import MarkBoundaries, VerifyRecovery
from bot.core.hint_rules import Hint
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase, Side
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.core.roles import TakeRole
from bot.core.tracker.evidence import AnswerEvidence, WriteEvidence
from bot.core.tracker.hints import AnswerHint, HintAnswered, HintGiven
from bot.core.tracker.hypotheses import ParkHypothesis, ProposeHypothesis
from bot.core.tracker.predictions import AllowChange, PlanTest
from bot.core.tracker.trials import AssignHypothesis
from bot.core.trial import Answer
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    at,
    conclude,
    decided,
    declared,
    in_phase,
    only,
    origin,
    policy_with,
    predicted,
    start_test,
)


def hinting(*rules: Any) -> Policy:
    """A policy that gives only these hints, by name or with their rule, on a small map."""
    return policy_with(
        hints=[rule if isinstance(rule, dict) else {"hint": rule} for rule in rules],
        boundaries=[
            {"id": "checkout", "name": "Checkout", "depends_on": ["payments"]},
            {"id": "payments", "name": "Payments"},
            {"id": "search", "name": "Search"},
        ],
    )


def propose(statement: str, boundary: str | None = None, user: str = BOB, minutes: float = 0) -> ProposeHypothesis:
    """Somebody has an idea."""
    return ProposeHypothesis(origin=origin(user, minutes), statement=statement, boundary=boundary)


def next_hint(incident: Incident, policy: Policy) -> tuple[Incident, HintGiven]:
    """The next hint, at the time at which it is due."""
    due = falls_due(incident, policy)["hint"]
    after, decision = decided(incident, when_due("hint", due, origin(SYSTEM).but(at=due)), policy=policy)
    return after, only(HintGiven, decision)


def led(policy: Policy, phase: Phase = Phase.TRIAGE) -> Incident:
    """ALICE leads, CAROL runs the work; it is in this phase."""
    incident = in_phase(phase, policy=policy)
    operations = TakeRole(origin=origin(CAROL), role="operations lead", user=CAROL)
    return decided(incident, operations, policy=policy)[0]


def refuted(number: int, minutes: float = 0) -> Command:
    """It is not true."""
    return conclude(origin=origin(BOB, minutes), hypothesis=number, result=Side.AGAINST, why="Idle")


FULL = ("The pool is full", "checkout")
CONTAINED = RecordContainment(origin=origin(BOB, 1), action="Undid it", result=ContainmentResult.FAILED)
CHANGE = PlanTest(origin=origin(BOB), hypothesis=1, how="Off", changes_production=True, way_back="On", assignee=BOB)
AGAINST = WriteEvidence(origin=origin(CAROL, 2), hypothesis=1, side=Side.AGAINST, text="Idle")

CASES: dict[str, tuple[Phase, dict[str, Any], tuple[Command, ...], tuple[str, ...], float]] = {
    "H1": (
        Phase.TRIAGE,
        {"hint": Hint.PLACE_REFUTED},
        (*(propose(f"Idea {n}", "checkout") for n in range(3)), refuted(1), refuted(2), refuted(3, 4)),
        (ALICE,),
        4,
    ),
    "H2": (
        Phase.CONTAINMENT,
        {"hint": Hint.NOTHING_TESTED, "after_minutes": 10},
        (propose(*FULL),),
        (CAROL,),
        10,
    ),
    "H3": (
        Phase.TRIAGE,
        {"hint": Hint.NOBODY_TESTS, "after_minutes": 3},
        (propose(*FULL), *predicted(origin(BOB), 1)),
        (ALICE,),
        3,
    ),
    "H4": (
        Phase.TRIAGE,
        {"hint": Hint.ALIKE},
        (propose(*FULL), propose("Full pool", "checkout", CAROL, 2)),
        (CAROL,),
        2,
    ),
    "H4, by what their tests look at": (
        Phase.TRIAGE,
        {"hint": Hint.ALIKE},
        (
            propose(*FULL),
            PlanTest(origin=origin(BOB, 1), hypothesis=1, how="Count the free connections"),
            propose("A lock is held", FULL[1], CAROL, 2),
            PlanTest(origin=origin(CAROL, 3), hypothesis=2, how="Count free connections"),
        ),
        (CAROL,),
        2,
    ),
    "H5": (
        Phase.TRIAGE,
        {"hint": Hint.ONE_PERSON},
        tuple(
            command
            for number in (1, 2, 3)
            for command in (
                propose(f"Idea {number}"),
                AssignHypothesis(origin=origin(), hypothesis=number, user=BOB),
            )
        ),
        (ALICE,),
        0,
    ),
    "H6": (
        Phase.TRIAGE,
        {"hint": Hint.ONE_SIDED},
        tuple(propose(f"Idea {n}", "checkout", user) for n, user in enumerate((ALICE, BOB, CAROL, BOB))),
        (),
        0,
    ),
    "H7": (
        Phase.TRIAGE,
        {"hint": Hint.CHANGE_IGNORED, "after_minutes": 5},
        (
            propose(*FULL),
            AnswerQuestion(origin=origin(BOB, 1), question=Need.CHANGES, answer="A new certificate since noon"),
        ),
        (CAROL,),
        6,
    ),
    "H8": (
        Phase.TRIAGE,
        {"hint": Hint.UNANSWERED, "after_minutes": 5},
        (propose(*FULL), start_test(origin=origin(BOB), hypothesis=1), AGAINST),
        (BOB,),
        7,
    ),
    "H9": (
        Phase.TRIAGE,
        {"hint": Hint.TOO_MANY},
        tuple(
            command
            for number in range(1, 7)
            for command in (
                propose(f"Idea {number}"),
                *predicted(origin(), number),
                AssignHypothesis(origin=origin(), hypothesis=number, user=BOB),
            )
        ),
        (ALICE,),
        0,
    ),
    "H10": (
        Phase.TRIAGE,
        {"hint": Hint.NO_PREDICTION, "after_minutes": 5},
        (propose(*FULL, CAROL, 1),),
        (CAROL,),
        6,
    ),
    "H11": (
        Phase.CONTAINMENT,
        {"hint": Hint.TWO_CHANGES},
        (
            propose(*FULL),
            *predicted(origin(), 1)[:1],
            CHANGE,
            AllowChange(origin=origin(), hypothesis=1),
            start_test(origin=origin(BOB, 3), hypothesis=1).but(first=()),
            CONTAINED,
        ),
        (CAROL, ALICE),
        3,
    ),
    "H12": (Phase.CONTAINMENT, {"hint": Hint.NOT_CONTAINED, "after_minutes": 30}, (), (ALICE,), 30),
    "H13": (
        Phase.TRIAGE,
        {"hint": Hint.NOTHING_NEW, "after_minutes": 30},
        (propose(*FULL), start_test(origin=origin(BOB, 2), hypothesis=1)),
        (ALICE,),
        32,
    ),
    "H14": (
        Phase.TRIAGE,
        {"hint": Hint.PLACE_UNKNOWN, "after_minutes": 20},
        (MarkBoundaries(origin=origin(BOB, 1), boundaries=("checkout",), working=("search",)),),
        (CAROL,),
        21,
    ),
    "H15": (
        Phase.TRIAGE,
        {"hint": Hint.REFUTED_BEFORE},
        (propose(*FULL), refuted(1), propose("Pools full", None, CAROL, 3)),
        (CAROL,),
        3,
    ),
    "two tests lead nowhere": (
        Phase.CONTAINMENT,
        {"hint": Hint.LEADS_NOWHERE, "after_minutes": 20},
        (propose("Idea 1"), propose("Idea 2"), refuted(1, 3), refuted(2, 7)),
        (ALICE,),
        7,
    ),
    "twenty minutes of tests lead nowhere": (
        Phase.CONTAINMENT,
        {"hint": Hint.LEADS_NOWHERE, "after_minutes": 20},
        (propose(*FULL), start_test(origin=origin(BOB, 2), hypothesis=1)),
        (ALICE,),
        22,
    ),
    "no idea is left": (
        Phase.CONTAINMENT,
        {"hint": Hint.ALL_CLOSED},
        (propose("Idea 1"), propose("Idea 2"), refuted(2, 3), refuted(1, 7)),
        (ALICE,),
        7,
    ),
    "the cause is known and service is back": (
        Phase.RECOVERY,
        {"hint": Hint.ENOUGH_KNOWN, "after_minutes": 1},
        (
            propose("Idea 1"),
            propose("Idea 2"),
            conclude(origin=origin(BOB, 4), hypothesis=1, result=Side.FOR, why="Full"),
            VerifyRecovery(origin=origin(BOB, 6), how="No errors for 10 minutes"),
        ),
        (ALICE,),
        7,
    ),
}
"""Of each rule: the phase, when it is said, what leads to it, to whom it is said, and after how many minutes."""

ENDED_BY: dict[str, Command] = {
    "H2": start_test(origin=origin(BOB, 1), hypothesis=1),
    "H3": AssignHypothesis(origin=origin(), hypothesis=1, user=CAROL),
    "H7": propose("The certificate has the wrong name"),
    "H8": AnswerEvidence(origin=origin(BOB, 3), hypothesis=1, text="Another pool"),
    "H9": ParkHypothesis(origin=origin(), hypothesis=1),
    "H10": predicted(origin(), 1)[0],
    "H12": CONTAINED,
    "H14": MarkBoundaries(origin=origin(), working=("payments", "search")),
    "two tests lead nowhere": CONTAINED,
    "twenty minutes of tests lead nowhere": CONTAINED,
    "no idea is left": propose("Idea 3"),
    "the cause is known and service is back": refuted(2, 6),
}
"""What makes it needless, where something does in one command."""


@pytest.mark.parametrize("rule", list(CASES))
def test_each_rule_is_said_once_on_time_and_to_whom_it_concerns(rule):
    phase, hint, commands, to, minutes = CASES[rule]
    policy = hinting(hint)
    incident, _ = decided(led(policy, phase), *commands, policy=policy)
    after, given = next_hint(incident, policy)
    assert (given.hint, given.to, given.at) == (hint["hint"], to, at(minutes))
    assert "hint" not in falls_due(after, policy)


@pytest.mark.parametrize("rule", list(ENDED_BY))
def test_what_was_done_meanwhile_is_not_said(rule):
    phase, hint, commands, _, _ = CASES[rule]
    policy = hinting(hint)
    incident, _ = decided(led(policy, phase), *commands, ENDED_BY[rule], policy=policy)
    assert "hint" not in falls_due(incident, policy)


def test_that_all_are_about_a_place_off_the_map_is_said_by_the_first_of_them():
    policy = hinting(Hint.ONE_SIDED)
    ideas = [propose(f"Idea {n}", user=user) for n, user in enumerate((ALICE, BOB, CAROL, BOB))]
    places = ("Card network", "card network", None, "Card  network")
    named = [idea.but(place=place) for idea, place in zip(ideas, places, strict=True)]
    incident, _ = decided(led(policy), *named, policy=policy)
    _, given = next_hint(incident, policy)
    assert (given.hint, given.about, given.hypothesis, given.boundaries) == (Hint.ONE_SIDED, "H1", 1, ())
    assert "Card" not in given.canonical(), "somebody typed it"


@pytest.mark.parametrize("rule", list(CASES))
def test_each_rule_can_be_put_off_and_how_it_was_answered_is_kept(rule):
    phase, hint, commands, to, _ = CASES[rule]
    policy = hinting(hint)
    incident, _ = decided(led(policy, phase), *commands, policy=policy)
    told, given = next_hint(incident, policy)
    later = AnswerHint(origin=origin(BOB).but(at=given.at), hint=1, answer=Answer.LATER)
    snoozed, decision = decided(told, later, policy=policy)
    until = given.at + timedelta(minutes=policy.snooze_minutes)
    assert only(HintAnswered, decision) == HintAnswered(
        at=given.at, actor=BOB, number=1, hint=given.hint, answer=Answer.LATER, until=until
    )
    again, second = next_hint(snoozed, policy)
    assert (second.number, second.hint, second.to, second.at) == (2, given.hint, to, until)
    needless = AnswerHint(origin=origin(CAROL).but(at=until), hint=2, answer=Answer.NOT_NEEDED)
    after, decision = decided(again, needless, policy=policy)
    assert only(HintAnswered, decision).answer is Answer.NOT_NEEDED and "hint" not in falls_due(after, policy)


def test_once_the_harm_is_contained_nobody_is_told_that_tests_lead_nowhere_nor_that_no_idea_is_left():
    policy = hinting(Hint.LEADS_NOWHERE, Hint.ALL_CLOSED)
    ideas = (propose("Idea 1"), propose("Idea 2"), refuted(1, 3), refuted(2, 7))
    incident, _ = decided(led(policy, Phase.RECOVERY), *ideas, policy=policy)
    assert incident.contained_at and "hint" not in falls_due(incident, policy)


def test_that_tests_lead_nowhere_and_that_nothing_is_done_is_not_said_twice_in_a_row():
    policy = hinting(
        {"hint": Hint.NOT_CONTAINED, "after_minutes": 30}, {"hint": Hint.LEADS_NOWHERE, "after_minutes": 20}
    )
    ideas = (propose("Idea 1"), propose("Idea 2"), refuted(1, 3), refuted(2, 7))
    incident, _ = decided(led(policy, Phase.CONTAINMENT), *ideas, policy=policy)
    after, first = next_hint(incident, policy)
    assert (first.hint, first.at) == (Hint.LEADS_NOWHERE, at(7))
    last, second = next_hint(after, policy)
    assert (second.hint, second.at) == (Hint.NOT_CONTAINED, at(37))
    assert "hint" not in falls_due(last, policy)
    before, _ = decided(led(policy, Phase.CONTAINMENT), propose("Idea 1"), policy=policy)
    told, _ = next_hint(before, policy)
    late, _ = decided(told, refuted(1, 33), propose("Idea 2"), refuted(2, 36), policy=policy)
    assert "hint" not in falls_due(late, policy), "H12 has said it"


def test_nothing_is_said_that_the_policy_does_not_name_nor_once_service_is_restored():
    incident, _ = decided(declared(), propose("The pool"))
    assert "hint" not in falls_due(incident, policy_with())
    policy = hinting({"hint": Hint.NO_PREDICTION, "after_minutes": 5})
    restored, _ = decided(in_phase(Phase.POSTMORTEM, policy=policy), propose("The pool"), policy=policy)
    assert "hint" not in falls_due(restored, policy)


def test_put_off_it_comes_again_if_it_is_still_so_and_answered_otherwise_it_does_not():
    policy = hinting({"hint": Hint.NO_PREDICTION, "after_minutes": 5})
    incident, _ = decided(led(policy), propose("The pool"), policy=policy)
    told, given = next_hint(incident, policy)
    later = AnswerHint(origin=origin(BOB, 6), hint=given.number, answer=Answer.LATER)
    snoozed, decision = decided(told, later, policy=policy)
    assert only(HintAnswered, decision).until == at(16) == falls_due(snoozed, policy)["hint"]
    again, second = next_hint(snoozed, policy)
    assert (second.number, second.at) == (2, at(16))
    done = AnswerHint(origin=origin(BOB, 17), hint=2, answer=Answer.DONE)
    assert "hint" not in falls_due(decided(again, done, policy=policy)[0], policy)
    assert decided(snoozed, later, policy=policy)[1].events == ()
    with pytest.raises(LookupError):
        decided(incident, later, policy=policy)


def test_what_matters_most_goes_first_and_nobody_is_asked_twice_in_five_minutes():
    policy = hinting(
        {"hint": Hint.NO_PREDICTION, "after_minutes": 30},
        {"hint": Hint.NOTHING_TESTED, "after_minutes": 30},
        {"hint": Hint.NOT_CONTAINED, "after_minutes": 30},
    )
    alone = in_phase(Phase.CONTAINMENT, policy=policy)
    incident, _ = decided(alone, propose("The pool", user=ALICE), policy=policy)
    said = []
    for _ in range(3):
        incident, given = next_hint(incident, policy)
        said.append((given.hint, given.at, given.to))
    assert said == [
        (Hint.NOT_CONTAINED, at(30), (ALICE,)),
        (Hint.NOTHING_TESTED, at(35), (ALICE,)),
        (Hint.NO_PREDICTION, at(40), (ALICE,)),
    ]
    assert incident.seats[COMMANDER].user == ALICE


def test_no_incident_hears_more_than_three_in_ten_minutes():
    policy = hinting({"hint": Hint.NO_PREDICTION, "after_minutes": 5})
    ideas = [propose(f"Idea {number}", user=f"U{number}") for number in range(4)]
    incident, _ = decided(led(policy), *ideas, policy=policy)
    times = []
    for _ in ideas:
        incident, given = next_hint(incident, policy)
        times.append(given.at)
    assert times == [at(5), at(6), at(7), at(15)]
