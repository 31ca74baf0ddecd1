"""A bot that is killed at a checkpoint: `python -m tests.faults.mortal CHECKPOINT N`, settings in the environment.

SIGKILL, as an out-of-memory killer or a power cut would: nothing is flushed, closed or said.
"""

import asyncio
import os
import signal
import sys

from bot.app import App, Tuning
from bot.settings import read_settings


def dying_at(checkpoint: str, times: int) -> Tuning:
    """A tuning with which the process ends when it reaches this checkpoint for the n-th time."""
    left = times

    def reach(name: str) -> None:
        nonlocal left
        left -= name == checkpoint
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return Tuning(checkpoint=reach, post_interval_seconds=0.0, ping_interval_seconds=1.0, lease_seconds=2.0)


async def main() -> None:
    """Run until killed."""
    async with App(read_settings(), dying_at(sys.argv[1], int(sys.argv[2]))):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
