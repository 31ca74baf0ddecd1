"""Whatever people try, in whatever order: only the listed transitions happen, nothing that was said is lost, and the journal
rebuilds the state."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.decision import Event
from bot.core.incident import Hypothesis, Incident
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.vocabulary import decide, fold, read_event, write_event
from tests.core.given import POLICY, origin
from tests.core.invariants import hold, is_kept_whole
from tests.core.random_acts import ENDING, POLICIES, Act, acts, aimed, many, proposing, thoughts
from tests.core.step import take


def check_record(journal: Sequence[Event], incident: Incident) -> None:
    """The journal, written down and read back, gives the same state byte for byte, and so does the state itself."""
    written = [(event.at, event.actor, *write_event(event)) for event in journal]
    replayed = fold(None, [read_event(kind, at, actor, data, text) for at, actor, kind, data, text in written])
    assert replayed is not None
    assert replayed.canonical() == incident.canonical()
    assert is_kept_whole(incident)
    redacted = fold(None, [read_event(kind, at, actor, data, None) for at, actor, kind, data, _ in written])
    assert redacted is not None and structure(redacted) == structure(incident)


def structure(incident: Incident) -> object:
    """What nobody typed: it is the same when all that was typed is redacted."""
    typed = {"title", "labels", "impact", "recovery", "no_action", "room", "hypotheses", "containments", "action_items"}
    typed |= {"answers", "waivers", "proposals", "told", "postmortem", "runs"}
    thoughts = [_structure_of(one) for one in incident.hypotheses]
    done = [(one.result, one.at) for one in incident.containments]
    items = [(one.assignee, one.due) for one in incident.action_items]
    asked = (sorted(incident.answers), [one.need for one in incident.waivers])
    decisions = [
        (one.by, one.until, one.stands, [other.user for other in one.objections]) for one in incident.proposals
    ]
    told = {
        name: one.model_dump(exclude={"facts": {"impact", "size", "workaround"}}) for name, one in incident.told.items()
    }
    written = incident.postmortem.model_dump(exclude={"sections", "keeps"})
    sections = [(name, one.version, one.by, one.authors) for name, one in incident.postmortem.sections.items()]
    runs = [([(visit.step, visit.is_done) for visit in one.visits], one.passed, one.due) for one in incident.runs]
    return incident.model_dump(exclude=typed), thoughts, done, items, asked, decisions, told, written, sections, runs


def _structure_of(one: Hypothesis) -> object:
    untyped = one.but(statement="", place=None, why=None, prediction=None, plan=None, tested=())
    plan = one.plan and one.plan.but(how="", way_back=None)
    return untyped, one.prediction is None, plan, len(one.tested)


def play(sequence: Sequence[Act], policy: Policy, severity: str | None) -> None:
    """Declare an incident and do all that to it, seeing after each act and at the end that all is as it must be."""
    decision = decide(None, DeclareIncident(origin=origin(), title="x", severity=severity), policy, number=1)
    journal, incident = list(decision.events), fold(None, decision.events)
    for act in sequence:
        assert incident is not None
        if command := aimed(act, incident, POLICIES[incident.policy]):
            step = take(incident, command, POLICIES)
            hold(step)
            incident = step.after
            journal += step.events
    assert incident is not None
    check_record(journal, incident)


@settings(max_examples=250, deadline=None)
@given(
    many(acts),
    st.sampled_from([(), ENDING]),
    st.sampled_from(list(POLICIES.values())),
    st.sampled_from([None, "SEV1", "SEV3"]),
)
def test_no_sequence_of_commands_makes_a_transition_that_is_not_listed(sequence, ending, policy, severity):
    play((*sequence, *ending), policy, severity)


@settings(max_examples=150, deadline=None)
@given(proposing, many(thoughts))
def test_no_sequence_of_thoughts_loses_a_word_or_moves_what_has_turned_out(first, sequence):
    play((first, *sequence), POLICY, None)
