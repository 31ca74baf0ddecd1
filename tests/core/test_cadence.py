"""How often an audience hears: as the severity says, or by a cadence of its own."""

from bot.core.decision import SYSTEM
from bot.core.effects import PostUpdate, ShowCard, ShowStatus, Tell
from bot.core.facts import StateStart
from bot.core.incident import Phase
from bot.core.lifecycle import DeclareIncident
from bot.core.policy_parts import ON_PHASE_CHANGE
from bot.core.refusal import NotInPolicy
from bot.core.router.promises import PromiseMoved
from bot.core.router.updates import KeepPromise, Occasion, UpdateIssued, Wording, owed, whole_minute
from bot.core.severity import SetSeverity
from tests.core.given import (
    POLICY,
    at,
    decided,
    declared,
    ended,
    kinds,
    next_step,
    on_time,
    origin,
    policy_with,
    said,
    wishes,
    with_audience,
    written,
)

ON_CHANGE_ONLY = dict.fromkeys(("SEV1", "SEV2", "SEV3"), ON_PHASE_CHANGE)
ON_CHANGE = with_audience(first_update_minutes=ON_CHANGE_ONLY, then_every_minutes=ON_CHANGE_ONLY)
"""`product` hears only when the phase changes."""


def test_the_first_update_is_owed_as_soon_as_the_audiences_own_cadence_says():
    policy = with_audience(first_update_minutes={"SEV2": 40})
    assert owed(declared(policy=policy), policy) == {"executives": at(15), "support": at(15), "product": at(40)}


def test_the_next_update_is_promised_by_the_audiences_own_cadence():
    policy = with_audience(then_every_minutes={"SEV1": 90})
    incident = declared("SEV1", policy)
    assert owed(incident, policy)["product"] == whole_minute(at(90))
    assert owed(incident, policy)["support"] == whole_minute(at(15))


def test_a_cadence_for_one_severity_leaves_the_usual_one_for_the_others():
    policy = with_audience(then_every_minutes={"SEV1": 90})
    assert owed(declared("SEV3", policy), policy)["product"] == whole_minute(at(60))


def test_who_hears_only_of_phase_changes_is_told_nothing_at_once_and_owed_nothing():
    incident, decision = decided(None, DeclareIncident(origin=origin(), title="x", severity="SEV1"), policy=ON_CHANGE)
    assert set(said(decision)) == {"executives", "support"}
    assert set(owed(incident, ON_CHANGE)) == {"executives", "support"}


def test_who_hears_only_of_phase_changes_hears_of_each_and_is_promised_nothing():
    incident = declared("SEV1", ON_CHANGE)
    while incident.phase.next is not None:
        incident, decision = decided(incident, next_step(incident), policy=ON_CHANGE)
        assert said(decision, UpdateIssued)["product"] is Occasion.PHASE
        assert incident.told["product"].promised is None and "product" not in owed(incident, ON_CHANGE)


def test_who_hears_only_of_phase_changes_can_be_written_to_and_hears_of_the_end():
    incident, decision = decided(declared("SEV1", ON_CHANGE), written(to=("product",)), policy=ON_CHANGE)
    assert said(decision, UpdateIssued) == {"product": Occasion.WRITTEN}
    assert "product" not in owed(incident, ON_CHANGE)
    assert ended(incident, ON_CHANGE).told["product"].updates == 6


def test_a_first_update_can_be_owed_to_who_then_hears_only_of_phase_changes():
    policy = with_audience(first_update_minutes={"SEV2": 5}, then_every_minutes=ON_CHANGE_ONLY)
    incident = declared(policy=policy)
    assert owed(incident, policy)["product"] == at(5)
    after, decision = on_time(incident, "product", policy)
    assert said(decision, UpdateIssued) == {"product": Occasion.FIRST}
    assert "product" not in owed(after, policy)


def test_a_raise_hurries_each_audience_by_its_own_cadence():
    policy = with_audience(then_every_minutes={"SEV1": 20})
    after, decision = decided(
        declared("SEV3", policy), SetSeverity(origin=origin(minutes=1), severity="SEV1"), policy=policy
    )
    moved = {event.audience: event.promised for event in decision.events if isinstance(event, PromiseMoved)}
    assert moved == {"support": at(16), "product": at(21)}
    assert owed(after, policy)["product"] == at(21)


def test_a_raise_puts_off_nobody_who_hears_less_often_of_what_is_worse():
    policy = with_audience(then_every_minutes={"SEV1": 240})
    incident = declared("SEV3", policy)
    after, _ = decided(incident, SetSeverity(origin=origin(minutes=1), severity="SEV1"), policy=policy)
    assert after.told["product"] == incident.told["product"]


def test_who_was_told_before_listens_on_and_can_be_written_to_at_a_milder_severity():
    lower = [SetSeverity(origin=origin(), severity=name, reason="Few are hit") for name in ("SEV2", "SEV3")]
    at_once = policy_with(lower_once_in_minutes=0)
    incident, _ = decided(declared("SEV1", at_once).but(phase=Phase.TRIAGE), *lower, policy=at_once)
    after, decision = decided(incident, written(to=("executives",)), policy=at_once)
    assert said(decision, UpdateIssued) == {"executives": Occasion.WRITTEN}
    assert after.told["executives"].promised == whole_minute(at(60))


def test_an_update_names_when_the_harm_began_as_far_as_it_is_known():
    known, _ = decided(declared("SEV1"), StateStart(origin=origin(minutes=3), started=at(-30)))
    assert {event.started for event in decided(known, written())[1].events if isinstance(event, UpdateIssued)} == {
        at(-30)
    }
    assert {
        event.started for event in decided(declared("SEV1"), written())[1].events if isinstance(event, Wording)
    } == {None}


def test_an_update_for_an_audience_that_there_is_not_is_sent_to_none_of_the_others():
    after, decision = decided(declared("SEV1"), written(to=("support", "press")))
    assert decision.refusal == NotInPolicy(what="audience", given="press", known=("executives", "support"))
    assert kinds(decision) == ["AttemptRefused"] and after.told == declared("SEV1").told


def test_the_room_is_told_once_of_an_update_however_many_audiences_read_it():
    found = wishes(declared("SEV1"), written(minutes=4))
    assert found.count(Tell()) == 1
    assert [effect.audience for effect in found if isinstance(effect, PostUpdate)] == ["executives", "support"]


def test_an_update_that_goes_out_by_itself_is_not_told_in_the_room():
    due = owed(declared("SEV1"), POLICY)["support"]
    command = KeepPromise(origin=origin(SYSTEM).but(at=due), audience="support", due=due)
    assert wishes(declared("SEV1"), command) == [
        ShowCard(),
        ShowStatus(audience="support"),
        PostUpdate(audience="support"),
    ]


def test_an_audience_begins_to_hear_in_its_phases_and_hears_on_until_the_end():
    policy = with_audience(phases=["CONTAINMENT"])
    incident = declared("SEV1", policy)
    assert "product" not in owed(incident, policy) and "product" not in incident.told
    for phase in (Phase.TRIAGE, Phase.CONTAINMENT, Phase.RECOVERY):
        incident, decision = decided(incident, next_step(incident), policy=policy)
        assert ("product" in said(decision)) is (phase is not Phase.TRIAGE)
