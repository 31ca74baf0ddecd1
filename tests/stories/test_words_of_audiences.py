"""18. In whose words: each audience reads its own style and language, right with nobody writing."""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.core.router.updates import UpdateIssued
from bot.sandbox import Person, Sandbox
from tests.running import PLAYBOOKS, pass_time, running
from tests.stories.steps import (
    IMPACT,
    advances,
    asks,
    declares,
    everything_is_delivered,
    journal,
    takes_command,
    updates_in,
    walks_to,
)

EXECUTIVES, SUPPORT, CUSTOMERS = "#exec-updates", "#support-updates", "#customer-updates"


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """What Lockstep comes with, but for support, which reads German."""
    folder = Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))
    text = (folder / "policy.yml").read_text(encoding="utf-8")
    german = text.replace("    style: support\n", "    style: support\n    language: de\n")
    assert german != text
    (folder / "policy.yml").write_text(german, encoding="utf-8")
    return folder


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, playbooks: Path) -> AsyncIterator[App]:
    """Lockstep, with an audience that reads German."""
    async with running(sandbox, database_url, lockstep_playbooks=playbooks) as app:
        yield app


def last(person: Person, channel: str) -> list[str]:
    """The lines of the last update in a channel."""
    return updates_in(person, channel)[-1].splitlines()


async def test_two_audiences_read_the_same_fact_in_their_own_words(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 pod crashloop in eu-1")
    await walks_to(alice, room, "Advance to Triage")
    await asks(alice, "/incident answer size About 5% of payments", in_=room)
    await asks(alice, "/incident answer workaround Pay by invoice", in_=room)
    await advances(alice, "Advance to Containment", room)
    await everything_is_delivered(bot, sandbox)
    told = last(carol, EXECUTIVES)
    assert told[:3] == ["Limiting the problem", f"SEV1: {IMPACT}", "How many: About 5% of payments."]
    assert told[4:-1] == [
        "Neither better nor worse.",
        "We are working to stop it from getting worse.",
        "We need no decision from you.",
    ]
    german = last(dave, SUPPORT)
    assert german[:3] == ["Störung wird begrenzt", f"Kunden berichten möglicherweise: {IMPACT}", "Betroffen: Checkout."]
    assert "Was Kunden bis dahin tun können: Pay by invoice." in german
    assert german[-1].startswith("Nächste Meldung bis ")
    assert not any("crashloop" in text for text in (*carol.reads(EXECUTIVES), *dave.reads(SUPPORT)))


async def test_each_reads_the_time_of_the_next_one_in_their_own_zone(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    incident = await bot.service.incident(1, viewer="")
    for person, channel, audience in ((carol, EXECUTIVES, "executives"), (dave, SUPPORT, "support")):
        promised = incident.told[audience].promised
        assert promised is not None
        offset = timedelta(hours={"carol": -5, "dave": 1}[person.user.name])
        assert re.search(rf"\b{promised + offset:%H:%M}\b", last(person, channel)[-1])


async def test_no_change_is_said_only_while_nothing_has_changed(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await pass_time(bot, sandbox, 31)
    assert last(carol, EXECUTIVES)[1] == "No change since the last update."
    assert last(dave, SUPPORT)[1] == "Seit der letzten Meldung hat sich nichts geändert."
    await asks(alice, "/incident impact Nobody can pay at all", in_=room)
    await pass_time(bot, sandbox, 30)
    assert last(carol, EXECUTIVES)[1] == "SEV1: Nobody can pay at all."
    await pass_time(bot, sandbox, 30)
    assert last(carol, EXECUTIVES)[1] == "No change since the last update."


async def test_a_relapse_is_told_in_each_language(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    await everything_is_delivered(bot, sandbox)
    assert last(carol, EXECUTIVES)[0] == "Recovering" and last(dave, SUPPORT)[0] == "Wiederherstellung läuft"
    await alice.presses("Impact is back", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert last(carol, EXECUTIVES)[0] == "The problem is back"
    assert "Worse than at the last update." in last(carol, EXECUTIVES)
    assert last(dave, SUPPORT)[0] == "Störung wieder aufgetreten"
    await dave.sees("INC-1: Störung wieder aufgetreten", in_=SUPPORT)


async def test_what_is_over_is_said_to_be_over_and_promises_nothing(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    assert last(carol, EXECUTIVES)[0] == "Closed" and "No data was lost or exposed." in last(carol, EXECUTIVES)
    assert last(carol, EXECUTIVES)[-1] == "This was the last message about it."
    assert last(dave, SUPPORT)[0] == "Abgeschlossen"
    assert last(dave, SUPPORT)[-1] == "Dies war die letzte Meldung dazu."
    await dave.sees("INC-1: Abgeschlossen", in_=SUPPORT)


async def test_a_false_alarm_is_called_one(sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    await alice.chooses("more", "Cancel this incident", in_=room)
    await alice.fills({"Why?": "False alarm"})
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    assert last(carol, EXECUTIVES)[:2] == [
        "No problem found",
        "We looked into a report and found no effect on customers.",
    ]
    assert last(dave, SUPPORT)[0] == "Keine Störung gefunden"


async def test_what_customers_are_sent_from_a_draft_is_what_it_said(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await alice.types("/incident role comms @bob", in_=room)
    draft = await alice.sees(re.compile("draft for customers.*We know of no way around it yet", re.DOTALL), in_=room)
    assert "SEV1" not in draft.text and IMPACT in draft.text
    await alice.presses("Send", on=draft)
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    sent = last(dave, CUSTOMERS)
    assert sent[:2] == ["Problem confirmed", IMPACT] and sent[-1].startswith("Next update by ")
    await pass_time(bot, sandbox, 26)
    direct = sandbox.workspace.direct(frozenset({bob.id, sandbox.workspace.app.bot_user}))
    assert direct is not None
    unchanged = await bob.sees(
        re.compile("update of INC-1 to customers is due by.*No change since the last update", re.DOTALL), in_=direct
    )
    await bob.presses("Send", on=unchanged)
    assert await bob.submits() == {}
    await everything_is_delivered(bot, sandbox)
    assert last(dave, CUSTOMERS)[1] == "No change since the last update."


async def test_a_text_that_is_written_starts_without_the_claim_that_nothing_has_changed(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await pass_time(bot, sandbox, 31)
    await alice.presses("Send update", in_=room)
    form = await alice.gets_form()
    assert str(form.values["What should they read?"]).startswith(f"SEV1: {IMPACT}\n")


async def test_sentences_that_were_changed_count_for_an_open_incident_once_they_are_adopted(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, playbooks: Path
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await everything_is_delivered(bot, sandbox)
    before = updates_in(carol, EXECUTIVES)
    file = playbooks / "updates" / "en.yml"
    text = file.read_text(encoding="utf-8").replace("We need no decision from you.", "Nothing is asked of you.")
    file.write_text(text, encoding="utf-8")
    await pass_time(bot, sandbox, 31)
    assert "We need no decision from you." in last(carol, EXECUTIVES)
    answer = await asks(alice, "/incident policy adopt", in_=room)
    assert "the sentences of updates" in answer
    await pass_time(bot, sandbox, 31)
    assert "Nothing is asked of you." in last(carol, EXECUTIVES)
    assert updates_in(carol, EXECUTIVES)[: len(before)] == before
    issued = [event for event in await journal(bot, UpdateIssued) if event.audience == "executives"]
    assert all(event.words is not None for event in issued)
