"""Containment: the hold that must pass without new harm, the harm that comes back, and measures that must not stay."""

from datetime import date

import pytest

from bot.core.action_item import ActionItem
from bot.core.containment import (
    EndHold,
    HoldPassed,
    ImpactReturned,
    MeasureSettled,
    RecordContainment,
    ReportReturn,
    SettleMeasure,
    hold_due,
)
from bot.core.decision import SYSTEM
from bot.core.due import falls_due
from bot.core.incident import ContainmentResult, Incident, Phase
from bot.core.lifecycle import AdvancePhase
from bot.core.needs import Need
from bot.core.refusal import Lacks, NotContained, NothingToSettle, NotYet
from bot.core.router.updates import KeepPromise, Occasion, UpdateIssued
from bot.slack.messages import updates
from tests.core.given import (
    BOB,
    POLICY,
    at,
    decided,
    declared,
    delivered,
    facts_of,
    in_phase,
    kinds,
    only,
    origin,
    policy_with,
    said,
)

HELD = policy_with(
    severities=[
        {**severity, "hold_minutes": minutes}
        for severity, minutes in zip(POLICY.model_dump()["severities"], (10, 10, 0), strict=True)
    ],
    gates=[{"need": need} for need in ("severity", "boundary", "containment", "hold", "recovery", "action item")],
)


def worked(minutes: float = 0, *, since: float | None = None, is_temporary: bool = False) -> RecordContainment:
    """BOB undid the release, and it worked."""
    return RecordContainment(
        origin=origin(BOB, minutes),
        action="Undid the release",
        result=ContainmentResult.WORKED,
        since=None if since is None else at(since),
        is_temporary=is_temporary,
    )


def on(minutes: float) -> AdvancePhase:
    """The step to RECOVERY."""
    return AdvancePhase(origin=origin(BOB, minutes), to=Phase.RECOVERY)


def back(minutes: float) -> ReportReturn:
    """The harm is back."""
    return ReportReturn(origin=origin(BOB, minutes))


def containing(severity: str = "SEV1") -> Incident:
    """An incident in CONTAINMENT."""
    incident = in_phase(Phase.TRIAGE)
    facts = [fact.but(severity=severity) if hasattr(fact, "severity") else fact for fact in facts_of(Phase.TRIAGE)]
    return decided(incident, AdvancePhase(origin=origin(), to=Phase.CONTAINMENT, first=tuple(facts)), policy=HELD)[0]


@pytest.mark.parametrize(
    ("minutes", "since", "leaves"),
    [(9.9, None, False), (10, None, True), (60, None, True), (1, -9, True), (0.5, -9, False)],
)
def test_containment_is_left_when_the_hold_has_passed_whether_or_not_its_timer_has_gone_off(minutes, since, leaves):
    incident, _ = decided(containing(), worked(since=since), policy=HELD)
    after, decision = decided(incident, on(minutes), policy=HELD)
    assert (after.phase is Phase.RECOVERY) is leaves
    assert decision.refusal == (None if leaves else Lacks(missing=(Need.HOLD,)))
    assert ("HoldPassed" in kinds(decision)) is leaves


def test_what_worked_long_enough_ago_has_held_at_once_and_a_severity_may_want_no_hold():
    _, decision = decided(containing(), worked(since=-10), policy=HELD)
    assert only(HoldPassed, decision).since == at(-10) and only(HoldPassed, decision).actor == SYSTEM
    assert "HoldPassed" in kinds(decided(containing("SEV3"), worked(), policy=HELD)[1])


def test_the_timer_says_once_that_it_has_passed_and_an_old_one_says_nothing():
    incident, _ = decided(containing(), worked(), policy=HELD)
    assert falls_due(incident, HELD)["hold"] == at(10)
    end = EndHold(origin=origin(SYSTEM, 10), due=at(10))
    after, decision = decided(incident, end, policy=HELD)
    assert kinds(decision) == ["HoldPassed"] and after.held_at == at(10) and "hold" not in falls_due(after, HELD)
    assert decided(after, end, policy=HELD)[1].events == ()
    assert decided(incident, end.but(due=at(9)), policy=HELD)[1].events == ()


def test_an_impact_that_is_back_starts_the_hold_anew_and_asks_for_a_containment_that_holds():
    incident, _ = decided(containing(), worked(), policy=HELD)
    incident, decision = decided(incident, back(8), policy=HELD)
    assert only(ImpactReturned, decision).relapse == 0 and incident.phase is Phase.CONTAINMENT
    assert hold_due(incident, HELD) is None and incident.contained_by is None
    assert decided(incident, on(30), policy=HELD)[1].refusal == Lacks(missing=(Need.CONTAINMENT, Need.HOLD))
    incident, _ = decided(incident, worked(12), policy=HELD)
    assert hold_due(incident, HELD) == at(22)


def test_nothing_can_have_held_since_before_the_harm_came_back():
    incident, _ = decided(containing(), worked(), back(8), worked(9, since=-30), policy=HELD)
    assert incident.contained_at == at(8) and incident.held_at is None


def test_a_second_action_leaves_the_hold_alone_unless_it_says_since_when():
    incident, _ = decided(containing(), worked(), worked(5), policy=HELD)
    assert incident.contained_at == at(0)
    incident, _ = decided(incident, worked(6, since=-2), policy=HELD)
    assert incident.contained_at == at(-2)


def test_a_time_that_has_not_come_is_refused():
    assert decided(containing(), worked(0, since=5), policy=HELD)[1].refusal == NotYet(given=at(5))


@pytest.mark.parametrize("incident", [declared(), containing(), in_phase(Phase.POSTMORTEM)])
def test_what_was_not_contained_cannot_be_back_and_after_recovery_it_is_another_incident(incident: Incident):
    assert decided(incident, back(50), policy=HELD)[1].refusal == NotContained(phase=incident.phase)


# Relapse


def recovering() -> Incident:
    """An incident in RECOVERY, SEV1, whose recovery was verified."""
    incident, _ = decided(containing(), worked(), on(10), *facts_of(Phase.RECOVERY), policy=HELD)
    assert incident.phase is Phase.RECOVERY
    return incident


def test_a_return_in_recovery_is_a_relapse_the_phase_stays_and_everybody_is_told_at_once():
    incident, decision = decided(recovering(), back(20), policy=HELD)
    assert only(ImpactReturned, decision).relapse == 1 and incident.relapses == 1
    assert incident.phase is Phase.RECOVERY and incident.recovery is None
    assert said(decision, UpdateIssued) == {"executives": Occasion.RETURN, "support": Occasion.RETURN}
    event = next(one for one in decision.events if isinstance(one, UpdateIssued))
    assert "The problem has come back. We are working to limit it again." in updates.body(event)
    assert event.to_channel and "is back" in updates.update(event).text


def test_a_relapse_must_be_contained_held_and_recovered_from_anew():
    incident, _ = decided(recovering(), back(20), policy=HELD)
    step = AdvancePhase(origin=origin(BOB, 25), to=Phase.POSTMORTEM)
    lacking = (Need.CONTAINMENT, Need.HOLD, Need.RECOVERY)
    assert decided(incident, step, policy=HELD)[1].refusal == Lacks(missing=lacking)
    incident, _ = decided(incident, worked(25), *facts_of(Phase.RECOVERY), policy=HELD)
    assert decided(incident, step, policy=HELD)[1].refusal == Lacks(missing=(Need.HOLD,))
    after, _ = decided(incident, step.but(origin=origin(BOB, 35)), policy=HELD)
    assert after.phase is Phase.POSTMORTEM


def test_updates_that_fall_due_in_a_relapse_say_so_until_it_is_contained_again():
    incident = delivered(decided(recovering(), back(20), policy=HELD)[0], HELD)

    def due() -> str:
        when = incident.told["support"].promised
        assert when is not None
        keep = KeepPromise(origin=origin(SYSTEM, 60), audience="support", due=when)
        return updates.body(only(UpdateIssued, decided(incident, keep, policy=HELD)[1]))

    assert "still working to limit it again" in due()
    incident, _ = decided(incident, worked(25), policy=HELD)
    assert "no longer getting worse" in due()


# Temporary measures


def test_a_temporary_measure_is_undone_or_becomes_an_action_item():
    incident, _ = decided(containing(), worked(is_temporary=True), policy=HELD)
    assert incident.unsettled == (1,)
    undone, decision = decided(incident, SettleMeasure(origin=origin(), measure=1), policy=HELD)
    assert kinds(decision) == ["MeasureSettled"] and undone.unsettled == () and undone.action_items == ()
    given = SettleMeasure(origin=origin(), measure=1, assignee=BOB, due=date(2026, 12, 1))
    assigned, decision = decided(incident, given, policy=HELD)
    assert only(MeasureSettled, decision).assignee == BOB and assigned.unsettled == ()
    assert assigned.action_items == (
        ActionItem(
            what="Undo or replace: Undid the release",
            assignee=BOB,
            due=date(2026, 12, 1),
            measure=1,
            since=given.at,
            by=given.actor,
            added_by=given.actor,
            added_at=given.at,
            due_since=given.at,
        ),
    )
    assert decided(assigned, given, policy=HELD)[1].refusal == NothingToSettle()


def test_a_measure_that_did_not_last_must_still_be_undone():
    incident, _ = decided(containing(), worked(is_temporary=True), back(5), policy=HELD)
    assert incident.unsettled == (1,)
