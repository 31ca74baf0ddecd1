"""What every test may ask for: databases, and a workspace of its own."""

from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest

from bot.sandbox import Sandbox
from tests.running import PATIENT, workspace
from tests.weather import PATIENCE, is_stormy, storm

pytest_plugins = ["tests.databases"]


@pytest.fixture
async def sandbox(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """A workspace with five people, in which Lockstep is installed by its manifest. The bot does not run yet."""
    async with workspace(wire=PATIENT) as sandbox:
        sandbox.workspace.changes.patience = PATIENCE
        async with storm(sandbox) if is_stormy(request) else nullcontext():
            yield sandbox
