"""What `/metrics` says, in Prometheus's text format: how many incidents are open and where they stand, which updates are late, what
waits in the outbox, whether the parts work. Units are in the names; nothing names a person, an incident or what anybody typed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot import __version__
from bot.clock import Clock
from bot.core.errors import StoreUnavailable
from bot.core.incident import Incident
from bot.core.router.updates import owed
from bot.service import Service
from bot.store import lanes, pending, queries
from bot.store.database import Database
from bot.web import Health


class Exposition:
    """Gathers and writes it. While the database is out of reach only what can be known without it is said."""

    def __init__(self, database: Database, service: Service, clock: Clock, health: Health) -> None:
        self._database, self._service, self._clock, self._health = database, service, clock, health

    async def text(self) -> bytes:
        """All of it, as it is now."""
        found = [*await self._parts(), *self._commits()]
        with suppress(SQLAlchemyError, OSError, StoreUnavailable):  # lockstep_part_up says so
            found += [*await self._incidents(), *await self._outbox()]
        registry = CollectorRegistry()
        registry.register(_Given(found))
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        return generate_latest(registry)

    async def _parts(self) -> list[Metric]:
        missing = await self._health.missing()
        up = GaugeMetricFamily("lockstep_part_up", "1 when this part works.", labels=["part"])
        for part in sorted({*self._health.checks, *missing}):
            up.add_metric([part], float(part not in missing))
        ready = GaugeMetricFamily("lockstep_ready", "1 when Lockstep serves people.", value=float(not missing))
        version = GaugeMetricFamily("lockstep_build_info", "Always 1.", labels=["version"])
        version.add_metric([__version__], 1)
        return [up, ready, version]

    def _commits(self) -> list[Metric]:
        done, failed = self._service.commits, self._service.commits_failed
        return [
            CounterMetricFamily("lockstep_commits", "Commands that this bot recorded since it started.", value=done),
            CounterMetricFamily("lockstep_commits_failed", "Commands that could not be recorded.", value=failed),
        ]

    async def _incidents(self) -> list[Metric]:
        async with self._database.read() as tx:
            declared = await queries.count_declared(tx, self._service.team)
        listed = await self._service.open_incidents(viewer="")
        opened = GaugeMetricFamily("lockstep_incidents_open", "Open incidents.", labels=["phase", "severity", "drill"])
        for labels, count in sorted(
            Counter((one.phase, one.severity or "", _yes(one.is_drill)) for one in listed).items()
        ):
            opened.add_metric(labels, count)
        total = CounterMetricFamily("lockstep_incidents_declared", "Incidents ever declared.", labels=["drill"])
        for is_drill, count in sorted(declared.items()):
            total.add_metric([_yes(is_drill)], count)
        states = [await self._service.incident(one.number, viewer="") for one in listed]
        return [total, opened, *await self._promises(states)]

    async def _promises(self, states: Iterable[Incident]) -> list[Metric]:
        """Updates that are late now; those of drills are none."""
        now, late = self._clock.now(), Counter[str]()
        worst = 0.0
        for incident in states:
            if not incident.is_drill:
                policy = await self._service.policy_of(incident)
                overdue = {name: due for name, due in owed(incident, policy).items() if due < now}
                late.update(overdue.keys())
                worst = max([worst, *((now - due).total_seconds() for due in overdue.values())])
        by_audience = GaugeMetricFamily("lockstep_updates_overdue", "Updates that are late now.", labels=["audience"])
        for audience, count in sorted(late.items()):
            by_audience.add_metric([audience], count)
        oldest = GaugeMetricFamily("lockstep_updates_overdue_seconds", "How late the latest of them is.", value=worst)
        return [by_audience, oldest]

    async def _outbox(self) -> list[Metric]:
        async with self._database.read() as tx:
            counts, since = await lanes.counts(tx), await pending.oldest(tx)
        return [
            GaugeMetricFamily("lockstep_outbox_waiting", "Effects that wait to be sent.", value=counts.waiting),
            GaugeMetricFamily("lockstep_outbox_given_up", "Effects that were given up.", value=counts.failed),
            GaugeMetricFamily(
                "lockstep_outbox_oldest_seconds", "How long the oldest one waits.", value=_age(since, self._clock.now())
            ),
        ]


class _Given(Collector):
    """What was gathered already."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """All of it."""
        yield from self._found


def _yes(is_so: bool) -> str:
    return "true" if is_so else "false"


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
