"""The weather between the bot and Slack: fair, or a storm in which most calls go wrong.

`LOCKSTEP_WEATHER=storm` puts every story into the storm (`make faults LONG=1` does); people wait longer there, and nothing else
changes for them.
"""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.sandbox import Sandbox
from bot.slack.manifest import SCOPES

STORM = os.environ.get("LOCKSTEP_WEATHER") == "storm"
SLOWNESS = 5.0
"""How many times longer than on a good machine something may take."""
PATIENCE = 20.0 if STORM else SLOWNESS
"""How many times longer than usual tests wait for what takes several calls."""

SOCKET_SECONDS = 20.0
ANSWERED_AT_ONCE = {
    "apps.connections.open",
    "auth.test",
    "conversations.members",
    "users.info",
    "views.open",
    "views.update",
}
"""Calls that a listener makes while a person waits, who sees that it did not work and tries again; and those that make a
connection. None of them is an effect."""


def is_stormy(request: pytest.FixtureRequest) -> bool:
    """Whether this test plays in the storm: all do but those that a storm makes meaningless, which say why in their marker."""
    return STORM and request.node.get_closest_marker("fair_weather") is None


@asynccontextmanager
async def storm(sandbox: Sandbox) -> AsyncIterator[None]:
    """Of all calls that are effects, or look for them, 30 % fail (half of them by a dropped connection), 30 % are carried out
    without an answer, 10 % are 429; and every socket is dropped every 20 seconds."""
    for method in SCOPES.keys() - ANSWERED_AT_ONCE:
        left = 1.0
        for raise_harm, share in (
            (sandbox.faults.fail, 0.15),
            (sandbox.faults.refuse, 0.15),
            (sandbox.faults.lose_answer, 0.30),
            (sandbox.faults.limit, 0.10),
        ):
            raise_harm(method, times=None, chance=share / left)
            left -= share
    dropping = asyncio.create_task(_drop_sockets(sandbox))
    try:
        yield
    finally:
        dropping.cancel()
        with suppress(asyncio.CancelledError):
            await dropping
        await sandbox.faults.clear()


async def _drop_sockets(sandbox: Sandbox) -> None:
    """One after the other, so that each goes every 20 seconds."""
    for turn in itertools.count():
        sockets = sandbox.hub.open
        await asyncio.sleep(SOCKET_SECONDS / max(1, len(sockets)))
        if sockets := sandbox.hub.open:
            await sockets[turn % len(sockets)].connection.close()
