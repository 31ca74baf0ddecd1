"""What an incident has to do and when."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import pytest

from bot.store.database import Database
from bot.store.timers import Timer, due_timers, next_due, set_timers
from tests.store.given import TEAM, after, begin


async def let(database: Database, incident: int, due: Mapping[str, datetime]) -> None:
    async with database.write() as tx:
        await set_timers(tx, TEAM, incident, due)


async def due(database: Database, now: datetime) -> list[tuple[int, str]]:
    async with database.read() as tx:
        return [(timer.incident, timer.name) for timer in await due_timers(tx, now)]


@pytest.fixture
async def two_incidents(database: Database) -> None:
    """Incidents 1 and 2."""
    await begin(database)
    await begin(database)


async def test_without_timers_nothing_is_ever_due(database):
    async with database.read() as tx:
        assert await next_due(tx) is None
        assert await due_timers(tx, after(days=1000)) == []


async def test_a_timer_is_due_from_its_time_on(database, two_incidents):
    await let(database, 1, {"update:support": after(minutes=10)})
    assert await due(database, after(minutes=10) - timedelta(microseconds=1)) == []
    assert await due(database, after(minutes=10)) == [(1, "update:support")]
    async with database.read() as tx:
        assert await due_timers(tx, after(days=1)) == [Timer(TEAM, 1, "update:support", after(minutes=10))]
        assert await next_due(tx) == after(minutes=10)


async def test_the_longest_due_comes_first(database, two_incidents):
    await let(database, 1, {"b": after(minutes=2), "c": after(minutes=3)})
    await let(database, 2, {"a": after(minutes=1)})
    assert await due(database, after(minutes=5)) == [(2, "a"), (1, "b"), (1, "c")]


async def test_setting_timers_replaces_those_of_the_incident_and_of_no_other(database, two_incidents):
    await let(database, 1, {"stays": after(minutes=1), "moves": after(minutes=2), "goes": after(minutes=3)})
    await let(database, 2, {"stays": after(minutes=4)})
    await let(database, 1, {"stays": after(minutes=1), "moves": after(minutes=9), "comes": after(minutes=5)})
    async with database.read() as tx:
        timers = {(timer.incident, timer.name): timer.due for timer in await due_timers(tx, after(days=1))}
    assert timers == {
        (1, "stays"): after(minutes=1),
        (1, "moves"): after(minutes=9),
        (1, "comes"): after(minutes=5),
        (2, "stays"): after(minutes=4),
    }
    await let(database, 1, {})
    assert await due(database, after(days=1)) == [(2, "stays")]


async def test_timers_of_different_zones_are_compared_as_moments(database, two_incidents):
    tokyo = after(minutes=1).astimezone(timezone(timedelta(hours=9)))
    await let(database, 1, {"tokyo": tokyo, "utc": after(minutes=2)})
    assert await due(database, after(minutes=1)) == [(1, "tokyo")]
