"""Faults need a workspace, and a bot that a test may start, kill and start again on the same database."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.app import App
from bot.sandbox import Sandbox
from tests.running import PLAYBOOKS, QUICK, running, settled

FORGIVING = replace(QUICK, lease_seconds=2.0, look_seconds=0.1)
"""A lane comes back from a dead bot after two seconds, and the sandbox's history does not lag."""

_CHANNELS = ("#incidents", "#exec-updates", "#support-updates", "#product-updates")
_VARYING = re.compile(
    r"'block_id': '\w+'|Record \d+: [0-9a-f]{32}|<!date\^\d+\^[^>]*>|C[A-Z0-9]{8,}|\d{2}:\d{2}|\d+ \w+ \d{4}"
)


@asynccontextmanager
async def recovered(sandbox: Sandbox, database_url: str) -> AsyncIterator[App]:
    """A healthy bot on the database that another may have left behind, once it has caught up."""
    async with running(sandbox, database_url, FORGIVING) as app:
        await settled(app, sandbox, within=30)
        yield app


async def started_mortal(
    sandbox: Sandbox, database_url: str, checkpoint: str, times: int
) -> asyncio.subprocess.Process:
    """A bot process that will be killed at this checkpoint; returns when it is connected."""
    environment = os.environ | {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": database_url,
        "LOCKSTEP_PLAYBOOKS": str(PLAYBOOKS),
        "LOCKSTEP_CLOCK": sandbox.clock_url,
        "LOCKSTEP_PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.mortal",
        checkpoint,
        str(times),
        env=environment,
        cwd=Path(__file__).parent.parent.parent,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(20):
        while not sandbox.hub.open:
            await asyncio.sleep(0.02)
    return process


def shown(sandbox: Sandbox) -> dict[str, object]:
    """All that Slack shows of its incidents, but for times and ids, which differ from run to run."""
    rooms = sorted(channel.name for channel in sandbox.workspace.channels.values() if channel.name.startswith("inc-"))
    people: dict[str, object] = {}
    for name in rooms:
        room = sandbox.channel(f"#{name}")
        people[name] = (sorted(room.members), room.topic.value, len(room.pins))
    said = {channel: sorted(_said(sandbox, channel)) for channel in (*_CHANNELS, *(f"#{name}" for name in rooms))}
    return {"rooms": rooms, "people": people, "said": said}


def _said(sandbox: Sandbox, channel: str) -> list[str]:
    return [
        _VARYING.sub("…", str(message.get("blocks") or message["text"]))
        for message in sandbox.messages(channel)
        if not message.get("subtype") or message["subtype"] in ("thread_broadcast", "channel_topic")
    ]
