"""When a call comes too soon: token buckets by method and, for posts, by channel. Off unless switched on.

From Slack's documentation, "Rate limits": limits count per method and minute; posting is one message a second a channel
with short bursts.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

POSTS_BURST = 3
POSTS_PER_SECOND = 1.0
POSTS_PER_MINUTE = 300


@dataclass(slots=True)
class _Bucket:
    """Tokens left, as of a monotonic time."""

    tokens: float
    at: float


class RateLimits:
    """Says how long a caller must wait. `enabled` may be switched at any time."""

    def __init__(self, *, enabled: bool = False) -> None:
        self.enabled = enabled
        self._buckets: dict[str, _Bucket] = {}

    def wait_for_call(self, method: str, per_minute: int) -> int | None:
        """Seconds until the method may be called again; None when it may now, which is then counted."""
        return self._take(method, size=float(per_minute), per_second=per_minute / 60)

    def wait_for_post(self, channel: str) -> int | None:
        """Seconds until the channel takes another message; None when it does now, which is then counted."""
        waits = (
            self._take(f"post in {channel}", size=float(POSTS_BURST), per_second=POSTS_PER_SECOND),
            self._take("post", size=float(POSTS_PER_MINUTE), per_second=POSTS_PER_MINUTE / 60),
        )
        return max((wait for wait in waits if wait is not None), default=None)

    def _take(self, name: str, *, size: float, per_second: float) -> int | None:
        """Take one token, or say in how many whole seconds there will be one."""
        if not self.enabled:
            return None
        now = time.monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(size, now))
        bucket.tokens = min(size, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens >= 1.0:
            bucket.tokens -= 1.0
            return None
        return max(1, math.ceil((1.0 - bucket.tokens) / per_second))
