"""A day of incidents, in which the bot is killed time and again at random. It ends as a day on which it lived.

Time is stepped: it jumps from one due time to the next once everything has come true.
"""

import itertools
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import timers
from bot.store.audit import audit
from bot.store.database import Database
from tests.faults.an_incident import Act, Stage, declares, from_declare_to_close, play
from tests.faults.bots import After, Death, always_a_bot
from tests.faults.conftest import DATABASES, LONG, SLOW, shown
from tests.faults.test_crashes import IMPATIENT
from tests.faults.truth import broken_promises
from tests.running import workspace

KILLS = 500 if LONG else 4
INCIDENTS, DUE_TIMES = (14, 40) if LONG else (1, 1)
"""How many incidents there are, and how many due times pass in each of them."""
AHEAD = timedelta(days=1)
"""Weekly summaries go on for ever, and would take the clock past every date on which something is to be done."""


async def a_day(database_url: str, deaths: Iterable[Death]) -> tuple[dict[str, object], int]:
    """What Slack shows at its end, and how many bots have died."""
    database = await Database.open(database_url)
    lives = itertools.chain(deaths, itertools.repeat(None))
    async with workspace(wire=IMPATIENT, speed=SLOW) as sandbox, always_a_bot(sandbox, database_url, lives) as died:
        for number in range(1, INCIDENTS + 1):
            scene = Stage(sandbox, database, number)
            *before, last = acts(number)
            await play(scene, before)
            for _ in range(DUE_TIMES):
                await until_something_is_due(scene, database)
            await play(scene, [last])
        assert broken_promises(sandbox, database_url) == []
        async with database.read() as tx:
            assert await audit(tx) == []
        result = shown(sandbox), died()
    await database.close()
    return result


def acts(number: int) -> list[Act]:
    """All that people do in one incident; what they call it differs."""
    _, *rest = from_declare_to_close()
    return [declares(f"sev1 Checkout is failing at {number} o'clock"), *rest]


async def until_something_is_due(scene: Stage, database: Database) -> None:
    """Jump to the next due time, if there is one within a day, and let happen what happens."""
    async with database.read() as tx:
        due = await timers.next_due(tx)
    now = datetime.fromtimestamp(scene.sandbox.clock.epoch(), UTC)
    if due and due - now < AHEAD:
        scene.sandbox.clock.advance(max(0.0, (due - now).total_seconds()) + 0.01)
        await scene.settles()


@pytest.mark.parametrize("new_database", DATABASES, indirect=True)
async def test_a_day_with_a_bot_that_is_killed_at_random_ends_as_one_without(new_database: Callable[[], str]):
    expected, _ = await a_day(new_database(), [])
    chance = random.Random(KILLS)
    deaths = [After(chance.randint(1, 40)) for _ in range(KILLS)]
    result, died = await a_day(new_database(), deaths)
    assert result == expected
    assert died == KILLS
