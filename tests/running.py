"""A workspace and the bot in it, for tests: the real app, the unmodified SDK, Slack's wire, and a database of the test's own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.cli import installed as workspace
from bot.outbox import LONGEST_BACKOFF_SECONDS, LOOK_SECONDS
from bot.sandbox import Sandbox, WireTimes
from bot.settings import GivenSettings, Settings
from bot.tuning import PRODUCTION, Tuning
from tests.weather import PATIENCE, SLOWNESS, STORM

PLAYBOOKS = Path(__file__).parent.parent / "playbooks"
__all__ = [
    "HURRY",
    "PATIENT",
    "PLAYBOOKS",
    "QUICK",
    "SOON_SAYS_SO",
    "pass_time",
    "playbooks_with",
    "running",
    "settings_for",
    "settled",
    "until",
    "workspace",
]

HURRY = 30.0
"""How many times faster than in real life Slack's limits and the bot's pace run in stories: a minute of theirs has two seconds.
People in stories act without a pause, some ten times a second, which is then as often as a busy room does."""

QUICK = Tuning(
    post_interval_seconds=PRODUCTION.post_interval_seconds / HURRY,
    edit_interval_seconds=PRODUCTION.edit_interval_seconds / HURRY,
    ping_interval_seconds=1.0,
    commit_seconds=PRODUCTION.commit_seconds * PATIENCE,
    look_seconds=0.1 if STORM else LOOK_SECONDS,
    longest_backoff_seconds=0.3 if STORM else LONGEST_BACKOFF_SECONDS,
)
"""With a pace that fits Slack's limits in a hurry; in a storm all is tried again soon."""

SOON_SAYS_SO = replace(QUICK, commit_seconds=PRODUCTION.commit_seconds)
"""A person is told as soon as in production that the database is out of reach."""

PATIENT = WireTimes(ack=WireTimes().ack * SLOWNESS, trigger=WireTimes().trigger * SLOWNESS)
"""A Slack that waits longer, for machines that are slow. What happens when it does not is tested where it matters."""


def settings_for(sandbox: Sandbox, database_url: str, **changes: object) -> Settings:
    """The settings of a bot that talks to this sandbox."""
    return GivenSettings.model_validate(
        {
            "slack_bot_token": sandbox.bot_token,
            "slack_app_token": sandbox.app_token,
            "slack_api_url": sandbox.api_url,
            "database_url": database_url,
            "lockstep_playbooks": PLAYBOOKS,
            "lockstep_clock": sandbox.clock_url,
            "lockstep_port": 0,
            **changes,
        }
    )


def playbooks_with(policy: str, folder: Path) -> Path:
    """A folder with what Lockstep comes with, but for this policy."""
    shutil.copytree(PLAYBOOKS, folder, dirs_exist_ok=True)
    (folder / "policy.yml").write_text(policy, encoding="utf-8")
    return folder


@asynccontextmanager
async def running(sandbox: Sandbox, database_url: str, tuning: Tuning = QUICK, **changes: object) -> AsyncIterator[App]:
    """The bot, serving this sandbox."""
    async with App(settings_for(sandbox, database_url, **changes), tuning) as app:
        yield app


async def until(holds: Callable[[], Awaitable[bool]], within: float = 10.0) -> None:
    """Wait until something holds that no event tells of."""
    async with asyncio.timeout(within * PATIENCE):
        while not await holds():
            await asyncio.sleep(0.02)


async def settled(app: App, sandbox: Sandbox, within: float = 15.0) -> None:
    """Wait until everything that was to be delivered has been."""
    await until(app.is_idle, within)
    await sandbox.idle(within=within)


async def pass_time(app: App, sandbox: Sandbox, minutes: float) -> None:
    """Let domain time pass, and everything happen that falls due in it."""
    await settled(app, sandbox)
    then = app.clock.now() + timedelta(minutes=minutes)
    sandbox.clock.advance(minutes * 60)

    async def reached() -> bool:
        return app.clock.now() >= then

    await until(reached)
    await settled(app, sandbox)
