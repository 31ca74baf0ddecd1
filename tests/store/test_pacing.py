"""How fast a channel is posted to, across all bots."""

import asyncio

import pytest

from bot.store.database import Database
from bot.store.pacing import pace
from tests.store.given import NOW, TEAM


async def ask(database: Database, seconds: float = 0.0, channel: str = "C1", burst: int = 1) -> float:
    """For how long a post has to wait that would go out so many seconds after NOW."""
    async with database.write() as tx:
        return await pace(tx, TEAM, channel, NOW + seconds, 1.0, burst)


async def test_one_post_a_second_may_go(database):
    assert await ask(database) == 0
    assert await ask(database, 0.25) == pytest.approx(0.75)
    assert await ask(database, 1.0) == 0


async def test_a_post_that_has_to_wait_takes_nothing(database):
    assert await ask(database) == 0
    for _ in range(5):
        assert await ask(database, 0.5) == pytest.approx(0.5)
    assert await ask(database, 1.0) == 0


async def test_a_burst_may_go_at_once_and_is_made_up_for(database):
    assert [await ask(database, burst=3) for _ in range(4)] == [0, 0, 0, pytest.approx(1.0)]
    assert await ask(database, 1.0, burst=3) == 0
    assert await ask(database, 1.0, burst=3) == pytest.approx(1.0)


async def test_silence_saves_up_no_more_than_a_burst(database):
    assert await ask(database, burst=2) == 0
    assert [await ask(database, 3600, burst=2) for _ in range(3)] == [0, 0, pytest.approx(1.0)]


async def test_channels_do_not_wait_for_each_other(database):
    assert await ask(database, channel="C1") == 0
    assert await ask(database, channel="C2") == 0


async def test_bots_share_the_pace(database, database_url):
    other = await Database.open(database_url)
    waits = await asyncio.gather(*(ask((database, other)[n % 2], burst=3) for n in range(12)))
    assert sum(wait == 0 for wait in waits) == 3
    await other.close()


async def test_a_clock_that_is_set_back_holds_up_no_post(database):
    assert await ask(database, 3600) == 0
    assert await ask(database) == 0
    assert await ask(database) == pytest.approx(1.0)
