"""The bot is down while updates fall due. Afterwards each audience reads one update, which is true then, and what was missed is
recorded."""

from collections.abc import Callable

from bot.core.router.promises import Outcome, UpdateSent
from bot.sandbox import Sandbox
from tests.running import pass_time, running, settled
from tests.stories.steps import IMPACT, declares, journal, takes_command, updates_in


async def test_a_bot_that_was_down_across_three_due_times_sends_one_update_to_each_audience_and_records_the_miss(
    sandbox: Sandbox, new_database: Callable[[], str]
):
    url = new_database()
    alice, dave = sandbox.person("alice"), sandbox.person("dave")
    async with running(sandbox, url) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await takes_command(alice, room)
        await alice.types(f"/incident impact {IMPACT}", in_=room)
        await settled(bot, sandbox)
        before = {channel: len(updates_in(dave, channel)) for channel in ("#support-updates", "#product-updates")}
    sandbox.clock.advance(50 * 60)
    async with running(sandbox, url) as bot:
        await pass_time(bot, sandbox, 1)
        for channel, count in before.items():
            new = updates_in(dave, channel)[count:]
            assert len(new) == 1 and IMPACT in new[0]
        sent = {one.audience: one for one in await journal(bot, UpdateSent) if one.outcome}
        assert sent["support"].outcome is sent["product"].outcome is Outcome.MISSED
        assert sent["executives"].outcome is Outcome.LATE
        await settled(bot, sandbox)
