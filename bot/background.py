"""Work that goes on beside all else, from when it is entered until it is left."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Self


class Background(ABC):
    """Something that `_run`s as a task of its own while it is entered; leaving it ends the task wherever it is, and raises what it
    died of. Its class is what the task is called."""

    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=type(self).__name__)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @abstractmethod
    async def _run(self) -> None:
        """The work. Ends by being cancelled."""
