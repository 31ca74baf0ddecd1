"""What stakeholders read."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.facts import StateImpact, StateStart
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import AdvancePhase
from bot.core.router.updates import KeepPromise, Occasion, SendUpdate, UpdateDrafted, UpdateIssued, issue, owed
from bot.slack.messages.updates import CLOSED, STAGES, body, status, update
from tests.core.given import (
    POLICY,
    POLICY_WITH_DRAFTS,
    closed,
    decided,
    declared,
    delivered,
    facts_of,
    in_phase,
    only,
    origin,
)
from tests.slack.given import LARGE_POLICY, NASTY, PHASES, fits, shown, stuffed


def issued(incident: Incident, occasion: Occasion, text: str | None = None) -> UpdateIssued:
    """An update to the executives about this incident as it stands."""
    command = SendUpdate(origin=origin(minutes=20), text=text or "")
    incident = delivered(incident)
    return issue(incident, "executives", occasion, command, POLICY, text=text)


def everything_said() -> list[UpdateIssued]:
    """Every update that can be composed."""
    occasions = (Occasion.FIRST, Occasion.DUE, Occasion.PHASE)
    said = [issued(in_phase(phase, "SEV1"), occasion) for phase in PHASES for occasion in occasions]
    return [*said, issued(declared(), Occasion.FIRST), issued(closed(), Occasion.CLOSE)]


def test_with_nothing_known_it_says_so() -> None:
    message = update(issued(declared(), Occasion.FIRST))
    assert "We are looking into a report. We do not know yet who is affected." in shown(message)
    assert "We are looking into a report. We do not know yet who is affected." in message.text


def test_the_impact_and_what_is_done_about_it_are_told_and_when_the_next_comes() -> None:
    message = fits(update(issued(in_phase(Phase.CONTAINMENT, "SEV1"), Occasion.PHASE)))
    assert shown(message).startswith(
        "*Limiting the problem*\nSome customers cannot pay. We are working to stop it from getting worse.\n"
        "First reported: <!date^"
    )
    assert re.search(r"Next update by \*<!date\^\d+\^\{time\}\|14:35 UTC>\*", shown(message))
    assert message.text.endswith("First reported: 23 November at 14:00 UTC. Next update by 14:35 UTC.")


def test_when_nothing_has_changed_since_it_says_still() -> None:
    assert body(issued(in_phase(Phase.TRIAGE), Occasion.DUE)) == (
        "Some customers cannot pay. We are still finding out how far it reaches."
    )


def test_service_restored_promises_no_next_time() -> None:
    message = update(issued(in_phase(Phase.POSTMORTEM), Occasion.PHASE))
    assert "Service is restored" in shown(message) and "Service is restored" in message.text
    assert "Next update by" not in shown(message) + message.text
    assert "one last message" in shown(message)


def test_the_close_is_the_last_message() -> None:
    message = update(issued(closed(), Occasion.CLOSE))
    assert "This was the last message about it." in shown(message)
    assert "The problem was: Some customers cannot pay." in shown(message)


def test_what_a_person_wrote_replaces_the_sentences_and_keeps_the_times() -> None:
    message = fits(update(issued(in_phase(Phase.TRIAGE), Occasion.WRITTEN, "Pay by <!channel> invoice & wait")))
    assert "Pay by &lt;!channel&gt; invoice &amp; wait\nFirst reported: " in shown(message)
    assert "cannot pay" not in shown(message)
    assert "Next update by" in message.text


def test_the_title_and_the_severity_never_go_out() -> None:
    for event in everything_said():
        said = shown(update(event)) + update(event).text
        assert not re.search(r"Checkout|SEV\d|severity|commander|<@", said)


def test_every_composed_sentence_is_short_and_plain() -> None:
    jargon = r"contain|mitigat|triage|postmortem|incident|root cause|outage|soon|shortly|!"
    for event in everything_said():
        for sentence in re.split(r"(?<=[.?])\s+", body(event)):
            assert len(sentence.split()) <= 15, sentence
            assert not re.search(jargon, sentence, re.IGNORECASE), sentence


def test_every_fallback_time_says_utc() -> None:
    for event in everything_said():
        assert re.findall(r"\d\d:\d\d(?! UTC)", update(event).text) == []
        assert "<!date" not in update(event).text


def test_a_next_update_on_another_day_comes_with_its_day() -> None:
    event = issued(declared(), Occasion.FIRST)
    assert event.promised is not None
    tomorrow = event.but(promised=event.promised + timedelta(days=1))
    assert "Next update by 24 November at" in update(tomorrow).text


@pytest.mark.parametrize("phase", PHASES)
def test_no_text_of_any_length_breaks_an_update(phase: Phase) -> None:
    incident = stuffed(phase).but(severity="SEV1")
    for occasion in Occasion:
        fits(update(issued(incident, occasion)))
        fits(update(issued(incident, occasion, NASTY)))
    for policy in (POLICY, POLICY_WITH_DRAFTS):
        for audience in policy.audiences:
            fits(status(incident, audience.name, policy))
    fits(status(stuffed(phase), LARGE_POLICY.audiences[0].name, LARGE_POLICY))


def test_the_status_message_shows_where_the_incident_stands_and_the_promise() -> None:
    incident = in_phase(Phase.TRIAGE, "SEV1")
    due: datetime = owed(incident, POLICY)["executives"]
    incident, _ = decided(incident, KeepPromise(origin=origin(minutes=15), audience="executives", due=due))
    seen = shown(fits(status(incident, "executives", POLICY)))
    assert seen.startswith("*INC-1: Problem confirmed*\nSome customers cannot pay. We are")
    assert re.search(r"Next update by \*<!date\^\d+\^\{time\}\|14:30 UTC>\*, in this thread", seen)


def test_the_status_message_of_a_closed_incident_promises_nothing() -> None:
    seen = shown(status(closed(), "executives", POLICY))
    assert seen.startswith("*INC-1: Closed*")
    assert "Next update" not in seen


@pytest.mark.parametrize("phase", PHASES)
def test_where_only_a_person_may_write_the_status_says_no_more_than_how_far_we_are(phase: Phase) -> None:
    seen = shown(fits(status(in_phase(phase, "SEV1", POLICY_WITH_DRAFTS), "customers", POLICY_WITH_DRAFTS)))
    assert seen.splitlines()[0] == f"*INC-1: {STAGES[phase].headline}*"
    assert seen.splitlines()[1].startswith("First reported: <!date^")
    assert len(seen.splitlines()) == 2


def test_a_status_for_an_audience_that_the_policy_has_no_more_says_what_the_others_read() -> None:
    seen = shown(fits(status(in_phase(Phase.TRIAGE), "partners", POLICY)))
    assert "Some customers cannot pay." in seen


def test_a_start_that_is_known_is_told_in_place_of_the_report() -> None:
    began = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
    incident, _ = decided(in_phase(Phase.TRIAGE), StateStart(origin=origin(minutes=5), started=began))
    message = fits(update(issued(incident, Occasion.DUE)))
    assert "Started: <!date^1795439100^" in shown(message)
    assert " Started: 23 November at 13:05 UTC." in message.text
    assert "Started: <!date^1795439100^" in shown(fits(status(incident, "executives", POLICY)))
    assert "First reported" not in shown(message) + message.text + shown(status(incident, "executives", POLICY))


def test_a_corrected_fact_is_what_the_next_update_says() -> None:
    incident, _ = decided(in_phase(Phase.TRIAGE), StateImpact(origin=origin(), impact="Nobody can pay <now>"))
    assert "Nobody can pay &lt;now&gt;. We are still finding out how far it reaches." in shown(
        fits(update(issued(incident, Occasion.DUE)))
    )


def test_a_draft_reads_as_the_update_would() -> None:
    """What the room is shown and what the audience gets are the same words."""
    step = AdvancePhase(origin=origin(), to=Phase.CONTAINMENT, first=facts_of(Phase.TRIAGE))
    after, decision = decided(in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS), step, policy=POLICY_WITH_DRAFTS)
    draft = only(UpdateDrafted, decision)
    same = issue(after, "customers", Occasion.PHASE, step, POLICY_WITH_DRAFTS)
    assert update(draft) == update(same)


def test_every_phase_has_its_words() -> None:
    assert set(STAGES) == set(Phase)
    assert CLOSED.headline not in {stage.headline for stage in STAGES.values()}
