"""Prompts: whoever leads is asked when a phase takes long, within a budget, and nothing moves because of it."""

from datetime import datetime

import pytest

from bot.core.decision import SYSTEM
from bot.core.due import falls_due, when_due
from bot.core.incident import COMMANDER, Incident, Phase, Prompt
from bot.core.load import RestProposed
from bot.core.prompts import PhaseTakesLong, SnoozePrompts, phase_due, within_budget
from bot.core.roles import NOBODY, SeatFoundEmpty, TakeRole
from bot.core.vocabulary import fold
from tests.core.given import ALICE, BOB, CAROL, at, decided, declared, ended, only, origin, policy_with

PACED = policy_with(
    paces=[
        {"phase": "TRIAGE", "after_minutes": 15, "at": ["SEV1", "SEV2"]},
        {"phase": "TRIAGE", "after_minutes": 30},
        {"phase": "RECOVERY", "after_minutes": 60, "then_every_minutes": 60},
    ]
)


def standing(phase: Phase, severity: str | None = "SEV1") -> Incident:
    """An incident that has been in this phase since it was declared."""
    return declared(severity, PACED).but(phase=phase)


@pytest.mark.parametrize(
    ("phase", "severity", "due"),
    [
        (Phase.DETECTION, "SEV1", None),
        (Phase.TRIAGE, "SEV1", at(15)),
        (Phase.TRIAGE, "SEV3", at(30)),
        (Phase.TRIAGE, None, at(15)),
        (Phase.RECOVERY, "SEV3", at(60)),
    ],
)
def test_each_phase_has_its_time_by_severity(phase: Phase, severity: str | None, due: datetime | None):
    assert phase_due(standing(phase, severity), PACED) == due


def test_nobody_is_asked_once_it_is_over():
    assert phase_due(ended(declared()), PACED) is None


@pytest.mark.parametrize(
    ("prompts", "person", "due"),
    [
        ([], ALICE, 20),
        ([(ALICE, 14)], ALICE, 20),
        ([(ALICE, 18)], ALICE, 23),
        ([(BOB, 18)], ALICE, 20),
        ([(BOB, 12), (CAROL, 13), (BOB, 18)], ALICE, 22),
        ([(BOB, 9), (CAROL, 13), (BOB, 18)], ALICE, 20),
        ([(ALICE, 12), (CAROL, 13), (ALICE, 19)], ALICE, 24),
    ],
)
def test_the_budget_of_a_person_and_of_an_incident(prompts: list[tuple[str, int]], person: str, due: int):
    incident = declared().but(prompts=tuple(Prompt(to=to, at=at(minutes)) for to, minutes in prompts))
    assert within_budget(incident, person, at(20)) == at(due)


def asked(incident: Incident, minutes: float) -> tuple[Incident, str]:
    """The incident once whoever leads was asked at this time, and who that was."""
    command = when_due("phase", falls_due(incident, PACED)["phase"], origin(minutes=minutes))
    after, decision = decided(incident, command, policy=PACED)
    return after, only(PhaseTakesLong, decision).to


def test_the_declarer_is_asked_while_nobody_leads_and_then_whoever_does():
    incident = standing(Phase.TRIAGE)
    assert asked(incident, 15)[1] == ALICE
    led = decided(incident, TakeRole(origin=origin(BOB), user=BOB), policy=PACED)[0]
    assert asked(led, 15)[1] == BOB


def test_some_phases_are_asked_about_once_and_some_again():
    triage, _ = asked(standing(Phase.TRIAGE), 15)
    assert phase_due(triage, PACED) is None and triage.phase is Phase.TRIAGE
    recovery, _ = asked(standing(Phase.RECOVERY), 61)
    assert phase_due(recovery, PACED) == at(121)


def test_a_question_that_is_put_off_comes_later():
    snoozed = decided(standing(Phase.TRIAGE), SnoozePrompts(origin=origin(minutes=14)), policy=PACED)[0]
    assert phase_due(snoozed, PACED) == at(24)


# What else people are asked without having asked


def asked_for(incident: Incident, name: str) -> Incident:
    """The incident after what is due under this name was asked, on time."""
    due = falls_due(incident, PACED)[name]
    return decided(incident, when_due(name, due, origin(SYSTEM).but(at=due)), policy=PACED)[0]


def test_the_room_is_asked_for_a_commander_on_the_same_budget():
    incident = asked_for(declared("SEV1", PACED), "commander")
    assert incident.prompts == (Prompt(to=NOBODY, at=at(2)),)
    crowded = declared("SEV1", PACED).but(prompts=tuple(Prompt(to=BOB, at=at(minutes)) for minutes in (-3, 0, 1)))
    assert falls_due(crowded, PACED)["commander"] == at(7)


def test_whoever_was_asked_to_rest_is_not_asked_about_the_phase_a_moment_later():
    incident = standing(Phase.RECOVERY).but(phase_since=at(178))
    incident, _ = decided(incident, TakeRole(origin=origin(ALICE), user=ALICE), policy=PACED)
    rested = asked_for(incident, "rest:incident commander")
    assert rested.prompts == (Prompt(to=ALICE, at=at(240)),)
    assert phase_due(incident, PACED) == at(238)
    assert phase_due(rested, PACED) == at(245)


def test_of_many_who_are_tired_at_once_three_are_asked_and_the_others_later():
    incident = standing(Phase.RECOVERY).but(phase_since=at(230))
    for number, role in enumerate((COMMANDER, "deputy", "scribe", "operations lead")):
        incident, _ = decided(
            incident, TakeRole(origin=origin(f"U{number}"), role=role, user=f"U{number}"), policy=PACED
        )
    for role in (COMMANDER, "deputy", "scribe"):
        assert falls_due(incident, PACED)["rest:operations lead"] == at(240)
        incident = asked_for(incident, f"rest:{role}")
    assert falls_due(incident, PACED)["rest:operations lead"] == at(250)


def test_what_earlier_versions_asked_does_not_count():
    incident, _ = decided(standing(Phase.RECOVERY), TakeRole(origin=origin(ALICE), user=ALICE), policy=PACED)
    empty = SeatFoundEmpty(at=at(2), actor=SYSTEM, role=COMMANDER)
    rest = RestProposed(at=at(240), actor=SYSTEM, role=COMMANDER, user=ALICE, since=at(0), again=at(480), insists=False)
    after = fold(incident, (empty, rest))
    assert after is not None and after.prompts == ()
