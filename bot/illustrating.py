"""Draws what an effect shows as a picture: reads the incident, has it drawn, and says it in words. Drawing may take longer than one
attempt at an effect is given, on a machine that does much else: it goes on meanwhile, and the next attempt has it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress

from bot.core.delivery import TryAgain
from bot.core.pictures import PictureAsked, Shows
from bot.core.value import Value
from bot.jobs import Job
from bot.measuring import Measuring
from bot.pictures.kinds import Kind
from bot.pictures.map_scene import map_scene
from bot.pictures.process import NotDrawn, draw
from bot.slack.messages.pictures import alt_text, title
from bot.slack.uploading import Picture

AT_ONCE_SECONDS, LATER_SECONDS = 1.0, 0.5
"""So long an attempt waits for the picture, and so long after that the next one is made: no lane is held while something is drawn,
and that it takes long is nobody's fault."""
MOST_AT_ONCE = 8
"""So many pictures are kept for an attempt to come: of more, the oldest is drawn anew."""


class Illustrator:
    """Draws incidents as they stand when the picture's turn comes. `names` tells what people are called, by their ids."""

    def __init__(self, measuring: Measuring, names: Callable[[Collection[str]], Awaitable[Mapping[str, str]]]) -> None:
        self._measuring, self._names = measuring, names
        self._drawing: dict[str, asyncio.Task[Picture]] = {}

    async def __call__(self, job: Job) -> Picture:
        """The picture of the effect's incident. Raises TryAgain, which counts as a fault: what can never be drawn is given up."""
        id = job.claim.effect_id
        if id not in self._drawing:
            self._drawing[id] = asyncio.create_task(self._drawn(job), name=f"picture {id}")
        drawing = self._drawing[id]
        while len(self._drawing) > MOST_AT_ONCE:
            self._drawing.pop(next(iter(self._drawing))).cancel()
        done, _ = await asyncio.wait({drawing}, timeout=AT_ONCE_SECONDS)
        if not done:
            raise TryAgain("the picture is being drawn", after=LATER_SECONDS, fault=False)
        self._drawing.pop(id, None)
        return drawing.result()

    async def close(self) -> None:
        """Draw no more."""
        for drawing in self._drawing.values():
            drawing.cancel()
        for drawing in self._drawing.values():
            with suppress(asyncio.CancelledError, Exception):
                await drawing

    async def _drawn(self, job: Job) -> Picture:
        kind, scene = await self._scene(job)
        try:
            png = await draw(kind, scene)
        except NotDrawn as reason:
            raise TryAgain(f"the picture could not be drawn ({reason})") from None
        return Picture(png, title(kind, scene), alt_text(kind, scene))

    async def _scene(self, job: Job) -> tuple[Kind, Value]:
        if isinstance(job.event, PictureAsked) and job.event.shows is Shows.MAP:
            names = await self._names({check.by for check in job.incident.checks.values()})
            return Kind.MAP, map_scene(job.incident, job.policy, job.now, names)
        return Kind.INCIDENT, await self._measuring.scene(job.incident.number, viewer="")
