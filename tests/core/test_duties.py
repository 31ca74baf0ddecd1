"""Leading is a job of its own (R2, R3), one person leads so many (R9), and nobody stays in a role for ever (R13): by severity, and
by how many people are there. A rule refuses only where somebody else could do it."""

import pytest

from bot.core.decision import SYSTEM, Command, Decision
from bot.core.due import falls_due, when_due
from bot.core.duties import OPERATIONS, span
from bot.core.incident import COMMANDER, Incident, Phase, Side
from bot.core.load import RestProposed, SnoozeRest, SpanReached
from bot.core.policy import Policy
from bot.core.refusal import KeptApart, NotYours, SpanFull
from bot.core.roles import HandOver, RoleTaken, TakeRole
from bot.core.severity import SetSeverity
from bot.core.tracker.hypotheses import HypothesisRefuted, ParkHypothesis, ProposeHypothesis, TestStarted
from bot.core.tracker.trials import AssignHypothesis
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    commanded,
    conclude,
    decided,
    in_phase,
    only,
    origin,
    policy_with,
    predicted,
    start_test,
)

MANY = policy_with(tests_at_once=100)
"""Any number of tests at once: here it counts only how many people one person leads."""
SMALL = policy_with(MANY, reports_before_warning=2, reports_before_refusing=3)
PRESENT = [
    ("SEV1", 3, "refused"),
    ("SEV1", 30, "refused"),
    ("SEV1", 2, "solo"),
    ("SEV1", 1, "solo"),
    ("SEV1", None, "solo"),
    ("SEV2", 3, "refused"),
    ("SEV2", 2, "solo"),
    (None, 3, "refused"),
    ("SEV3", 3, "solo"),
    ("SEV3", 30, "solo"),
    ("SEV3", None, "solo"),
]
"""Severity, people in the room, and what comes of it when whoever leads takes on more. Unset counts as SEV2."""


def led(severity: str | None) -> Incident:
    """ALICE leads, and there is a hypothesis."""
    incident, _ = decided(commanded(), ProposeHypothesis(origin=origin(), statement="The pool"))
    return decided(incident, SetSeverity(origin=origin(), severity=severity))[0] if severity else incident


def came_of(decision: Decision) -> str:
    """What was decided: refused, done and tagged, or done."""
    if isinstance(decision.refusal, KeptApart):
        return "refused"
    event = decision.events[-1]
    assert isinstance(event, TestStarted | RoleTaken)
    return "solo" if event.solo else "done"


@pytest.mark.parametrize(("severity", "present", "expected"), PRESENT)
def test_who_leads_tests_nothing_where_others_can(severity, present, expected):
    start = start_test(origin=origin(ALICE), hypothesis=1, present=present)
    other = start_test(origin=origin(BOB), hypothesis=1, present=present)
    after, decision = decided(led(severity), start)
    assert came_of(decision) == expected
    assert (after.hypothesis(1).assignee == ALICE) is (expected != "refused")
    assert came_of(decided(led(severity), other)[1]) == "done"


@pytest.mark.parametrize(("severity", "present", "expected"), PRESENT)
@pytest.mark.parametrize("role", ["communications lead", "scribe", OPERATIONS])
def test_who_leads_has_no_other_role_where_others_can(role, severity, present, expected):
    incident = led(severity)
    for command in (
        TakeRole(origin=origin(ALICE), role=role, user=ALICE, present=present),
        HandOver(origin=origin(BOB), role=role, user=ALICE, present=present),
    ):
        assert came_of(decided(incident, command)[1]) == expected
        assert came_of(decided(incident, command.but(user=CAROL))[1]) == "done"


@pytest.mark.parametrize(("severity", "present", "expected"), PRESENT)
def test_command_itself_is_kept_from_nobody(severity, present, expected):
    seated, _ = decided(led(severity).but(seats={}), TakeRole(origin=origin(BOB), role="scribe", user=BOB))
    decision = decided(seated, TakeRole(origin=origin(BOB), user=BOB, present=present))[1]
    assert came_of(decision) == "solo"


def test_the_refusal_says_what_for_so_that_command_can_be_handed_over_first():
    incident = led("SEV1")
    test = decided(incident, start_test(origin=origin(ALICE), hypothesis=1, present=3))[1]
    role = decided(incident, TakeRole(origin=origin(ALICE), role="scribe", user=ALICE, present=3))[1]
    assert test.refusal == KeptApart(user=ALICE, hypothesis=1)
    assert role.refusal == KeptApart(user=ALICE, role="scribe")


def test_a_severity_that_rises_moves_no_role():
    incident, _ = decided(led("SEV3"), TakeRole(origin=origin(ALICE), role="scribe", user=ALICE))
    after, _ = decided(incident, SetSeverity(origin=origin(), severity="SEV1"))
    assert after.seats == incident.seats


def test_to_say_how_something_turned_out_is_not_to_look_for_it():
    said = conclude(origin=origin(ALICE), hypothesis=1, result=Side.AGAINST, why="Idle")
    decision = decided(led("SEV1"), said)[1]
    assert only(HypothesisRefuted, decision) and only(TestStarted, decision).solo


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (policy_with(strict_at=[]), "solo"),
        (policy_with(strict_at=["SEV3"]), "solo"),
        (policy_with(responders_before_refusing=4), "solo"),
        (policy_with(responders_before_refusing=1), "refused"),
    ],
)
def test_the_policy_says_where_and_from_how_many_people_on(policy, expected):
    start = start_test(origin=origin(ALICE), hypothesis=1, present=3)
    assert came_of(decided(led("SEV1"), start, policy=policy)[1]) == expected


# How many one person leads


def busy(count: int, *, incident: Incident | None = None, policy: Policy = MANY) -> Incident:
    """So many people test something each, under ALICE."""
    incident = incident or commanded()
    first = len(incident.hypotheses) + 1
    for number in range(first, first + count):
        propose = ProposeHypothesis(origin=origin(), statement=f"Idea {number}")
        test = start_test(origin=origin(f"U{number}", number), hypothesis=number)
        incident, _ = decided(incident, propose, test, policy=policy)
    return incident


def warned(incident: Incident, role: str, policy: Policy = MANY) -> tuple[Incident, SpanReached]:
    """What whoever has too many to lead is told."""
    name = f"span:{role}"
    due = falls_due(incident, policy)[name]
    after, decision = decided(incident, when_due(name, due, origin(SYSTEM, 60)), policy=policy)
    return after, only(SpanReached, decision)


def test_those_with_a_role_and_those_who_test_report_to_the_commander_each_once():
    incident = busy(2)
    for role in ("scribe", "deputy"):
        incident, _ = decided(incident, TakeRole(origin=origin("U1"), role=role, user="U1"))
    assert span(incident, COMMANDER) == {"U1", "U2"}
    assert span(busy(2).but(seats={}), COMMANDER) == frozenset()


def test_those_who_test_report_to_the_operations_lead_where_there_is_one():
    incident, _ = decided(busy(3), TakeRole(origin=origin(BOB), role=OPERATIONS, user=BOB))
    assert span(incident, COMMANDER) == {BOB} and span(incident, OPERATIONS) == {"U1", "U2", "U3"}


def test_who_is_to_test_next_reports_as_well_so_that_few_tests_at_once_hide_nobody():
    incident = busy(3, policy=POLICY)
    for number in range(4, 9):
        incident, decision = decided(incident, *waiting(number))
        assert decision.refusal is None
    assert POLICY.tests_at_once == 3 and len(span(incident, COMMANDER)) == 8 == POLICY.reports_before_refusing
    for commands in (waiting(9), waiting(9, assigned=True)):
        assert decided(incident, *commands)[1].refusal == SpanFull(user=ALICE, reports=8)
    parked, _ = decided(incident, ParkHypothesis(origin=origin(), hypothesis=8))
    assert len(span(parked, COMMANDER)) == 7
    handed = decided(incident, AssignHypothesis(origin=origin(), hypothesis=8, user=CAROL))[1]
    assert handed.refusal is None, "who takes over from somebody is not one more"


def waiting(number: int, *, assigned: bool = False) -> tuple[Command, ...]:
    """One more idea, that somebody else is to test: said when the test is planned, or later."""
    idea = ProposeHypothesis(origin=origin(), statement=f"Idea {number}")
    prediction, plan = predicted(origin(), number)
    if assigned:
        return idea, prediction, plan, AssignHypothesis(origin=origin(), hypothesis=number, user=f"U{number}")
    return idea, prediction, plan.but(assignee=f"U{number}")


def test_who_leads_reports_to_nobody():
    incident, _ = decided(busy(1), start_test(origin=origin(ALICE), hypothesis=1))
    assert span(incident, COMMANDER) == frozenset()


@pytest.mark.parametrize(("count", "is_due"), [(5, False), (6, True), (7, True)])
def test_at_six_it_is_said_once(count, is_due):
    incident = busy(count)
    assert ("span:incident commander" in falls_due(incident, POLICY)) is is_due
    if is_due:
        after, event = warned(incident, COMMANDER)
        assert (event.user, event.reports) == (ALICE, count)
        assert "span:incident commander" not in falls_due(busy(1, incident=after), POLICY)


def test_the_span_of_the_operations_lead_counts_too():
    incident, _ = decided(busy(6), TakeRole(origin=origin(BOB), role=OPERATIONS, user=BOB))
    assert warned(incident, OPERATIONS)[1].user == BOB


def test_at_eight_nobody_else_is_given_something_to_do_until_there_is_an_operations_lead():
    incident = busy(8)
    more, _ = decided(incident, ProposeHypothesis(origin=origin(), statement="One more"))
    refusal = SpanFull(user=ALICE, reports=8)
    start = start_test(origin=origin(CAROL), hypothesis=9)
    scribe = TakeRole(origin=origin(CAROL), role="scribe", user=CAROL)
    assert decided(more, start, policy=MANY)[1].refusal == refusal == decided(more, scribe, policy=MANY)[1].refusal
    led_by, decision = decided(more, TakeRole(origin=origin(BOB), role=OPERATIONS, user=BOB))
    assert decision.refusal is None
    for command in (start, scribe):
        assert decided(led_by, command, policy=MANY)[1].refusal is None


def test_who_reports_already_or_takes_over_from_somebody_is_not_one_more():
    incident = busy(3, policy=SMALL)
    more, _ = decided(incident, ProposeHypothesis(origin=origin(), statement="One more"), policy=SMALL)
    allowed = (
        start_test(origin=origin(CAROL), hypothesis=1),
        start_test(origin=origin(ALICE), hypothesis=4),
        TakeRole(origin=origin("U1"), role="scribe", user="U1"),
    )
    for command in allowed:
        assert decided(more, command, policy=SMALL)[1].refusal is None
    assert isinstance(decided(more, start_test(origin=origin(CAROL), hypothesis=4), policy=SMALL)[1].refusal, SpanFull)


def test_where_the_policy_has_no_operations_lead_nobody_is_stopped_for_want_of_one():
    policy = policy_with(
        SMALL,
        roles=[{"name": COMMANDER, "short": ["ic"], "does": "x"}, {"name": "scribe", "short": ["s"], "does": "x"}],
    )
    scribe = TakeRole(origin=origin(CAROL), role="scribe", user=CAROL)
    assert decided(busy(3, policy=policy), scribe, policy=policy)[1].refusal is None


# How long


def asked(incident: Incident, role: str = COMMANDER, policy: Policy = MANY) -> tuple[Incident, RestProposed]:
    """What comes of the next time at which the holder is asked to hand over, on time."""
    name = f"rest:{role}"
    due = falls_due(incident, policy)[name]
    after, decision = decided(incident, when_due(name, due, origin(SYSTEM).but(at=due)), policy=policy)
    return after, only(RestProposed, decision)


def test_after_four_hours_it_is_proposed_after_eight_insisted_on_and_then_every_hour():
    incident, said = commanded(), []
    for _ in range(4):
        incident, event = asked(incident)
        said.append(((event.at - at(0)).total_seconds() / 3600, event.insists))
    assert said == [(4, False), (8, True), (9, True), (10, True)]


def test_who_goes_on_is_asked_again_in_an_hour():
    incident, _ = asked(commanded())
    snoozed, _ = decided(incident, SnoozeRest(origin=origin(ALICE, 250), role=COMMANDER))
    assert falls_due(snoozed, POLICY)["rest:incident commander"] == at(310)
    again, event = asked(snoozed)
    assert not event.insists and falls_due(again, POLICY)["rest:incident commander"] == at(480)


@pytest.mark.parametrize("who", [BOB, CAROL])
def test_only_the_holder_says_that_they_go_on(who):
    decision = decided(asked(commanded())[0], SnoozeRest(origin=origin(who, 250), role=COMMANDER))[1]
    assert decision.refusal == NotYours(what="reminder", role=COMMANDER, user=ALICE)


def test_who_was_not_asked_has_nothing_to_put_off():
    assert decided(commanded(), SnoozeRest(origin=origin(ALICE, 5), role=COMMANDER))[1].events == ()


def test_every_role_has_its_own_time_and_a_new_holder_begins_anew():
    incident, _ = decided(commanded(), TakeRole(origin=origin(BOB, 30), role="scribe", user=BOB))
    assert falls_due(incident, POLICY)["rest:scribe"] == at(270)
    handed, _ = decided(asked(incident, "scribe")[0], HandOver(origin=origin(BOB, 300), role="scribe", user=CAROL))
    assert falls_due(handed, POLICY)["rest:scribe"] == at(540)


def test_once_service_is_restored_nobody_is_hurried():
    assert not [name for name in falls_due(in_phase(Phase.POSTMORTEM), POLICY) if name.startswith(("rest", "span"))]


def test_a_policy_can_leave_people_alone():
    never = policy_with(rest_after_minutes="never")
    assert "rest:incident commander" not in falls_due(commanded(), never)
