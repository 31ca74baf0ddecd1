"""Reads the numbers that playbook runs want measured, each on its interval. A reading goes to the run as a command only when it
changes something in it: what changes nothing is not recorded. Without Prometheus, or without an answer, that is what is read: no
data."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.background import Background
from bot.clock import Clock
from bot.core.decision import SYSTEM
from bot.core.errors import IncidentError
from bot.core.playbooks.acts import Readings
from bot.core.playbooks.executor import decide
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.playbooks.turns import Measure, wishes
from bot.core.runs import ReportOnRun, is_paused
from bot.prometheus import Lack, Prometheus, Reading
from bot.service import Service
from bot.store import journal, queries
from bot.store.database import Database

log = structlog.get_logger()

LOOK_SECONDS = 1.0


class Wanted(NamedTuple):
    """What a run wants measured."""

    incident: int
    number: int
    run: Run
    playbook: Playbook
    measure: Measure


class Watch(Background):
    """Reads for the runs of one workspace. `prometheus` is None where there is none."""

    def __init__(self, database: Database, service: Service, clock: Clock, prometheus: Prometheus | None) -> None:
        self._database, self._service, self._clock, self._prometheus = database, service, clock, prometheus
        self._changed, self._wake = True, asyncio.Event()
        self._wanted: list[Wanted] = []
        self._next: dict[str, datetime] = {}
        self._lacks: dict[str, Lack | None] = {}

    def wake(self) -> None:
        """Something was committed: what is wanted may be different."""
        self._changed = True
        self._wake.set()

    @property
    def is_idle(self) -> bool:
        """True when no number is to be read now."""
        return not self._changed and not self._due()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._look()
            except (IncidentError, SQLAlchemyError, OSError) as error:
                log.warning("numbers for playbooks cannot be read for now", error=str(error).splitlines()[0])
                await asyncio.sleep(LOOK_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()

    async def _look(self) -> None:
        if self._changed:
            self._changed = False
            try:
                self._wanted = await self._find()
            except BaseException:
                self._changed = True
                raise
            keys = {one.measure.key for one in self._wanted}
            self._next = {key: due for key, due in self._next.items() if key in keys}
        await asyncio.gather(*(self._read(one) for one in self._due()))

    def _due(self) -> list[Wanted]:
        """What is to be read now: at once when it is new, and when the clock was set back."""
        now = self._clock.now()
        return [one for one in self._wanted if not now < self._next.get(one.measure.key, now) <= now + _every(one)]

    async def _find(self) -> list[Wanted]:
        """What all runs of open incidents want measured."""
        found = []
        async with self._database.read() as tx:
            listed = await queries.open_incidents(tx, self._service.team, viewer="")
            incidents = [await journal.load(tx, self._service.team, one.number) for one in listed]
        for incident in filter(None, incidents):
            for number, run in enumerate(incident.runs, start=1):
                if run.ended or is_paused(incident, number):
                    continue
                playbook = await self._service.playbook_of(run)
                measures = [wish for wish in wishes(run, playbook) if isinstance(wish, Measure)]
                found += [Wanted(incident.number, number, run, playbook, wish) for wish in measures]
        return found

    async def _read(self, one: Wanted) -> None:
        """Read it, and hand it in if it changes something."""
        at, measure = self._clock.now(), one.measure
        readings = await self._ask(measure, at)
        series = {query: reading.series for query, reading in readings.items()}
        act = Readings(at=at, subject=measure.subject, series=series)
        if decide(one.run, one.playbook, act):
            key = f"reading:{measure.key}:{at.isoformat()}"
            origin = self._service.origin(actor=SYSTEM, key=key, incident=one.incident).but(at=at)
            await self._service.handle(ReportOnRun(origin=origin, run=one.number, does=act))
        self._next[measure.key] = at + _every(one)

    async def _ask(self, measure: Measure, at: datetime) -> Mapping[str, Reading]:
        if self._prometheus is None:
            return dict.fromkeys(
                measure.queries, Reading(lack=Lack.UNREACHED, said="LOCKSTEP_PROMETHEUS_URL is not set")
            )
        start = max(measure.since, at - timedelta(minutes=measure.window_minutes))
        every = timedelta(seconds=measure.every_seconds)
        found = await self._prometheus.measure(measure.queries, start, at, every)
        for query, reading in found.items():
            if self._lacks.get(query) is not reading.lack:
                self._lacks[query] = reading.lack
                if reading.lack:
                    log.warning("a playbook has no number", query=query, why=reading.lack.value, said=reading.said)
        return found


def _every(one: Wanted) -> timedelta:
    return timedelta(seconds=one.measure.every_seconds)
