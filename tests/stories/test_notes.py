"""8. Notes and pins: what people want on the timeline is kept once, and everything else that is said stays in Slack alone."""

import asyncio
import re

import pytest
from sqlalchemy import inspect, text

from bot.app import App
from bot.core.notes import MessagePinned, NoteAdded
from bot.sandbox import Person, Sandbox
from bot.sandbox.delivery import payloads
from bot.sandbox.people.person import Seen
from bot.sandbox.workspace import posting
from bot.sandbox.workspace.posting import Content
from tests.running import SOON_SAYS_SO, running, until
from tests.stories.steps import (
    asks,
    declares,
    everything_is_delivered,
    kinds_of,
    nothing_can_be_recorded,
    room_of,
    takes_command,
    walks_to,
)

PIN = "pushpin"


async def says(person: Person, words: str, room: str, thread: Seen | None = None) -> Seen:
    """Write a message, and return it as it was posted."""
    await person.types(words, in_=room, thread=thread)
    return next(message for message in reversed(person.messages(room)) if message.raw.get("user") == person.id)


async def pinned(bot: App, number: int = 1) -> list[MessagePinned]:
    """The messages that were put on the timeline, oldest first."""
    recorded = await bot.service.timeline(number, viewer="")
    return [one.event for one in recorded if isinstance(one.event, MessagePinned)]


async def pins(bot: App, person: Person, message: Seen, count: int = 1) -> list[MessagePinned]:
    """React with the pushpin, and wait until so many messages are on the timeline."""
    await person.reacts(PIN, to=message)

    async def is_there() -> bool:
        return len(await pinned(bot)) >= count

    await until(is_there)
    return await pinned(bot)


async def everything_stored(bot: App) -> str:
    """Every value of every column of every table of the database, whatever tables there are."""
    async with bot.database.read() as tx:
        tables = await tx.run_sync(lambda connection: inspect(connection).get_table_names())
        assert {"event", "incident", "command", "effect", "lane"} <= set(tables)
        rows = [row for table in tables for row in (await tx.execute(text(f'SELECT * FROM "{table}"'))).all()]
    return "\n".join(str(value) for row in rows for value in row)


async def test_a_note_is_seen_in_the_room_and_stands_on_the_timeline(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await bob.joins(room)
    answer = await asks(bob, "/incident note The bank says that it's not them & <thanks>", in_=room)
    assert answer == "Noted on the timeline of INC-1."
    said = await alice.sees("@bob noted: “The bank says that it's not them & <thanks>”", in_=room)
    assert not said.ephemeral
    await everything_is_delivered(bot, sandbox)
    assert sum("@bob noted:" in line for line in alice.reads(room)) == 1
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert re.search("@bob noted: “The bank says that it's not them & <thanks>”", timeline)


async def test_a_note_without_words_is_no_note(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    assert "Please write a few words." in await asks(alice, "/incident note   ", in_=room)
    assert "NoteAdded" not in await kinds_of(bot)


async def test_a_note_that_cannot_be_recorded_is_answered_so_in_time(sandbox: Sandbox, database_url: str):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url, SOON_SAYS_SO) as bot:
        room = await declares(sandbox, alice, "Checkout is failing")
        await everything_is_delivered(bot, sandbox)
        for _ in range(2):
            with nothing_can_be_recorded(database_url):
                answer = await asks(alice, "/incident note The bank says that it's not them", in_=room)
                assert answer.splitlines() == [
                    "Not recorded, the database is out of reach. Please repeat.",
                    "You typed: /incident note The bank says that it's not them",
                ]
            await everything_is_delivered(bot, sandbox)
            assert "NoteAdded" not in await kinds_of(bot)


async def test_the_longest_note_is_kept_whole(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    words = " ".join(f"word{number} & <more>" for number in range(400))
    await asks(alice, f"/incident note {words}", in_=room)
    await alice.sees("@alice noted: “word0 & <more> word1", in_=room)
    notes = [one.event for one in await bot.service.timeline(1, viewer="") if isinstance(one.event, NoteAdded)]
    assert [note.text for note in notes] == [words]
    await everything_is_delivered(bot, sandbox)
    assert not (await bot.service.incident(1, viewer="")).failures


async def test_two_lines_that_are_the_same_are_two_notes(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    for _ in range(2):
        await alice.types("/incident note Still failing", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert sum("@alice noted: “Still failing”" in line for line in alice.reads(room)) == 2


async def test_a_pushpin_puts_a_message_on_the_timeline_with_its_author(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await bob.joins(room)
    message = await says(bob, "Rolling back release 41 & <watching> @alice", room)
    (pin,) = await pins(bot, alice, message)
    assert (pin.actor, pin.author, pin.ts) == (alice.id, bob.id, message.ts)
    assert abs(pin.posted.timestamp() - float(message.ts)) < 0.001
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "@alice pinned @bob's message" in timeline
    assert "Rolling back release 41 & <watching> @alice" in timeline


async def test_a_message_that_two_people_pin_stands_there_once(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await bob.joins(room)
    message = await says(alice, "The card form answers with an error", room)
    await asyncio.gather(alice.reacts(PIN, to=message), bob.reacts(PIN, to=message))
    await alice.unreacts(PIN, to=message)
    await alice.reacts(PIN, to=message)
    other = await says(bob, "Payments by bank are fine", room)
    await pins(bot, alice, other, count=2)
    await everything_is_delivered(bot, sandbox)
    assert sorted(pin.ts for pin in await pinned(bot)) == [message.ts, other.ts]


@pytest.mark.fair_weather("it delivers by hand, and Slack delivers again what was not taken")
async def test_a_pin_that_slack_reports_again_and_again_stands_there_once(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    message = await says(alice, "The card form answers with an error", room)
    item = {"type": "message", "channel": message.channel.id, "ts": message.ts}
    event = {"type": "reaction_added", "user": alice.id, "reaction": PIN, "item_user": alice.id, "item": item}
    callback = payloads.event_callback(sandbox.workspace, event | {"event_ts": message.ts})
    await asyncio.gather(*(sandbox.hub.deliver("events_api", callback, attempt=n) for n in range(3)))
    assert [pin.ts for pin in await pinned(bot)] == [message.ts]


async def test_a_pin_is_not_lost_while_slack_is_busy(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    message = await says(alice, "The card form answers with an error", room)
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.fail("conversations.replies")
    assert [pin.ts for pin in await pins(bot, alice, message)] == [message.ts]


async def test_a_reply_in_any_thread_of_the_room_can_be_pinned(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await bob.joins(room)
    root = await says(alice, "Who knows the card form?", room)
    await says(bob, "Ask dave", room, thread=root)
    reply = await says(bob, "I wrote it, looking now", room, thread=root)
    (pin,) = await pins(bot, alice, reply)
    assert (pin.author, pin.text) == (bob.id, "I wrote it, looking now")
    assert pin.permalink is not None and f"thread_ts={root.ts}" in pin.permalink


async def test_what_nobody_pins_is_nowhere_in_the_database(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await bob.joins(room)
    await alice.types("/incident hypothesis The card form is broken", in_=room)
    root = await alice.sees("[Start test]", in_=room)
    secret = await says(bob, "my-secret-in-the-room", room)
    await says(bob, "my-secret-in-a-thread", room, thread=secret)
    await says(bob, "@lockstep my-secret-to-the-bot", room)
    await bob.types("my-secret-elsewhere", in_="#general")
    for name in ("eyes", "white_check_mark", "heavy_plus_sign", "heavy_minus_sign", "round_pushpin"):
        await alice.reacts(name, to=secret)
    await alice.types("/incident note to-be-kept-1", in_=room)
    await pins(bot, alice, await says(bob, "to-be-kept-2", room))
    await says(bob, "to-be-kept-3", room, thread=root)

    async def reply_is_kept() -> bool:
        return "ReplyKept" in await kinds_of(bot)

    await until(reply_is_kept)
    await everything_is_delivered(bot, sandbox)
    stored = await everything_stored(bot)
    assert [f"to-be-kept-{number}" in stored for number in (1, 2, 3)] == [True, True, True]
    assert re.findall("my-secret-[a-z-]*", stored) == []


async def test_a_pin_outside_the_room_or_after_the_close_keeps_nothing(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.reacts(PIN, to=await says(bob, "my-secret-elsewhere", "#incidents"))
    await walks_to(alice, room, "Close incident")
    await room_of(sandbox, alice, 1)
    await alice.reacts(PIN, to=await says(alice, "my-secret-afterwards", room))
    await everything_is_delivered(bot, sandbox)
    assert await pinned(bot) == []
    assert "my-secret" not in await everything_stored(bot)


async def test_a_pinned_message_that_was_edited_before_is_kept_as_it_reads_then(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    message = await says(alice, "Rolling back release 14", room)
    posted = message.channel.log.messages[message.ts]
    posting.edit(sandbox.workspace, message.channel, posted, Content(text="Rolling back release 41"), editor=alice.id)
    (pin,) = await pins(bot, alice, message)
    assert pin.text == "Rolling back release 41"
