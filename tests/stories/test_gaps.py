"""8. The bot is away for a while: what was written in the threads of hypotheses meanwhile is read afterwards, once."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.app import App
from bot.core.tracker.evidence import MarkWithdrawn, ReplyKept, ReplyMarked
from bot.sandbox import Sandbox, Seen, WireTimes
from bot.sandbox.faults import Faults
from bot.sandbox.workspace import posting
from tests.running import pass_time, running, until, workspace
from tests.stories.steps import (
    MINUS,
    PLUS,
    a_thread,
    declares,
    everything_is_delivered,
    everything_is_heard,
    journal,
    proposes,
    replies,
    root_shows,
)

HARMS: dict[str, Callable[[Faults], object]] = {
    "it answers 429": lambda faults: faults.limit("conversations.replies", times=2, retry_after=1),
    "it answers 500": lambda faults: faults.fail("conversations.replies"),
    "it answers fatal_error": lambda faults: faults.error("conversations.replies", "fatal_error"),
    "its answer is lost": lambda faults: faults.lose_answer("conversations.replies"),
    "it is dropped": lambda faults: faults.refuse("conversations.replies"),
}
FORGETFUL = WireTimes(retries=())
"""Slack gives an event up at once instead of after some minutes."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace in which an event that nobody takes is lost."""
    async with workspace(wire=FORGETFUL) as sandbox:
        yield sandbox


async def reads_on(bot: App, sandbox: Sandbox, count: int, within: float = 20) -> list[str]:
    """Wait until the journal has so many replies, and everything has settled; return what they say, as they were written."""

    async def has_them() -> bool:
        return len(await journal(bot, ReplyKept)) >= count

    await until(has_them, within)
    await everything_is_heard(bot, sandbox)
    return [one.text for one in sorted(await journal(bot, ReplyKept), key=lambda one: one.reply)]


async def test_what_is_written_while_the_bot_is_down_is_kept_as_if_it_had_been_there(
    sandbox: Sandbox, database_url: str
):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice, bob)
        await replies(alice, "Before", root, room)
        await everything_is_heard(bot, sandbox)
    late = [await replies(bob, text, root, room) for text in ("It fails in <one> region", "And only there")]
    async with running(sandbox, database_url) as bot:
        assert await reads_on(bot, sandbox, 3) == ["Before", "It fails in <one> region", "And only there"]
        kept = sorted(await journal(bot, ReplyKept), key=lambda one: one.reply)[1:]
        assert [(one.author, one.reply) for one in kept] == [(bob.id, reply.ts) for reply in late]
        assert [f"{one.at.timestamp():.6f}" for one in kept] == [reply.ts for reply in late]
        assert all(one.permalink and f"thread_ts={root.ts}" in one.permalink for one in kept)


async def test_more_than_one_page_of_replies_is_read_to_the_end(sandbox: Sandbox, database_url: str):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice)
    for number in range(1, 251):
        await alice.types(f"Reply number {number}", in_=room, thread=root)
    async with running(sandbox, database_url) as bot:
        assert await reads_on(bot, sandbox, 250, within=60) == [f"Reply number {number}" for number in range(1, 251)]


async def test_reactions_of_the_gap_count_on_new_replies_and_on_those_we_knew(sandbox: Sandbox, database_url: str):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice, bob)
        known = await replies(alice, "Before", root, room)
        await everything_is_heard(bot, sandbox)
    new = await replies(bob, "Meanwhile", root, room)
    await alice.reacts(PLUS, to=new)
    await bob.reacts(MINUS, to=known)
    async with running(sandbox, database_url) as bot:
        await root_shows(alice, room, "H1", "Evidence: 1 for · 1 against")
        marked = {one.reply: one.actor for one in await journal(bot, ReplyMarked)}
        assert marked == {new.ts: alice.id, known.ts: bob.id}


async def test_a_reaction_of_the_gap_counts_on_a_reply_that_is_much_older(sandbox: Sandbox, database_url: str):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice)
        first = await replies(alice, "Seen half an hour ago", root, room)
        await everything_is_heard(bot, sandbox)
        await pass_time(bot, sandbox, 30)
        await replies(alice, "Seen just now", root, room)
        await everything_is_heard(bot, sandbox)
    await alice.reacts(PLUS, to=first)
    async with running(sandbox, database_url):
        await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")


async def test_a_reaction_taken_off_in_the_gap_is_withdrawn(sandbox: Sandbox, database_url: str):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice, bob)
        reply = await replies(alice, "It fails in one region", root, room)
        await bob.reacts(PLUS, to=reply)
        await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
        await everything_is_heard(bot, sandbox)
    await bob.unreacts(PLUS, to=reply)
    async with running(sandbox, database_url) as bot:
        await root_shows(alice, room, "H1", "Evidence: 0 for · 0 against")
        assert [one.actor for one in await journal(bot, MarkWithdrawn)] == [bob.id]


async def test_what_was_said_for_evidence_in_the_form_stays_although_no_reaction_shows_it(
    sandbox: Sandbox, database_url: str
):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice)
        await replies(alice, "It fails in one region", root, room)
        await everything_is_heard(bot, sandbox)
        await alice.presses("Add evidence", in_=room)
        await alice.fills({"Which way does it speak?": "It speaks for it", "Which reply?": "It fails in one region"})
        assert await alice.submits() == {}
        await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
        await everything_is_heard(bot, sandbox)
    await replies(alice, "Meanwhile", root, room)
    async with running(sandbox, database_url) as bot:
        assert await reads_on(bot, sandbox, 2) == ["It fails in one region", "Meanwhile"]
        await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")


async def test_what_slack_gave_up_sending_is_read_when_the_connection_is_back(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as bot:
        alice = sandbox.person("alice")
        room, root = await a_thread(sandbox, bot, alice)
        await replies(alice, "Before", root, room)
        await everything_is_heard(bot, sandbox)
        await sandbox.faults.start_outage()
        lost = await replies(alice, "While the line is dead", root, room)
        await alice.reacts(PLUS, to=lost)

        async def slack_is_away() -> bool:
            return "slack" in await bot.health.missing()

        await until(slack_is_away)
        await sandbox.faults.end_outage()
        assert await reads_on(bot, sandbox, 2) == ["Before", "While the line is dead"]
        await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")


async def test_what_slack_sends_again_while_we_read_it_is_not_kept_twice(database_url: str):
    async with workspace() as persistent:
        alice = persistent.person("alice")
        async with running(persistent, database_url) as bot:
            room, root = await a_thread(persistent, bot, alice)
        for number in range(20):
            reply = await replies(alice, f"Meanwhile, number {number}.", root, room)
            await alice.reacts(PLUS, to=reply)
        async with running(persistent, database_url) as bot:
            await root_shows(alice, room, "H1", "Evidence: 20 for · 0 against")
            await reads_on(bot, persistent, 20)
            for _ in range(3):
                await persistent.hub.disconnect()
                await until(lambda: is_connected(persistent))
                await everything_is_heard(bot, persistent)
            kept = [one.reply for one in await journal(bot, ReplyKept)]
            assert len(kept) == len(set(kept)) == 20
            assert len(await journal(bot, ReplyMarked)) == 20


async def is_connected(sandbox: Sandbox) -> bool:
    """Whether the bot is connected."""
    return bool(sandbox.hub.open)


@pytest.mark.parametrize("harm", HARMS)
async def test_whatever_happens_to_the_reading_it_is_tried_again(sandbox: Sandbox, database_url: str, harm: str):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice)
    await replies(alice, "Meanwhile", root, room)
    HARMS[harm](sandbox.faults)
    sandbox.calls.clear()
    async with running(sandbox, database_url) as bot:
        assert await reads_on(bot, sandbox, 1) == ["Meanwhile"]
    calls = sandbox.calls.of("conversations.replies")
    if harm == "it answers 429":
        refused = [call.finished or 0.0 for call in calls if call.outcome == "429"]
        assert len(refused) == 2
        for finished in refused:
            assert all(call.started - finished > 0.9 for call in calls if call.started > finished)


async def test_one_thread_that_is_gone_does_not_keep_us_from_the_others(sandbox: Sandbox, database_url: str):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room, first = await a_thread(sandbox, bot, alice)
        second = await proposes(alice, "A cable", room)
        await everything_is_delivered(bot, sandbox)
    message = first.channel.log.find(first.ts)
    assert message is not None
    posting.delete(sandbox.workspace, first.channel, message)
    await replies(alice, "About the cable", second, room)
    async with running(sandbox, database_url) as bot:
        assert await reads_on(bot, sandbox, 1) == ["About the cable"]


async def test_the_threads_of_every_open_incident_are_read(sandbox: Sandbox, database_url: str):
    alice = sandbox.person("alice")
    places: list[tuple[str, Seen]] = []
    async with running(sandbox, database_url) as bot:
        for number in range(1, 4):
            room = await declares(sandbox, alice, f"sev2 Something else, number {number}")
            for statement in ("A cable", "A certificate"):
                places.append((room, await proposes(alice, statement, room)))
        await everything_is_delivered(bot, sandbox)
    for room, root in places:
        await replies(alice, f"Below {root.text[:2]}", root, room)
    async with running(sandbox, database_url) as bot:

        async def all_are_kept() -> bool:
            kept = [await journal(bot, ReplyKept, number) for number in (1, 2, 3)]
            return [[one.text for one in of_one] for of_one in kept] == [["Below H1", "Below H2"]] * 3

        await until(all_are_kept)


async def test_a_reply_below_a_root_that_was_posted_just_before_the_bot_went_down_is_kept(
    sandbox: Sandbox, database_url: str
):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await everything_is_delivered(bot, sandbox)
        sandbox.faults.lose_answer("chat.postMessage", channel=sandbox.channel(room).id)
        root = await proposes(alice, "The new release", room)
    await replies(alice, "Meanwhile", root, room)
    async with running(sandbox, database_url) as bot:
        await everything_is_heard(bot, sandbox)
        assert await reads_on(bot, sandbox, 1) == ["Meanwhile"]
