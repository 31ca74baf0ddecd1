"""Gates: what each need takes to be met, at which severities it is asked for, and what can be let go."""

from datetime import date

import pytest
from pydantic import ValidationError

from bot.core.containment import RecordContainment
from bot.core.decision import Command
from bot.core.facts import MarkBoundaries
from bot.core.gates import NeedsWaived, WaiveNeeds, guards, meets, missing, waivable
from bot.core.incident import ContainmentResult, Incident, Phase
from bot.core.learning.actions import AddActionItem
from bot.core.lifecycle import AdvancePhase, CloseIncident, PhaseEntered
from bot.core.needs import Need
from bot.core.onward import onward, within_reach
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion, QuestionAnswered
from bot.core.refusal import Lacks, NotWaivable, SaysNothing
from bot.core.roles import TakeRole
from bot.core.severity import SetSeverity
from tests.core.given import (
    ALICE,
    BOB,
    POLICY,
    at,
    decided,
    declared,
    facts_of,
    in_phase,
    kinds,
    only,
    origin,
    policy_with,
)

ASKING = policy_with(
    gates=[
        {"need": "source"},
        {"need": "severity"},
        {"need": "boundary"},
        {"need": "recent changes", "at": ["SEV1", "SEV2"], "can_be_waived": True},
        {"need": "operations lead", "at": ["SEV1"], "can_be_waived": True},
        {"need": "containment"},
        {"need": "hold"},
        {"need": "recovery"},
        {"need": "size", "leaving": "RECOVERY"},
        {"need": "action item"},
    ],
)


def answered(need: Need, answer: str = "Nothing found") -> AnswerQuestion:
    """The answer to what this need asks."""
    return AnswerQuestion(origin=origin(), question=need, answer=answer)


ITEM = AddActionItem(origin=origin(), what="Look", assignee=BOB, due=date(2026, 12, 1))
UNDID = RecordContainment(origin=origin(), action="Undid it", result=ContainmentResult.WORKED)
FOR_NOW = UNDID.but(is_temporary=True)
MEETS: list[tuple[Need, tuple[Command, ...], bool]] = [
    (Need.COMMANDER, (), False),
    (Need.COMMANDER, (TakeRole(origin=origin(), user=ALICE),), True),
    (Need.SOURCE, (answered(Need.SOURCE, "alert"),), True),
    (Need.SOURCE, (answered(Need.SIZE),), False),
    (Need.WORKING, (MarkBoundaries(origin=origin(), working=("search",)),), True),
    (Need.WORKING, (MarkBoundaries(origin=origin(), boundaries=("search",), working=("search",)),), False),
    (Need.SIZE, (answered(Need.SIZE, "5%"),), True),
    (Need.CHANGES, (answered(Need.CHANGES),), True),
    (Need.COMMUNICATIONS, (TakeRole(origin=origin(), role="comms", user=BOB),), True),
    (Need.OPERATIONS, (TakeRole(origin=origin(), role="comms", user=BOB),), False),
    (Need.CONTAINMENT, (UNDID,), True),
    (Need.CONTAINMENT, (UNDID.but(result=ContainmentResult.SELF_LIMITED),), True),
    (Need.CONTAINMENT, (UNDID.but(result=ContainmentResult.FAILED),), False),
    (Need.HOLD, (UNDID,), False),
    (Need.HOLD, (UNDID.but(since=at(-5)),), True),
    (Need.DATA, (answered(Need.DATA, "none lost"),), True),
    (Need.DATA, (answered(Need.DATA, "unknown"),), False),
    (Need.DATA, (answered(Need.DATA, "unknown"), ITEM), False),
    (Need.DATA, (answered(Need.DATA, "unknown"), ITEM.but(about=Need.DATA)), True),
    (Need.DATA, (ITEM.but(about=Need.DATA), answered(Need.DATA, "unknown")), True),
    (Need.DATA, (ITEM,), False),
    (Need.DATA, (ITEM.but(about=Need.DATA),), False),
    (Need.BACKLOG, (answered(Need.BACKLOG, "nothing"),), True),
    (Need.MEASURES, (), True),
    (Need.MEASURES, (FOR_NOW,), False),
    (Need.MEASURES, (FOR_NOW.but(result=ContainmentResult.FAILED),), True),
    (Need.ACTION_ITEM, (ITEM,), True),
]


@pytest.mark.parametrize(("need", "commands", "is_met"), MEETS)
def test_a_need_is_met_by_what_it_asks_for_and_by_nothing_else(need: Need, commands: tuple[Command, ...], is_met: bool):
    assert meets(decided(declared(), *commands)[0], need) is is_met


@pytest.mark.parametrize(
    ("severity", "asked"),
    [
        ("SEV1", (Need.SEVERITY, Need.BOUNDARY, Need.CHANGES, Need.OPERATIONS)),
        ("SEV2", (Need.SEVERITY, Need.BOUNDARY, Need.CHANGES)),
        ("SEV3", (Need.SEVERITY, Need.BOUNDARY)),
        (None, (Need.SEVERITY, Need.BOUNDARY, Need.CHANGES)),
    ],
)
def test_a_gate_asks_for_what_the_policy_says_at_this_severity_and_unset_counts_as_another(
    severity: str | None, asked: tuple[Need, ...]
):
    incident = in_phase(Phase.TRIAGE, severity)
    assert tuple(guard.need for guard in guards(incident, ASKING)) == asked


def test_commander_and_impact_are_asked_for_whatever_the_policy_says_and_a_need_can_be_asked_for_later():
    assert missing(declared(), ASKING) == (Need.COMMANDER, Need.IMPACT, Need.SOURCE)
    assert missing(in_phase(Phase.RECOVERY), ASKING) == (Need.RECOVERY, Need.SIZE)


def test_a_raised_severity_makes_the_gate_ask_for_more():
    incident = in_phase(Phase.TRIAGE, "SEV3")
    before = missing(incident, ASKING)
    incident, _ = decided(incident, SetSeverity(origin=origin(), severity="SEV1"), policy=ASKING)
    assert set(missing(incident, ASKING)) - set(before) == {Need.CHANGES, Need.OPERATIONS}


# Waivers


def waive(*needs: Need, reason: str = "We are three people") -> WaiveNeeds:
    """ALICE lets these go."""
    return WaiveNeeds(origin=origin(), needs=needs, reason=reason)


def test_what_may_be_waived_is_let_go_with_its_reason_and_asked_for_no_more():
    incident = in_phase(Phase.TRIAGE, "SEV1")
    assert waivable(incident, ASKING) == (Need.CHANGES, Need.OPERATIONS)
    after, decision = decided(incident, waive(Need.CHANGES, Need.OPERATIONS), policy=ASKING)
    event = only(NeedsWaived, decision)
    assert (event.needs, event.reason) == ((Need.CHANGES, Need.OPERATIONS), "We are three people")
    assert missing(after, ASKING) == (Need.BOUNDARY,)
    assert not meets(after, Need.CHANGES)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (waive(Need.BOUNDARY), NotWaivable(needs=("boundary",))),
        (waive(Need.CHANGES, Need.BOUNDARY), NotWaivable(needs=("boundary",))),
        (waive(Need.CHANGES, reason=" "), SaysNothing(what="reason")),
    ],
)
def test_what_may_not_be_waived_is_refused_and_so_is_a_waiver_without_a_reason(command, refusal):
    incident = in_phase(Phase.TRIAGE, "SEV1")
    after, decision = decided(incident, command, policy=ASKING)
    assert decision.refusal == refusal and after.waivers == ()


def test_a_waiver_of_what_is_known_or_not_asked_for_changes_nothing():
    incident, _ = decided(in_phase(Phase.TRIAGE, "SEV1"), answered(Need.CHANGES), policy=ASKING)
    assert decided(incident, waive(Need.CHANGES, Need.DATA), policy=ASKING)[1].events == ()


def test_a_waiver_does_not_count_where_the_need_may_not_be_waived():
    incident, _ = decided(in_phase(Phase.TRIAGE, "SEV1"), waive(Need.CHANGES), policy=ASKING)
    strict = policy_with(ASKING, gates=[{"need": "recent changes"}])
    assert missing(incident, strict) == (Need.CHANGES,)


# Answers


def test_the_latest_answer_counts_and_the_same_one_again_is_no_event():
    incident, first = decided(declared(), answered(Need.SIZE, "5%"))
    assert only(QuestionAnswered, first).answer == "5%"
    assert decided(incident, answered(Need.SIZE, "5%"))[1].events == ()
    incident, _ = decided(incident, answered(Need.SIZE, "20%"))
    assert incident.answers == {"size": "20%"}
    assert decided(incident, answered(Need.SIZE, " "))[1].refusal == SaysNothing(what="size")


def test_what_is_affected_and_what_works_can_be_stated_apart():
    incident, _ = decided(declared(), MarkBoundaries(origin=origin(), working=("search",)))
    incident, _ = decided(incident, MarkBoundaries(origin=origin(), boundaries=("checkout",)))
    assert (incident.boundaries, incident.working) == (("checkout",), ("search",))
    incident, _ = decided(incident, MarkBoundaries(origin=origin(), boundaries=("search",)))
    assert (incident.boundaries, incident.working) == (("search",), ())


# Several phases at once


def known_early(*phases: Phase, policy: Policy = POLICY) -> Incident:
    """An incident in DETECTION in which the gates of these phases ask for nothing more."""
    return decided(declared(), *(fact for phase in phases for fact in facts_of(phase)), policy=policy)[0]


def test_work_done_early_counts_and_one_command_walks_the_phases_an_event_each():
    incident = known_early(Phase.DETECTION, Phase.TRIAGE, Phase.CONTAINMENT)
    step = AdvancePhase(origin=origin(), leaving=Phase.DETECTION, to=Phase.RECOVERY)
    after, decision = decided(incident, step)
    assert [event.phase for event in decision.events if isinstance(event, PhaseEntered)] == [
        Phase.TRIAGE,
        Phase.CONTAINMENT,
        Phase.RECOVERY,
    ]
    assert after.phase is Phase.RECOVERY and kinds(decision).count("UpdateIssued") == 2


def test_it_stops_at_the_first_gate_that_lacks_something_and_says_all_of_it():
    incident = known_early(Phase.DETECTION)
    after, decision = decided(incident, AdvancePhase(origin=origin(), leaving=Phase.DETECTION, to=Phase.RECOVERY))
    assert after.phase is Phase.TRIAGE
    assert decision.refusal == Lacks(missing=(Need.SEVERITY, Need.BOUNDARY))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((), (Phase.TRIAGE,)),
        ((Phase.TRIAGE,), (Phase.TRIAGE, Phase.CONTAINMENT)),
        ((Phase.TRIAGE, Phase.CONTAINMENT), (Phase.TRIAGE, Phase.CONTAINMENT, Phase.RECOVERY)),
        ((Phase.CONTAINMENT,), (Phase.TRIAGE,)),
    ],
)
def test_within_reach_are_the_next_phase_and_those_behind_gates_that_ask_for_nothing_more(known, expected):
    assert within_reach(known_early(*known), POLICY) == expected


@pytest.mark.parametrize(
    ("known", "facts", "expected"),
    [
        ((Phase.DETECTION, Phase.TRIAGE), (), AdvancePhase),
        ((Phase.TRIAGE,), facts_of(Phase.DETECTION), AdvancePhase),
        ((), facts_of(Phase.DETECTION)[:1], "CorrectFacts"),
    ],
)
def test_a_step_goes_as_far_as_the_gates_let_it_and_otherwise_keeps_its_facts(known, facts, expected):
    incident = known_early(*known)
    step = AdvancePhase(origin=origin(), leaving=Phase.DETECTION, to=Phase.RECOVERY, first=facts)
    command = onward(incident, step, POLICY)
    after, decision = decided(incident, command)
    assert decision.refusal is None
    assert after.phase is (Phase.CONTAINMENT if expected is AdvancePhase else Phase.DETECTION)


def test_a_step_that_would_be_refused_for_another_reason_stays_as_it_is():
    step = CloseIncident(origin=origin())
    assert onward(declared(), step, POLICY) is step


# Policies that do not fit


@pytest.mark.parametrize(
    ("gate", "wrong"),
    [
        ({"need": "astrology"}, "need"),
        ({"need": "commander"}, "in any case"),
        ({"need": "hold", "leaving": "TRIAGE"}, "cannot be known before"),
        ({"need": "severity", "at": ["SEV9"]}, "SEV9"),
    ],
)
def test_a_gate_that_cannot_be_is_an_error(gate, wrong):
    with pytest.raises(ValidationError, match=wrong):
        policy_with(gates=[gate])


def test_a_gate_that_asks_for_a_role_that_nobody_can_hold_is_an_error():
    roles = [{"name": "incident commander", "short": ["ic"], "does": "leads"}]
    with pytest.raises(ValidationError, match="no such role"):
        policy_with(roles=roles, gates=[{"need": "operations lead"}])
