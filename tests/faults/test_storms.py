"""Most calls to Slack go wrong, for as long as the incident lasts. It ends right all the same, each effect once.

In the long form every story plays in this weather: LOCKSTEP_WEATHER=storm make test ARGS=tests/stories
"""

import pytest

from bot.store.database import Database
from tests.faults.an_incident import Stage, from_declare_to_close, play
from tests.faults.bots import quick
from tests.faults.conftest import DATABASES, LONG, SLOW, shown
from tests.faults.truth import broken_promises
from tests.running import running, workspace
from tests.weather import storm

ACTS = None if LONG else 6
"""So many of the incident's acts are played; None: all of them."""


async def an_incident(database_url: str, *, stormy: bool) -> dict[str, object]:
    """What Slack shows after an incident from declare to close."""
    database = await Database.open(database_url)
    tuning = quick(longest_backoff_seconds=0.3)
    async with workspace(speed=SLOW) as sandbox, running(sandbox, database_url, tuning):
        scene = Stage(sandbox, database)
        if stormy:
            sandbox.workspace.changes.patience = 6.0
            async with storm(sandbox):
                await play(scene, from_declare_to_close()[:ACTS])
        else:
            await play(scene, from_declare_to_close()[:ACTS])
        assert broken_promises(sandbox, database_url) == []
        await database.close()
        return shown(sandbox)


@pytest.mark.parametrize("new_database", DATABASES, indirect=True)
async def test_in_a_storm_nothing_is_lost_or_doubled(new_database):
    expected = await an_incident(new_database(), stormy=False)
    assert await an_incident(new_database(), stormy=True) == expected
