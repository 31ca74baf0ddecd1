"""Reads incidents from the journal and measures them. One that is long over is measured once and remembered, as numbers; nobody
else waits meanwhile, since each incident is a transaction and a thread of its own.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.core.decision import Event
from bot.core.errors import StoreUnavailable, UnknownIncident
from bot.core.policy import Policy
from bot.core.vocabulary import fold
from bot.metrics.asked import Asked
from bot.metrics.measured import Measured, measure
from bot.metrics.summary import Summary, over_since, summarize
from bot.pictures.map_scene import MapScene, map_scene
from bot.pictures.scene import Scene, scene
from bot.pictures.statistics import Statistics, statistics
from bot.store import documents, journal, queries
from bot.store.database import Database, Transaction

SETTLED_AFTER = timedelta(days=2)
"""An incident that has been over for so long is not measured again unless its journal grows."""


class Measuring:
    """Measures the incidents of one workspace."""

    def __init__(self, database: Database, clock: Clock, team: str) -> None:
        self._database, self._clock, self._team = database, clock, team
        self._policies: dict[str, Policy] = {}
        self._known: dict[int, tuple[int, Measured]] = {}

    async def figures(self, asked: Asked, *, viewer: str) -> tuple[Summary, Summary, Statistics]:
        """What is asked about, the same of as long a time before, and what a chart of it shows, of all that this person may see.
        Raises StoreUnavailable."""
        now = self._clock.now()
        found = await self.measured(asked.before(now), viewer=viewer)
        ended = await self.ended(found, viewer=viewer)
        since = asked.since(now)
        here = asked.chosen(found, since, now + timedelta(seconds=1))
        before = summarize(asked.chosen(found, asked.before(now), since), ended)
        return summarize(here, ended), before, statistics(here, asked.days, self.severities, now, asked.narrowed)

    async def measured(self, since: datetime, *, viewer: str, with_private: bool = True) -> list[Measured]:
        """Every incident that was declared since then, by number. Raises StoreUnavailable."""
        try:
            async with self._database.read() as tx:
                wanted = await queries.declared_since(tx, self._team, viewer, since, with_private=with_private)
            return [await self._one(number, seq) for number, seq in wanted.items()]
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable from error

    async def ended(self, found: list[Measured], *, viewer: str) -> dict[int, datetime]:
        """Since when these, and those that they are recurrences of, seemed over. Raises StoreUnavailable."""
        there = over_since(found)
        missing = {number for one in found for number in one.recurs} - set(there)
        try:
            async with self._database.read() as tx:
                seen = await queries.sequence_numbers(tx, self._team, viewer, missing)
            return there | over_since([await self._one(number, seq) for number, seq in seen.items()])
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable from error

    async def scene(self, number: int, *, viewer: str) -> Scene:
        """What the picture of this incident shows. Raises UnknownIncident and StoreUnavailable."""
        events, policies = await self._read(number)
        return await asyncio.to_thread(scene, events, policies, self._clock.now())

    async def system_map(self, number: int, *, viewer: str) -> MapScene:
        """What the picture of its system map shows. Raises UnknownIncident and StoreUnavailable."""
        events, policies = await self._read(number)
        incident = fold(None, events)
        assert incident is not None, "there are events"
        return map_scene(incident, policies[incident.policy], self._clock.now())

    async def _read(self, number: int) -> tuple[list[Event], Mapping[str, Policy]]:
        """What happened in this incident, and the policies it may follow."""
        try:
            async with self._database.read() as tx:
                events = [one.event for one in await journal.events(tx, self._team, number)]
                policies = await self._followed(tx)
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable from error
        if not events:
            raise UnknownIncident(number)
        return events, policies

    @property
    def severities(self) -> list[str]:
        """The names of all severities that the policies seen so far know, the worst first."""
        return list(dict.fromkeys(one.name for policy in self._policies.values() for one in policy.severities))

    async def _one(self, number: int, seq: int) -> Measured:
        """One incident, which has so many events."""
        if number in self._known and self._known[number][0] == seq:
            return self._known[number][1]
        async with self._database.read() as tx:
            events = [one.event for one in await journal.events(tx, self._team, number)]
            policies = await self._followed(tx)
        now = self._clock.now()
        found = await asyncio.to_thread(measure, events, policies, now)
        if found.ended and now - found.ended > SETTLED_AFTER and all(one.is_settled for one in found.actions):
            self._known[number] = (len(events), found)
        return found

    async def _followed(self, tx: Transaction) -> Mapping[str, Policy]:
        """Every policy that an incident may follow, by hash."""
        for hash, content in (await documents.of_kind(tx, self._team, "policy", without=self._policies)).items():
            self._policies[hash] = Policy.model_validate_json(content)
        return self._policies
