"""9. The room when people rename, archive or delete it, and when the policy archives it in the end."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.checkpoints import Step
from bot.core.delivery import DeliveryFailed
from bot.core.rooms import HistoryKept, RoomArchived, RoomLost, RoomOpened
from bot.core.tracker.evidence import ReplyKept
from bot.sandbox import Person, Sandbox
from bot.sandbox.delivery.payloads import event_callback
from bot.sandbox.faults import Faults
from bot.sandbox.workspace.state import Channel
from bot.store import lanes
from bot.store.lanes import Counts
from bot.tuning import Tuning
from tests.faults.bots import At, Bot, quick
from tests.running import PLAYBOOKS, QUICK, pass_time, playbooks_with, running, settings_for, until
from tests.stories.steps import (
    advances,
    asks,
    declares,
    everything_is_delivered,
    everything_is_heard,
    journal,
    kinds_of,
    proposes,
    replies,
    room_of,
    root_shows,
    says_what_shows_it,
    starts_test,
    takes_command,
    walks_to,
)

GONE = ["deletes", "archives"]
"""What a person may do to a room."""
HARMS: dict[str, Callable[[Faults, str], object]] = {
    "its answer is lost": lambda faults, method: faults.lose_answer(method),
    "it is dropped": lambda faults, method: faults.refuse(method),
    "it answers 500": lambda faults, method: faults.fail(method),
    "it answers 429": lambda faults, method: faults.limit(method),
}
A_DAY = 24 * 60
"""Minutes."""


async def a_night(sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person) -> str:
    """The room of an incident that Alice declared and Bob leads, with a hypothesis of Carol's that Alice tests."""
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    await takes_command(bob, room)
    await carol.presses("Join the room", in_="#incidents")
    await room_of(sandbox, carol, 1)
    await proposes(carol, "The new release", room)
    await starts_test(alice, room)
    await root_shows(carol, room, "H1", "● Testing")
    await everything_is_delivered(bot, sandbox)
    return room


async def new_room(sandbox: Sandbox, bot: App, old: Channel) -> Channel:
    """Wait until the incident has a room other than this one, in which all is shown that should be."""

    async def is_there() -> bool:
        room = (await bot.service.incident(1, viewer="")).room
        return room is not None and room.channel != old.id

    await until(is_there)
    await everything_is_heard(bot, sandbox)
    room = (await bot.service.incident(1, viewer="")).room
    assert room is not None
    return sandbox.channel(room.channel)


async def loses(person: Person, act: str, room: str | Channel) -> None:
    """Delete or archive a room."""
    await (person.deletes(room) if act == "deletes" else person.archives(room))


def names_in(sandbox: Sandbox, channel: Channel) -> set[str]:
    """The names of the people in a channel."""
    return {sandbox.workspace.users[id].name for id in channel.members} - {"lockstep"}


def hears_nothing_of_rooms(sandbox: Sandbox) -> None:
    """The events that tell of a room's end are lost from now on."""
    app = sandbox.workspace.app
    app.events = app.events - {"channel_deleted", "channel_archive"}


# A room that is renamed


async def test_a_room_that_people_rename_goes_on_as_before(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    room = await a_night(sandbox, bot, alice, bob, carol)
    channel = sandbox.channel(room)
    await alice.renames(room, "the-long-night")
    await advances(bob, "Advance to Triage", "#the-long-night")
    root = await root_shows(alice, "#the-long-night", "H1", "● Testing")
    await replies(alice, "Errors began with it", root, "#the-long-night")
    await everything_is_heard(bot, sandbox)
    assert "INC-1 is in Triage" in await asks(alice, "/incident", in_="#the-long-night")
    assert len(await journal(bot, ReplyKept)) == 1 and await journal(bot, RoomLost) == []
    assert channel.topic.value.startswith("SEV1 · Triage")
    await sandbox.person("dave").presses("Join the room", in_="#incidents")
    assert "dave" in names_in(sandbox, channel)


# A room that is gone


@pytest.mark.parametrize("act", GONE)
async def test_a_lost_room_is_replaced_with_all_that_it_showed_and_everybody_who_had_a_part(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, act: str
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    await loses(alice, act, old)
    new = await new_room(sandbox, bot, old)
    said = "The room of this incident was deleted or archived, so I opened this one in its place."
    assert any(said in text for text in alice.reads(new))
    card = await alice.sees("we must know:", in_=new)
    assert list(new.pins) == [card.ts] and "@bob" in card.text
    assert new.topic.value == "SEV1 · Detection · Checkout is failing"
    assert names_in(sandbox, new) == {"alice", "bob", "carol", "erin"}
    await root_shows(alice, new.id, "H1", "The new release", "● Testing", "Assignee: @alice", "[Confirm]")
    assert await journal(bot, DeliveryFailed) == []
    assert len(await journal(bot, RoomLost)) == 1


@pytest.mark.parametrize("act", GONE)
async def test_the_announcement_leads_into_the_new_room(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, act: str
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    await loses(alice, act, old)
    new = await new_room(sandbox, bot, old)
    dave = sandbox.person("dave")
    await dave.presses("Join the room", in_="#incidents")
    assert "dave" in names_in(sandbox, new)
    announced = [one for one in dave.messages("#incidents") if "INC-1: Checkout is failing" in one.text]
    assert len(announced) == 1


@pytest.mark.parametrize("act", GONE)
async def test_work_goes_on_in_the_new_room(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, act: str
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    await replies(bob, "Said in the old thread", await root_shows(bob, old.id, "H1", ""), old.id)
    await everything_is_heard(bot, sandbox)
    await loses(alice, act, old)
    new = await new_room(sandbox, bot, old)
    root = await root_shows(bob, new.id, "H1", "● Testing")
    reply = await replies(bob, "Said in the new thread", root, new.id)
    await carol.reacts(":heavy_minus_sign:", to=reply)
    await root_shows(alice, new.id, "H1", "Evidence: 0 for · 1 against")
    kept = await journal(bot, ReplyKept)
    assert [one.text for one in kept] == ["Said in the old thread", "Said in the new thread"]
    assert kept[1].permalink is not None and new.id in kept[1].permalink
    listed = await alice.types("/incident hypotheses", in_=new)
    assert listed is not None and f"/archives/{new.id}/p{root.ts.replace('.', '')}" in str(listed.blocks)
    await carol.presses("Refute", in_=new)
    await says_what_shows_it(carol, "It is older")
    assert await carol.submits() == {}
    told = await alice.sees("@carol refuted H1", in_=new)
    assert told.thread_ts == root.ts
    await advances(bob, "Advance to Triage", new.id)
    assert "INC-1 is in Triage" in await asks(alice, "/incident", in_=new.id)
    assert await journal(bot, DeliveryFailed) == []


async def test_an_archived_room_that_is_brought_back_says_where_to_go_on(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    await alice.archives(old)
    new = await new_room(sandbox, bot, old)
    await alice.unarchives(old)
    answer = await asks(alice, "/incident advance", in_=old.id)
    assert "in the room of the incident" in answer and f"#{new.name}" in answer


@pytest.mark.parametrize("act", GONE)
async def test_what_happened_to_the_room_while_the_bot_was_down_is_noticed_at_the_next_post(
    sandbox: Sandbox, database_url: str, act: str
):
    alice, bob, carol = (sandbox.person(name) for name in ("alice", "bob", "carol"))
    async with running(sandbox, database_url) as bot:
        old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    hears_nothing_of_rooms(sandbox)
    await loses(alice, act, old)
    async with running(sandbox, database_url) as bot:
        await everything_is_heard(bot, sandbox)
        await pass_time(bot, sandbox, 31)  # an update falls due, and the card shows it
        new = await new_room(sandbox, bot, old)
        await alice.sees("I opened this one in its place", in_=new)
        await alice.sees("we must know:", in_=new)
        await root_shows(alice, new.id, "H1", "● Testing")
        assert await journal(bot, DeliveryFailed) == []


@pytest.mark.parametrize("act", GONE)
@pytest.mark.parametrize("step", ["a role is handed over", "a hypothesis is confirmed", "an update falls due"])
async def test_a_room_of_whose_end_nobody_tells_us_is_noticed_by_whatever_comes_next(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, act: str, step: str
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    form = "Roles" if step == "a role is handed over" else "Confirm"
    await bob.presses(form, in_=old)
    hears_nothing_of_rooms(sandbox)
    await loses(alice, act, old)
    if step == "a role is handed over":
        await bob.fills({"Role": "Deputy", "Who takes it?": "@dave"})
        assert await bob.submits() == {}
    elif step == "a hypothesis is confirmed":
        await says_what_shows_it(bob, "A rollback helped")
        assert await bob.submits() == {}
    else:
        await pass_time(bot, sandbox, 31)
    new = await new_room(sandbox, bot, old)
    await alice.sees("I opened this one in its place", in_=new)
    await alice.sees("we must know:", in_=new)
    await root_shows(alice, new.id, "H1", "✓ Confirmed" if step == "a hypothesis is confirmed" else "● Testing")
    assert await journal(bot, DeliveryFailed) == []
    assert len(await journal(bot, RoomLost)) == 1


async def test_a_room_that_is_deleted_again_and_again_is_replaced_each_time(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    room = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    for act in ("deletes", "deletes", "archives", "archives"):
        await loses(alice, act, room)
        room = await new_room(sandbox, bot, room)
        await alice.sees("we must know:", in_=room)
        assert len(room.pins) == 1
        assert sum("I opened this one in its place" in text for text in alice.reads(room)) == 1
        assert sum(text.startswith("H1: The new release") for text in alice.reads(room)) == 1
    assert len(await journal(bot, RoomLost)) == 4 and len(await journal(bot, RoomOpened)) == 5
    assert await journal(bot, DeliveryFailed) == []


async def test_a_room_that_is_deleted_while_its_successor_is_being_filled_is_replaced_once_more(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    first = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    slow = sandbox.faults.delay(0.3, "chat.postMessage")
    await alice.deletes(first)

    def successor() -> Channel | None:
        found = sandbox.workspace.channel_named(first.name)
        return found if found is not None and found.id != first.id and alice.id in found.members else None

    second = await sandbox.until(successor)
    await alice.deletes(second)
    slow.times = 0
    third = await new_room(sandbox, bot, second)
    await everything_is_heard(bot, sandbox)
    assert third.id not in (first.id, second.id)
    await alice.sees("we must know:", in_=third)
    await root_shows(alice, third.id, "H1", "● Testing")
    assert len(third.pins) == 1 and names_in(sandbox, third) == {"alice", "bob", "carol", "erin"}
    assert await journal(bot, DeliveryFailed) == []


async def test_the_same_end_told_twice_and_late_opens_one_room(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    ended = {"type": "channel_deleted", "channel": old.id, "actor_id": alice.id, "event_ts": "1.000001"}
    told = event_callback(sandbox.workspace, ended)
    await alice.deletes(old)
    new = await new_room(sandbox, bot, old)
    for event in (told, told, event_callback(sandbox.workspace, ended)):
        await sandbox.hub.deliver("events_api", event)
    await everything_is_heard(bot, sandbox)
    assert len(await journal(bot, RoomLost)) == 1
    assert [one.channel for one in await journal(bot, RoomOpened)] == [old.id, new.id]


@pytest.mark.parametrize("act", GONE)
async def test_when_no_new_room_can_be_opened_that_is_said_where_the_incident_is_announced(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, act: str
):
    old = sandbox.channel(await a_night(sandbox, bot, alice, bob, carol))
    sandbox.faults.error("conversations.create", "restricted_action", times=None)
    await loses(alice, act, old)
    await alice.sees("Slack did not let me open the incident's room (restricted_action)", in_="#incidents")
    await everything_is_delivered(bot, sandbox)


@pytest.mark.parametrize("act", GONE)
async def test_the_end_of_a_closed_incidents_room_changes_nothing(sandbox: Sandbox, bot: App, alice: Person, act: str):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await proposes(alice, "The new release", room)
    await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    before = len(await bot.service.timeline(1, viewer=alice.id))
    await loses(alice, act, room)
    await pass_time(bot, sandbox, A_DAY)
    assert len(await bot.service.timeline(1, viewer=alice.id)) == before
    rooms = [one.name for one in sandbox.workspace.channels.values() if one.name.startswith("inc-1")]
    assert rooms == ([] if act == "deletes" else [room.removeprefix("#")])


# A room that the policy archives


def archiving(folder: Path, days: int) -> Path:
    """A folder with the shipped policy, but that it archives rooms so many days after the close."""
    wanted = f"archive_room_after_days: {days}"
    text, changed = re.subn(
        r"^archive_room_after_days: .*$", wanted, (PLAYBOOKS / "policy.yml").read_text(), flags=re.MULTILINE
    )
    assert changed == 1
    return playbooks_with(text, folder)


async def a_closed_night(sandbox: Sandbox, bot: App, alice: Person, remarks: int = 3) -> Channel:
    """The room of an incident that was closed, with a reply to a hypothesis and some remarks in the room."""
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    root = await proposes(alice, "The new release", room)
    await replies(alice, "A reply in a thread", root, room)
    for number in range(remarks):
        await alice.types(f"A remark in the room, number {number}.", in_=room)
    await walks_to(alice, room, "Close incident")
    return sandbox.channel(room)


def said_in(sandbox: Sandbox, room: Channel) -> list[str]:
    """The timestamps of all that was said in a room, but for Slack's own word that it is archived."""
    return [one["ts"] for one in sandbox.messages(room.id) if one.get("subtype") != "channel_archive"]


async def is_archived_once(sandbox: Sandbox, bot: App, room: Channel) -> None:
    """The journal has all that was said in the room, and after that the room was archived."""
    last = ("RoomRetired", "HistoryKept", "RoomArchived", "DeliveryFailed")
    assert [kind for kind in await kinds_of(bot) if kind in last] == list(last[:3])
    (kept,) = await journal(bot, HistoryKept)
    history = json.loads(kept.history)
    assert [one["ts"] for one in history] == said_in(sandbox, room) and kept.messages == len(history)
    assert room.is_archived
    archived = [one for one in sandbox.messages(room.id) if one.get("subtype") == "channel_archive"]
    assert len(archived) == 1


async def test_some_days_after_the_close_what_was_said_is_kept_and_then_the_room_is_archived(
    sandbox: Sandbox, database_url: str, tmp_path: Path
):
    async with running(sandbox, database_url, lockstep_playbooks=archiving(tmp_path, 2)) as bot:
        alice = sandbox.person("alice")
        room = await a_closed_night(sandbox, bot, alice, remarks=210)  # more than a page of history
        await pass_time(bot, sandbox, 2 * A_DAY - 5)
        assert not room.is_archived and await journal(bot, HistoryKept) == []
        await pass_time(bot, sandbox, 10)
        await is_archived_once(sandbox, bot, room)
        (kept,) = await journal(bot, HistoryKept)
        for said in ("A reply in a thread", "A remark in the room, number 0.", "A remark in the room, number 209."):
            assert said in kept.history
        read = max(call.finished or 0.0 for call in sandbox.calls.of("conversations.history", channel=room.id))
        assert all(call.started > read for call in sandbox.calls.of("conversations.archive"))
        await pass_time(bot, sandbox, 3 * A_DAY)
        await is_archived_once(sandbox, bot, room)
        assert "A remark in the room, number 0." in alice.reads(room)


@pytest.mark.parametrize(
    "tuning", [QUICK, replace(QUICK, post_interval_seconds=1.0)], ids=["quick", "as in production"]
)
async def test_a_room_that_is_archived_right_at_the_close_still_says_that_it_is_closed(
    sandbox: Sandbox, database_url: str, tmp_path: Path, tuning: Tuning
):
    async with running(sandbox, database_url, tuning, lockstep_playbooks=archiving(tmp_path, 0)) as bot:
        alice = sandbox.person("alice")
        room = await a_closed_night(sandbox, bot, alice)
        await everything_is_delivered(bot, sandbox)
        await is_archived_once(sandbox, bot, room)
        assert any("INC-1 is closed. @alice closed it" in text for text in alice.reads(room))
        assert any("✓\u00a0Postmortem › ●\u00a0Closed" in text for text in alice.reads(room))
        assert room.topic.value.startswith("SEV1 · Closed")


async def test_a_room_with_more_threads_than_slack_lets_us_read_in_a_minute_is_archived_all_the_same(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    async with running(sandbox, sqlite_url, lockstep_playbooks=archiving(tmp_path, 1)) as bot:
        alice = sandbox.person("alice")
        room = await a_closed_night(sandbox, bot, alice, remarks=54)
        for number in range(54):
            remark = await alice.sees(f"A remark in the room, number {number}.", in_=room)
            await replies(alice, "And an answer to it", remark, room.id)
        await everything_is_delivered(bot, sandbox)
        sandbox.clock.advance(2 * A_DAY * 60)

        async def is_archived() -> bool:
            return room.is_archived

        await until(is_archived, within=30)
        await everything_is_delivered(bot, sandbox)
        await is_archived_once(sandbox, bot, room)


async def test_without_such_a_policy_a_room_stays_as_it_is(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Close incident")
    await pass_time(bot, sandbox, 400 * A_DAY)
    assert not sandbox.channel(room).is_archived


@pytest.mark.parametrize("act", GONE)
async def test_a_room_that_people_end_before_its_time_comes_is_left_alone(
    sandbox: Sandbox, database_url: str, tmp_path: Path, act: str
):
    async with running(sandbox, database_url, lockstep_playbooks=archiving(tmp_path, 1)) as bot:
        alice = sandbox.person("alice")
        room = await a_closed_night(sandbox, bot, alice)
        await everything_is_delivered(bot, sandbox)
        await loses(alice, act, room)
        announced = [one["text"] for one in sandbox.messages("#incidents")]
        await pass_time(bot, sandbox, 2 * A_DAY)
        assert [one["text"] for one in sandbox.messages("#incidents")] == announced
        assert await journal(bot, RoomArchived) == [] and await journal(bot, RoomLost) == []
        async with bot.database.read() as tx:
            assert await lanes.counts(tx) == Counts(waiting=0, failed=0)
        assert len([one for one in sandbox.workspace.channels.values() if one.name.startswith("inc-1")]) < 2


@pytest.mark.parametrize("harm", HARMS)
async def test_whatever_happens_to_a_call_the_history_is_kept_once_and_the_room_archived_once(
    sandbox: Sandbox, database_url: str, tmp_path: Path, harm: str
):
    quick_look = replace(QUICK, look_seconds=0.1)
    async with running(sandbox, database_url, quick_look, lockstep_playbooks=archiving(tmp_path, 1)) as bot:
        room = await a_closed_night(sandbox, bot, sandbox.person("alice"))
        await everything_is_delivered(bot, sandbox)
        for method in ("conversations.history", "conversations.replies", "conversations.archive"):
            HARMS[harm](sandbox.faults, method)
        await pass_time(bot, sandbox, 2 * A_DAY)
        await is_archived_once(sandbox, bot, room)


@pytest.mark.parametrize("step", [Step.SENT, Step.TOLD])
@pytest.mark.parametrize("lane", ["history", "archive"])
async def test_a_bot_that_is_killed_on_the_way_to_the_archive_leaves_the_rest_to_the_next(
    sandbox: Sandbox, database_url: str, tmp_path: Path, step: Step, lane: str
):
    folder = archiving(tmp_path, 1)
    async with running(sandbox, database_url, lockstep_playbooks=folder) as bot:
        room = await a_closed_night(sandbox, bot, sandbox.person("alice"))
        await everything_is_delivered(bot, sandbox)
    sandbox.clock.advance(2 * A_DAY * 60)
    doomed = Bot(settings_for(sandbox, database_url, lockstep_playbooks=folder), At(step, lane))
    await until(lambda: asyncio.sleep(0, doomed.is_dead), within=30)
    async with running(sandbox, database_url, quick(), lockstep_playbooks=folder) as bot:
        await everything_is_delivered(bot, sandbox)
        await is_archived_once(sandbox, bot, room)
