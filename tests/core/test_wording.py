"""What an update says of the record: which sentences are chosen, and that nothing is said that is not so."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.containment import EndHold, RecordContainment, ReportReturn, hold_due
from bot.core.decision import SYSTEM
from bot.core.ends import CancelIncident
from bot.core.facts import StateImpact
from bot.core.incident import Cause, ContainmentResult, End, Facts, Incident, Phase
from bot.core.lifecycle import AdvancePhase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.core.router.reminders import LateNoted
from bot.core.router.updates import Occasion, SendUpdate, UpdateDrafted, UpdateIssued, issue
from bot.core.router.wording import facts, framed, holding, shown, situation, trend
from bot.core.severity import SetSeverity
from bot.core.templates import Situation, Trend, Words
from bot.core.vocabulary import evolve, read_event, write_event
from bot.files import read_policy
from bot.files.languages import read_languages
from bot.slack.messages.promises import late_note
from tests.core.given import (
    ALICE,
    OPEN,
    at,
    closed,
    decided,
    declared,
    delivered,
    facts_of,
    in_phase,
    on_time,
    only,
    origin,
    policy_with,
    reminded_on_time,
)

PLAYBOOKS = Path(__file__).parent.parent.parent / "playbooks"
SHIPPED = read_policy(PLAYBOOKS)
POLICY = policy_with(SHIPPED, may=OPEN, gates=[{"need": "severity"}, {"need": "containment"}])
"""What Lockstep comes with, so that what it comes with is tried; everybody may do everything."""


def said(incident: Incident, audience: str, occasion: Occasion = Occasion.PHASE, policy: Policy = POLICY) -> Words:
    """The sentences of an update to this audience as the record stands."""
    command = SendUpdate(origin=origin(minutes=30), text="")
    words = issue(incident, audience, occasion, command, policy).words
    assert words is not None
    return words


def triaged(severity: str = "SEV1") -> Incident:
    """An incident in TRIAGE, of which everybody was told."""
    return in_phase(Phase.TRIAGE, severity, POLICY)


def contained() -> Incident:
    """An incident in CONTAINMENT in which something has just worked."""
    incident = in_phase(Phase.CONTAINMENT, "SEV1", POLICY)
    done = RecordContainment(origin=origin(), action="Undid the release", result=ContainmentResult.WORKED)
    return decided(incident, done, policy=POLICY)[0]


def held(incident: Incident) -> Incident:
    """The same when its hold has passed."""
    due = hold_due(incident, POLICY)
    assert due is not None
    return decided(incident, EndHold(origin=origin(SYSTEM).but(at=due), due=due), policy=POLICY)[0]


def test_what_nobody_knows_is_not_said():
    words = said(declared(None, POLICY), "executives")
    assert words.state == "Report received"
    assert words.lines == ("We are looking into a report.", "We do not know yet who is affected.")


def test_executives_read_the_effect_in_one_line_how_many_and_whether_they_must_decide():
    incident, _ = decided(triaged(), AnswerQuestion(origin=origin(), question=Need.SIZE, answer="5%"), policy=POLICY)
    assert said(incident, "executives").lines[:2] == ("{severity}: {impact}", "How many: {size}")
    assert said(incident, "executives").lines[-1] == "We need no decision from you."
    assert said(triaged(), "executives").lines[1] == "How many are affected is not known yet."


def test_customers_read_what_they_can_do_meanwhile_as_soon_as_it_is_known():
    way = AnswerQuestion(origin=origin(), question=Need.WORKAROUND, answer="Pay by invoice")
    assert said(triaged(), "customers").lines[-1] == "We know of no way around it yet."
    assert said(decided(triaged(), way, policy=POLICY)[0], "customers").lines[-1] == (
        "What you can do meanwhile: {workaround}"
    )


@pytest.mark.parametrize("phase", [Phase.DETECTION, Phase.TRIAGE, Phase.CONTAINMENT])
def test_nothing_has_changed_only_when_the_record_says_the_same_as_at_the_last_update(phase):
    incident, _ = decided(in_phase(phase, "SEV1", POLICY), *facts_of(Phase.DETECTION), policy=POLICY)
    incident, _ = on_time(incident, "executives", POLICY)
    _, again = on_time(incident, "executives", POLICY)
    words = only(UpdateIssued, again).words
    assert words is not None and words.lines[0] == "No change since the last update."


@pytest.mark.parametrize(
    "change",
    [
        StateImpact(origin=origin(), impact="Nobody can pay."),
        AnswerQuestion(origin=origin(), question=Need.SIZE, answer="All"),
        AnswerQuestion(origin=origin(), question=Need.WORKAROUND, answer="Pay by invoice"),
        AnswerQuestion(origin=origin(), question=Need.DATA, answer="None lost"),
        *facts_of(Phase.TRIAGE)[1:],
        RecordContainment(origin=origin(), action="x", result=ContainmentResult.WORKED),
    ],
)
def test_a_change_of_anything_that_is_told_is_a_change(change):
    told = on_time(triaged(), "executives", POLICY)[0]
    incident, _ = decided(told, change, policy=POLICY)
    assert said(incident, "executives", Occasion.DUE).lines[0] != "No change since the last update."


def test_a_new_phase_is_never_said_to_be_no_change():
    told = on_time(triaged(), "executives", POLICY)[0]
    step = AdvancePhase(origin=origin(), to=Phase.CONTAINMENT, first=facts_of(Phase.TRIAGE))
    for event in decided(told, step, policy=POLICY)[1].events:
        if isinstance(event, UpdateIssued):
            assert event.words is not None and "No change" not in " ".join(event.words.lines)


def test_who_is_told_for_the_first_time_reads_of_no_change():
    assert "No change" not in " ".join(said(declared("SEV3", POLICY), "customers", Occasion.DUE).lines)


def test_what_stopped_the_harm_is_watched_until_it_has_held():
    incident = contained()
    assert said(incident, "customers").state == "Watching closely"
    assert said(held(incident), "customers").state == "No longer getting worse"
    back, _ = decided(incident, ReportReturn(origin=origin()), policy=POLICY)
    assert said(back, "customers").state == "Limiting the problem"


def test_a_relapse_is_told_as_what_it_is():
    recovering = decided(held(contained()), AdvancePhase(origin=origin(), to=Phase.RECOVERY), policy=POLICY)[0]
    back, decision = decided(recovering, ReportReturn(origin=origin()), policy=POLICY)
    told = {event.audience: event for event in decision.events if isinstance(event, UpdateIssued)}
    words = told["executives"].words
    assert words is not None and words.state == "The problem is back"
    assert "Worse than at the last update." in words.lines
    assert situation(facts(back, POLICY, "executives")) is Situation.RETURNED


def facts_at(severity: str | None = "SEV2", phase: Phase = Phase.CONTAINMENT, **known: bool) -> Facts:
    """What was told at some moment."""
    return Facts(phase=phase, severity=severity).but(**known)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (facts_at(), facts_at(), Trend.SAME),
        (facts_at(phase=Phase.TRIAGE), facts_at(), Trend.SAME),
        (facts_at(), facts_at("SEV1"), Trend.WORSE),
        (facts_at(), facts_at("SEV3"), Trend.BETTER),
        (facts_at(None), facts_at("SEV3"), Trend.SAME),
        (facts_at("GONE"), facts_at("SEV3"), Trend.SAME),
        (facts_at(), facts_at(is_contained=True), Trend.BETTER),
        (facts_at(is_contained=True), facts_at(is_contained=True, is_held=True), Trend.BETTER),
        (facts_at(is_contained=True), facts_at(), Trend.WORSE),
        (facts_at(is_contained=True), facts_at("SEV1", is_contained=True, is_held=True), Trend.WORSE),
        (facts_at(phase=Phase.RECOVERY), facts_at(phase=Phase.RECOVERY, is_back=True), Trend.WORSE),
        (facts_at(phase=Phase.RECOVERY, is_back=True), facts_at(phase=Phase.RECOVERY), Trend.BETTER),
    ],
)
def test_the_trend_is_what_the_record_says_has_become_of_the_harm(before, now, expected):
    assert trend(before, now, POLICY) is expected
    assert trend(None, now, POLICY) is None


@pytest.mark.parametrize("cause", list(Cause))
def test_every_reason_to_cancel_has_sentences_of_its_own(cause):
    cancel = CancelIncident(origin=origin(ALICE), cause=cause)
    _, decision = decided(declared("SEV1", POLICY), cancel, policy=POLICY)
    words = [event.words for event in decision.events if isinstance(event, UpdateIssued)]
    assert words and all(one is not None and "No action is needed." in one.lines for one in words)
    assert situation(facts_at(), End.CANCELLED, cause).value == cause.value


def test_after_the_end_nothing_is_promised():
    over = closed()
    assert said(over, "customers").closing == ("This was the last message about it.",)


def test_data_is_said_to_be_safe_only_when_the_record_says_so():
    restored = in_phase(Phase.POSTMORTEM, "SEV1", POLICY)
    for answer, expected in (("unknown", False), ("lost or exposed: 12 orders", False), ("none lost", True)):
        known = AnswerQuestion(origin=origin(), question=Need.DATA, answer=answer)
        incident, _ = decided(restored, known, policy=POLICY)
        assert ("No data was lost or exposed." in said(incident, "customers").lines) is expected


def test_a_text_that_a_person_wrote_stands_in_the_frame_of_the_language():
    command = SendUpdate(origin=origin(minutes=5), text="We are on it.", audiences=("executives",))
    words = only(UpdateIssued, decided(triaged(), command, policy=POLICY)[1]).words
    assert words is not None and words.lines == ("{text}",)
    assert words.closing == ("Next update by {next}.",)
    corrected = framed(triaged(), "executives", POLICY, at(60), corrects=True)
    assert corrected is not None and corrected.lines == ("Correction to our last update ({last}):", "{text}")


def test_the_note_for_one_that_is_late_says_only_what_was_said_before():
    told = on_time(triaged(), "executives", POLICY)[0]
    changed, _ = decided(told, StateImpact(origin=origin(), impact="Nobody can pay."), policy=POLICY)
    note = holding(changed, "executives", POLICY)
    assert note is not None
    words, known = note
    assert known.impact == "Some customers cannot pay." and words.closing == ()
    assert "Last update ({last}): {impact}" in words.lines
    written = SendUpdate(origin=origin(minutes=5), text="We are on it.", audiences=("executives",))
    by_hand = holding(decided(told, written, policy=POLICY)[0], "executives", POLICY)
    assert by_hand is not None and "Last update: {last}." in by_hand[0].lines
    assert holding(declared(None, POLICY), "executives", POLICY) is None


def test_the_note_speaks_the_language_of_its_audience():
    german = read_languages(PLAYBOOKS).known["de"]
    customers = {**SHIPPED.model_dump()["audiences"][-1], "language": "de"}
    policy = policy_with(POLICY, audiences=[customers], wording={"de": german.only(["customers"])})
    composed = issue(triaged(), "customers", Occasion.PHASE, SendUpdate(origin=origin(minutes=5), text=""), policy)
    told = delivered(evolve(triaged(), composed), policy)
    for _ in range(4):
        told, decision = reminded_on_time(told, policy)
    note = only(LateNoted, decision)
    assert note.impact == "Some customers cannot pay." and note.words
    assert note.words.lines[:2] == (german.late[0], "Letzte Meldung ({last}): {impact}")
    text = late_note(note).text
    assert "Some customers cannot pay." in text and "Automatic note" not in text and "{" not in text


def test_what_a_person_must_send_is_not_said_by_the_status_either():
    assert shown(triaged(), "customers", POLICY) == shown(
        decided(triaged(), StateImpact(origin=origin(), impact="Nobody can pay."), policy=POLICY)[0],
        "customers",
        POLICY,
    )


def test_a_draft_says_what_the_update_would():
    step = AdvancePhase(origin=origin(), to=Phase.CONTAINMENT, first=facts_of(Phase.TRIAGE))
    after, decision = decided(triaged(), step, policy=POLICY)
    (draft,) = (event for event in decision.events if isinstance(event, UpdateDrafted))
    assert draft.words == issue(after, "customers", Occasion.PHASE, step, POLICY).words


def test_the_sentences_are_kept_with_the_update_and_read_back_the_same():
    event = only(UpdateIssued, on_time(triaged(), "support", POLICY)[1])
    assert event.words is not None
    assert read_event(write_event(event)[0], event.at, event.actor, *write_event(event)[1:]) == event


def test_an_audience_without_a_style_reads_the_plain_sentences():
    plain = policy_with(POLICY, audiences=[{"name": "support", "channel": "#s", "hears": ["SEV1"]}])
    command = SendUpdate(origin=origin(minutes=30), text="")
    incident = in_phase(Phase.TRIAGE, "SEV1", plain)
    assert issue(incident, "support", Occasion.DUE, command, plain).words is None
    assert shown(incident, "support", plain) is None and holding(incident, "support", plain) is None


def test_a_worse_severity_is_told_to_be_worse():
    told = on_time(triaged("SEV2"), "executives", POLICY)[0]
    raised, _ = decided(told, SetSeverity(origin=origin(minutes=20), severity="SEV1"), policy=POLICY)
    due = raised.told["executives"].promised
    assert due is not None and due <= at(20) + timedelta(minutes=30)
    assert "Worse than at the last update." in said(raised, "executives", Occasion.DUE).lines
