"""Updates in the sentences of a style and language, as Slack shows them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.facts import StateImpact, StateStart
from bot.core.incident import Incident, Phase
from bot.core.policy import Policy
from bot.core.router.updates import Occasion, SendUpdate, UpdateIssued, issue
from bot.files import read_policy
from bot.files.languages import read_languages
from bot.slack.messages.updates import body, status, update
from tests.core.given import OPEN, at, decided, declared, in_phase, on_time, origin, policy_with
from tests.slack.given import NASTY, PHASES, fits, shown, stuffed

PLAYBOOKS = Path(__file__).parent.parent.parent / "playbooks"
POLICY = policy_with(read_policy(PLAYBOOKS), may=OPEN, gates=[{"need": "severity"}, {"need": "containment"}])
LANGUAGES = read_languages(PLAYBOOKS).known


def speaking(code: str) -> Policy:
    """The policy that Lockstep comes with, with all its audiences in this language."""
    audiences = [{**audience, "language": code} for audience in POLICY.model_dump()["audiences"]]
    return policy_with(POLICY, audiences=audiences, wording={code: LANGUAGES[code]})


def issued(
    incident: Incident, audience: str, *, policy: Policy = POLICY, text: str | None = None, minutes: float = 20
) -> UpdateIssued:
    """An update to this audience as the record stands."""
    command = SendUpdate(origin=origin(minutes=minutes), text=text or "")
    return issue(incident, audience, Occasion.PHASE, command, policy, text=text)


def test_each_line_is_a_thought_and_times_are_in_each_readers_zone():
    message = fits(update(issued(in_phase(Phase.TRIAGE, "SEV1", POLICY), "executives")))
    lines = shown(message).splitlines()
    assert lines[0] == "*Problem confirmed*"
    assert lines[1] == "SEV1: Some customers cannot pay."
    assert re.fullmatch(r"First reported: <!date\^\d+\^\{time\}\|14:00 UTC>\.", lines[3])
    assert re.fullmatch(r"Next update by \*<!date\^\d+\^\{time\}\|14:50 UTC>\*\.", lines[-1])


def test_the_fallback_says_the_same_in_one_line_and_in_utc():
    message = update(issued(in_phase(Phase.TRIAGE, "SEV1", POLICY), "executives"))
    assert message.text.startswith("Problem confirmed. SEV1: Some customers cannot pay. ")
    assert message.text.endswith(" Next update by 14:50 UTC.")
    assert "<!date" not in message.text and "*" not in message.text


def test_what_people_type_is_shown_and_obeyed_by_nobody():
    typed = StateImpact(origin=origin(), impact="{next} <!channel> & *all*")
    incident, _ = decided(in_phase(Phase.TRIAGE, "SEV1", POLICY), typed, policy=POLICY)
    said = shown(fits(update(issued(incident, "customers"))))
    assert "{next} &lt;!channel&gt; &amp; *all*." in said


def test_a_start_by_estimate_and_one_on_another_day_read_so():
    incident = in_phase(Phase.TRIAGE, "SEV1", POLICY)
    early = StateStart(origin=origin(), started=at(-30), is_estimated=True)
    assert "Started: about 13:30 UTC." in update(issued(decided(incident, early, policy=POLICY)[0], "customers")).text
    yesterday = StateStart(origin=origin(), started=at(-24 * 60))
    message = update(issued(decided(incident, yesterday, policy=POLICY)[0], "customers"))
    assert "Started: 2026-11-22 at 14:00 UTC." in message.text
    assert "^{date_short_pretty} at {time}|2026-11-22 at 14:00 UTC>" in shown(message)


@pytest.mark.parametrize(
    ("code", "state", "closing"),
    [
        ("de", "*Störung bestätigt*", "Nächste Meldung bis *<!date^"),
        ("es", "*Problema confirmado*", "Próximo aviso, a más tardar: *<!date^"),
        ("ja", "*問題を確認しました*", "次のお知らせ：*<!date^"),
    ],
)
def test_an_audience_reads_its_own_language(code, state, closing):
    policy = speaking(code)
    message = fits(update(issued(in_phase(Phase.TRIAGE, "SEV1", policy), "support", policy=policy)))
    assert shown(message).startswith(state) and closing in shown(message)


def test_what_was_typed_in_japanese_ends_as_sentences_do_there():
    policy = speaking("ja")
    typed = StateImpact(origin=origin(), impact="一部のお客様がカードで支払えません")
    incident, _ = decided(in_phase(Phase.TRIAGE, "SEV1", policy), typed, policy=policy)
    assert "支払えません。\n" in shown(update(issued(incident, "customers", policy=policy)))


def test_a_written_text_keeps_its_lines_between_the_state_and_the_next_time():
    event = issued(in_phase(Phase.TRIAGE, "SEV1", POLICY), "support", text="First.\nSecond <x>.")
    assert shown(fits(update(event))).splitlines()[:3] == ["*Problem confirmed*", "First.", "Second &lt;x&gt;."]
    assert body(event) == "First.\nSecond <x>."


def test_the_status_says_where_it_stands_and_promises_in_its_thread():
    incident, _ = on_time(in_phase(Phase.TRIAGE, "SEV1", POLICY), "support", POLICY)
    seen = shown(fits(status(incident, "support", POLICY))).splitlines()
    assert seen[0] == "*INC-1: Problem confirmed*" and seen[1] == "Customers may tell you: Some customers cannot pay."
    assert re.fullmatch(r"Next update by \*<!date\^\d+\^\{time\}\|\d\d:\d\d UTC>\*, in this thread\.", seen[-1])


def test_where_only_a_person_may_write_the_status_says_how_far_it_is_and_since_when():
    seen = shown(fits(status(in_phase(Phase.TRIAGE, "SEV1", POLICY), "customers", POLICY))).splitlines()
    assert seen[0] == "*INC-1: Problem confirmed*"
    assert [line.split(":")[0] for line in seen[1:]] == ["First reported"]


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize("phase", PHASES)
def test_no_text_of_any_length_breaks_an_update(phase: Phase, code: str):
    policy = speaking(code)
    incident = stuffed(phase).but(severity="SEV1", severities=("SEV1",), told={})
    for audience in policy.audiences:
        fits(update(issued(incident, audience.name, policy=policy)))
        fits(update(issued(incident, audience.name, policy=policy, text=NASTY)))
        fits(status(incident, audience.name, policy))


def test_words_already_sent_stay_as_they_were_when_the_files_change():
    event = issued(declared("SEV1", POLICY), "support")
    before = update(event)
    other = policy_with(POLICY, audiences=[], wording={})
    assert other.hash != POLICY.hash and update(event) == before


def test_a_next_update_on_another_day_comes_with_its_day():
    event = issued(declared("SEV1", POLICY), "support")
    assert event.promised is not None
    assert "Next update by 2026-11-24 at" in update(event.but(promised=event.promised + timedelta(days=1))).text
