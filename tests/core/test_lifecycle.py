"""The phases: in order, through their gates, and never otherwise."""

import pytest

from bot.core.containment import RecordContainment
from bot.core.decision import AttemptRefused
from bot.core.facts import StateImpact
from bot.core.gates import guards, missing
from bot.core.incident import ContainmentResult, End, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident, IncidentClosed, PhaseEntered
from bot.core.needs import Need
from bot.core.refusal import AlreadyDeclared, HasEnded, Lacks, NotNext
from bot.core.vocabulary import decide
from tests.core.given import ALICE, BOB, POLICY, closed, decided, declared, facts_of, in_phase, origin


def test_a_declared_incident_is_in_detection_and_knows_who_declared_it_when():
    incident = declared()
    assert (incident.phase, incident.declared_by, incident.name) == (Phase.DETECTION, ALICE, "INC-1")
    assert incident.severity is None and incident.is_open


def test_an_unknown_severity_never_stops_a_declaration():
    assert declared("sev9").severity is None
    assert declared("sev1").severity == "SEV1"


def test_an_empty_title_never_stops_a_declaration():
    incident, _ = decided(None, DeclareIncident(origin=origin(), title="  "))
    assert incident.title == "Something is wrong"


def test_facts_given_with_the_declaration_are_recorded_right_after_it():
    told = StateImpact(origin=origin(), impact="Nobody can pay.")
    incident, decision = decided(None, DeclareIncident(origin=origin(), title="x", then=(told,)))
    assert incident.impact == "Nobody can pay."
    assert [type(event).__name__ for event in decision.events] == ["IncidentDeclared", "ImpactStated"]


def test_the_same_words_from_the_same_person_are_shown_the_first_incident_unless_another_is_meant():
    again = DeclareIncident(origin=origin(), title="Checkout is failing", earlier=1)
    decision = decide(None, again, POLICY, number=2)
    assert decision.refusal == AlreadyDeclared(incident=1) and not decision.events
    assert decide(None, again.but(again=True), POLICY, number=2).refusal is None


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.next])
def test_a_phase_is_left_once_its_gate_is_satisfied(phase):
    incident = in_phase(phase)
    assert phase.next is not None
    after, decision = decided(incident, AdvancePhase(origin=origin(BOB), to=phase.next, first=facts_of(phase)))
    assert decision.refusal is None
    assert (after.phase, after.phase_by) == (phase.next, BOB)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.next])
def test_an_unsatisfied_gate_names_everything_that_is_missing_and_the_attempt_is_recorded(phase):
    incident = in_phase(phase)
    assert phase.next is not None
    after, decision = decided(incident, AdvancePhase(origin=origin(), to=phase.next))
    wanted = tuple(guard.need for guard in guards(incident, POLICY))
    assert decision.refusal == Lacks(missing=missing(incident, POLICY)) and set(missing(incident, POLICY)) <= {*wanted}
    assert isinstance(decision.events[-1], AttemptRefused) and decision.events[-1].attempt == "AdvancePhase"
    assert after.phase is phase


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("to", list(Phase))
def test_no_other_phase_than_the_next_can_be_entered(phase, to):
    if to is phase.next:
        return
    incident = in_phase(phase)
    after, decision = decided(incident, AdvancePhase(origin=origin(), to=to, first=facts_of(phase)))
    assert isinstance(decision.refusal, NotNext) and decision.refusal.phase is phase
    assert after.phase is phase


def test_facts_that_came_with_a_refused_advance_are_kept():
    incident = declared()
    told = StateImpact(origin=origin(), impact="Nobody can pay.")
    after, decision = decided(incident, AdvancePhase(origin=origin(), to=Phase.TRIAGE, first=(told,)))
    assert decision.refusal == Lacks(missing=(Need.COMMANDER,))
    assert after.impact == "Nobody can pay."


def test_a_containment_that_did_not_help_leaves_the_gate_shut():
    incident = in_phase(Phase.CONTAINMENT)
    failed = RecordContainment(origin=origin(), action="Restarted it", result=ContainmentResult.FAILED)
    after, decision = decided(incident, AdvancePhase(origin=origin(), to=Phase.RECOVERY, first=(failed,)))
    assert decision.refusal == Lacks(missing=(Need.CONTAINMENT,))
    assert len(after.containments) == 1


def test_facts_learnt_early_count():
    incident, _ = decided(declared(), *facts_of(Phase.CONTAINMENT), *facts_of(Phase.RECOVERY))
    for phase in (Phase.DETECTION, Phase.TRIAGE, Phase.CONTAINMENT, Phase.RECOVERY):
        early = facts_of(phase) if phase in (Phase.DETECTION, Phase.TRIAGE) else ()
        assert phase.next is not None
        incident, decision = decided(incident, AdvancePhase(origin=origin(), to=phase.next, first=early))
        assert decision.refusal is None


def test_it_closes_from_postmortem_only_with_an_action_item():
    refused = decided(in_phase(Phase.POSTMORTEM), CloseIncident(origin=origin()))[1]
    assert refused.refusal == Lacks(missing=(Need.ACTION_ITEM,))
    after, decision = decided(
        in_phase(Phase.POSTMORTEM), CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM))
    )
    assert any(isinstance(event, IncidentClosed) for event in decision.events)
    assert after.end is End.CLOSED


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.next])
def test_it_cannot_be_closed_from_any_earlier_phase(phase):
    after, decision = decided(in_phase(phase), CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM)))
    assert isinstance(decision.refusal, NotNext)
    assert after.is_open


def test_nothing_but_reports_happens_to_a_closed_incident():
    incident = closed()
    for command in (*facts_of(Phase.DETECTION), AdvancePhase(origin=origin(), to=Phase.TRIAGE)):
        after, decision = decided(incident, command)
        assert decision.refusal == HasEnded(end=End.CLOSED)
        assert after.but(seq=0) == incident.but(seq=0)


def test_each_phase_is_entered_once_in_order():
    incident, entered = declared(), []
    while incident.phase.next:
        advance = AdvancePhase(origin=origin(), to=incident.phase.next, first=facts_of(incident.phase))
        incident, decision = decided(incident, advance)
        entered += [event.phase for event in decision.events if isinstance(event, PhaseEntered)]
    assert entered == list(Phase)[1:]
