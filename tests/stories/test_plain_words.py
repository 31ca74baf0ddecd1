"""19. In plain words: what a person writes for others is checked by rules before it goes out, mended with a click, and never
changed by itself."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.router.overrides import RulesOverridden
from bot.sandbox import Person, Sandbox
from tests.running import PLAYBOOKS, pass_time, running
from tests.stories.steps import (
    advances,
    asks,
    declares,
    everything_is_delivered,
    journal,
    kinds_of,
    proposes,
    says_what_shows_it,
    takes_command,
    updates_in,
    walks_to,
)

EXECUTIVES, SUPPORT, CUSTOMERS = "#exec-updates", "#support-updates", "#customer-updates"
WHY = "Or send it as it is, because"
NOT_YET = "This does not go out yet."
CLEAN = "Some customers cannot pay by card. We are working to stop it from getting worse."


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """What Lockstep comes with, but for support, which reads German."""
    folder = Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))
    text = (folder / "policy.yml").read_text(encoding="utf-8")
    (folder / "policy.yml").write_text(
        text.replace("    style: support\n", "    style: support\n    language: de\n"), encoding="utf-8"
    )
    return folder


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, playbooks: Path) -> AsyncIterator[App]:
    """Lockstep, with an audience that reads German."""
    async with running(sandbox, database_url, lockstep_playbooks=playbooks) as app:
        yield app


async def writes(person: Person, room: str, text: str, *audiences: str) -> str:
    """Write an update for these audiences; returns what the preview shows."""
    await person.types("/incident update", in_=room)
    await person.gets_form()
    return await rewrites(person, text, *audiences)


async def rewrites(person: Person, text: str, *audiences: str) -> str:
    """The same in the form that is open."""
    await person.fills({"What should they read?": text, "Who should read it?": list(audiences)})
    assert await person.submits() == {}
    return (await person.gets_form()).text


async def sends(person: Person) -> None:
    """Send what the preview shows."""
    assert await person.submits() == {}
    assert person.form is None


def last(person: Person, channel: str) -> str:
    """The last update in a channel."""
    return updates_in(person, channel)[-1]


async def test_a_clean_text_goes_out_with_the_clicks_that_it_always_took(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    shown = await writes(alice, room, CLEAN, "executives", "customers")
    assert "To mend" not in shown and "plainer" not in shown and WHY not in shown
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert CLEAN in last(carol, EXECUTIVES)


async def test_what_is_blocked_is_mended_with_one_click_and_only_then_sent(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    shown = await writes(alice, room, "Some customers cannot pay by card, since our DB is slow to answer.", "customers")
    assert NOT_YET in shown and "To mend “DB”: Write “database”." in shown
    assert (await alice.submits()) == {WHY: "Please mend what is marked, or write why it has to go out as it is."}
    await everything_is_delivered(bot, sandbox)
    assert not updates_in(dave, CUSTOMERS), "nothing goes out that is marked"
    await alice.presses("Use “database”")
    mended = (await alice.gets_form()).text
    assert NOT_YET not in mended and WHY not in mended
    assert "Some customers cannot pay by card, since our database is slow to answer." in mended
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert "our database is slow" in last(dave, CUSTOMERS)
    assert "AttemptRefused" in await kinds_of(bot) and "RulesOverridden" not in await kinds_of(bot)


async def test_what_was_used_stands_in_the_text_behind_the_preview_too(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await writes(alice, room, "Some customers cannot pay. The DB is slow, and the LB sends 5xx.", "customers")
    await alice.presses("Use all 3 suggestions")
    await alice.closes()
    form = await alice.gets_form()
    assert "DB" not in form.values["What should they read?"] and "our" not in form.values["What should they read?"]
    shown = await rewrites(alice, "Some customers cannot pay. Our DB is slow again.", "customers")
    assert "To mend “DB”" in shown, "what is written after that counts"


async def test_what_has_to_go_out_as_it_is_goes_out_and_the_record_says_why(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    assert NOT_YET in await writes(alice, room, "Please call Alice Moreau before you announce anything.", "executives")
    await alice.fills({WHY: "The board asked for a name"})
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert "Please call Alice Moreau" in last(carol, EXECUTIVES)
    (overridden,) = await journal(bot, RulesOverridden)
    assert (dict(overridden.rules), overridden.because) == ({"executives": ("U2",)}, "The board asked for a name")
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "sent executives a text with names of people all the same, because “The board asked for a name”" in timeline


async def test_a_warning_is_shown_and_sent_all_the_same(sandbox: Sandbox, bot: App, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    shown = await writes(alice, room, "Some customers cannot pay. We will probably undo the last change.", "executives")
    assert "Could be plainer “probably”" in shown and WHY not in shown
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert "We will probably undo" in last(carol, EXECUTIVES)
    assert "RulesOverridden" not in await kinds_of(bot)


async def test_each_audience_is_checked_by_the_rules_of_its_own(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    promise = "Some customers cannot pay by card. It will be fixed shortly, we are at it."
    assert NOT_YET not in await writes(alice, room, promise, "executives"), "a promise inside the company is theirs"
    await alice.closes(whole_stack=True)
    assert NOT_YET in await writes(alice, room, promise, "executives", "customers")


async def test_no_cause_is_named_before_containment_is_left_nor_before_one_is_confirmed(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    because = "Some customers could not pay by card. It was caused by the last change, which we have undone."
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Containment")
    await proposes(alice, "The last change broke the form", room)
    await alice.presses("Confirm", in_=room)
    await says_what_shows_it(alice, "It stops without it")
    await alice.submits()
    shown = await writes(alice, room, because, "executives")
    assert NOT_YET in shown and "To mend “caused by”" in shown
    await alice.closes(whole_stack=True)
    await advances(alice, "Advance to Recovery", room)
    shown = await writes(alice, room, because, "executives")
    assert NOT_YET not in shown and "Could be plainer “caused by”" in shown
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert "caused by the last change" in last(carol, EXECUTIVES)


async def test_an_update_in_german_is_checked_by_german_rules(sandbox: Sandbox, bot: App, alice: Person, dave: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    shown = await writes(
        alice, room, "Kartenzahlung geht nicht, verursacht durch ein Update. Seit 14:05 Uhr.", "support"
    )
    assert "To mend “verursacht durch”" in shown and "To mend “14:05”" in shown
    await alice.closes()
    german = "Einige Kunden können nicht mit Karte zahlen. Wir arbeiten daran, die Störung zu begrenzen."
    shown = await rewrites(alice, german, "support")
    assert "To mend" not in shown and "plainer" not in shown
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert german in last(dave, SUPPORT)


async def test_a_draft_is_edited_and_sent(sandbox: Sandbox, bot: App, alice: Person, dave: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.sees("raft for customers", in_=room)
    await alice.presses("Edit", in_=room)
    shown = await rewrites(alice, "Some customers cannot pay by card. Alice Moreau is working on it now.", "customers")
    assert "To mend “Alice Moreau”" in shown, "her name is known from the room"
    await alice.closes()
    await rewrites(alice, "Some customers cannot pay by card. Our engineers are working on it now.", "customers")
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert "Our engineers are working on it now." in last(dave, CUSTOMERS)


async def test_a_correction_that_names_somebody_is_mended_in_its_form_or_sent_with_a_reason(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    await alice.types("/incident correct", in_=room)
    wrong, right = "What did they read that is wrong?", "What is right?"
    said = {wrong: "Nobody can pay", right: "Alice Moreau says that only our DB is slow, and payments work."}
    await alice.fills({**said, "Who should read it?": ["executives"]})
    assert await alice.submits() == {}
    form = await alice.gets_form()
    assert "To mend “Alice Moreau”" in form.text and "Could be plainer “DB”" in form.text
    await alice.presses("Use “database”")
    form = await alice.gets_form()
    assert form.values[right] == "Alice Moreau says that only our database is slow, and payments work."
    assert "“DB”" not in form.text and "To mend “Alice Moreau”" in form.text
    assert form.values[wrong] == "Nobody can pay", "what was typed elsewhere stays"
    assert set(await alice.submits()) == {WHY}
    await alice.fills({WHY: "She speaks for us today"})
    await sends(alice)
    await everything_is_delivered(bot, sandbox)
    assert "only our database is slow" in last(carol, EXECUTIVES)
    (overridden,) = await journal(bot, RulesOverridden)
    assert overridden.because == "She speaks for us today"


CAUSE = "Some customers cannot pay, due to the last change"


async def test_a_fact_that_others_should_not_read_like_this_is_mended_where_it_is_typed(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"Who cannot do what?": "Alice Moreau sees that the DB refuses payments"})
    assert await alice.submits() == {}
    form = await alice.gets_form()
    assert "To mend “Alice Moreau”" in form.text and "To mend “DB”" in form.text and "You can save it" in form.text
    await alice.presses("Use “database”")
    form = await alice.gets_form()
    assert form.values["Who cannot do what?"] == "Alice Moreau sees that the database refuses payments"
    await alice.fills({"Who cannot do what?": "Some customers cannot pay by card."})
    await sends(alice)
    assert (await bot.service.incident(1, viewer="")).impact == "Some customers cannot pay by card."


async def test_a_fact_that_somebody_insists_on_is_kept_and_updates_say_a_fixed_sentence(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"Who cannot do what?": CAUSE, "What is affected?": ["Checkout"]})
    assert await alice.submits() == {}
    assert "To mend “due to”" in (await alice.gets_form()).text
    await sends(alice)
    assert (await bot.service.incident(1, viewer="")).impact == CAUSE, "nothing is lost"
    await pass_time(bot, sandbox, 31)
    assert "SEV1: A problem affects Checkout." in last(carol, EXECUTIVES)
    assert "Eine Störung betrifft Checkout." in last(dave, SUPPORT)
    assert not any("due to" in text for text in (*carol.reads(EXECUTIVES), *dave.reads(SUPPORT)))
    told = [text for text in alice.reads(room) if "do not say the impact as it was typed" in text]
    assert len(told) == 1 and told[0].startswith("@alice: updates of INC-1 to") and "since it has a cause" in told[0]
    await alice.presses("Edit facts", in_=room)
    assert "To mend “due to”" in (await alice.gets_form()).text, "the form says what to mend"
    await alice.fills({"Who cannot do what?": "Some customers cannot pay."})
    await sends(alice)
    await pass_time(bot, sandbox, 31)
    assert "SEV1: Some customers cannot pay." in last(carol, EXECUTIVES)


async def test_a_fact_typed_in_a_line_is_kept_and_the_answer_says_what_is_wrong_with_it(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    said = await asks(alice, f"/incident impact {CAUSE}", in_=room)
    assert said.startswith("Recorded:") and "It has a cause, so that updates do not say it like this." in said
    said = await asks(alice, "/incident answer workaround Ask Alice Moreau to book it", in_=room)
    assert "It has names of people" in said and "/incident answer workaround says it anew." in said
    assert "says what is true now" in await asks(alice, "/incident impact Some customers cannot pay.", in_=room)
