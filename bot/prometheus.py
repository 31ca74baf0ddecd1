"""Asks Prometheus over its HTTP API: what a query gives now, or gave over a time. An answer counts only where it is one number at a
time: no series, several of them, a number that is none (NaN), warnings, and no answer at all are told apart, and none is a zero."""

import asyncio
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic import SecretStr

from bot.calling.fetching import Fetcher, NotSent, Request, Response, Unanswered
from bot.core.hosts import Host, Target, Unlisted, target
from bot.core.playbooks.judging import Sample, Series

ASK_SECONDS = 10.0
MOST_BYTES = 4_000_000
MOST_SAMPLES = 10_000
"""Prometheus answers with at most 11,000 a series."""


class Lack(StrEnum):
    """Why there is no number."""

    NONE = "no series"
    SEVERAL = "several series where one number is wanted"
    NO_NUMBER = "no number (NaN or infinite)"
    WARNED = "an answer that may not be complete"
    REFUSED = "Prometheus cannot carry out the query"
    UNREADABLE = "an answer that cannot be read"
    UNREACHED = "no answer from Prometheus"


@dataclass(frozen=True)
class Reading:
    """What a query gave: its samples, the oldest first; and why there are none, with what Prometheus said of it."""

    samples: tuple[Sample, ...] = ()
    lack: Lack | None = None
    said: str = ""

    @property
    def series(self) -> Series:
        """The same as criteria are judged by. Where there is no series, or none with a number, the signal is missing; all else
        leaves open whether it is."""
        return Series(samples=self.samples, was_answered=self.lack in (None, Lack.NONE, Lack.NO_NUMBER))


class Prometheus:
    """A Prometheus server at this address. It is the operators' own, and may lie in a private network."""

    def __init__(self, url: str, fetcher: Fetcher, token: SecretStr | None = None) -> None:
        self._url, self._target = url.rstrip("/"), place(url)
        self._fetcher, self._token = fetcher, token

    async def now(self, query: str, at: datetime) -> Reading:
        """What the query gives at this time."""
        return await self._ask("query", {"query": query, "time": _time(at)})

    async def over(self, query: str, start: datetime, end: datetime, every: timedelta) -> Reading:
        """What it gave every so often, the last time at `end` and the first no earlier than `start`. Over a long time it is looked
        at less often."""
        step = max(every, (end - start) / MOST_SAMPLES)
        first = end - step * max(0, (end - start) // step)
        times = {"start": _time(first), "end": _time(end), "step": f"{step.total_seconds():.3f}"}
        return await self._ask("query_range", {"query": query, **times})

    async def measure(
        self, queries: Iterable[str], start: datetime, end: datetime, every: timedelta
    ) -> Mapping[str, Reading]:
        """What each query gave over this time, all asked at once."""
        asked = tuple(queries)
        found = await asyncio.gather(*(self.over(query, start, end, every) for query in asked))
        return dict(zip(asked, found, strict=True))

    async def _ask(self, what: str, asked: Mapping[str, str]) -> Reading:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        body = urlencode({**asked, "timeout": f"{ASK_SECONDS:g}s"}).encode()
        url = f"{self._url}/api/v1/{what}"
        try:
            answer = await self._fetcher.fetch(
                Request(self._target, "POST", url, headers, body, seconds=ASK_SECONDS, most_bytes=MOST_BYTES)
            )
        except (NotSent, Unanswered) as error:
            return Reading(lack=Lack.UNREACHED, said=str(error))
        return read(answer)


def place(url: str) -> Target:
    """Where this Prometheus is. ValueError says what is wrong with the address."""
    parts = urlsplit(url)
    try:
        host = Host(host=(parts.hostname or "").lower(), port=parts.port, internal=True)
    except ValueError:
        raise ValueError("it must be an address such as http://prometheus.internal:9090") from None
    found = target(url, [host])
    if isinstance(found, Unlisted) or parts.query:
        raise ValueError("it must be an address such as http://prometheus.internal:9090, with nothing else in it")
    return found


def _time(at: datetime) -> str:
    """The time as it is sent: to the millisecond before, so that no sample comes from after the look."""
    return f"{at.replace(microsecond=at.microsecond // 1000 * 1000).timestamp():.3f}"


def read(answer: Response) -> Reading:
    """What an answer of the API says."""
    try:
        said = answer.json()
    except ValueError:
        return Reading(lack=Lack.UNREADABLE, said=f"status {answer.status}")
    if not isinstance(said, dict) or said.get("status") != "success":
        error = said.get("error") if isinstance(said, dict) else None
        return Reading(lack=Lack.REFUSED, said=str(error or f"status {answer.status}")[:200])
    if said.get("warnings"):
        return Reading(lack=Lack.WARNED, said=str(said["warnings"][0])[:200])
    try:
        return _numbers(_values(said["data"]))
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return Reading(lack=Lack.UNREADABLE)


def _values(data: Any) -> list[Any] | Lack:
    """The times and numbers of the one series, as they stand there."""
    kind, result = data["resultType"], data["result"]
    if kind == "scalar":
        return [result]
    if kind not in ("vector", "matrix"):
        raise ValueError(kind)
    if len(result) != 1:
        return Lack.SEVERAL if result else Lack.NONE
    (one,) = result
    found: list[Any] = [one["value"]] if kind == "vector" else one["values"]
    return found


def _numbers(values: list[Any] | Lack) -> Reading:
    if isinstance(values, Lack):
        return Reading(lack=values)
    numbers = [(float(at), float(value)) for at, value in values]
    samples = [Sample(at=datetime.fromtimestamp(at, UTC), value=value) for at, value in numbers if math.isfinite(value)]
    return Reading(samples=tuple(samples), lack=None if samples else Lack.NO_NUMBER)
