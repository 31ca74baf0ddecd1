"""The journal of Web API calls, so that tests can count calls and round trips. Records what happened; decides nothing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.sandbox.changes import Changes
from bot.sandbox.jsontypes import Json

MAX_RECORDS = 20_000


@dataclass(slots=True, kw_only=True)
class CallRecord:
    """One call: times in monotonic real seconds, `outcome` "ok", an error code, "429", "500" or "dropped", "" while it
    is under way."""

    method: str
    started: float
    args: Json = field(default_factory=dict)
    finished: float | None = None
    outcome: str = ""

    @property
    def channel(self) -> str | None:
        """The channel it was about, if it named one."""
        channel = self.args.get("channel", self.args.get("channel_id"))
        return None if channel is None else str(channel)

    def as_json(self) -> Json:
        """The call for readers elsewhere: `at` in epoch seconds of the machine's clock, `seconds` until it was answered."""
        return {
            "method": self.method,
            "channel": self.channel,
            "outcome": self.outcome,
            "at": time.time() - time.monotonic() + self.started,
            "seconds": None if self.finished is None else self.finished - self.started,
            "args": self.args,
        }


class CallJournal:
    """The latest calls, oldest first. `traffic` fires when a call starts or ends."""

    def __init__(self) -> None:
        self.traffic = Changes()
        self.in_flight = 0
        self._records: deque[CallRecord] = deque(maxlen=MAX_RECORDS)

    def __iter__(self) -> Iterator[CallRecord]:
        """Every recorded call, oldest first."""
        return iter(list(self._records))

    def __len__(self) -> int:
        """How many calls are on record."""
        return len(self._records)

    def begin(self, method: str) -> CallRecord:
        """Record that a call arrived."""
        record = CallRecord(method=method, started=time.monotonic())
        self._records.append(record)
        self.in_flight += 1
        self.traffic.happened()
        return record

    def finish(self, record: CallRecord) -> None:
        """Record that a call was answered or dropped."""
        record.finished = time.monotonic()
        self.in_flight -= 1
        self.traffic.happened()

    def of(self, method: str, *, channel: str | None = None) -> list[CallRecord]:
        """The calls of one method, perhaps about one channel only."""
        return [record for record in self._records if record.method == method and channel in (None, record.channel)]

    def clear(self) -> None:
        """Start counting afresh."""
        self._records.clear()


def round_trips(records: Iterable[CallRecord]) -> int:
    """The longest chain of finished calls in which each began after the one before had ended."""
    chain, last_end = 0, float("-inf")
    finished = [(record.finished, record.started) for record in records if record.finished is not None]
    for end, start in sorted(finished):
        if start >= last_end:
            chain, last_end = chain + 1, end
    return chain
