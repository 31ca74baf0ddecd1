"""A bot is killed while one incident is merged into another: both journals say so or neither does, and everyone reads it once."""

import itertools
from collections import Counter
from collections.abc import Callable

import pytest

from bot.checkpoints import Step
from bot.core.links import IncidentLinked
from tests.faults.an_incident import Act, Stage, declares, play, types
from tests.faults.bots import At, always_a_bot, quick
from tests.faults.conftest import DATABASES, EACH, LONG, shown
from tests.faults.test_crashes import Point, stage
from tests.faults.truth import broken_promises
from tests.running import running

KILLS = None if LONG or EACH else 1
"""At how many steps of the merge the bot is killed; None: at each."""


async def merges(scene: Stage, database_url: str) -> dict[str, object]:
    """Two incidents that are the same, and the second merged into the first. What Slack shows of it, seen to be right."""
    duplicate = Stage(scene.sandbox, scene._database, number=2)
    await play(scene, [declares()])
    merge = Act("merge", types("bob", "/incident merge INC-1"), lambda record: not record.now.is_open)
    await play(duplicate, [declares("sev1 Payments fail", by="bob"), merge])
    assert broken_promises(scene.sandbox, database_url) == []
    links = Counter(type(event) for event in (await scene.record()).events)
    assert links[IncidentLinked] == 1 and (await duplicate.record()).now.into == 1
    return shown(scene.sandbox)


async def undisturbed(database_url: str) -> tuple[dict[str, object], list[Point]]:
    """What Slack shows when nothing happens to the bot, and every step it passed from the merge on."""
    passed: Counter[tuple[Step, str]] = Counter()
    points: list[Point] = []

    def pass_by(step: Step, of: str) -> None:
        passed[step, of] += 1
        points.append((step, of, passed[step, of]))

    async with stage(database_url) as scene, running(scene.sandbox, database_url, quick(checkpoint=pass_by)):
        expected = await merges(scene, database_url)
    return expected, points[points.index((Step.COMMITTED, "MergeIncident", 1)) :]


@pytest.mark.parametrize("new_database", DATABASES, indirect=True)
async def test_killed_at_any_step_of_a_merge_both_incidents_say_it_once(new_database: Callable[[], str]):
    expected, points = await undisturbed(new_database())
    apart = 1 if KILLS is None else len(points) // KILLS
    killed = 0
    for point in points[::apart][:KILLS]:
        database_url = new_database()
        lives = itertools.chain([At(*point)], itertools.repeat(None))
        async with stage(database_url) as scene, always_a_bot(scene.sandbox, database_url, lives) as died:
            try:
                assert await merges(scene, database_url) == expected
            except (AssertionError, TimeoutError) as error:
                error.add_note(f"The bot was killed at {point}.")
                raise
            killed += died()
    assert killed > 0
