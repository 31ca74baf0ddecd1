"""7. A reply in the thread of a hypothesis is edited or deleted: the record keeps each wording, and says what became of it."""

import pytest

from bot.app import App
from bot.core.tracker.evidence import ReplyKept
from bot.core.tracker.rewriting import ReplyDeleted, ReplyEdited
from bot.core.value import REDACTED
from bot.sandbox import Person, Sandbox, Seen
from bot.sandbox.delivery.payloads import event_callback
from bot.sandbox.jsontypes import Json
from tests.running import running
from tests.stories.steps import (
    MINUS,
    PLUS,
    a_thread,
    asks,
    everything_is_heard,
    journal,
    replies,
    root_shows,
    takes_command,
)


def changed(sandbox: Sandbox, before: Seen, *, text: str | None = None) -> Json:
    """Slack's notice that a message changed: what it says, or only what Slack adds to it."""
    now = f"{sandbox.clock.epoch():.6f}"
    event: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": now, "event_ts": now}
    after = dict(before.raw) | ({"attachments": [{"from_url": "https://acme.example"}]} if text is None else {})
    if text is not None:
        after |= {"text": text, "edited": {"user": before.raw["user"], "ts": now}}
    event |= {"channel": before.channel.id, "channel_type": "channel"}
    return event_callback(sandbox.workspace, event | {"message": after, "previous_message": dict(before.raw)})


# Edited


async def test_evidence_that_is_edited_keeps_both_wordings_and_the_root_says_that_it_reads_differently_now(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(bob, "Errors began with it", root, room)
    await alice.reacts(PLUS, to=reply)
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")
    await bob.edits(reply, "Errors began an hour before it")
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against · 1 edited since")
    assert "1 for · 0 against · 1 edited since" in await asks(alice, "/incident hypotheses", in_=room)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)] == ["Errors began with it"]
    (edit,) = await journal(bot, ReplyEdited)
    assert (edit.actor, edit.text) == (bob.id, "Errors began an hour before it")
    told = await asks(alice, "/incident timeline", in_=room)
    assert "in H1: “Errors began with it”" in told and "in H1: “Errors began an hour before it”" in told
    assert "as evidence for it: “Errors began with it”" in told


async def test_whoever_takes_it_as_evidence_as_it_reads_now_settles_that(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(bob, "Errors began with it", root, room)
    await alice.reacts(PLUS, to=reply)
    await bob.edits(reply, "Errors began before it")
    await root_shows(alice, room, "H1", "1 for · 0 against · 1 edited since")
    await alice.unreacts(PLUS, to=reply)
    await alice.reacts(MINUS, to=reply)
    shown = await root_shows(alice, room, "H1", "Evidence: 0 for · 1 against")
    assert "edited since" not in shown.text


async def test_the_forms_offer_a_reply_as_it_reads_now(sandbox: Sandbox, bot: App, alice: Person):
    room, root = await a_thread(sandbox, bot, alice)
    reply = await replies(alice, "It fails in one reigon", root, room)
    gone = await replies(alice, "Never mind", root, room)
    await alice.edits(reply, "It fails in one region")
    await alice.erases(gone)
    await everything_is_heard(bot, sandbox)
    await alice.presses("Add evidence", in_=room)
    await alice.fills({"Which way does it speak?": "It speaks for it", "Which reply?": "It fails in one region"})
    with pytest.raises(Exception, match="Never mind"):
        await alice.fills({"Which reply?": "Never mind"})
    assert await alice.submits() == {}
    await root_shows(alice, room, "H1", "Evidence: 1 for · 0 against")


async def test_what_slack_adds_to_a_message_is_no_edit_and_what_it_tells_twice_is_kept_once(
    sandbox: Sandbox, bot: App, alice: Person
):
    room, root = await a_thread(sandbox, bot, alice)
    reply = await replies(alice, "See https://acme.example", root, room)
    await everything_is_heard(bot, sandbox)
    await sandbox.hub.deliver("events_api", changed(sandbox, reply))
    edit = changed(sandbox, reply, text="See the graph")
    for _ in range(2):
        await sandbox.hub.deliver("events_api", edit)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyEdited)] == ["See the graph"]


async def test_an_edit_that_we_hear_of_before_the_reply_itself_keeps_both_wordings(
    sandbox: Sandbox, bot: App, alice: Person
):
    room, root = await a_thread(sandbox, bot, alice)
    subscribed = sandbox.workspace.app.events
    sandbox.workspace.app.events = subscribed - {"message.channels"}
    reply = await replies(alice, "Errors began with it", root, room)
    sandbox.workspace.app.events = subscribed
    await alice.edits(reply, "Errors began before it")
    await everything_is_heard(bot, sandbox)
    wrote = reply.raw | {"channel": reply.channel.id, "channel_type": "channel", "event_ts": reply.ts}
    await sandbox.hub.deliver("events_api", event_callback(sandbox.workspace, wrote))
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)] == ["Errors began with it"]
    assert [one.text for one in await journal(bot, ReplyEdited)] == ["Errors began before it"]


# Deleted


async def test_evidence_that_is_deleted_in_slack_stays_evidence_and_is_told_as_deleted(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room, root = await a_thread(sandbox, bot, alice, bob)
    reply = await replies(bob, "Errors began before it", root, room)
    await alice.reacts(MINUS, to=reply)
    await root_shows(alice, room, "H1", "Evidence: 0 for · 1 against")
    await bob.erases(reply)
    await root_shows(alice, room, "H1", "Evidence: 0 for · 1 against · 1 deleted since")
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyKept)] == ["Errors began before it"]
    assert [one.reply for one in await journal(bot, ReplyDeleted)] == [reply.ts]
    assert "was deleted in Slack; the record keeps it" in await asks(alice, "/incident timeline", in_=room)


async def test_what_was_redacted_is_not_kept_again_when_somebody_edits_the_message(
    sandbox: Sandbox, bot: App, alice: Person
):
    room, root = await a_thread(sandbox, bot, alice)
    reply = await replies(alice, "The password is hunter2", root, room)
    await everything_is_heard(bot, sandbox)
    await takes_command(alice, room)
    await alice.types("/incident redact", in_=room)
    await alice.fills({"And everything that says": "hunter2", "Why?": "A password"})
    assert await alice.submits() == {}
    await alice.edits(reply, "The password was hunter2")
    await alice.erases(reply)
    await everything_is_heard(bot, sandbox)
    assert [one.text for one in await journal(bot, ReplyEdited)] == [REDACTED]
    assert "hunter2" not in await asks(alice, "/incident timeline", in_=room)


# While nobody told us


async def test_what_was_edited_and_deleted_while_no_bot_was_there_is_found_afterwards(
    sandbox: Sandbox, database_url: str
):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room, root = await a_thread(sandbox, bot, alice)
        first, second = [await replies(alice, text, root, room) for text in ("In one region", "On one server")]
        for reply in (first, second):
            await alice.reacts(PLUS, to=reply)
        await root_shows(alice, room, "H1", "Evidence: 2 for · 0 against")
        await everything_is_heard(bot, sandbox)
    subscribed = sandbox.workspace.app.events
    sandbox.workspace.app.events = subscribed - {"message.channels"}
    await alice.edits(first, "In two regions")
    await alice.erases(second)
    sandbox.workspace.app.events = subscribed
    async with running(sandbox, database_url) as bot:
        await root_shows(alice, room, "H1", "Evidence: 2 for · 0 against · 1 edited since · 1 deleted since")
        await everything_is_heard(bot, sandbox)
        assert [one.text for one in await journal(bot, ReplyEdited)] == ["In two regions"]
        assert [one.reply for one in await journal(bot, ReplyDeleted)] == [second.ts]
