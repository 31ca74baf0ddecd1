"""Draws what an effect shows as a picture: reads the incident, has it drawn, and says it in words."""

from bot.core.delivery import TryAgain
from bot.jobs import Job
from bot.measuring import Measuring
from bot.pictures.kinds import Kind
from bot.pictures.process import NotDrawn, draw
from bot.slack.messages.pictures import alt_text, title
from bot.slack.uploading import Picture


class Illustrator:
    """Draws incidents as they stand when the picture's turn comes."""

    def __init__(self, measuring: Measuring) -> None:
        self._measuring = measuring

    async def __call__(self, job: Job) -> Picture:
        """The picture of the effect's incident. Raises TryAgain, which counts as a fault: what can never be drawn is given up."""
        scene = await self._measuring.scene(job.incident.number, viewer="")
        try:
            png = await draw(Kind.INCIDENT, scene)
        except NotDrawn as reason:
            raise TryAgain(f"the picture could not be drawn ({reason})") from None
        return Picture(png, title(Kind.INCIDENT, scene), alt_text(Kind.INCIDENT, scene))
