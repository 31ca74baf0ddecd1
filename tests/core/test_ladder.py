"""Reminders of what a person must send: who is asked when, what an audience reads that waits, and what becomes of the promise."""

from datetime import timedelta

import pytest

from bot.core.decision import SYSTEM, Decision
from bot.core.effects import Invite, Mention, PostNote, ShowCard, Tell, Whisper
from bot.core.facts import StateImpact
from bot.core.incident import COMMANDER, Incident, Phase
from bot.core.lifecycle import AdvancePhase
from bot.core.policy import Policy
from bot.core.refusal import AlreadyTold, CannotSnooze, HasChanged, NotInPolicy
from bot.core.roles import TakeRole
from bot.core.router.ladder import next_due
from bot.core.router.promises import came_of
from bot.core.router.reminders import LateNoted, Remind, RemindersSnoozed, SayNoChange, SnoozeReminder, UpdateReminded
from bot.core.router.updates import Occasion, SendUpdate, UpdateIssued
from bot.core.router.wording import facts
from bot.core.rungs import Step
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY_WITH_DRAFTS,
    at,
    decided,
    declared,
    delivered,
    facts_of,
    kinds,
    only,
    origin,
    policy_with,
    reminded_on_time,
    wishes,
    with_audience,
    written,
)

COMMS = "communications lead"
HOURLY = with_audience(
    policy_with(POLICY_WITH_DRAFTS, escalate_to=["@directors"]),
    name="partners",
    channel="#partners",
    sent_by="a person",
    then_every_minutes={"SEV1": 60},
)
"""What customers (every 25 minutes at SEV1) and partners (every hour) read, a person sends."""
PARTNERS_ONLY = policy_with(HOURLY, audiences=HOURLY.model_dump()["audiences"][-1:])


def with_leads(policy: Policy = PARTNERS_ONLY) -> Incident:
    """An incident at SEV1, led by ALICE with CAROL as deputy, in which BOB sees to communications."""
    roles = ((COMMANDER, ALICE), ("deputy", CAROL), (COMMS, BOB))
    taken = (TakeRole(origin=origin(user), role=role, user=user) for role, user in roles)
    return decided(declared("SEV1", policy), *taken, policy=policy)[0]


def promised(policy: Policy = PARTNERS_ONLY, to: tuple[str, ...] = ("partners",)) -> Incident:
    """The same, where these audiences have just been told, as the record has it."""
    told = decided(with_leads(policy), written("We are on it.", to=to), policy=policy)[0]
    return delivered(told, policy)


def climb(incident: Incident, policy: Policy, steps: int) -> list[tuple[float, str, tuple[str, ...]]]:
    """The next steps of the ladder, each on time: after how many minutes, which, and who was reminded."""
    taken = []
    for _ in range(steps):
        due = next_due(incident, policy)
        assert due
        incident, decision = reminded_on_time(incident, policy)
        for event in decision.events:
            step, to = (event.step.value, event.to) if isinstance(event, UpdateReminded) else ("note", ())
            taken.append((round((due - at(0)) / timedelta(minutes=1), 2), step, to))
    return taken


def test_an_hourly_promise_is_reminded_of_step_by_step():
    """Promised for the whole minute before 60 minutes from now, 20 seconds less."""
    assert climb(promised(), PARTNERS_ONLY, 8) == [
        (54.67, "draft", (BOB,)),
        (59.67, "room", (BOB,)),
        (71.67, "commander", (ALICE, CAROL)),
        (89.67, "note", ()),
        (119.67, "missed", (ALICE, CAROL)),
        (149.67, "note", ()),
        (209.67, "commander", (ALICE, CAROL)),
        (269.67, "commander", (ALICE, CAROL)),
    ]


def reminded_late(incident: Incident, policy: Policy, hours: float) -> tuple[Incident, Decision]:
    """What comes of the ladder when nobody looked until so many hours after the incident was declared."""
    due = next_due(incident, policy)
    assert due
    return decided(incident, Remind(origin=origin(SYSTEM).but(at=at(60 * hours)), due=due), policy=policy)


@pytest.mark.parametrize("taken", [0, 2, 5, 7])
def test_of_steps_that_went_by_unnoticed_people_read_one_message_and_the_next_comes_an_interval_later(taken):
    before = after_steps(taken)[0] if taken else promised()
    after, decision = reminded_late(before, PARTNERS_ONLY, 24)
    event = only(UpdateReminded, decision)
    assert event.step is (Step.MISSED if taken < 5 else Step.LEADER)
    following = next_due(after, PARTNERS_ONLY)
    assert following and timedelta(0) < following - at(24 * 60) <= timedelta(hours=1)


def test_somebody_else_is_called_though_calls_of_whoever_leads_have_come_due_since():
    decision = reminded_late(promised(), PARTNERS_ONLY, 9)[1]
    assert only(UpdateReminded, decision).calls == ("@directors",)


def test_a_short_interval_has_no_step_too_soon_after_the_one_before():
    policy = with_audience(
        PARTNERS_ONLY, name="board", channel="#board", sent_by="a person", then_every_minutes={"SEV1": 9}
    )
    policy = policy_with(policy, audiences=policy.model_dump()["audiences"][-1:])
    due = 9 - 1 / 3
    steps = [(round(minutes - due, 1), step) for minutes, step, _ in climb(promised(policy, ("board",)), policy, 5)]
    assert steps == [(-3.0, "draft"), (2.0, "room"), (3.0, "commander"), (5.0, "note"), (9.0, "missed")]


def test_without_a_communications_lead_whoever_leads_is_asked_and_without_anybody_whoever_declared_it():
    told = delivered(decided(declared("SEV1", PARTNERS_ONLY), written(to=("partners",)), policy=PARTNERS_ONLY)[0])
    assert [to for _, step, to in climb(told, PARTNERS_ONLY, 3)] == [(ALICE,)] * 3


def test_the_draft_comes_as_a_direct_message_and_the_rest_in_the_room():
    incident = promised()
    due = next_due(incident, PARTNERS_ONLY)
    assert due
    command = Remind(origin=origin(SYSTEM).but(at=due), due=due)
    assert wishes(incident, command, PARTNERS_ONLY) == [Whisper(to=BOB)]
    after, _ = reminded_on_time(incident, PARTNERS_ONLY)
    due = next_due(after, PARTNERS_ONLY)
    assert due
    assert wishes(after, Remind(origin=origin(SYSTEM).but(at=due), due=due), PARTNERS_ONLY) == [ShowCard(), Tell()]


def after_steps(count: int, policy: Policy = PARTNERS_ONLY) -> tuple[Incident, Decision]:
    """The incident after so many steps, and what the last one came to."""
    incident, decision = promised(policy), Decision()
    for _ in range(count):
        incident, decision = reminded_on_time(incident, policy)
    return incident, decision


def test_the_audience_reads_a_note_that_says_what_it_knew_and_keeps_no_promise():
    before = after_steps(3)[0]
    due = next_due(before, PARTNERS_ONLY)
    assert due
    command = Remind(origin=origin(SYSTEM).but(at=due), due=due)
    assert wishes(before, command, PARTNERS_ONLY) == [Tell(), PostNote(audience="partners")]
    after, decision = decided(before, command, policy=PARTNERS_ONLY)
    note = only(LateNoted, decision)
    assert (note.due, note.last) == (before.told["partners"].promised, before.told["partners"].last)
    assert note.impact is None  # the last update was worded by a person
    assert after.told == before.told and after.promises == before.promises


def test_a_note_repeats_the_impact_that_the_audience_has_read_and_no_newer_one():
    impact = StateImpact(origin=origin(), impact="Cards fail")
    due = promised().but(impact="Cards fail", phase=Phase.TRIAGE)
    composed = issue_composed(decided(due, impact, policy=PARTNERS_ONLY)[0])
    newer = decided(composed, StateImpact(origin=origin(minutes=9), impact="All fail"), policy=PARTNERS_ONLY)[0]
    for _ in range(4):
        newer, decision = reminded_on_time(newer, PARTNERS_ONLY)
    assert only(LateNoted, decision).impact == "Cards fail"


def issue_composed(incident: Incident) -> Incident:
    """Its partners have been told what the record says."""
    told = incident.told["partners"].but(facts=facts(incident, PARTNERS_ONLY, "partners"), is_written=False)
    return incident.but(told={"partners": told})


def test_a_missed_promise_calls_somebody_at_the_severities_that_the_policy_names():
    before = after_steps(4)[0]
    due = next_due(before, PARTNERS_ONLY)
    assert due
    found = wishes(before, Remind(origin=origin(SYSTEM).but(at=due), due=due), PARTNERS_ONLY)
    assert found == [
        ShowCard(),
        Invite(people=("@directors",), lane_of="escalation"),
        Mention(people=("@directors",)),
        Tell(),
    ]
    quiet = policy_with(PARTNERS_ONLY, escalate_at=["SEV3"])
    assert only(UpdateReminded, after_steps(5, quiet)[1]).calls == ()


def test_audiences_that_are_due_together_are_one_reminder():
    policy = policy_with(
        HOURLY, audiences=[{**one, "then_every_minutes": {"SEV1": 60}} for one in HOURLY.model_dump()["audiences"][2:]]
    )
    incident, decision = reminded_on_time(promised(policy, ("customers", "partners")), policy)
    event = only(UpdateReminded, decision)
    assert kinds(decision) == ["UpdateReminded"] and event.audiences == ("customers", "partners")
    _, decision = reminded_on_time(incident, policy)
    assert only(UpdateReminded, decision).step is Step.ROOM


def test_after_a_long_silence_of_ours_only_the_last_step_is_taken():
    incident = promised()
    due = next_due(incident, PARTNERS_ONLY)
    assert due
    after, decision = decided(incident, Remind(origin=origin(SYSTEM, 75), due=due), policy=PARTNERS_ONLY)
    assert only(UpdateReminded, decision).step is Step.LEADER
    assert only(LateNoted, reminded_on_time(after, PARTNERS_ONLY)[1]).audience == "partners"


def test_an_update_ends_the_ladder_and_the_next_promise_begins_it_anew():
    incident = after_steps(3)[0]
    sent = decided(incident, written(to=("partners",), minutes=80), policy=PARTNERS_ONLY)[0]
    assert sent.reminders == {}
    assert climb(sent, PARTNERS_ONLY, 1)[0][:2] == (134.67, "draft")


def test_a_new_phase_is_to_be_told_within_ten_minutes_however_far_the_promise_is():
    step = AdvancePhase(origin=origin(minutes=5), to=Phase.TRIAGE, first=facts_of(Phase.DETECTION)[1:])
    incident = decided(promised(), step, policy=PARTNERS_ONLY)[0]
    reminded = climb(incident, PARTNERS_ONLY, 3)
    assert [(minutes, kind) for minutes, kind, _ in reminded] == [(10.0, "draft"), (15.0, "room"), (27.0, "commander")]
    assert not any(kind == "note" for minutes, kind, _ in climb(incident, PARTNERS_ONLY, 4) if minutes < 60)


def test_a_draft_of_a_reminder_tells_of_the_phase_until_somebody_has():
    step = AdvancePhase(origin=origin(minutes=5), to=Phase.TRIAGE, first=facts_of(Phase.DETECTION)[1:])
    incident = decided(promised(), step, policy=PARTNERS_ONLY)[0]
    assert only(UpdateReminded, reminded_on_time(incident, PARTNERS_ONLY)[1]).occasion is Occasion.PHASE


# What people answer


def test_no_change_is_sent_at_once_and_is_that_persons_update():
    incident = issue_composed(promised())
    say = SayNoChange(origin=origin(BOB, 58), audiences=("partners",), told={"partners": 1})
    after, decision = decided(incident, say, policy=PARTNERS_ONLY)
    sent = only(UpdateIssued, decision)
    assert (sent.occasion, sent.text, sent.actor, sent.by_hand) == (Occasion.DUE, None, BOB, True)
    assert after.unsent[-1].by == BOB
    again = decided(after, say, policy=PARTNERS_ONLY)[1]
    assert again.refusal == AlreadyTold(audience="partners", at=at(58))


def test_no_change_is_refused_when_something_has_changed():
    incident = decided(promised(), StateImpact(origin=origin(minutes=9), impact="All fail"), policy=PARTNERS_ONLY)[0]
    say = SayNoChange(origin=origin(BOB, 58), audiences=("partners",), told={"partners": 1})
    assert decided(incident, say, policy=PARTNERS_ONLY)[1].refusal == HasChanged(audience="partners")
    unknown = decided(incident, say.but(audiences=("press",)), policy=PARTNERS_ONLY)[1].refusal
    assert unknown == NotInPolicy(what="audience", given="press", known=("partners",))


def test_a_reminder_is_put_off_once_by_half_of_the_interval_and_not_when_the_update_is_overdue():
    incident = after_steps(1)[0]
    snooze = SnoozeReminder(origin=origin(BOB, 56), audiences=("partners",))
    after, decision = decided(incident, snooze, policy=PARTNERS_ONLY)
    assert only(RemindersSnoozed, decision).until == at(86)
    assert climb(after, PARTNERS_ONLY, 1)[0][0] == 86
    assert decided(after, snooze, policy=PARTNERS_ONLY)[1].refusal == CannotSnooze(because="snoozed")
    late = decided(incident, snooze.but(origin=origin(BOB, 61)), policy=PARTNERS_ONLY)[1]
    assert late.refusal == CannotSnooze(because="overdue")


def test_what_is_put_off_is_what_people_are_asked_and_not_what_the_audience_reads():
    incident = after_steps(1)[0]
    longer = policy_with(PARTNERS_ONLY, snooze_percent=100)
    snooze = SnoozeReminder(origin=origin(BOB, 56), audiences=("partners",))
    after = decided(incident, snooze, policy=longer)[0]
    assert climb(after, longer, 1)[0][1] == "note"


def test_a_person_who_sends_it_late_has_it_counted_late():
    incident = promised()
    promise = incident.promises["partners"]
    sent = decided(incident, SendUpdate(origin=origin(BOB, 70), text="Still on it"), policy=PARTNERS_ONLY)[0]
    assert sent.told["partners"].updates == 1  # nobody named: those whose updates are drafted are left out
    assert came_of(promise, at(70), PARTNERS_ONLY) == "late"
