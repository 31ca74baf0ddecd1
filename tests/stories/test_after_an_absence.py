"""What comes of promises when nobody was there to keep them: Lockstep was down across due times, or a night went by at once."""

import asyncio
from datetime import timedelta

from bot.app import App
from bot.core.router.promises import Outcome, UpdateSent
from bot.core.router.reminders import UpdateReminded
from bot.core.router.updates import UpdateIssued
from bot.core.rungs import Step
from bot.sandbox import Person, Sandbox
from tests.faults.truth import broken_promises
from tests.running import pass_time, running, settled, until
from tests.stories.steps import (
    IMPACT,
    declares,
    everything_is_delivered,
    journal,
    takes_command,
    updates_in,
)
from tests.stories.test_promises import told_customers

CHANNELS = {"executives": "#exec-updates", "support": "#support-updates", "product": "#product-updates"}


def read(sandbox: Sandbox) -> dict[str, list[str]]:
    """What each audience that Lockstep writes to has been sent."""
    return {name: updates_in(sandbox.person("alice"), channel) for name, channel in CHANNELS.items()}


async def test_down_across_three_due_times_each_audience_reads_one_update_and_what_was_missed_is_recorded(
    sandbox: Sandbox, database_url: str
):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await takes_command(alice, room)
        await alice.types(f"/incident impact {IMPACT}", in_=room)
        await settled(bot, sandbox)
        before, customers = read(sandbox), updates_in(alice, "#customer-updates")
    sandbox.clock.advance(3 * 31 * 60)
    async with running(sandbox, database_url) as bot:
        await until(lambda: asyncio.sleep(0, all(len(now) > len(before[name]) for name, now in read(sandbox).items())))
        await pass_time(bot, sandbox, 0)
        for name, now in read(sandbox).items():
            assert len(now) == len(before[name]) + 1, name
            assert IMPACT in now[-1] and "Next update by" in now[-1]
            sent = [one for one in await journal(bot, UpdateSent) if one.audience == name]
            assert sent[-1].outcome is Outcome.MISSED and sent[-1].due and sent[-1].at > sent[-1].due
        assert updates_in(alice, "#customer-updates") == customers  # only a person sends those
        await pass_time(bot, sandbox, 12)  # what else people are asked goes first
        assert len(await journal(bot, UpdateReminded)) == 1
    assert broken_promises(sandbox, database_url) == []


async def issued(bot: App, count: int) -> bool:
    """Whether each of these audiences was issued so many updates by now, sent or not."""
    kept = [one.audience for one in await journal(bot, UpdateIssued)]
    return all(kept.count(name) >= count for name in CHANNELS)


async def test_slack_away_across_two_due_times_leaves_each_audience_one_update_that_is_true_now(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    before = read(sandbox)
    away = sandbox.faults.refuse("chat.postMessage", times=None)
    for count in (2, 3):
        sandbox.clock.advance(31 * 60)
        await until(lambda count=count: issued(bot, count))  # type: ignore[misc]
    await alice.types(f"/incident impact {IMPACT}", in_=room)
    later = bot.clock.now() + timedelta(minutes=2)
    sandbox.clock.advance(2 * 60)
    await until(lambda: asyncio.sleep(0, bot.clock.now() >= later))
    away.times = 0
    await everything_is_delivered(bot, sandbox)
    for name, now in read(sandbox).items():
        assert len(now) == len(before[name]) + 1 and IMPACT in now[-1], name
        sent = [one for one in await journal(bot, UpdateSent) if one.audience == name]
        assert sent[-1].outcome is Outcome.MISSED


async def test_after_a_night_at_once_the_commander_is_called_once_and_then_once_an_interval(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await told_customers(sandbox, bot, alice, bob)
    await pass_time(bot, sandbox, 8 * 60)
    await everything_is_delivered(bot, sandbox)
    at_once = await journal(bot, UpdateReminded)
    assert [one.step for one in at_once] == [Step.MISSED]
    for _ in range(4):
        await pass_time(bot, sandbox, 8)
    later = await journal(bot, UpdateReminded)
    assert [one.step for one in later] == [Step.MISSED, Step.LEADER]
    assert later[1].at - later[0].at <= timedelta(minutes=32)
