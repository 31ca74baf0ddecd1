"""The bot is killed at every step of its work, one after the other. Slack shows in the end what it would have shown.

The steps are not chosen: an incident runs once undisturbed, and each step that the bot passed is then a run of its own in which
it is killed there. The short form takes every n-th of them, LOCKSTEP_FAULTS=each every kind of step at its first time.
"""

import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import pytest

from bot.checkpoints import Step
from bot.sandbox import WireTimes
from bot.sandbox.faults import Faults
from bot.store.database import Database
from tests.faults.an_incident import Stage, from_declare_to_close, play
from tests.faults.bots import After, At, Death, always_a_bot, quick
from tests.faults.conftest import DATABASES, EACH, LONG, SLOW, shown
from tests.faults.truth import broken_promises
from tests.running import running, workspace

SLICES = 40 if LONG else 12 if EACH else 1
"""Into how many tests the steps are dealt, so that they can run side by side."""
EVERY = 1 if LONG or EACH else 400
IMPATIENT = WireTimes(ack=1.0, retries=(0.0, 0.5, 1.0, 2.0, 4.0))
"""A person gives up after a second, and Slack sends an event again sooner, so that thousands of runs end on the same day."""

Point = tuple[Step, str, int]
"""A step, of what, and for the how-many-th time."""


@asynccontextmanager
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """A workspace of its own for one run."""
    database = await Database.open(database_url)
    try:
        async with workspace(wire=IMPATIENT, speed=SLOW) as sandbox:
            yield Stage(sandbox, database)
    finally:
        await database.close()


async def undisturbed(database_url: str) -> tuple[dict[str, object], list[Point]]:
    """What Slack shows when nothing happens to the bot, and every step it passed, in their order."""
    passed: Counter[tuple[Step, str]] = Counter()
    points: list[Point] = []

    def pass_by(step: Step, of: str) -> None:
        passed[step, of] += 1
        points.append((step, of, passed[step, of]))

    async with stage(database_url) as scene, running(scene.sandbox, database_url, quick(checkpoint=pass_by)):
        await play(scene, from_declare_to_close())
        return shown(scene.sandbox), points


async def disturbed(
    database_url: str,
    deaths: Iterable[Death],
    expected: dict[str, object],
    harm: Callable[[Faults], object] = lambda faults: None,
) -> int:
    """The same while bots die, and calls come to harm. Returns how many died."""
    lives = itertools.chain(deaths, itertools.repeat(None))
    async with stage(database_url) as scene, always_a_bot(scene.sandbox, database_url, lives) as died:
        harm(scene.sandbox.faults)
        await play(scene, from_declare_to_close())
        assert broken_promises(scene.sandbox, database_url) == []
        assert shown(scene.sandbox) == expected
        kinds = Counter(type(event).__name__ for event in (await scene.record()).events)
        assert kinds["RoomOpened"] == 1 and kinds["UpdateSent"] == kinds["UpdateIssued"] > 0
        return died()


async def killed_at(point: Point, new_database: Callable[[], str], expected: dict[str, object]) -> int:
    """A run in which the bot dies at this step; an error says at which. What hangs on the moment, such as what is said in one
    message, may pass without that step, and is then played once more."""
    try:
        return await disturbed(new_database(), [At(*point)], expected) or await disturbed(
            new_database(), [At(*point)], expected
        )
    except (AssertionError, TimeoutError) as error:
        error.add_note(f"The bot was killed at {point}.")
        raise


@pytest.mark.parametrize("dealt", range(SLICES))
async def test_killed_at_any_step_nothing_is_lost_or_doubled(
    new_database: Callable[[], str], dealt: int, record_property: Callable[[str, object], None]
):
    expected, points = await undisturbed(new_database())
    points = [(step, of, time) for step, of, time in points if time == 1 or not EACH]
    apart = max(EVERY, SLICES)
    mine = points[dealt * apart // SLICES :: apart]
    died = [await killed_at(point, new_database, expected) for point in mine]
    record_property("steps", len(points))
    record_property("killed", sum(died))
    assert set(died) <= {0, 1}
    assert sum(died) > 0.9 * len(mine), "most steps of the undisturbed run come up again"


@pytest.mark.parametrize("new_database", DATABASES, indirect=True)
async def test_killed_after_posts_whose_answers_were_lost_nothing_is_doubled(new_database: Callable[[], str]):
    expected, _ = await undisturbed(new_database())

    def lose_answers(faults: Faults) -> None:
        faults.lose_answer("chat.postMessage", times=3)
        faults.lose_answer("conversations.create")

    deaths = [After(steps) for steps in (12, 20)]
    assert await disturbed(new_database(), deaths, expected, lose_answers) == len(deaths)
