"""Slack is slow, forbids, fails, or carries a call out and never says so. Each effect comes true once all the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.delivery import DeliveryFailed
from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault, Faults
from bot.store import lanes
from tests.faults.bots import quick
from tests.faults.conftest import DATABASES, shown
from tests.faults.truth import broken_promises
from tests.running import running, settled, workspace
from tests.stories.steps import FACTS, advances, declares, proposes, root_shows, starts_test, takes_command

METHODS = [
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "chat.postMessage",
    "chat.update",
    "pins.add",
    "usergroups.users.list",
]
HARMS: dict[str, Callable[[Faults, str], Fault]] = {
    "its answer is lost": lambda faults, method: faults.lose_answer(method, times=2),
    "it is dropped": lambda faults, method: faults.refuse(method, times=2),
    "it answers 500": lambda faults, method: faults.fail(method, times=2),
    "it answers fatal_error": lambda faults, method: faults.error(method, "fatal_error", times=2),
    "it answers 429": lambda faults, method: faults.limit(method, times=2, retry_after=1),
}


async def an_incident(sandbox: Sandbox, database_url: str) -> dict[str, object]:
    """What Slack shows after an incident from declare to close."""
    async with running(sandbox, database_url, quick()) as app:
        alice = sandbox.person("alice")
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await settled(app, sandbox, within=30)  # a draft that is told later names whoever is in command by then
        await takes_command(alice, room)
        for step in FACTS:
            await settled(app, sandbox, within=30)
            await advances(alice, step, room)
        await settled(app, sandbox, within=30)
        return shown(sandbox)


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
@pytest.mark.parametrize("harm", HARMS)
async def test_whatever_happens_to_a_call_everything_comes_true_once(
    sandbox: Sandbox, database_url: str, sqlite_url: str, harm: str
):
    async with workspace() as quiet:
        expected = await an_incident(quiet, sqlite_url.replace("lockstep.db", "undisturbed.db"))
    for method in METHODS:
        HARMS[harm](sandbox.faults, method)
    assert await an_incident(sandbox, database_url) == expected


async def test_what_changes_while_we_do_not_know_that_slack_shows_it_is_shown(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url, replace(quick(), look_seconds=2.0)) as app:
        alice = sandbox.person("alice")
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await settled(app, sandbox)
        sandbox.faults.lose_answer("chat.postMessage", channel=sandbox.channel(room).id)
        root = await proposes(alice, "The new release", room)
        await starts_test(alice, room)
        assert (await root_shows(alice, room, "H1", "● Testing")).ts == root.ts
        await settled(app, sandbox)
        assert broken_promises(sandbox, database_url) == []


async def test_what_slack_refuses_for_good_is_said_in_the_room_and_on_the_card_and_the_rest_goes_on(
    sandbox: Sandbox, database_url: str
):
    async with running(sandbox, database_url) as app:
        alice = sandbox.person("alice")
        sandbox.faults.error("pins.add", "too_many_pins")
        room = await declares(sandbox, alice, "Search is slow")
        await settled(app, sandbox)
        notice = await alice.sees("Slack did not let me pin the room card (too_many_pins)", in_=room)
        assert "@alice" in notice.text
        assert any("⚠" in text for text in alice.reads(room))
        await takes_command(alice, room)


async def test_what_works_again_by_itself_does_not_stand_there_as_failed_any_more(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as app:
        alice = sandbox.person("alice")
        room = await declares(sandbox, alice, "Search is slow")
        await settled(app, sandbox)
        sandbox.faults.error("chat.update", "msg_too_long", channel=sandbox.channel(room).id)
        await takes_command(alice, room)
        await alice.sees("Slack did not let me show the room card (msg_too_long)", in_=room)
        await settled(app, sandbox)
        assert (await app.service.incident(1, viewer=alice.id)).failures == ()
        assert not any("⚠" in text for text in alice.reads(room) if "Try again" in text)
        async with app.database.read() as tx:
            assert (await lanes.counts(tx)).failed == 0


async def test_a_channel_that_is_gone_is_reported_once_and_the_rest_goes_on(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as app:
        alice = sandbox.person("alice")
        for name in ("#incidents", "#support-updates"):
            await alice.archives(name)
        room = await declares(sandbox, alice, "sev1 Search is slow")
        await settled(app, sandbox)
        await alice.sees("Slack did not let me announce the incident", in_=room)
        events = [one.event for one in await app.service.timeline(1, viewer=alice.id)]
        failed = [event.effect for event in events if isinstance(event, DeliveryFailed)]
        assert sorted(failed) == ["Announce announcement", "PostFallback fallback:support", "ShowStatus status:support"]
        await alice.sees("We do not know yet who is affected.", in_="#exec-updates")


async def test_a_room_that_cannot_be_opened_is_said_where_the_incident_is_announced(
    sandbox: Sandbox, database_url: str
):
    async with running(sandbox, database_url) as app:
        sandbox.faults.error("conversations.create", "restricted_action", times=None)
        alice = sandbox.person("alice")
        await alice.types("/incident declare Search is slow", in_="#general")
        await settled(app, sandbox)
        await alice.sees("Slack did not let me open the incident's room (restricted_action)", in_="#incidents")


async def test_two_people_named_alike_do_not_share_a_room(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as app:
        alice, bob = sandbox.person("alice"), sandbox.person("bob")
        rooms = {await declares(sandbox, person, "Search is slow") for person in (alice, bob)}
        await settled(app, sandbox)
        assert rooms == {"#inc-1-search-is-slow", "#inc-2-search-is-slow"}
