"""Bots in processes of their own, which a test may kill at any step, as an out-of-memory killer or a power cut would: SIGKILL,
with nothing flushed, closed or said.

Each is forked from a server that has imported everything already, so that a bot starts in a fraction of a second.
"""

import asyncio
import logging
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from bot.app import App
from bot.checkpoints import Step
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.tuning import Tuning
from tests.running import QUICK, settings_for

LEASE_SECONDS = 2.0
LOOK_SECONDS = 0.1
"""How soon a lane comes back from a dead bot; and the sandbox's history does not lag."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.bots"])


class Death(Protocol):
    """Says at each step whether the process ends there."""

    def __call__(self, step: Step, of: str) -> bool: ...


@dataclass
class At:
    """It ends when it comes to this step of this for the n-th time."""

    step: Step
    of: str
    times: int = 1

    def __call__(self, step: Step, of: str) -> bool:
        self.times -= (step, of) == (self.step, self.of)
        return self.times == 0 and (step, of) == (self.step, self.of)


@dataclass
class After:
    """It ends at the n-th step, whatever that is."""

    steps: int

    def __call__(self, step: Step, of: str) -> bool:
        self.steps -= 1
        return self.steps == 0


def quick(**changes: object) -> Tuning:
    """Without the pace of posts and edits, with leases that pass soon, and patient with a slow machine's database."""
    return Tuning(
        post_interval_seconds=0.0,
        edit_interval_seconds=0.0,
        ping_interval_seconds=1.0,
        commit_seconds=QUICK.commit_seconds,
        lease_seconds=LEASE_SECONDS,
        look_seconds=LOOK_SECONDS,
        **changes,  # type: ignore[arg-type]
    )


def live(settings: Settings, death: Death | None) -> None:
    """Be a bot until killed. Runs in the process of its own."""
    logging.disable()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def checkpoint(step: Step, of: str) -> None:
        if death and death(step, of):
            os.kill(os.getpid(), signal.SIGKILL)

    async def serve() -> None:
        async with App(settings, quick(checkpoint=checkpoint)):
            await asyncio.Event().wait()

    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        asyncio.run(serve())


class Bot:
    """One of them."""

    def __init__(self, settings: Settings, death: Death | None = None) -> None:
        self._process = _FORKS.Process(target=live, args=(settings, death), daemon=True)
        self._process.start()

    @property
    def is_dead(self) -> bool:
        """Whether it was killed, by itself or by us."""
        return self._process.exitcode is not None

    def kill(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.join()


@asynccontextmanager
async def always_a_bot(
    sandbox: Sandbox, database_url: str, deaths: Iterator[Death | None], **changes: object
) -> AsyncIterator[Callable[[], int]]:
    """One bot after another: when one is killed the next one starts at once, and dies in turn. `changes` are settings.
    Gives how many died so far."""
    died = 0

    async def keep() -> None:
        nonlocal died
        for death in deaths:
            bot = Bot(settings_for(sandbox, database_url, **changes), death)
            try:
                while not bot.is_dead:
                    await asyncio.sleep(0.01)
            finally:
                bot.kill()
            died += 1

    keeping = asyncio.create_task(keep())
    try:
        yield lambda: died
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
