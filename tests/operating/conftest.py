"""A workspace for the bot that a test starts as a process of its own, and a reader of its addresses."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import Sandbox
from tests.running import workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace in which Lockstep is installed."""
    async with workspace() as sandbox:
        yield sandbox


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who reads addresses."""
    async with aiohttp.ClientSession() as session:
        yield session
