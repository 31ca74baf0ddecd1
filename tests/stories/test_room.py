"""2. The room: who is in it, its topic, its card, and how others get in."""

import asyncio

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.stories.steps import declares, everything_is_delivered, room_of, takes_command, walks_to


def members(sandbox: Sandbox, room: str) -> set[str]:
    """The names of the people in a channel."""
    channel = sandbox.workspace.channel_named(room)
    assert channel is not None
    return {sandbox.workspace.users[id].name for id in channel.members} - {"lockstep"}


async def test_the_policys_responders_are_invited_and_mentioned_once(sandbox: Sandbox, bot: App, dave: Person):
    room = await declares(sandbox, dave, "sev1 Nobody can pay")
    await everything_is_delivered(bot, sandbox)
    assert members(sandbox, room) == {"dave", "alice", "erin", "bob"}
    called = [text for text in dave.reads(room) if "You are called" in text]
    assert len(called) == 1 and "@incident-leads @payments-oncall" in called[0]


async def test_a_raise_brings_in_whoever_was_not_yet_and_a_lowering_removes_nobody(
    sandbox: Sandbox, bot: App, dave: Person
):
    room = await declares(sandbox, dave, "sev2 Search is slow")
    await everything_is_delivered(bot, sandbox)
    assert members(sandbox, room) == {"dave", "alice", "erin"}
    await walks_to(dave, room, "Advance to Triage")
    for severity in ("sev1", "sev2 fewer are hit", "sev1"):
        await dave.types(f"/incident severity {severity}", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert members(sandbox, room) == {"dave", "alice", "erin", "bob"}
    assert sum("@payments-oncall" in text for text in dave.reads(room)) == 1


async def test_the_card_is_posted_pinned_and_edited_in_place(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    await everything_is_delivered(bot, sandbox)
    first = await alice.sees("we must know:", in_=room)
    channel = sandbox.workspace.channel_named(room)
    assert channel is not None and list(channel.pins) == [first.ts]
    assert "●\u00a0Detection (now) › ○\u00a0Triage" in first.text
    assert "○ who is incident commander (missing)" in first.text
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    second = await alice.sees("we must know:", in_=room)
    assert second.ts == first.ts
    assert "✓ who is incident commander" in second.text
    assert "[I'm incident commander]" in first.text and "[I'm incident commander]" not in second.text


async def test_the_topic_says_what_the_incident_is(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev2 Search is slow")
    await everything_is_delivered(bot, sandbox)
    channel = sandbox.workspace.channel_named(room)
    assert channel is not None and channel.topic.value == "SEV2 · Detection · Search is slow"


async def test_the_announcement_brings_whoever_presses_it_into_the_room(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    await declares(sandbox, alice, "Search is slow")
    await everything_is_delivered(bot, sandbox)
    await carol.sees("INC-1: Search is slow", in_="#incidents")
    await carol.presses("Join the room", in_="#incidents")
    await room_of(sandbox, carol, 1)
    await carol.presses("Join the room", in_="#incidents")
    assert any("You are in the room" in text for text in carol.reads("#incidents"))


async def test_the_second_to_ask_for_command_reads_who_has_it_and_since_when(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Nobody can pay")
    await everything_is_delivered(bot, sandbox)
    await bob.sees("[I'm incident commander]", in_=room)
    await asyncio.gather(*(person.presses("I'm incident commander", in_=room) for person in (alice, bob)))
    told = [
        text for person in (alice, bob) for text in person.reads(room) if "has been incident commander since" in text
    ]
    assert len(told) == 1
    assert sum("You are incident commander" in text for person in (alice, bob) for text in person.reads(room)) == 1
