"""How many events the app is sent in an hour, and when it is told that there were more. Wire time; knows no event.

From Slack's documentation, "The Events API": 30,000 deliveries per workspace, app and hour; beyond them one
app_rate_limited callback each limited minute. That redeliveries do not count is inferred.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

HOUR = 3600.0
MINUTE = 60


class EventRate:
    """Counts what was delivered within the last hour."""

    def __init__(self, per_hour: int, now: Callable[[], float] = time.time) -> None:
        self._per_hour = per_hour
        self._now = now
        self._delivered: deque[float] = deque()
        self._reported = 0

    def take(self) -> bool:
        """Count one delivery; False, and not counted, when the hour is full."""
        now = self._now()
        while self._delivered and self._delivered[0] <= now - HOUR:
            self._delivered.popleft()
        if len(self._delivered) >= self._per_hour:
            return False
        self._delivered.append(now)
        return True

    def minute_to_report(self) -> int | None:
        """The present minute as its first epoch second, the first time it is asked for; None afterwards."""
        minute = int(self._now()) // MINUTE * MINUTE
        if minute == self._reported:
            return None
        self._reported = minute
        return minute
