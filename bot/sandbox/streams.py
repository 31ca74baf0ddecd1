"""Streams that tell of changes: one line at once, one after every change, and one now and then to show that the line is
alive. Knows no content.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from aiohttp import web

from bot.sandbox.changes import Changes


class Streams:
    """The open streams of a server; `close` ends them all."""

    def __init__(self) -> None:
        self._closing = False
        self._followed: set[Changes] = set()

    async def serve(
        self,
        request: web.Request,
        changes: Changes,
        line: Callable[[], str],
        *,
        content_type: str,
        heartbeat: float,
        pause: float = 0.0,
    ) -> web.StreamResponse:
        """Send `line()` now, after each change (at most one every `pause` seconds) and every `heartbeat` seconds, until
        the reader leaves.
        """
        response = web.StreamResponse(headers={"Content-Type": content_type, "Cache-Control": "no-store"})
        await response.prepare(request)
        self._followed.add(changes)
        with contextlib.suppress(ConnectionError):
            while not self._closing:
                seen = changes.revision
                await response.write(line().encode())
                await asyncio.sleep(pause)
                await self._next(changes, seen, heartbeat)
        return response

    async def _next(self, changes: Changes, seen: int, heartbeat: float) -> None:
        """Wait for a change since `seen`, for the heartbeat, or for the end."""
        if self._closing:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(heartbeat):
                await changes.after(seen)

    def close(self) -> None:
        """Let every stream end now."""
        self._closing = True
        for changes in self._followed:
            changes.happened()
