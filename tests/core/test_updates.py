"""Promises: who is owed a word, when, and how often."""

from datetime import timedelta

from bot.core.decision import Decision
from bot.core.incident import Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.refusal import SaysNothing
from bot.core.router.updates import KeepPromise, Occasion, SendUpdate, UpdateIssued, owed
from bot.core.severity import SetSeverity
from tests.core.given import BOB, POLICY, START, closed, decided, declared, delivered, facts_of, in_phase, origin


def told(decision: Decision) -> dict[str, Occasion]:
    """Which audiences a decision tells, and why. Fails when one is told twice."""
    updates = [event for event in decision.events if isinstance(event, UpdateIssued)]
    assert len({update.audience for update in updates}) == len(updates)
    return {update.audience: update.occasion for update in updates}


def test_without_a_severity_the_first_update_is_owed_as_for_sev2():
    incident = declared()
    assert owed(incident, POLICY) == {name: START + timedelta(minutes=15) for name in ("executives", "support")}


def test_a_known_severity_is_told_at_once_to_those_who_hear_of_it():
    _, decision = decided(None, DeclareIncident(origin=origin(), title="x", severity="SEV3"))
    assert told(decision) == {"support": Occasion.FIRST}


def test_the_promise_is_the_cadence_of_the_severity_to_the_full_minute():
    incident = declared("SEV1")
    assert owed(incident, POLICY)["support"] == START.replace(second=0) + timedelta(minutes=15)


def test_a_due_promise_is_kept_and_a_new_one_made():
    incident = delivered(declared("SEV1"))
    due = owed(incident, POLICY)["support"]
    late = KeepPromise(origin=origin(minutes=47), audience="support", due=due)
    after, decision = decided(incident, late)
    assert told(decision) == {"support": Occasion.DUE}
    assert owed(after, POLICY)["support"] == START.replace(second=0) + timedelta(minutes=62)
    assert owed(after, POLICY)["executives"] == owed(incident, POLICY)["executives"]


def test_a_promise_that_was_kept_in_the_meantime_is_not_kept_twice():
    incident = declared("SEV1")
    keep = KeepPromise(origin=origin(minutes=15), audience="support", due=owed(incident, POLICY)["support"])
    incident, _ = decided(incident, keep)
    assert not told(decided(incident, keep)[1])


def test_a_written_update_reaches_everyone_and_resets_the_clock():
    incident = declared("SEV1")
    after, decision = decided(incident, SendUpdate(origin=origin(BOB, minutes=5), text="We are on it."))
    assert told(decision) == {"executives": Occasion.WRITTEN, "support": Occasion.WRITTEN}
    assert owed(after, POLICY)["support"] == START.replace(second=0) + timedelta(minutes=20)


def test_an_empty_update_is_refused():
    decision = decided(declared("SEV1"), SendUpdate(origin=origin(), text=" "))[1]
    assert decision.refusal == SaysNothing(what="update") and not told(decision)


def test_a_phase_change_is_always_told_and_names_the_phase_entered():
    _, decision = decided(declared(), AdvancePhase(origin=origin(), to=Phase.TRIAGE, first=facts_of(Phase.DETECTION)))
    assert told(decision) == {"executives": Occasion.PHASE, "support": Occasion.PHASE}
    assert all(event.phase is Phase.TRIAGE for event in decision.events if isinstance(event, UpdateIssued))


def test_setting_the_severity_while_advancing_tells_each_audience_once():
    incident = in_phase(Phase.TRIAGE)
    _, decision = decided(incident, AdvancePhase(origin=origin(), to=Phase.CONTAINMENT, first=facts_of(Phase.TRIAGE)))
    assert set(told(decision)) == {"executives", "support"}


def test_a_raise_tells_who_was_not_told_and_hurries_who_was():
    incident = declared("SEV3")
    after, decision = decided(incident, SetSeverity(origin=origin(minutes=1), severity="SEV1"))
    assert told(decision) == {"executives": Occasion.FIRST}
    assert owed(after, POLICY)["support"] == START + timedelta(minutes=16)


def test_a_lowering_keeps_what_was_promised_and_everyone_who_was_told():
    incident = declared("SEV1")
    after, decision = decided(incident, SetSeverity(origin=origin(minutes=1), severity="SEV3"))
    assert not told(decision)
    assert owed(after, POLICY) == owed(incident, POLICY)


def test_postmortem_says_service_is_restored_and_stops_the_clock():
    incident = in_phase(Phase.RECOVERY)
    after, decision = decided(
        incident, AdvancePhase(origin=origin(), to=Phase.POSTMORTEM, first=facts_of(Phase.RECOVERY))
    )
    updates = [event for event in decision.events if isinstance(event, UpdateIssued)]
    assert updates and all(update.promised is None for update in updates)
    assert owed(after, POLICY) == {}


def test_the_close_is_one_last_message_to_everyone_who_was_told():
    incident = in_phase(Phase.POSTMORTEM)
    _, decision = decided(incident, CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM)))
    assert told(decision) == {"executives": Occasion.CLOSE, "support": Occasion.CLOSE}
    assert owed(closed(), POLICY) == {}


def test_phase_changes_closes_and_everything_at_the_worst_severity_reach_the_whole_channel():
    def to_channel(decision: Decision) -> set[bool]:
        return {event.to_channel for event in decision.events if isinstance(event, UpdateIssued)}

    sev2 = declared("SEV2")
    assert to_channel(decided(sev2, SendUpdate(origin=origin(), text="x"))[1]) == {False}
    assert to_channel(decided(declared("SEV1"), SendUpdate(origin=origin(), text="x"))[1]) == {True}
    advance = AdvancePhase(origin=origin(), to=Phase.TRIAGE, first=facts_of(Phase.DETECTION))
    assert to_channel(decided(sev2, advance)[1]) == {True}
