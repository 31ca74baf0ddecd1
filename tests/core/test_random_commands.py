"""Whatever people try, in whatever order: only the listed transitions happen, and the journal rebuilds the state."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import AddActionItem, NeedNoAction
from bot.core.decision import Command, Event
from bot.core.facts import MarkBoundaries, RecordContainment, Retitle, StateImpact, VerifyRecovery
from bot.core.incident import ContainmentResult, Incident, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident, PhaseEntered
from bot.core.roles import TakeRole
from bot.core.severity import SetSeverity
from bot.core.updates import KeepPromise, SendUpdate, UpdateIssued, owed
from bot.core.vocabulary import decide, fold, read_event, write_event
from tests.core.given import ALICE, BOB, POLICY, origin

words = st.text(max_size=30)
people = st.sampled_from([ALICE, BOB])
origins = st.builds(origin, people, st.integers(0, 600))
facts = st.one_of(
    st.builds(TakeRole, origin=origins, user=people),
    st.builds(SetSeverity, origin=origins, severity=st.sampled_from(["SEV1", "sev2", "SEV3", "nonsense"])),
    st.builds(StateImpact, origin=origins, impact=words),
    st.builds(Retitle, origin=origins, title=words),
    st.builds(
        MarkBoundaries,
        origin=origins,
        boundaries=st.lists(st.sampled_from(["checkout", "search", "moon"]), max_size=3).map(tuple),
    ),
    st.builds(RecordContainment, origin=origins, action=words, result=st.sampled_from(ContainmentResult)),
    st.builds(VerifyRecovery, origin=origins, how=words),
    st.builds(AddActionItem, origin=origins, what=words, assignee=people, due=st.just(date(2026, 12, 1))),
    st.builds(NeedNoAction, origin=origins, reason=words),
)
some_facts = st.lists(facts, max_size=3).map(tuple)
commands = st.one_of(
    facts,
    st.builds(AdvancePhase, origin=origins, to=st.sampled_from(Phase), first=some_facts),
    st.builds(CloseIncident, origin=origins, first=some_facts),
    st.builds(SendUpdate, origin=origins, text=words),
    st.builds(KeepPromise, origin=origins, audience=st.just("support"), due=st.datetimes().map(lambda at: origin().at)),
)


def check_step(before: Incident, after: Incident, events: tuple[Event, ...], command: Command) -> None:
    """What must hold across any one command."""
    entered = [event.phase for event in events if isinstance(event, PhaseEntered)]
    assert entered in ([], [before.phase.next])
    assert after.phase is (entered[0] if entered else before.phase)
    if not after.is_open and before.is_open:
        assert before.phase is Phase.POSTMORTEM
    if not before.is_open:
        assert after.but(seq=before.seq) == before
    told = [event.audience for event in events if isinstance(event, UpdateIssued)]
    assert len(told) == len(set(told))
    promises = {name: told.promised for name, told in after.told.items() if told.promised}
    assert all(owed(after, POLICY).get(name) == at for name, at in promises.items()) or after.phase is Phase.POSTMORTEM


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([None, "SEV1", "SEV3"]), st.lists(commands, max_size=40))
def test_no_sequence_of_commands_makes_a_transition_that_is_not_listed(severity, sequence):
    decision = decide(None, DeclareIncident(origin=origin(), title="x", severity=severity), POLICY, number=1)
    journal, incident = list(decision.events), fold(None, decision.events)
    for command in sequence:
        assert incident is not None
        decision = decide(incident, command, POLICY)
        after = fold(incident, decision.events)
        assert after is not None
        check_step(incident, after, decision.events, command)
        journal += decision.events
        incident = after
    written = [(event.at, event.actor, *write_event(event)) for event in journal]
    replayed = fold(None, [read_event(kind, at, actor, data, text) for at, actor, kind, data, text in written])
    assert incident is not None and replayed is not None
    assert replayed.canonical() == incident.canonical()
