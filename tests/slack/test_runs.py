"""The message of a run: whose turn it is and what can be pressed, within Slack's limits however long it is, and calling nobody."""

import pytest

from bot.core.decision import SYSTEM
from bot.core.playbooks.acts import SayWorse
from bot.slack.messages.playbook_list import offered
from bot.slack.messages.run_news import said_by_step, told_of_run
from bot.slack.messages.runs import SHOWN
from tests.core.given import ALICE, POLICY, closed, declared
from tests.core.playbooks.given import BOB, Going, changing, manual, minutes, playbook
from tests.core.run_examples import going, offers, run_events
from tests.slack.given import NASTY, NOW, SOMEBODY, fits, labels, pings, stuffed
from tests.slack.given import shown as text_of
from tests.slack.run_messages import long_run, run_messages, shown


def test_every_message_of_a_run_is_within_slacks_limits() -> None:
    for message in run_messages():
        fits(message)


@pytest.mark.parametrize("steps", [60, 190])
def test_a_run_of_many_steps_folds_them_to_a_line_each(steps: int) -> None:
    far = long_run(steps, "Put the old version on the next zone", "It is good there")
    message = fits(shown(far.run, far.playbook))
    text = "\n".join(block["text"]["text"] for block in message.blocks if "text" in block)
    assert text.count("✓") == min(steps, SHOWN)
    assert (f"{steps - SHOWN} earlier steps" in text) == (steps > SHOWN)
    assert len(message.blocks) < 20


def test_however_long_its_words_are_a_message_stays_within_the_limits_and_shows_the_latest_steps() -> None:
    far = long_run(190)
    text = "\n".join(block["text"]["text"] for block in fits(shown(far.run, far.playbook)).blocks if "text" in block)
    assert text.count("✓") > 10 and "earlier steps" in text


def test_what_was_typed_in_a_run_calls_nobody() -> None:
    far = long_run(5)
    assert pings(shown(far.run, far.playbook)) == []


def test_a_run_that_is_stopped_says_what_is_undone_and_offers_only_that() -> None:
    stopped = Going(playbook({"one": changing("two"), "two": manual()}))
    stopped.does(stopped.answer("done"))
    stopped.does(SayWorse(at=minutes(2), who=BOB))
    message = fits(shown(stopped.run, stopped.playbook))
    assert labels(message) == ["Roll back now", "Hold", "Go on anyway", "Call off"]
    assert "says that it got worse" in message.text


def test_what_fits_is_offered_with_why_and_what_fits_later_besides() -> None:
    message = fits(offered(offers(NOW, SYSTEM, "One & all", "Two", is_first=True), declared(), POLICY))
    assert labels(message) == ["Start", "Start"]
    assert message.text == "These playbooks fit what is known. Nothing starts by itself."
    said = "*One &amp; all* (`p1`, 10 min)\nFor tests.\n_Why: it sounds like “it is slow”; it is for SEV1._"
    assert said in text_of(message)
    later = offered(offers(NOW, SYSTEM, "One"), declared(), POLICY)
    assert later.text == "By what is known now, this fits as well. Nothing starts by itself."
    assert offered(offers(NOW, SYSTEM, "One", "Two"), declared(), POLICY).text.startswith(
        "By what is known now, these fit"
    )
    assert labels(fits(offered(offers(NOW, SYSTEM, "One"), closed(), POLICY))) == []


def test_a_run_that_is_over_has_nothing_to_press() -> None:
    over = Going(playbook({"one": manual()}))
    over.does(over.answer("done"))
    message = fits(shown(over.run, over.playbook))
    assert labels(message) == [] and message.text.endswith("Done. That is all.")


def test_whatever_happens_in_a_run_can_be_said_below_its_message() -> None:
    incident = stuffed(declared().phase).but(runs=(going(NOW, SOMEBODY),))
    said = 0
    for event in run_events(NOW, ALICE, NASTY)[1:]:
        try:
            fits(told_of_run(event, 1, incident))
            said += 1
        except ValueError:
            continue
    assert said == 14
    fits(said_by_step(run_events(NOW, ALICE, NASTY)[1], incident))
