"""Slack cannot be reached: at the start, and later on. The bot waits, then delivers everything, in order, once."""

import asyncio
import os

import pytest

from bot.app import App
from bot.sandbox import Sandbox
from tests.faults.conftest import shown
from tests.running import QUICK, pass_time, running, settings_for, settled, until, workspace
from tests.stories.steps import declares, takes_command, updates_in

OUTAGE_SECONDS = float(os.environ.get("LOCKSTEP_OUTAGE_SECONDS", "20"))
"""Real seconds; the long form is LOCKSTEP_OUTAGE_SECONDS=300 make test ARGS=tests/faults/test_outages.py"""


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


@pytest.mark.parametrize("database", ["sqlite"])
async def test_after_an_outage_everything_is_delivered_in_order_once(sandbox: Sandbox, sqlite_url: str, database: str):
    async with workspace() as quiet:
        expected = await a_night(quiet, sqlite_url.replace("lockstep.db", "undisturbed.db"), outage=0)
    assert await a_night(sandbox, sqlite_url, outage=OUTAGE_SECONDS) == expected
    told = [text.splitlines()[0] for text in updates_in(sandbox.person("dave"), "#support-updates")]
    assert told == ["Report received", "Report received"]


async def says_slack_is_away(app: App) -> bool:
    """Whether /readyz would say so."""
    return "slack" in await app.health.missing()


async def a_night(sandbox: Sandbox, database_url: str, outage: float) -> dict[str, object]:
    """Declare; Slack goes away while its effects are under way; an update falls due meanwhile; Slack comes back."""
    async with running(sandbox, database_url) as app:
        alice = sandbox.person("alice")
        await alice.types("/incident declare sev1 Checkout is failing", in_="#general")
        if outage:
            await sandbox.faults.start_outage()
            sandbox.clock.advance(16 * 60)
            await until(lambda: says_slack_is_away(app))
            await asyncio.sleep(outage)  # an outage is a length of real time, which nothing else stands for
            await sandbox.faults.end_outage()
            await until(app.is_idle, within=60)
        else:
            await pass_time(app, sandbox, 16)
        await until(lambda: asyncio.sleep(0, bool(sandbox.hub.open)), within=30)
        room = next(name for name in alice.channels if name.startswith("#inc-1"))
        await takes_command(alice, room)
        await settled(app, sandbox)
        return shown(sandbox)
