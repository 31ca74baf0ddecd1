"""Every story has a workspace of its own, with Lockstep in it and Slack's limits in force, and runs on both databases."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.faults.truth import broken_promises
from tests.running import HURRY, running, settled
from tests.weather import is_stormy


@pytest.fixture(autouse=True)
def limits(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[None]:
    """Slack's rate limits hold in every story, and the bot never goes on where it was told to wait."""
    sandbox.limits.enabled, sandbox.limits.speed = not is_stormy(request), HURRY
    yield
    assert not [call for call in sandbox.calls if call.outcome == "rate_limited"]


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
