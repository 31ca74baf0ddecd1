"""Every story has a workspace of its own, with Lockstep in it, and runs on both databases."""

from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.faults.truth import broken_promises
from tests.running import running, settled


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str) -> AsyncIterator[App]:
    """Lockstep, connected to the workspace. When the story is over, everything has come true once, and in its order."""
    async with running(sandbox, database_url) as app:
        yield app
        await settled(app, sandbox)
    assert broken_promises(sandbox, database_url) == []


@pytest.fixture
def alice(sandbox: Sandbox, bot: App) -> Person:
    """An engineer in Paris."""
    return sandbox.person("alice")


@pytest.fixture
def bob(sandbox: Sandbox, bot: App) -> Person:
    """An engineer in Tokyo."""
    return sandbox.person("bob")


@pytest.fixture
def carol(sandbox: Sandbox, bot: App) -> Person:
    """An executive in New York, who reads one line."""
    return sandbox.person("carol")


@pytest.fixture
def dave(sandbox: Sandbox, bot: App) -> Person:
    """Support, in Lagos."""
    return sandbox.person("dave")
