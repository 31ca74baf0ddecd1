"""What a picture costs: `python -m benchmarks.pictures`.

Draws an incident of 2,000 events, and each chart of 300 incidents, each in a process of its own as the bot has them drawn. Prints
seconds by the clock from asking to the last byte, and seconds of the processor, which do not depend on what else the machine does.
Median of five.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from bot.core.decision import Event
from bot.core.lifecycle import DeclareIncident
from bot.core.value import Value
from bot.metrics.measured import measure
from bot.pictures.kinds import OF_MANY, Kind
from bot.pictures.process import draw
from bot.pictures.scene import scene
from bot.pictures.statistics import statistics as of_many
from tests.core.random_acts import step_onward
from tests.metrics.a_year import ACTS, END, FOLLOWED, NEW_YEAR, Life, a_year, policies

RUNS = 5
EVENTS = 2000


def a_long_one() -> list[Event]:
    """The first 2,000 events of an incident at which people work for days."""
    life = Life(Random(5), 1, NEW_YEAR, FOLLOWED[0])
    life.does(DeclareIncident(origin=life.origin(), title="Long", severity="SEV1"))
    for _ in range(2):
        life.does(step_onward(life.here, life.policy, life.now))
    while len(life.events) < EVENTS:
        life.waits(life.random.uniform(1, 8))
        if act := life.random.choice(ACTS)(life):
            life.does(act)
    return life.events[:EVENTS]


def subjects() -> Iterator[tuple[str, Kind, Value]]:
    """What is drawn."""
    events = a_long_one()
    began = time.process_time()
    shown = scene(events, policies(), events[-1].at + timedelta(minutes=1))
    print(f"reading {len(events)} events: {time.process_time() - began:.2f} s of the processor")
    yield f"an incident of {len(events)} events", Kind.INCIDENT, shown
    found = [measure(one, policies(), END) for one in a_year()]
    for kind in OF_MANY:
        yield f"{kind.value} of {len(found)} incidents", kind, of_many(found, 365, ["SEV1", "SEV2", "SEV3"], END)


async def main() -> None:
    """Draw and print a table."""
    print("| picture | seconds, clock | seconds, processor | bytes |\n|---|---|---|---|")
    for name, kind, what in subjects():
        clock, processor, size = [], [], 0
        for _ in range(RUNS):
            before, began = os.times(), time.monotonic()
            size = len(await draw(kind, what))
            after = os.times()
            clock.append(time.monotonic() - began)
            processor.append(
                after.children_user + after.children_system - before.children_user - before.children_system
            )
        print(f"| {name} | {statistics.median(clock):.1f} | {statistics.median(processor):.1f} | {size:,} |")


if __name__ == "__main__":
    asyncio.run(main())
