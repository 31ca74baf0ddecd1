"""Lets coroutines wait for the next change of something; knows nothing of what changes.

A counter instead of a condition variable: nobody holds a lock, a waiter that looks late misses nothing, and a burst of
changes wakes a waiter once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Counts changes and wakes whoever waits for one. Belongs to one event loop."""

    def __init__(self) -> None:
        self.revision = 0
        self.patience = 1.0
        self._waiting: set[asyncio.Future[None]] = set()

    def happened(self) -> None:
        """Count one change and wake every waiter."""
        self.revision += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def after(self, revision: int) -> int:
        """Wait until the count is above `revision` and return it."""
        while self.revision <= revision:
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)
        return self.revision

    async def until(self, predicate: Callable[[], T | None], *, within: float) -> T:
        """Ask `predicate` now and after each change, and return its first true answer.

        Raises TimeoutError after `within` real seconds, times `patience`: more than 1 where all takes longer.
        """
        async with asyncio.timeout(within * self.patience):
            while True:
                seen = self.revision
                if answer := predicate():
                    return answer
                await self.after(seen)
