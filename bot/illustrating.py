"""Draws what an effect shows as a picture: reads the incident, has it drawn, and says it in words."""

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


class Illustrator:
    """Draws incidents as they stand when the picture's turn comes."""

    def __init__(self, measuring: Measuring) -> None:
        self._measuring = measuring

    async def __call__(self, job: Job) -> Picture:
        """The picture of the effect's incident. Raises TryAgain, which counts as a fault: what can never be drawn is given up."""
        kind, scene = await self._scene(job)
        try:
            png = await draw(kind, scene)
        except NotDrawn as reason:
            raise TryAgain(f"the picture could not be drawn ({reason})") from None
        return Picture(png, title(kind, scene), alt_text(kind, scene))

    async def _scene(self, job: Job) -> tuple[Kind, Value]:
        if isinstance(job.event, PictureAsked) and job.event.shows is Shows.MAP:
            return Kind.MAP, map_scene(job.incident, job.policy, job.now)
        return Kind.INCIDENT, await self._measuring.scene(job.incident.number, viewer="")
