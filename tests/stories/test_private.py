"""Private incidents: only who is in the room knows of them, and audiences that the policy names for that."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.core.learning.action_reminders import ActionsEscalated
from bot.core.router.updates import UpdateIssued
from bot.exposition import Exposition
from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace.channels import create, join
from tests.faults.truth import broken_promises
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running, settled
from tests.stories.steps import (
    FACTS,
    advances,
    asks,
    everything_is_delivered,
    journal,
    kinds_of,
    room_of,
    takes_command,
)
from tests.stories.test_action_items import next_time
from tests.stories.test_promises import direct

SECRET = "Passwords of customers were copied"
BOARD = """audiences:
  - {name: board, channel: "#security", hears: [SEV1, SEV2], hear_private: true}
"""


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """Lockstep with an audience that hears of private incidents."""
    channel = create(sandbox.workspace, "security", sandbox.person("carol").id, is_private=True)
    join(sandbox.workspace, channel, sandbox.workspace.app.bot_user)
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").replace("audiences:\n", BOARD, 1)
    policy += '\nactions_in: "#general"\n'
    async with running(sandbox, database_url, lockstep_playbooks=playbooks_with(policy, tmp_path)) as app:
        yield app
        await settled(app, sandbox)
    assert broken_promises(sandbox, database_url) == []


async def declares_in_private(sandbox: Sandbox, bot: App, person: Person) -> str:
    """Declare a private incident by the form, and lead it; its room."""
    await person.types("/incident declare", in_="#general")
    await person.fills(
        {
            "What is wrong?": SECRET,
            "Who is affected?": "Everyone",
            "What can they not do?": "Data was lost or exposed",
        }
    )
    await person.chooses("Who may know of it?", ["Only those in its room (private)"])
    assert await person.submits() == {}
    room = await room_of(sandbox, person, 1)
    await takes_command(person, room)
    await person.types(f"/incident impact {SECRET} from a backup", in_=room)
    await everything_is_delivered(bot, sandbox)
    return room


def everything_read(person: Person, sandbox: Sandbox, but: str) -> str:
    """All that this person reads anywhere, but for one channel."""
    channels = [one for one in sandbox.workspace.channels.values() if one.name != but.removeprefix("#")]
    readable = [one for one in channels if person.id in one.members or (one.kind == "channel" and not one.is_private)]
    return "\n".join(text for one in readable for text in person.reads(one))


async def test_a_private_incident_is_known_in_its_room_and_to_the_audience_that_the_policy_names(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person, carol: Person
):
    room = await declares_in_private(sandbox, bot, alice)
    assert sandbox.channel(room).is_private and alice.id in sandbox.channel(room).members
    assert {one.audience for one in await journal(bot, UpdateIssued)} == {"board"}
    await pass_time(bot, sandbox, 31)
    assert {one.audience for one in await journal(bot, UpdateIssued)} == {"board"}
    assert any(SECRET in text for text in carol.reads("#security"))
    assert SECRET not in everything_read(dave, sandbox, but="#security")
    assert "INC-1" not in everything_read(dave, sandbox, but="#security")


async def test_nothing_of_a_private_incident_is_answered_outside_of_its_room(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares_in_private(sandbox, bot, alice)
    for command in (
        "list",
        "",
        "status INC-1",
        "status",
        "timeline INC-1",
        "hypotheses INC-1",
        "map INC-1",
        "redact INC-1",
        "metrics",
        "actions all",
        "actions team",
        "actions overdue",
        "subscribe INC-1",
        "unsubscribe INC-1",
        "subscriptions",
        "update",
        "note",
    ):
        answer = await asks(dave, f"/incident {command}", in_="#general")
        assert SECRET not in answer and "SEV1" not in answer.replace("subscribe SEV1", ""), command
    assert "INC-1" in await asks(alice, "/incident list", in_="#general")
    assert SECRET in await asks(alice, "/incident status INC-1", in_="#general")
    assert SECRET in await asks(alice, "/incident status", in_=room)
    incident = await bot.service.incident(1, viewer="")
    assert incident.subscribers == ()


async def test_a_private_incident_is_no_public_ones_and_nobody_is_told_of_it_by_a_rule(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    await asks(dave, "/incident subscribe sev4", in_="#general")
    await declares_in_private(sandbox, bot, alice)
    assert "PeopleSubscribed" not in await kinds_of(bot)
    await dave.types("/incident declare sev2 Search is slow", in_="#general")
    other = await room_of(sandbox, dave, 2)
    await everything_is_delivered(bot, sandbox)
    assert SECRET not in await asks(dave, "/incident merge INC-1", in_=other)
    assert (await bot.service.incident(2, viewer="")).is_open
    told = await asks(dave, "/incident metrics", in_="#general")
    assert "1 incident" in told or "no incident" in told.casefold()


async def test_figures_for_machines_count_a_private_incident_and_name_nothing_of_it(
    sandbox: Sandbox, bot: App, alice: Person
):
    await declares_in_private(sandbox, bot, alice)
    text = (await Exposition(bot.database, bot.service, bot.clock, bot.health).text()).decode()
    assert "lockstep_incidents_open" in text and "Passwords" not in text and "INC-1" not in text


async def test_an_update_that_is_not_delivered_goes_to_no_public_channel(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    sandbox.faults.error("chat.postMessage", "is_archived", times=None, channel=sandbox.channel("#security").id)
    room = await declares_in_private(sandbox, bot, alice)
    await alice.sees("Slack did not let me", in_=room)
    assert SECRET not in everything_read(dave, sandbox, but="#security")
    await sandbox.faults.clear()


async def test_action_items_of_a_private_incident_are_listed_for_those_who_have_a_part_in_it_and_for_nobody_else(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares_in_private(sandbox, bot, alice)
    for step in FACTS:
        await advances(alice, step, room)
    await everything_is_delivered(bot, sandbox)
    assert "A1 of INC-1" in await asks(alice, "/incident actions all", in_="#general")
    assert "INC-1" not in await asks(dave, "/incident actions all", in_="#general")
    lines = await bot.service.follow_ups.listed(viewer=dave.id)
    assert lines == [] and await bot.service.follow_ups.listed(viewer=alice.id) != []
    await dave.opens_home()
    await dave.sees_home("You have no open action item.")
    await alice.opens_home()


async def test_what_is_overdue_of_a_private_incident_is_said_to_whoever_leads_it_and_to_nobody_else(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares_in_private(sandbox, bot, alice)
    for step in FACTS:
        await advances(alice, step, room, **{"Due date": f"{bot.clock.now() + timedelta(days=3):%Y-%m-%d}"})
    await everything_is_delivered(bot, sandbox)
    while not await journal(bot, ActionsEscalated):
        due = await next_time(bot)
        assert due is not None, "nothing falls due any more"
        await pass_time(bot, sandbox, max(1.0, (due - bot.clock.now()).total_seconds() / 60))
    await everything_is_delivered(bot, sandbox)
    (escalated,) = await journal(bot, ActionsEscalated)
    assert escalated.to == (alice.id,)
    await alice.sees("1 action item of INC-1 long overdue.", in_=direct(sandbox, alice))
    for person in (carol, dave):
        assert "INC-1" not in everything_read(person, sandbox, but="security")
    assert not [text for text in alice.reads("#general") if "long overdue" in text]
