"""Fires what is due. Due times lie in a table, in domain time; APScheduler only wakes us once a second, and early after a commit
or when the followed clock moves. What is due becomes a command with the due time in it; of what is due at once, what matters more
comes first."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.core.decision import SYSTEM, Command, Origin
from bot.core.due import turn, when_due
from bot.core.errors import StoreUnavailable
from bot.service import Service
from bot.store.database import Database
from bot.store.timers import Timer, due_timers

log = structlog.get_logger()

EVERY_SECONDS = 1
HEARTBEAT_SECONDS = 5


class _Steadily(BaseTrigger):  # type: ignore[misc]
    """Runs every second, counted from the last run. APScheduler's own interval counts up every run that was missed: a whole day's,
    when the machine's clock is set ahead by one, and nothing else happens meanwhile."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """A second from now; now when it never ran."""
        return now + timedelta(seconds=EVERY_SECONDS) if previous_fire_time else now


class Timers:
    """Turns due times into commands."""

    def __init__(self, database: Database, service: Service, clock: Clock) -> None:
        self._database, self._service, self._clock = database, service, clock
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._heartbeat: asyncio.Task[None] | None = None
        self._firing = asyncio.Lock()
        self._again = False

    async def __aenter__(self) -> "Timers":
        # Without misfire_grace_time=None a look that comes late is dropped.
        self._job = self._scheduler.add_job(
            self.fire_due, _Steadily(), coalesce=True, misfire_grace_time=None, max_instances=1
        )
        self._scheduler.start()
        self._heartbeat = asyncio.create_task(self._beat(), name="timers heartbeat")
        self.wake()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._scheduler.pause()
        async with self._firing:  # what is being fired is recorded before the database closes
            self._scheduler.shutdown(wait=False)
        if self._heartbeat:
            self._heartbeat.cancel()
            with suppress(asyncio.CancelledError):
                await self._heartbeat

    def wake(self) -> None:
        """Look now, or once more if we are just looking."""
        self._again = True
        if self._scheduler.running and not self._firing.locked():
            self._job.modify(next_run_time=datetime.now(self._scheduler.timezone))

    async def fire_due(self) -> int:
        """Hand every due time to the service as a command; returns how many there were. What cannot be recorded stays due."""
        fired = 0
        async with self._firing:
            self._again = True
            while self._again:
                self._again = False
                fired += await self._fire()
        return fired

    async def _fire(self) -> int:
        try:
            async with self._database.read() as tx:
                due = await due_timers(tx, self._clock.now())
            for timer in sorted(due, key=lambda one: turn(one.name)):
                await self._service.handle(self._command(timer))
            return len(due)
        except (StoreUnavailable, SQLAlchemyError, OSError) as error:
            log.warning("timers cannot reach the database", error=str(error).splitlines()[0])
            return 0

    def _command(self, timer: Timer) -> Command:
        """What is due says itself whether it still stands, so that two bots may fire it; the time in the key lets it fall due
        anew, as it does when the clock is set back."""
        now = self._clock.now()
        key = f"timer:{timer.incident}:{timer.name}:{timer.due.isoformat()}:{now.isoformat()}"
        origin = Origin(team=timer.team, incident=timer.incident, actor=SYSTEM, at=now, key=key)
        return when_due(timer.name, timer.due, origin)

    async def _beat(self) -> None:
        """The job stops while the machine's clock stands behind its next run: notice a jump back and run on."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            latest = datetime.now(self._scheduler.timezone) + timedelta(seconds=2 * EVERY_SECONDS)
            if self._job.next_run_time is None or self._job.next_run_time > latest:
                self.wake()
