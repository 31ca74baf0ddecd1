"""Promised updates: who is reminded of those that a person must send, what an audience reads that waits, and what comes of it."""

import asyncio
import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from typer.testing import CliRunner

from bot.app import App
from bot.cli import cli
from bot.core.router.promises import UpdateSent
from bot.core.router.reminders import LateNoted, UpdateReminded
from bot.core.router.updates import UpdateIssued
from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace.channels import archive, unarchive
from bot.sandbox.workspace.state import Channel
from tests.running import pass_time
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

CUSTOMERS = "#customer-updates"


def direct(sandbox: Sandbox, person: Person) -> Channel:
    """The conversation of this person with the bot."""
    found = sandbox.workspace.direct(frozenset({person.id, sandbox.workspace.app.bot_user}))
    assert found, f"nothing was ever said to {person.user.name} alone"
    return found


async def printed(database_url: str, *options: str) -> str:
    """What `lockstep promises` prints about this journal."""
    arguments, env = ["promises", *options], {"DATABASE_URL": database_url}
    said = await asyncio.to_thread(lambda: CliRunner().invoke(cli, arguments, env=env))
    assert said.exit_code == 0, said.output
    return said.output


async def tells_customers(person: Person, room: str) -> None:
    """Send the draft for customers as it is."""
    await person.sees("draft for customers", in_=room)
    await person.presses("Send", in_=room)
    assert await person.submits() == {}


async def told_customers(sandbox: Sandbox, bot: App, alice: Person, bob: Person) -> str:
    """An incident at SEV1 that ALICE leads and in which BOB sees to communications; its customers have just been told. Its room."""
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.types("/incident role comms @bob", in_=room)
    await everything_is_delivered(bot, sandbox)
    await tells_customers(bob, room)
    await everything_is_delivered(bot, sandbox)
    return room


async def test_the_communications_lead_gets_the_draft_alone_and_no_change_is_one_press(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await told_customers(sandbox, bot, alice, bob)
    before = len(alice.reads(room))
    await pass_time(bot, sandbox, 26)
    told = await bob.sees("an update of INC-1 to customers is due by", in_=direct(sandbox, bob))
    assert "Report received" in told.text and "[No change]" in told.text
    assert not any("is due" in text for text in alice.reads(room)[before:])
    await bob.presses("No change", on=told)
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(bob, CUSTOMERS)) == 2
    assert [event.step.value for event in await journal(bot, UpdateReminded)] == ["draft"]
    sent = (await journal(bot, UpdateSent))[-1]
    assert (sent.audience, sent.outcome, sent.by) == ("customers", "kept", bob.id)


async def test_an_update_that_nobody_sends_goes_up_the_ladder_and_customers_read_that_it_is_late(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await told_customers(sandbox, bot, alice, bob)
    for minutes in (25, 6, 6, 9):
        await pass_time(bot, sandbox, minutes)
    await alice.sees("@bob: an update of INC-1 to customers is due since", in_=room)
    await alice.sees("@alice: an update of INC-1 to customers is due since", in_=room)
    note = await alice.sees("This is an automatic note, since the next update is late.", in_=CUSTOMERS)
    assert "The people who work on it have been reminded." in note.text and "SEV1" not in note.text
    await alice.sees("customers were promised an update", in_=room)
    await pass_time(bot, sandbox, 15)
    missed = await alice.sees(re.compile(r"were promised an update of INC-1 by .*, and none was sent"), in_=room)
    assert "@alice" in missed.text
    called = [text for text in alice.reads(room) if "You are called to INC-1" in text]
    assert len(called) == 2 and called[-1].startswith("@incident-leads")
    await alice.presses("Send", on=missed)
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    sent = (await journal(bot, UpdateSent))[-1]
    assert (sent.audience, sent.outcome, sent.by) == ("customers", "missed", alice.id)
    assert len(await journal(bot, LateNoted)) == 1


async def test_what_has_changed_is_not_told_as_no_change(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await told_customers(sandbox, bot, alice, bob)
    await pass_time(bot, sandbox, 26)
    told = await bob.sees("an update of INC-1 to customers is due by", in_=direct(sandbox, bob))
    await alice.types(f"/incident impact {IMPACT}", in_=room)
    await bob.presses("No change", on=told)
    await bob.sees("Something has changed since customers were told", in_=direct(sandbox, bob))
    assert len(updates_in(bob, CUSTOMERS)) == 1


async def test_a_reminder_is_put_off_once_and_the_room_knows(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await told_customers(sandbox, bot, alice, bob)
    await pass_time(bot, sandbox, 26)
    told = await bob.sees("is due by", in_=direct(sandbox, bob))
    await bob.presses("Not now", on=told)
    await alice.sees("@bob is at the update to customers.", in_=room)
    await bob.presses("Not now", on=told)
    await bob.sees("That was put off once already", in_=direct(sandbox, bob))


async def test_a_long_incident_is_told_less_often_by_the_commander_and_not_before_an_hour(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    assert "INC-1 is younger than 60 minutes" in await asks(alice, "/incident slower", in_=room)
    for _ in range(9):
        await pass_time(bot, sandbox, 15)
    assert "Audiences hear less often" in await asks(alice, "/incident slower", in_=room)
    await alice.sees("@alice lets audiences hear half as often", in_=room)
    await pass_time(bot, sandbox, 15)
    issued = [event for event in await journal(bot, UpdateIssued) if event.audience == "support"]
    steps = [event.promised - event.at for event in issued if event.promised]
    assert steps[-1] > timedelta(minutes=28) and max(steps[:-1]) <= timedelta(minutes=15)
    assert "as usual" in await asks(alice, "/incident slower off", in_=room)


async def test_the_close_and_the_report_say_what_came_of_every_promise(
    sandbox: Sandbox, bot: App, database_url: str, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    await pass_time(bot, sandbox, 15)
    await walks_to(alice, room, "Advance to Postmortem")
    await everything_is_delivered(bot, sandbox)
    await advances(alice, "Close incident", room)
    closed = await alice.sees("INC-1 is closed.", in_=room)
    counted = re.search(r"(\d+) of (\d+) promised updates were on time\.", closed.text)
    assert counted and counted[1] == counted[2]
    report = json.loads(await printed(database_url, "--json"))
    assert {one["outcome"] for one in report["promises"]} == {"kept"}
    assert sum(total["due"] for total in report["totals"].values()) == int(counted[2])
    text = await printed(database_url, "--incident", "INC-1")
    assert "| support " in text and "kept by Lockstep" in text


async def test_an_update_for_an_archived_channel_is_told_to_the_commander_and_read_elsewhere_once(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    archive(sandbox.workspace, sandbox.channel("#support-updates"), dave.id)
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    await alice.sees("Slack did not let me show support where the incident stands (is_archived).", in_=room)
    elsewhere = [text for text in alice.reads("#incidents") if "this update did not reach support" in text]
    assert len(elsewhere) == 1 and "We are looking into a report." in elsewhere[0]
    unarchive(sandbox.workspace, sandbox.channel("#support-updates"), dave.id)
    await alice.presses("Try again", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(dave, "#support-updates")) == 1
    assert [one.audience for one in await journal(bot, UpdateSent)].count("support") == 1


async def test_a_correction_is_a_new_update_that_names_what_it_corrects_and_edits_nothing(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    before = updates_in(dave, "#support-updates")
    first = (await journal(bot, UpdateIssued))[0]
    await pass_time(bot, sandbox, 5)
    await alice.types("/incident correct", in_=room)
    wrong, right = "We are looking into a report", "This is a planned test"
    await alice.fills(
        {"What did they read that is wrong?": wrong, "What is right?": right, "Who should read it?": ["support"]}
    )
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    told = updates_in(dave, "#support-updates")
    assert told[:-1] == before
    at = first.at.astimezone(ZoneInfo(dave.user.tz))
    said = told[-1].splitlines()
    assert said[1:3] == [f"Correction to our last update ({at:%H:%M}):", f"{wrong} → {right}"]
