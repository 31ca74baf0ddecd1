"""A real Prometheus: a criterion fires within two looks after the errors have gone up, and no data is never good."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.calling.fetching import Fetcher
from bot.core.playbooks.acts import Readings
from bot.core.playbooks.facts import AlarmRaised
from bot.core.playbooks.judging import Verdict
from bot.core.playbooks.turns import Measure, wishes
from bot.prometheus import Lack, Prometheus
from tests.calling.measured import Exporter, prometheus
from tests.core.playbooks.given import Going, changing, manual, playbook

RATIO = "rate(http_errors_total[4s]) / rate(http_requests_total[4s])"
EVERY = 5
"""Seconds between two looks."""


def now() -> datetime:
    """The time, as Prometheus has it."""
    return datetime.now(UTC)


async def until(asked: Prometheus, query: str, lack: Lack | None) -> None:
    """Waits until Prometheus answers this query like this."""
    async with asyncio.timeout(120):
        while (await asked.now(query, now())).lack is not lack:
            await asyncio.sleep(0.2)


def errors(threshold: float, **more: object) -> dict[str, object]:
    """A criterion that more of the requests fail than this, once."""
    when = {
        "kind": "metric",
        "query": RATIO,
        "op": ">",
        "threshold": threshold,
        "every_seconds": EVERY,
        "window_minutes": 1,
    }
    return {"id": "errors-up", "says": "Errors are up", "when": when, **more}


async def look(going: Going, asked: Prometheus) -> list[object]:
    """One look at what the run's criterion wants measured, handed in."""
    (wish,) = wishes(going.run, going.playbook)
    assert isinstance(wish, Measure)
    at = now()
    start = max(wish.since, at - timedelta(minutes=wish.window_minutes))
    found = await asked.measure(wish.queries, start, at, timedelta(seconds=wish.every_seconds))
    series = {query: reading.series for query, reading in found.items()}
    return list(going.does(Readings(at=at, subject=wish.subject, series=series)))


@pytest.mark.timeout(300)
async def test_a_criterion_fires_within_two_looks_and_not_before(tmp_path: Path):
    exporter = Exporter()
    async with prometheus(tmp_path, exporter) as url:
        asked = Prometheus(url, Fetcher())
        await until(asked, RATIO, None)
        steps = {"one": changing("two"), "two": manual(timeout_minutes=60)}
        going = Going(playbook(steps, rollback_when=[errors(0.05)]), at=now())
        going.does(going.answer("done").but(at=now()))
        for _ in range(2):
            await asyncio.sleep(EVERY)
            assert await look(going, asked) == []
        exporter.fails(percent=50)
        alarms: list[object] = []
        for _ in range(2):
            await asyncio.sleep(EVERY)
            alarms = alarms or await look(going, asked)
        (alarm,) = alarms
        assert isinstance(alarm, AlarmRaised) and alarm.criterion == "errors-up" and alarm.verdict is Verdict.YES
        assert going.turn.choices == ("roll back now", "hold", "override")


@pytest.mark.timeout(300)
async def test_a_signal_that_ends_is_told_from_one_that_is_zero(tmp_path: Path):
    exporter = Exporter()
    async with prometheus(tmp_path, exporter) as url:
        asked = Prometheus(url, Fetcher())
        await until(asked, RATIO, None)
        at = now()
        assert [sample.value for sample in (await asked.now(RATIO, at)).samples] == [0]
        assert (await asked.now("http_nothing_total", at)).lack is Lack.NONE
        assert (await asked.now("vector(0) / 0", at)).lack is Lack.NO_NUMBER
        assert (await asked.now("{job='checkout'}", at)).lack is Lack.SEVERAL
        assert (await asked.now("rate(", at)).lack is Lack.REFUSED
        assert (await asked.now("'text'", at)).lack is Lack.UNREADABLE
        assert (await asked.now("3", at)).samples[0].value == 3
        ranged = await asked.over("vector(1)", at - timedelta(seconds=10), at, timedelta(seconds=5))
        assert [round((at - sample.at).total_seconds()) for sample in ranged.samples] == [10, 5, 0]
        exporter.is_silent = True
        await until(asked, "http_requests_total", Lack.NONE)
    assert (await asked.now(RATIO, now())).lack is Lack.UNREACHED
