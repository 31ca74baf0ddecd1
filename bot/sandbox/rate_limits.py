"""When a call comes too soon: Slack's limits by method and, for what is posted, by channel and workspace. Off unless
switched on.

From Slack's documentation, "Rate limits" and chat.postMessage. The numbers of the tiers stand with the tiers
(methods/call.py), all others here; [inferred] where Slack gives no number. Slack's are floors ("20+ a minute"), and it
does not say where a minute begins: here every minute counts, the strictest reading, so that what passes here passes there.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import SlackError

MINUTE = 60.0

SECONDS_BETWEEN_POSTS = 1.0
"""One message a second in a channel, whichever way it comes."""
POSTS_BURST = 3
"""[inferred] "Short bursts": how many messages a channel takes at once after a rest."""
POSTS_PER_MINUTE = 300
"""[inferred] "Several hundred" a minute in the whole workspace, by chat.postMessage."""
REFUSALS = 5
"""[inferred] "Continued" excess: after so many 429 in a row in one channel, chat.postMessage answers `rate_limited`."""
POSTING = {
    "chat.postMessage",
    "response_url",
    "chat.startStream",  # [inferred] like the next from "any route"
    "files.completeUploadExternal",
}
"""What posts a message to a channel."""


class Window:
    """At most `calls` in any `seconds`."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._calls = calls
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more may come; 0 when it may now."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        return 0.0 if len(self._times) < self._calls else self._times[0] + self._seconds - now

    def count(self, now: float) -> None:
        """One came."""
        self._times.append(now)


@dataclass(slots=True, kw_only=True)
class Bucket:
    """`burst` at once, then one every `interval` seconds (the generic cell rate algorithm)."""

    burst: int
    interval: float
    rested: float = field(default=-math.inf)
    """When a whole burst may come again."""

    def wait(self, now: float) -> float:
        """Seconds until one more may come; 0 or less when it may now."""
        return self.rested - (self.burst - 1) * self.interval - now

    def count(self, now: float) -> None:
        """One came."""
        self.rested = max(now, self.rested) + self.interval


class RateLimits:
    """Says how long a caller must wait. `enabled` may be switched at any time. With `speed` 20 a minute of these limits has
    three seconds, for tests in a hurry; Retry-After alone stays in whole real seconds.
    """

    def __init__(
        self, *, enabled: bool = False, speed: float = 1.0, real: Callable[[], float] = time.monotonic
    ) -> None:
        self.enabled = enabled
        self._real = real
        self._speed, self._since, self._passed = speed, real(), 0.0
        self._methods: dict[str, Window] = {}
        self._channels: dict[str, Bucket] = {}
        self._workspace = Window(POSTS_PER_MINUTE, MINUTE)
        self._refused: dict[str, int] = {}

    @property
    def speed(self) -> float:
        """Seconds of these limits in a real one. It may be set at any time: what has passed until then stays."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._passed, self._since, self._speed = self._now(), self._real(), speed

    def _now(self) -> float:
        """The time by which these limits count."""
        return self._passed + (self._real() - self._since) * self._speed

    def wait(self, method: str, *, per_minute: int | None, channel: str | None) -> int | None:
        """The Retry-After, at least 1, of a call that comes too soon; None when it may come now, which is then counted.
        `per_minute` is that of the method's tier, `channel` what it is about. SlackError rate_limited when somebody
        posts on and on without waiting.
        """
        if not self.enabled:
            return None
        now = self._now()
        counts = list(self._counts(method, per_minute, channel))
        wait = max((count.wait(now) for count in counts), default=0.0)
        if wait > 0:
            self._refuse(method, channel or "")
            return max(1, math.ceil(wait / self.speed))
        for count in counts:
            count.count(now)
        if method == "chat.postMessage":
            self._refused.pop(channel or "", None)
        return None

    def _counts(self, method: str, per_minute: int | None, channel: str | None) -> list[Window | Bucket]:
        """Everything that counts this call."""
        counts: list[Window | Bucket] = []
        if per_minute is not None:
            counts.append(self._methods.setdefault(method, Window(per_minute, MINUTE)))
        if method in POSTING and channel is not None:
            bucket = Bucket(burst=POSTS_BURST, interval=SECONDS_BETWEEN_POSTS)
            counts.append(self._channels.setdefault(channel, bucket))
        if method == "chat.postMessage":
            counts.append(self._workspace)
        return counts

    def _refuse(self, method: str, channel: str) -> None:
        """Count a refused post, which costs whoever does not wait the politeness of a Retry-After."""
        if method != "chat.postMessage":
            return
        self._refused[channel] = self._refused.get(channel, 0) + 1
        if self._refused[channel] > REFUSALS:
            raise SlackError("rate_limited")
