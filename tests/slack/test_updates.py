"""What stakeholders read."""

import re
from datetime import datetime, timedelta

import pytest

from bot.core.incident import Incident, Phase
from bot.core.updates import KeepPromise, Occasion, SendUpdate, UpdateIssued, issue, owed
from bot.slack.messages.updates import CLOSED, STAGES, body, status, update
from tests.core.given import POLICY, closed, decided, declared, in_phase, origin
from tests.slack.given import NASTY, PHASES, fits, shown, stuffed


def issued(incident: Incident, occasion: Occasion, text: str | None = None) -> UpdateIssued:
    """An update to the executives about this incident as it stands."""
    command = SendUpdate(origin=origin(minutes=20), text=text or "")
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
    fits(status(incident, "executives"))


def test_the_status_message_shows_where_the_incident_stands_and_the_promise() -> None:
    incident = in_phase(Phase.TRIAGE, "SEV1")
    due: datetime = owed(incident, POLICY)["executives"]
    incident, _ = decided(incident, KeepPromise(origin=origin(minutes=15), audience="executives", due=due))
    seen = shown(fits(status(incident, "executives")))
    assert seen.startswith("*INC-1: Problem confirmed*\nSome customers cannot pay. We are")
    assert re.search(r"Next update by \*<!date\^\d+\^\{time\}\|14:30 UTC>\*, in this thread", seen)


def test_the_status_message_of_a_closed_incident_promises_nothing() -> None:
    seen = shown(status(closed(), "executives"))
    assert seen.startswith("*INC-1: Closed*")
    assert "Next update" not in seen


def test_every_phase_has_its_words() -> None:
    assert set(STAGES) == set(Phase)
    assert CLOSED.headline not in {stage.headline for stage in STAGES.values()}
