"""Every store test has an open database of its own and runs on both kinds."""

from collections.abc import AsyncIterator

import pytest

from bot.store.database import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with nothing in it."""
    database = await Database.open(database_url)
    yield database
    await database.close()
