"""The only place that asks for the time.

*Domain time* is what people read: cadences, promises, "since 14:05". It is real time, unless a clock is followed that may run
faster or jump, as the sandbox's does. *Wire time* is always real: leases, backoff, Slack's own deadlines.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol, Self

import aiohttp

from bot.background import Background

RECONNECT_SECONDS = 0.5


def wire() -> float:
    """Wire time: real seconds since the epoch."""
    return time.time()


def elapsed() -> float:
    """Seconds that pass evenly, from no particular moment, whatever is done to the machine's clock: for waits within a process."""
    return time.monotonic()


class Clock(Protocol):
    """Something that knows the domain time."""

    def now(self) -> datetime:
        """The domain time, aware, in UTC."""


class RealClock:
    """Domain time is real time."""

    def now(self) -> datetime:
        """The real time in UTC."""
        return datetime.now(UTC)


class FollowedClock(Background):
    """Domain time as somebody else's clock has it: a stream of lines {"epoch": seconds, "speed": factor}, each of which holds
    until the next. `on_jump` is called after each line, so that timers look again."""

    def __init__(self, url: str, on_jump: Callable[[], None] = lambda: None) -> None:
        self._url = url
        self.on_jump = on_jump
        self._epoch, self._speed, self._heard = time.time(), 1.0, time.monotonic()
        self._known = asyncio.Event()

    def now(self) -> datetime:
        """The followed clock's time, carried on from its last line at its speed."""
        passed = (time.monotonic() - self._heard) * self._speed
        return datetime.fromtimestamp(self._epoch + passed, UTC)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await self._known.wait()
        return self

    async def _run(self) -> None:
        """Read the stream; when it breaks, keep the last speed and try again."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=2)) as session:
            while True:
                with suppress(aiohttp.ClientError, OSError, ValueError):
                    async with session.get(self._url) as response:
                        async for line in response.content:
                            self._hear(line)
                await asyncio.sleep(RECONNECT_SECONDS)

    def _hear(self, line: bytes) -> None:
        said = json.loads(line)
        self._epoch, self._speed, self._heard = float(said["epoch"]), float(said["speed"]), time.monotonic()
        self._known.set()
        self.on_jump()
