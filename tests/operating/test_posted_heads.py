"""`lockstep audit --slack`: the heads that stand in the rooms of a workspace vouch for the record, or show what is wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot.app import App
from bot.core.rooms import RoomOpened
from bot.sandbox import Sandbox
from bot.sandbox.workspace import posting
from bot.sandbox.workspace.posting import Author, Content
from bot.slack.blocks import context
from bot.slack.messages.notices import posted_head
from bot.store import tables
from bot.store.chain import Entry
from tests.operating.given import by_hand, keep_an_incident, rewrite
from tests.operating.process import ended
from tests.running import running, until
from tests.stories.steps import advances, declares, everything_is_delivered, journal, walks_to

Audit = Callable[..., Awaitable[tuple[int, list[str]]]]


@pytest.fixture
def audit(sandbox: Sandbox, tmp_path: Path) -> Audit:
    """`lockstep audit` on a database with these options: exit code and lines. It knows the bot token, and no other."""
    access = {"SLACK_BOT_TOKEN": sandbox.bot_token, "SLACK_API_URL": sandbox.api_url}

    async def audited(url: str, *options: str) -> tuple[int, list[str]]:
        settings = access if options else {}
        code, said = await ended("audit", *options, folder=tmp_path, DATABASE_URL=url, **settings)
        return code, said.splitlines()

    return audited


@asynccontextmanager
async def an_incident(
    sandbox: Sandbox, url: str, last: str = "Advance to Containment"
) -> AsyncIterator[tuple[App, str]]:
    """A bot with INC-1, which went on up to this step, and its room; all is delivered in the end."""
    alice = sandbox.person("alice")
    async with running(sandbox, url) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await walks_to(alice, room, last)
        await everything_is_delivered(bot, sandbox)
        yield bot, room
        await everything_is_delivered(bot, sandbox)


def heads_in(sandbox: Sandbox, room: str) -> list[tuple[int, str]]:
    """The heads that stand in a room, oldest first."""
    return [head for message in sandbox.messages(room) if (head := posted_head(message.get("blocks", ())))]


def wordings(events: int, heads: list[tuple[int, str]]) -> list[str]:
    """What the audit says when all is as it was posted."""
    vouched = f"INC-1: {len(heads)} posted heads found; Slack vouches for events 1 to {heads[-1][0]} of {events}."
    return [vouched, f"1 incident: every chain, stored state and trigger is whole. {len(heads)} posted heads compared."]


async def test_the_heads_of_a_whole_incident_are_compared(sandbox: Sandbox, database_url: str, audit: Audit):
    async with an_incident(sandbox, database_url, "Close incident") as (bot, room):
        events = len(await bot.service.timeline(1, viewer=""))
        heads = heads_in(sandbox, room)
        assert len(heads) == 5
        assert await audit(database_url, "--slack") == (0, wordings(events, heads)), "while the bot runs"
    assert await audit(database_url) == (
        0,
        ["1 incident: every chain, stored state and trigger is whole. Posted heads not checked."],
    )


async def test_a_tail_that_was_cut_is_found_by_the_heads_alone(sandbox: Sandbox, database_url: str, audit: Audit):
    async with an_incident(sandbox, database_url) as (_, room):
        heads = heads_in(sandbox, room)
    kept = heads[-1][0] - 1
    rewrite(database_url, lambda entries: entries[:kept])
    assert (await audit(database_url))[0] == 0
    code, said = await audit(database_url, "--slack")
    assert code == 1
    assert said[0] == f"INC-1: 2 posted heads found; Slack vouches for events 1 to {heads[0][0]} of {kept}."
    assert said[1:] == [f"INC-1 was cut: event {heads[-1][0]} was posted in Slack, and the record ends at {kept}."]


async def test_a_record_that_was_written_anew_is_found_by_the_heads_alone(
    sandbox: Sandbox, database_url: str, audit: Audit
):
    def lie(entries: list[Entry]) -> list[Entry]:
        return [replace(one, actor="UMALLET") if one.seq == heads[0][0] + 1 else one for one in entries]

    async with an_incident(sandbox, database_url) as (_, room):
        heads = heads_in(sandbox, room)
    rewrite(database_url, lie)
    assert (await audit(database_url))[0] == 0
    code, said = await audit(database_url, "--slack")
    assert code == 1 and f"Slack vouches for events 1 to {heads[0][0]} of" in said[0]
    assert said[1:] == [
        f"INC-1, event {heads[1][0]}, does not have the hash that was posted in Slack: the record was rewritten up to there."
    ]


async def test_what_people_type_or_other_apps_post_is_no_head(sandbox: Sandbox, sqlite_url: str, audit: Audit):
    forged = f"Record 3: {'f' * 32}"
    async with an_incident(sandbox, sqlite_url) as (bot, room):
        alice, channel = sandbox.person("alice"), sandbox.channel(room)
        await alice.types(forged, in_=room)
        await alice.types(f"/incident note {forged}", in_=room)
        looks_right = Content(text=forged, blocks=[context(forged)])
        posting.post(sandbox.workspace, channel, Author(user=alice.id, by_app=True), looks_right)
        await everything_is_delivered(bot, sandbox)
        assert (3, "f" * 32) in heads_in(sandbox, room)
        events = len(await bot.service.timeline(1, viewer=""))
    heads = [head for head in heads_in(sandbox, room) if head != (3, "f" * 32)]
    assert await audit(sqlite_url, "--slack") == (0, wordings(events, heads))


async def test_a_room_that_is_archived_is_said_not_to_be_readable_and_is_no_fault(
    sandbox: Sandbox, sqlite_url: str, audit: Audit
):
    async with an_incident(sandbox, sqlite_url, "Close incident") as (bot, room):
        await sandbox.person("alice").archives(room)
        events = len(await bot.service.timeline(1, viewer=""))
    assert await audit(sqlite_url, "--slack") == (
        0,
        [
            f"INC-1: {room} cannot be checked: it is archived, and Slack lets no bot read it.",
            f"INC-1: no posted head found; Slack vouches for none of {events}.",
            "1 incident: every chain, stored state and trigger is whole. 0 posted heads compared.",
        ],
    )


async def test_the_heads_of_a_room_that_was_lost_are_missed_and_those_of_the_next_compared(
    sandbox: Sandbox, sqlite_url: str, audit: Audit
):
    alice = sandbox.person("alice")
    async with an_incident(sandbox, sqlite_url) as (bot, first):
        await alice.deletes(first)

        async def has_another() -> bool:
            return len(await journal(bot, RoomOpened)) == 2

        await until(has_another)
        await everything_is_delivered(bot, sandbox)
        second = (await journal(bot, RoomOpened))[1].name
    code, said = await audit(sqlite_url, "--slack")
    assert code == 0
    assert said[0] == f"INC-1: {first} cannot be checked: it was deleted, or is closed to Lockstep."
    async with running(sandbox, sqlite_url) as bot:
        await alice.sees("we must know:", in_=f"#{second}")
        await advances(alice, "Advance to Recovery", f"#{second}")
        await everything_is_delivered(bot, sandbox)
    (head,) = heads_in(sandbox, f"#{second}")
    code, said = await audit(sqlite_url, "--slack")
    assert code == 0 and said[1].startswith(f"INC-1: 1 posted head found; Slack vouches for events 1 to {head[0]} of ")


async def test_a_head_that_somebody_deleted_is_missed_and_is_no_fault_of_the_record(
    sandbox: Sandbox, sqlite_url: str, audit: Audit
):
    async with an_incident(sandbox, sqlite_url) as (_, room):
        channel, (first, second) = sandbox.channel(room), heads_in(sandbox, room)
        for shown in sandbox.messages(room):
            message = channel.log.find(shown["ts"])
            if message is not None and posted_head(shown.get("blocks", ())) == second:
                posting.delete(sandbox.workspace, channel, message)
    code, said = await audit(sqlite_url, "--slack")
    assert code == 0 and f"Slack vouches for events 1 to {first[0]} of" in said[0]
    assert said[1] == (
        "INC-1: the heads of these events were posted and do not stand there any more, somebody deleted them: "
        f"{second[0]}."
    )


async def test_an_incident_that_is_gone_is_missed_by_its_number_and_found_by_its_room(
    sandbox: Sandbox, database_url: str, audit: Audit
):
    async with an_incident(sandbox, database_url) as (_, room):
        pass
    with by_hand(database_url) as connection:
        for table in (tables.effect, tables.lane, tables.timer, tables.event, tables.incident):
            connection.execute(delete(table))
    assert await audit(database_url) == (1, ["INC-1 is gone: incidents are counted to 1."])
    with by_hand(database_url) as connection:
        connection.execute(update(tables.counter).values(last=0))
    assert (await audit(database_url))[0] == 0
    assert await audit(database_url, "--slack") == (
        1,
        [f"The journal does not know the room {room}, in which heads of INC-1 are posted."],
    )


async def test_a_long_room_is_read_to_its_end_however_often_slack_asks_to_wait(
    sandbox: Sandbox, sqlite_url: str, audit: Audit
):
    async with an_incident(sandbox, sqlite_url) as (bot, room):
        heads = heads_in(sandbox, room)
        for number in range(210):
            await sandbox.person("alice").types(f"A remark, number {number}.", in_=room)
        events = len(await bot.service.timeline(1, viewer=""))
    sandbox.faults.limit("conversations.history", times=2, retry_after=1)
    sandbox.calls.clear()
    assert await audit(sqlite_url, "--slack") == (0, wordings(events, heads))
    assert [call.outcome for call in sandbox.calls.of("conversations.history")] == ["429", "429", "ok", "ok"]


async def test_incidents_of_another_workspace_are_said_not_to_be_compared(
    sandbox: Sandbox, sqlite_url: str, audit: Audit
):
    await asyncio.to_thread(keep_an_incident, sqlite_url)
    code, said = await audit(sqlite_url, "--slack")
    assert code == 0
    assert said[0] == f"The bot token is for {sandbox.team_id}: the heads of T1 were not compared."


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({}, "lockstep: SLACK_BOT_TOKEN is not set."),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "lockstep: SLACK_BOT_TOKEN must start with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-revoked"}, "lockstep: SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)."),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:1/"},
            "lockstep: SLACK_API_URL: Slack is out",
        ),
    ],
)
async def test_without_slack_no_head_is_compared_and_one_line_says_why(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path, setting: dict[str, str], says: str
):
    environment = {"DATABASE_URL": sqlite_url, "SLACK_API_URL": sandbox.api_url} | setting
    code, said = await ended("audit", "--slack", folder=tmp_path, **environment)
    assert code == 2 and said.startswith(says) and "\n" not in said
