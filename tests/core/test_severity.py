"""Severity: two questions give it, anybody raises it at once, and it is lowered slowly, with a reason, by whoever leads."""

import pytest

from bot.core.incident import COMMANDER, Incident, Phase
from bot.core.policy import Policy
from bot.core.policy_parts import Loss, Who
from bot.core.refusal import LoweredTooFar, LoweredTooSoon, NotAllowed, Refusal, SaysNothing
from bot.core.roles import TakeRole
from bot.core.severity import WHY_LOWER, AssessSeverity, SetSeverity, SeverityChanged, initial, peak
from tests.core.given import ALICE, BOB, at, decided, declared, only, origin, policy_with

USUAL = policy_with(may=[])


def led(phase: Phase, severity: str, role: str | None = COMMANDER, policy: Policy = USUAL) -> Incident:
    """An incident that BOB leads, and in which ALICE has this role, or BOB's if it is that of the commander."""
    incident = decided(declared(severity, policy), TakeRole(origin=origin(BOB), user=BOB), policy=policy)[0]
    if role == COMMANDER:
        incident = decided(declared(severity, policy), TakeRole(origin=origin(), user=ALICE), policy=policy)[0]
    elif role:
        incident = decided(incident, TakeRole(origin=origin(), role=role, user=ALICE), policy=policy)[0]
    return incident.but(phase=phase)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("role", [COMMANDER, "deputy", "scribe", None])
@pytest.mark.parametrize(("before", "after"), [("SEV2", "SEV1"), ("SEV2", "SEV3"), ("SEV2", "SEV2")])
def test_anybody_raises_at_once_and_only_the_commander_lowers(phase: Phase, role: str | None, before: str, after: str):
    incident = led(phase, before, role)
    change = SetSeverity(origin=origin(), severity=after, reason="Few are hit")
    refusal = decided(incident, change, policy=USUAL)[1].refusal
    expected: type[Refusal] | None = None
    if after == "SEV3":
        expected = NotAllowed if role != COMMANDER else LoweredTooSoon if phase is Phase.DETECTION else None
    assert (type(refusal) if refusal else None) == expected


LOWERING = [
    ("SEV3", "Few are hit", 0, LoweredTooFar(next="SEV2")),
    ("SEV2", None, 0, SaysNothing(what=WHY_LOWER)),
    ("SEV2", "Few are hit", 0, None),
]


@pytest.mark.parametrize(("to", "reason", "minutes", "refusal"), LOWERING)
def test_it_is_lowered_one_level_at_a_time_with_a_reason(to: str, reason: str | None, minutes: int, refusal: object):
    change = SetSeverity(origin=origin(minutes=minutes), severity=to, reason=reason)
    assert decided(led(Phase.TRIAGE, "SEV1"), change, policy=USUAL)[1].refusal == refusal


@pytest.mark.parametrize(("minutes", "refusal"), [(9, LoweredTooSoon(again=at(10))), (10, None)])
def test_it_is_not_lowered_again_before_a_while_has_passed(minutes: int, refusal: object):
    lowered, _ = decided(
        led(Phase.TRIAGE, "SEV1"), SetSeverity(origin=origin(), severity="SEV2", reason="Few are hit"), policy=USUAL
    )
    again = SetSeverity(origin=origin(minutes=minutes), severity="SEV3", reason="Fewer are hit")
    assert decided(lowered, again, policy=USUAL)[1].refusal == refusal
    raised = SetSeverity(origin=origin(BOB, minutes=1), severity="SEV1")
    assert decided(lowered, raised, policy=USUAL)[0].severity == "SEV1"


def test_a_policy_may_let_it_be_lowered_at_will():
    at_will = policy_with(may=[], lower_once_in_minutes=0)
    change = SetSeverity(origin=origin(), severity="SEV3", reason="Few are hit")
    assert decided(led(Phase.TRIAGE, "SEV1", policy=at_will), change, policy=at_will)[0].severity == "SEV3"


@pytest.mark.parametrize(
    ("who", "loss", "severity"),
    [
        *((who, Loss.DATA, "SEV1") for who in Who),
        (Who.ALL, Loss.CORE, "SEV1"),
        (Who.SOME, Loss.CORE, "SEV2"),
        (Who.MANY, Loss.SLOW, "SEV2"),
        (Who.ONE, Loss.EVERYTHING, "SEV3"),
        (Who.ALL, Loss.NOTHING, "SEV3"),
    ],
)
def test_two_answers_give_a_severity_and_ranks_that_there_are_not_are_the_mildest(who: Who, loss: Loss, severity: str):
    incident, decision = decided(declared(), AssessSeverity(origin=origin(), who=who, loss=loss))
    changed = only(SeverityChanged, decision)
    assert (incident.severity, changed.who, changed.loss, changed.is_lowered) == (severity, who, loss, False)


def test_the_rows_of_a_policy_come_before_the_usual_ones():
    mild = policy_with(assessments=[{"who": "everyone", "severities": ["SEV3"] * len(Loss)}])
    assert mild.assess(Who.ALL, Loss.DATA) == "SEV3" and mild.assess(Who.MANY, Loss.DATA) == "SEV1"


def test_the_first_and_the_worst_are_kept():
    steps = [("SEV2", None), ("SEV1", None), ("SEV2", "Few are hit")]
    changes = [SetSeverity(origin=origin(), severity=name, reason=why) for name, why in steps]
    incident = decided(declared().but(phase=Phase.TRIAGE), *changes)[0]
    assert (initial(incident), peak(incident, USUAL), incident.severity) == ("SEV2", "SEV1", "SEV2")
    assert initial(declared()) is None and peak(declared(), USUAL) is None
