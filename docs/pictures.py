"""Draws the pictures of this folder that show figures: `python -m docs.pictures`. The incidents are those of the generated year."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.core.decision import Event
from bot.metrics.measured import measure
from bot.pictures.kinds import OF_MANY, Kind
from bot.pictures.process import draw
from bot.pictures.scene import scene
from bot.pictures.statistics import statistics
from tests.metrics.a_year import END, a_year, policies

HERE = Path(__file__).parent


def is_telling(events: Sequence[Event]) -> bool:
    """Whether its picture shows something of everything."""
    shown = scene(events, policies(), END)
    stands = {one.stands.value for one in shown.thoughts}
    outcomes = {one.outcome for row in shown.rows for one in row.updates}
    marks = {mark.name for mark in shown.marks}
    return {"contained", "harm back"} <= marks and "confirmed" in stands and len(stands) > 1 and len(outcomes) == 3


async def main() -> None:
    """One incident with something of everything, and every chart."""
    year = a_year(count=120)
    telling = next(filter(is_telling, year))
    (HERE / "picture-incident.png").write_bytes(await draw(Kind.INCIDENT, scene(telling, policies(), END)))
    found = [measure(events, policies(), END) for events in year]
    for kind in OF_MANY:
        drawn = await draw(kind, statistics(found, 365, ["SEV1", "SEV2", "SEV3"], END))
        (HERE / f"picture-{kind.value}.png").write_bytes(drawn)


if __name__ == "__main__":
    asyncio.run(main())
