"""Slack cannot be reached: at the start, and later on. The bot waits, then delivers everything, in order, once."""

import asyncio
from collections.abc import Callable

import pytest

from bot.app import App
from bot.sandbox import Sandbox
from tests.faults.conftest import DATABASES, LONG, shown
from tests.faults.truth import broken_promises
from tests.running import QUICK, pass_time, running, settings_for, settled, until, workspace
from tests.stories.steps import declares
from tests.stories.test_a_night import the_first_half, the_second_half

OUTAGE_SECONDS = 600.0 if LONG else 5.0
"""Real seconds."""
SLOW = 1e-3
"""Domain seconds in a real one, while the outage lasts."""


async def test_slack_out_of_reach_at_the_start_is_waited_out(sandbox: Sandbox, database_url: str):
    await sandbox.faults.start_outage()
    app = App(settings_for(sandbox, database_url), QUICK)
    starting = asyncio.create_task(app.__aenter__())
    await until(lambda: asyncio.sleep(0, "slack" in app.health.waiting_for))
    assert await app.health.missing()
    await sandbox.faults.end_outage()
    await starting
    try:
        assert await app.health.missing() == {}
        await declares(sandbox, sandbox.person("alice"), "Search is slow")
        await settled(app, sandbox)
    finally:
        await app.__aexit__(None, None, None)


@pytest.mark.parametrize("new_database", DATABASES, indirect=True)
async def test_after_an_outage_in_a_night_of_sixty_acts_everything_is_delivered_in_order_once(
    new_database: Callable[[], str],
):
    async with workspace() as quiet:
        expected = await a_night(quiet, new_database(), outage=0)
    async with workspace() as sandbox:
        assert await a_night(sandbox, database_url := new_database(), outage=OUTAGE_SECONDS) == expected
        assert broken_promises(sandbox, database_url) == []


async def says_slack_is_away(app: App) -> bool:
    """Whether /readyz would say so."""
    return "slack" in await app.health.missing()


async def a_night(sandbox: Sandbox, database_url: str, outage: float) -> dict[str, object]:
    """What Slack shows after the night of `stories/test_a_night.py`, in the middle of which Slack goes away while things are still
    to be said and an update falls due."""
    async with running(sandbox, database_url) as app:
        room = await the_first_half(sandbox, app)
        await settled(app, sandbox)
        alice = sandbox.person("alice")
        if outage:
            sandbox.faults.refuse("chat.postMessage", times=2)
        await alice.types("/incident note Nobody knows more yet", in_=room)
        if outage:
            await sandbox.faults.start_outage()
            sandbox.clock.set_speed(SLOW)  # the night is as long as one without an outage
            sandbox.clock.advance(16 * 60)
            await until(lambda: says_slack_is_away(app), within=30)
            await asyncio.sleep(outage)  # an outage is a length of real time, which nothing else stands for
            await sandbox.faults.end_outage()
            await until(lambda: asyncio.sleep(0, bool(sandbox.hub.open)), within=30)
            await settled(app, sandbox, within=60)
            sandbox.clock.set_speed(1.0)
        else:
            await pass_time(app, sandbox, 16)
        await the_second_half(sandbox, app, room)
        await settled(app, sandbox)
        return shown(sandbox, topics_between=False)
