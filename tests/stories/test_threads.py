"""7. The thread of a hypothesis: what people write there is kept, and their plus and minus make it evidence."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.app import App
from bot.core.delivery import DeliveryFailed
from bot.core.incident import Reply
from bot.core.tracker.evidence import EvidenceWritten, MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.tracker.hypotheses import ParkHypothesis, StartTest
from bot.export import as_json, as_markdown, read
from bot.export.postmortem import as_postmortem
from bot.sandbox import NotAcknowledged, Person, Sandbox, Seen
from bot.sandbox.delivery.payloads import event_callback
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace import files, posting
from bot.sandbox.workspace.file_objects import file_json
from bot.sandbox.workspace.objects import permalink
from bot.sandbox.workspace.posting import Author, Content
from bot.store import tables
from tests.core.given import predicted
from tests.running import QUICK, running
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
    says_what_shows_it,
    starts_test,
)


async def kept(bot: App) -> tuple[Reply, ...]:
    """The replies that the first hypothesis has."""
    return (await bot.service.incident(1, viewer="")).hypothesis(1).replies


def reacted(sandbox: Sandbox, person: Person, name: str, ts: str, room: str, kind: str = "reaction_added") -> Json:
    """The event by which Slack tells of a reaction, as it is sent and sent again."""
    event: Json = {"type": kind, "user": person.id, "reaction": name, "item_user": person.id}
    item = {"type": "message", "channel": sandbox.channel(room).id, "ts": ts}
    return event_callback(sandbox.workspace, event | {"item": item, "event_ts": f"{sandbox.clock.epoch():.6f}"})


def wrote(sandbox: Sandbox, message: Seen) -> Json:
    """The event by which Slack tells of a message, as it is sent and sent again."""
    said = {"channel": message.channel.id, "channel_type": "channel", "event_ts": message.ts}
    return event_callback(sandbox.workspace, message.raw | said)


async def everything_stored(bot: App) -> str:
    """Every value in every table, as text."""
    async with bot.database.read() as tx:
        rows = [list(await tx.execute(select(table))) for table in tables.metadata.sorted_tables]
    return repr(rows)


def in_thread(person: Person, root: Seen, room: str) -> list[str]:
    """What is read in the thread of a message."""
    return [one.text for one in person.messages(room) if one.thread_ts == root.ts and one.ts != root.ts]


# What is kept


async def test_a_reply_is_kept_with_its_author_its_time_and_the_way_to_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(bob, "Errors began at 14:02, <b> & more", root, room)
    await everything_is_heard(bot, sandbox)
    message = reply.channel.log.find(reply.ts)
    assert message is not None
    (one,) = await journal(bot, ReplyKept)
    assert (one.author, one.text, one.hypothesis) == (bob.id, "Errors began at 14:02, <b> & more", 1)
    assert one.at == datetime.fromtimestamp(float(reply.ts), UTC)
    assert one.permalink == permalink(sandbox.workspace, reply.channel, message)


async def test_a_reply_that_is_shown_in_the_room_as_well_is_kept_once(sandbox: Sandbox, bot: App, alice: Person):
    room, root = await a_thread(sandbox, bot, alice)
    channel = sandbox.channel(room)
    content = Content(text="Also sent to the channel")
    posting.post(sandbox.workspace, channel, Author(user=alice.id), content, thread_ts=root.ts, broadcast=True)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)] == ["Also sent to the channel"]


async def test_of_a_file_its_name_and_address_are_kept_and_the_export_and_the_postmortem_have_them(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    graph = files.add(sandbox.workspace, bob.id, "Error graph.png", b"\x89PNG")
    by, content = Author(user=bob.id), Content(text="Errors began at 14:02")
    files.share(sandbox.workspace, sandbox.channel(room), [graph], by, content, thread_ts=root.ts)
    await everything_is_heard(bot, sandbox)
    address = file_json(sandbox.workspace, graph)["permalink"]
    assert graph.id in address
    (one,) = await journal(bot, ReplyKept)
    assert one.text == f"Errors began at 14:02 [file: Error graph.png] ({address})"
    async with bot.database.read() as tx:
        record = await read(tx, sandbox.workspace.team.id, 1)
    shown = f"“Errors began at 14:02 \\[file: Error graph.png] ({address})”"
    for page in (as_markdown(record), as_postmortem(record)):
        assert page.count(shown) == 2, "in the timeline and below the hypothesis"
    assert address in as_json(record)


async def test_nothing_else_that_is_written_is_stored_anywhere(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room, root = await a_thread(sandbox, bot, alice, bob)
    card = await alice.sees("we must know:", in_=room)
    announced = await bob.sees("INC-1: Checkout is failing", in_="#incidents")
    await alice.types("xylophone in the room", in_=room)
    remark = await alice.sees("xylophone in the room", in_=room)
    await replies(bob, "xylophone below a remark", remark, room)
    await replies(bob, "xylophone below the card", card, room)
    await replies(bob, "xylophone below the announcement", announced, "#incidents")
    await alice.types("xylophone elsewhere", in_="#general")
    for message in (remark, card, root):
        await bob.reacts(PLUS, to=message)
    await starts_test(alice, room)
    told = await alice.sees("@alice is testing it now.", in_=room)
    await bob.reacts(PLUS, to=told)
    await replies(bob, "marimba in the thread", root, room)
    await everything_is_heard(bot, sandbox)
    stored = await everything_stored(bot)
    assert "marimba in the thread" in stored
    assert "xylophone" not in stored and "is testing it now" not in stored
    assert len(await kept(bot)) == 1 and await journal(bot, ReplyMarked) == []


async def test_a_reply_in_the_moment_in_which_the_thread_appears_is_kept(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    root = await proposes(alice, "The new release", room)
    await replies(alice, "I saw it at once", root, room)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)] == ["I saw it at once"]


async def test_a_reply_while_we_do_not_know_yet_that_slack_shows_the_thread_is_kept(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.lose_answer("chat.postMessage", channel=sandbox.channel(room).id)
    root = await proposes(alice, "The new release", room)
    await replies(alice, "I saw it at once", root, room)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)] == ["I saw it at once"]


# Evidence


async def test_plus_and_minus_make_evidence_that_the_root_counts_and_taking_them_off_withdraws_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    first = await replies(bob, "Errors began with it", root, room)
    second = await replies(alice, "Errors began before it", root, room)
    await bob.reacts(PLUS, to=first)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
    await bob.reacts(MINUS, to=second)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 1 against")
    await bob.unreacts(PLUS, to=first)
    shown = await root_shows(alice, room, "H1", "Evidence: 0 for · 1 against")
    assert shown.ts == root.ts
    await bob.reacts(PLUS, to=first)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 1 against")
    assert [one.reply for one in await journal(bot, MarkWithdrawn)] == [first.ts]


async def test_a_tick_only_means_that_somebody_has_seen_it(sandbox: Sandbox, bot: App, alice: Person):
    room, root = await a_thread(sandbox, bot, alice)
    reply = await replies(alice, "Errors began with it", root, room)
    for name in (":white_check_mark:", ":heavy_check_mark:", ":+1:", ":-1:"):
        await alice.reacts(name, to=reply)
    await everything_is_heard(bot, sandbox)
    assert await journal(bot, ReplyMarked) == []


async def test_a_reply_with_plus_and_minus_is_disputed_until_one_of_them_goes(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(alice, "It fails in one region", root, room)
    await alice.reacts(PLUS, to=reply)
    await bob.reacts(MINUS, to=reply)
    await root_shows(alice, room, "H1", "Evidence: 0 for · 0 against · 1 disputed")
    await alice.unreacts(PLUS, to=reply)
    shown = await root_shows(alice, room, "H1", "Evidence: 0 for · 1 against")
    assert "disputed" not in shown.text


async def test_the_same_reaction_by_two_people_counts_the_reply_once(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob, dave)
    reply = await replies(alice, "It fails in one region", root, room)
    for person in (bob, dave):
        await person.reacts(PLUS, to=reply)
    await everything_is_heard(bot, sandbox)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
    await bob.unreacts(PLUS, to=reply)
    await everything_is_heard(bot, sandbox)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
    await dave.unreacts(PLUS, to=reply)
    await root_shows(alice, room, "H1", "Evidence: 0 for · 0 against")


async def test_the_form_takes_a_reply_of_the_thread_as_evidence(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room, root = await a_thread(sandbox, bot, alice, bob)
    for text in ("It fails in one region", "It fails everywhere"):
        await replies(bob, text, root, room)
    await everything_is_heard(bot, sandbox)
    await alice.presses("Add evidence", in_=room)
    form = await alice.gets_form("Add evidence")
    assert form.labels == ["Which way does it speak?", "Which reply?", "Or something new?"]
    await alice.fills({"Which way does it speak?": "It speaks against it", "Which reply?": "It fails everywhere"})
    await alice.fills({"Or something new?": "And more"})
    assert list(await alice.submits()) == ["Or something new?"]
    await alice.fills({"Or something new?": ""})
    assert await alice.submits() == {}
    await root_shows(alice, room, "H1", "Evidence: 0 for · 1 against")
    (marked,) = await journal(bot, ReplyMarked)
    said = {one.reply: one.text for one in await journal(bot, ReplyKept)}
    assert said[marked.reply] == "It fails everywhere" and marked.actor == alice.id


async def test_the_form_takes_something_new_and_the_thread_reads_it(sandbox: Sandbox, bot: App, alice: Person):
    room, root = await a_thread(sandbox, bot, alice)
    await alice.presses("Add evidence", in_=room)
    form = await alice.gets_form("Add evidence")
    assert form.labels == ["Which way does it speak?", "What did you see?"]
    await alice.fills(
        {"Which way does it speak?": "It speaks for it", "What did you see?": "The graph <drops> & stays"}
    )
    assert await alice.submits() == {}
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
    await alice.sees("@alice added evidence for it: “The graph <drops> & stays”", in_=room)
    assert in_thread(alice, root, room) == ["@alice added evidence for it: “The graph <drops> & stays”"]
    await everything_is_heard(bot, sandbox)
    assert len(await journal(bot, EvidenceWritten)) == 1 and await journal(bot, ReplyKept) == []


async def test_the_thread_goes_on_after_the_hypothesis_has_turned_out(sandbox: Sandbox, bot: App, alice: Person):
    room, root = await a_thread(sandbox, bot, alice)
    await alice.presses("Refute", in_=room)
    await says_what_shows_it(alice, "Undoing it changed nothing")
    assert await alice.submits() == {}
    reply = await replies(alice, "And the errors are older", root, room)
    await alice.reacts(MINUS, to=reply)
    await root_shows(alice, room, "H1", "✗ Refuted", "Evidence: 0 for · 2 against")
    assert len(await journal(bot, ReplyKept)) == 1


@pytest.mark.parametrize("replied", [False, True], ids=["without replies", "with replies"])
async def test_a_root_that_somebody_deletes_is_posted_anew_and_its_new_thread_is_kept(
    sandbox: Sandbox, bot: App, alice: Person, replied: bool
):
    room, root = await a_thread(sandbox, bot, alice)
    if replied:
        await replies(alice, "In the old thread", root, room)
        await everything_is_heard(bot, sandbox)
    message = root.channel.log.find(root.ts)
    assert message is not None
    posting.delete(sandbox.workspace, root.channel, message)
    by = bot.service.origin(actor=alice.id, key="test", incident=1)
    await bot.service.handle(StartTest(origin=by, hypothesis=1, first=predicted(by, 1)))
    anew = await root_shows(alice, room, "H1", "● Testing")
    await everything_is_delivered(bot, sandbox)
    assert anew.ts != root.ts and await journal(bot, DeliveryFailed) == []
    await replies(alice, "In the new thread", anew, room)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)][-1] == "In the new thread"


async def test_what_stands_in_the_thread_of_a_deleted_root_is_not_said_again_in_the_new_one(
    sandbox: Sandbox, bot: App, alice: Person
):
    room, root = await a_thread(sandbox, bot, alice)
    await replies(alice, "In the old thread", root, room)
    await everything_is_heard(bot, sandbox)
    sandbox.faults.lose_answer("chat.postMessage", channel=root.channel.id)
    sandbox.faults.fail("conversations.replies", times=None)  # nobody sees yet whether it arrived
    by = bot.service.origin(actor=alice.id, key="test", incident=1)
    await bot.service.handle(StartTest(origin=by, hypothesis=1, first=predicted(by, 1)))
    await sandbox.until(lambda: len(in_thread(alice, root, room)) == 2)
    message = root.channel.log.find(root.ts)
    assert message is not None
    posting.delete(sandbox.workspace, root.channel, message)
    await bot.service.handle(ParkHypothesis(origin=by.but(key="after"), hypothesis=1))
    anew = await root_shows(alice, room, "H1", "Parked")
    assert anew.ts != root.ts
    await sandbox.faults.clear()
    await everything_is_delivered(bot, sandbox)
    started = [sum("is testing it now" in one for one in in_thread(alice, of, room)) for of in (root, anew)]
    assert started == [1, 0]


# Slack promises no order, and says things twice


async def test_what_slack_says_twice_is_kept_and_counted_once(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(alice, "It fails in one region", root, room)
    await everything_is_heard(bot, sandbox)
    plus = reacted(sandbox, bob, "heavy_plus_sign", reply.ts, room)
    for event in (wrote(sandbox, reply), plus, plus):
        await sandbox.hub.deliver("events_api", event)
    minus = reacted(sandbox, bob, "heavy_plus_sign", reply.ts, room, "reaction_removed")
    for _ in range(2):
        await sandbox.hub.deliver("events_api", minus)
    await sandbox.hub.deliver("events_api", plus)
    await everything_is_heard(bot, sandbox)
    assert len(await journal(bot, ReplyKept)) == 1
    assert len(await journal(bot, ReplyMarked)) == len(await journal(bot, MarkWithdrawn)) == 1
    await root_shows(alice, room, "H1", "Evidence: 0 for · 0 against")


async def test_a_reaction_that_comes_before_its_reply_counts_and_the_reply_is_kept_once(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    subscribed = sandbox.workspace.app.events
    sandbox.workspace.app.events = subscribed - {"message.channels"}
    reply = await replies(alice, "It fails in one region", root, room)
    sandbox.workspace.app.events = subscribed
    await bob.reacts(PLUS, to=reply)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
    await sandbox.hub.deliver("events_api", wrote(sandbox, reply))
    await everything_is_heard(bot, sandbox)
    (one,) = await journal(bot, ReplyKept)
    assert (one.author, one.text) == (alice.id, "It fails in one region")


async def test_a_reaction_that_was_taken_off_before_we_heard_of_it_is_no_evidence(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(alice, "It fails in one region", root, room)
    await everything_is_heard(bot, sandbox)
    late = reacted(sandbox, bob, "heavy_plus_sign", reply.ts, room)
    await sandbox.hub.deliver(
        "events_api", reacted(sandbox, bob, "heavy_plus_sign", reply.ts, room, "reaction_removed")
    )
    await sandbox.hub.deliver("events_api", late)
    await everything_is_heard(bot, sandbox)
    await root_shows(alice, room, "H1", "Evidence: 0 for · 0 against")


async def test_a_reaction_to_what_nobody_kept_changes_nothing(sandbox: Sandbox, bot: App, alice: Person):
    room, _ = await a_thread(sandbox, bot, alice)
    await alice.types("Good morning", in_=room)
    remark = await alice.sees("Good morning", in_=room)
    before = len(await bot.service.timeline(1, viewer=alice.id))
    for name in (PLUS, MINUS):
        await alice.reacts(name, to=remark)
        await alice.unreacts(name, to=remark)
    await everything_is_heard(bot, sandbox)
    assert len(await bot.service.timeline(1, viewer=alice.id)) == before


async def test_a_reaction_to_what_was_deleted_meanwhile_is_taken_so_that_slack_does_not_send_it_again(
    sandbox: Sandbox, bot: App, alice: Person
):
    room, _ = await a_thread(sandbox, bot, alice)
    gone = reacted(sandbox, alice, "heavy_plus_sign", "1700000000.000100", room)
    try:
        await sandbox.hub.deliver("events_api", gone)
    except NotAcknowledged as failure:
        raise AssertionError(f"Slack will send it again and again: {failure}") from None
    assert await journal(bot, ReplyMarked) == []


# Many at once


@pytest.mark.fair_weather("an edit whose answer was lost is made again at once")
async def test_two_hundred_replies_in_a_minute_are_all_kept_and_the_root_is_edited_once_in_three_seconds(
    sandbox: Sandbox, database_url: str
):
    unhurried = replace(QUICK, edit_interval_seconds=3.0)
    async with running(sandbox, database_url, unhurried) as bot:
        people = [sandbox.person(name) for name in ("alice", "bob", "carol", "dave", "erin")]
        room, root = await a_thread(sandbox, bot, *people)
        await asyncio.gather(*(many_replies(sandbox, person, room, root) for person in people))
        await everything_is_heard(bot, sandbox)
        await root_shows(people[0], room, "H1", "Evidence: 100 for · 60 against · 20 disputed")
        replied = [one for one in people[0].messages(room) if one.thread_ts == root.ts and one.ts != root.ts]
        assert {one.reply: one.text for one in await journal(bot, ReplyKept)} == {one.ts: one.text for one in replied}
        assert len(replied) == 200
        edits = [call.started for call in sandbox.calls.of("chat.update") if call.args["ts"] == root.ts]
        assert len(edits) >= 2
        assert all(later - earlier > 2.9 for earlier, later in pairwise(edits))


async def many_replies(sandbox: Sandbox, person: Person, room: str, root: Seen) -> None:
    """Forty replies of one person: twenty with a plus, twelve with a minus, four with both, four with none."""
    for number in range(40):
        reply = await replies(person, f"{person.name} saw this, number {number}.", root, room)
        if number < 24:
            await person.reacts(PLUS, to=reply)
        if 20 <= number < 36:
            await person.reacts(MINUS, to=reply)
        await sandbox.idle(within=30)
