"""Writes the postmortem of an effect's incident, from its record as it stands when the effect's turn comes."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

from bot.export.postmortem import as_postmortem, people_in
from bot.export.record import read
from bot.jobs import Job
from bot.store.database import Database

Names = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
"""What people call themselves, by their ids, as far as Slack says so."""


class Writer:
    """Writes postmortems from the journal, with people's names where they are known."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database, self._names = database, names

    async def __call__(self, job: Job) -> str:
        """The document of the effect's incident."""
        async with self._database.read() as tx:
            record = await read(tx, job.incident.team, job.incident.number)
        draft = await asyncio.to_thread(as_postmortem, record)
        names = await self._names(people_in(draft))
        return await asyncio.to_thread(as_postmortem, record, names)
