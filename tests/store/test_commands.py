"""A command that is delivered again is answered as the first time."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import commands
from bot.store.database import Database
from tests.store.given import START, TEAM


async def answer(database: Database, key: str, first_answer: str) -> str:
    """Handle a command that would come to `first_answer` if it were new."""
    async with database.write() as tx:
        if known := await commands.outcome(tx, TEAM, key):
            return known
        await asyncio.sleep(0)
        await commands.keep_outcome(tx, TEAM, key, None, first_answer, START)
        return first_answer


async def test_the_outcome_is_kept_under_team_and_key(database):
    assert await answer(database, "k1", "one") == "one"
    assert await answer(database, "k1", "two") == "one"
    assert await answer(database, "k2", "three") == "three"
    async with database.write() as tx:
        assert await commands.outcome(tx, "T2", "k1") is None


async def test_the_same_command_delivered_many_times_at_once_is_handled_once(database, database_url):
    other = await Database.open(database_url)
    async with asyncio.timeout(20):
        bots = [(database, other)[n % 2] for n in range(20)]
        answers = await asyncio.gather(*(answer(bot, "k1", f"answer {n}") for n, bot in enumerate(bots)))
    assert len(set(answers)) == 1
    await other.close()


async def test_an_outcome_is_never_written_over(database):
    await answer(database, "k1", "one")
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await commands.keep_outcome(tx, TEAM, "k1", None, "two", START)
    assert await answer(database, "k1", "three") == "one"
