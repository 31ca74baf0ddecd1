"""Audiences whose updates a person must send: what is drafted for them, when, and what becomes of it."""

import pytest

from bot.core.decision import SYSTEM
from bot.core.effects import PostUpdate, ShowCard, ShowStatus, Tell
from bot.core.facts import StateImpact, StateStart
from bot.core.incident import End, Incident, Phase
from bot.core.lifecycle import CloseIncident, DeclareIncident
from bot.core.policy_parts import ON_PHASE_CHANGE
from bot.core.refusal import AlreadyTold, HasEnded, NotInPolicy, SaysNothing
from bot.core.router.updates import (
    KeepPromise,
    Occasion,
    UpdateDrafted,
    UpdateIssued,
    addressed,
    listeners,
    owed,
    to_do,
    whole_minute,
)
from bot.core.severity import SetSeverity
from tests.core.given import (
    BOB,
    POLICY_WITH_DRAFTS,
    at,
    decided,
    declared,
    ended,
    facts_of,
    in_phase,
    kinds,
    next_step,
    on_time,
    only,
    origin,
    reminded_on_time,
    said,
    wishes,
    with_audience,
    written,
)


def drafted() -> Incident:
    """An incident at SEV1, declared at the start, with a draft for customers."""
    return declared("SEV1", POLICY_WITH_DRAFTS)


def with_customers_told() -> Incident:
    """An incident at SEV1 whose customers were told at the start."""
    return decided(drafted(), written(to=("customers",)), policy=POLICY_WITH_DRAFTS)[0]


def test_what_a_person_must_send_is_offered_as_a_draft_where_others_are_told():
    incident, decision = decided(
        None, DeclareIncident(origin=origin(), title="x", severity="SEV1"), policy=POLICY_WITH_DRAFTS
    )
    assert said(decision, UpdateIssued) == {"executives": Occasion.FIRST, "support": Occasion.FIRST}
    assert said(decision, UpdateDrafted) == {"customers": Occasion.FIRST}
    assert "customers" not in incident.told


def test_a_draft_says_what_would_be_sent():
    start = StateStart(origin=origin(), started=at(-30))
    impact = StateImpact(origin=origin(), impact="Cards fail")
    incident, _ = decided(declared(policy=POLICY_WITH_DRAFTS), start, impact, policy=POLICY_WITH_DRAFTS)
    raised = SetSeverity(origin=origin(BOB, 3), severity="SEV1")
    draft = only(UpdateDrafted, decided(incident, raised, policy=POLICY_WITH_DRAFTS)[1])
    assert draft == UpdateDrafted(
        at=at(3),
        actor=BOB,
        audience="customers",
        occasion=Occasion.FIRST,
        phase=Phase.DETECTION,
        since=at(0),
        severity="SEV1",
        promised=whole_minute(at(28)),
        started=at(-30),
        impact="Cards fail",
        until=at(28),
    )


def test_a_draft_that_waits_does_not_put_off_what_its_audience_is_owed():
    assert owed(drafted(), POLICY_WITH_DRAFTS)["customers"] == at(10)
    told = with_customers_told()
    after, _ = reminded_on_time(told, POLICY_WITH_DRAFTS)
    assert owed(after, POLICY_WITH_DRAFTS)["customers"] == told.told["customers"].promised


def test_nothing_goes_out_by_itself_to_who_is_drafted():
    told = with_customers_told()
    due = told.told["customers"].promised
    assert due and "customers" not in to_do(told, POLICY_WITH_DRAFTS)
    keep = KeepPromise(origin=origin(SYSTEM).but(at=due), audience="customers", due=due)
    assert decided(told, keep, policy=POLICY_WITH_DRAFTS)[1].events == ()


def test_a_draft_of_another_audience_waits_on_its_own():
    after, _ = on_time(drafted(), "support", POLICY_WITH_DRAFTS)
    assert after.undrafted_until == drafted().undrafted_until


def test_two_audiences_whose_updates_are_drafted_wait_side_by_side():
    both = with_audience(POLICY_WITH_DRAFTS, sent_by="a person")
    incident = declared("SEV1", both)
    assert incident.undrafted_until == {"customers": at(25), "product": at(15)}
    after, _ = decided(incident, written(to=("product",)), policy=both)
    assert after.undrafted_until == {"customers": at(25)}


def test_a_person_sends_it_to_them_alone_and_they_are_promised_the_next():
    after, decision = decided(
        drafted(), written("We mend it.", to=("customers",), minutes=4), policy=POLICY_WITH_DRAFTS
    )
    sent = only(UpdateIssued, decision)
    assert (sent.audience, sent.occasion, sent.text, sent.actor) == ("customers", Occasion.WRITTEN, "We mend it.", BOB)
    assert after.undrafted_until == {}
    assert after.told["customers"].promised == owed(after, POLICY_WITH_DRAFTS)["customers"] == whole_minute(at(29))


def test_an_update_to_nobody_in_particular_reaches_all_but_those_whose_updates_are_drafted():
    incident = with_customers_told()
    assert addressed(incident, POLICY_WITH_DRAFTS) == ["executives", "support"]
    assert listeners(incident, POLICY_WITH_DRAFTS) == ["executives", "support", "customers"]
    after, decision = decided(incident, written(minutes=5), policy=POLICY_WITH_DRAFTS)
    assert set(said(decision)) == {"executives", "support"}
    assert after.told["customers"] == incident.told["customers"]


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.next])
def test_a_phase_change_is_drafted_where_others_are_told_of_it(phase):
    incident = in_phase(phase, "SEV1", POLICY_WITH_DRAFTS)
    decision = decided(incident, next_step(incident), policy=POLICY_WITH_DRAFTS)[1]
    assert said(decision, UpdateDrafted) == {"customers": Occasion.PHASE}
    assert said(decision, UpdateIssued) == {"executives": Occasion.PHASE, "support": Occasion.PHASE}
    assert only(UpdateDrafted, decision).phase is phase.next


def test_that_service_is_restored_is_drafted_without_a_promise_and_no_other_draft_is_owed():
    incident = in_phase(Phase.RECOVERY, "SEV1", POLICY_WITH_DRAFTS)
    after, decision = decided(incident, next_step(incident), policy=POLICY_WITH_DRAFTS)
    assert only(UpdateDrafted, decision).promised is None
    assert owed(after, POLICY_WITH_DRAFTS) == {}


def test_who_is_drafted_and_hears_only_of_phase_changes_gets_one_draft_for_each():
    never = dict.fromkeys(("SEV1", "SEV2", "SEV3"), ON_PHASE_CHANGE)
    policy = with_audience(sent_by="a person", first_update_minutes=never, then_every_minutes=never)
    incident = declared("SEV1", policy)
    after, decision = decided(incident, next_step(incident), policy=policy)
    assert said(decision, UpdateDrafted) == {"product": Occasion.PHASE}
    assert "product" not in owed(after, policy)
    assert after.undrafted_until == {"product": at(24 * 60)}


def test_customers_who_were_never_told_are_not_told_of_the_end_either():
    incident = in_phase(Phase.POSTMORTEM, "SEV1", POLICY_WITH_DRAFTS)
    close = CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM))
    decision = decided(incident, close, policy=POLICY_WITH_DRAFTS)[1]
    assert said(decision) == {"executives": Occasion.CLOSE, "support": Occasion.CLOSE}


def test_who_does_not_hear_of_the_severity_gets_no_draft():
    incident, decision = decided(
        None, DeclareIncident(origin=origin(), title="x", severity="SEV3"), policy=POLICY_WITH_DRAFTS
    )
    assert said(decision) == {"support": Occasion.FIRST}
    refusal = decided(incident, written(to=("support", "customers")), policy=POLICY_WITH_DRAFTS)[1].refusal
    assert refusal == NotInPolicy(what="audience", given="customers", known=("support",))


def test_a_draft_is_shown_to_the_room_and_never_to_its_audience():
    set_severity = SetSeverity(origin=origin(), severity="SEV1")
    only_customers = POLICY_WITH_DRAFTS.but(audiences=POLICY_WITH_DRAFTS.audiences[2:])
    found = wishes(declared(policy=only_customers), set_severity, only_customers)
    assert found[-2:] == [ShowCard(), Tell()]
    assert not [effect for effect in found if isinstance(effect, PostUpdate | ShowStatus)]


def test_what_a_person_sends_is_told_in_the_room_and_posted_to_the_audience():
    assert wishes(drafted(), written(to=("customers",), minutes=4), POLICY_WITH_DRAFTS) == [
        ShowCard(),
        Tell(),
        ShowStatus(audience="customers"),
        PostUpdate(audience="customers"),
    ]


def test_of_two_people_who_send_the_same_draft_the_second_reads_that_it_was_sent():
    first = written(to=("customers",), minutes=4).but(updates=0)
    incident, decision = decided(drafted(), first, policy=POLICY_WITH_DRAFTS)
    assert decision.refusal is None
    second = written(to=("customers",), minutes=5).but(updates=0)
    after, decision = decided(incident, second, policy=POLICY_WITH_DRAFTS)
    assert decision.refusal == AlreadyTold(audience="customers", at=at(4))
    assert kinds(decision) == ["AttemptRefused"] and after.told == incident.told


def test_a_draft_for_who_was_told_before_is_sent_by_how_many_updates_they_had():
    incident = with_customers_told()
    for updates, refused in ((0, True), (1, False), (None, False)):
        command = written(to=("customers",), minutes=5).but(updates=updates)
        assert (decided(incident, command, policy=POLICY_WITH_DRAFTS)[1].refusal is not None) is refused


def closed_with_a_draft() -> Incident:
    """An incident that is over, with a last draft for customers, who were told before."""
    return ended(with_customers_told(), POLICY_WITH_DRAFTS)


def test_that_it_is_over_is_drafted_for_those_who_were_told_of_it():
    incident = decided(
        in_phase(Phase.POSTMORTEM, "SEV1", POLICY_WITH_DRAFTS), written(to=("customers",)), policy=POLICY_WITH_DRAFTS
    )[0]
    close = CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM))
    decision = decided(incident, close, policy=POLICY_WITH_DRAFTS)[1]
    assert said(decision, UpdateDrafted) == {"customers": Occasion.CLOSE}
    assert only(UpdateDrafted, decision).promised is None


def test_the_last_word_can_be_sent_after_the_end_and_only_once():
    last = written("It is over.", to=("customers",), minutes=60)
    after, decision = decided(closed_with_a_draft(), last, policy=POLICY_WITH_DRAFTS)
    sent = only(UpdateIssued, decision)
    assert (sent.audience, sent.occasion, sent.promised) == ("customers", Occasion.CLOSE, None)
    assert after.end is End.CLOSED and after.undrafted_until == {}
    assert decided(after, last, policy=POLICY_WITH_DRAFTS)[1].refusal == HasEnded(end=End.CLOSED)


@pytest.mark.parametrize("audiences", [(), ("support",), ("support", "customers"), ("press",)])
def test_nothing_else_is_sent_after_the_end(audiences):
    command = written(to=audiences, minutes=60)
    after, decision = decided(closed_with_a_draft(), command, policy=POLICY_WITH_DRAFTS)
    assert decision.refusal == HasEnded(end=End.CLOSED) and after.told == closed_with_a_draft().told


def test_a_last_word_that_says_nothing_is_refused():
    command = written(" ", to=("customers",), minutes=60)
    after, decision = decided(closed_with_a_draft(), command, policy=POLICY_WITH_DRAFTS)
    assert decision.refusal == SaysNothing(what="update")
    assert after.undrafted_until == closed_with_a_draft().undrafted_until


def test_after_the_end_no_draft_is_offered_again():
    assert to_do(closed_with_a_draft(), POLICY_WITH_DRAFTS) == {}


def test_the_last_word_is_posted_to_its_audience():
    found = wishes(closed_with_a_draft(), written(to=("customers",), minutes=60), POLICY_WITH_DRAFTS)
    assert found[-2:] == [ShowStatus(audience="customers"), PostUpdate(audience="customers")]
