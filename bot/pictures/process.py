"""Has pictures drawn in a process of their own: drawing takes a hundred megabytes and a processor, which people need more."""

import asyncio
import os
import sys
from weakref import WeakKeyDictionary

import structlog

from bot.core.value import Value
from bot.pictures.kinds import Kind

log = structlog.get_logger()

SECONDS = 60.0
"""How long a picture may take, on a machine that does much else."""
INHERITED = ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "MPLCONFIGDIR", "LANG")
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
"""One at a time in each event loop: whoever waits for a semaphore belongs to a loop."""


class NotDrawn(Exception):
    """The picture could not be drawn; the log says why."""


async def draw(kind: Kind, what: Value) -> bytes:
    """The PNG of this. One at a time: pictures can wait, people cannot. Raises NotDrawn."""
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1)):
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.pictures", kind.value),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(),
        )
        try:
            async with asyncio.timeout(SECONDS):
                drawn, said = await child.communicate(what.model_dump_json().encode())
        except TimeoutError:
            raise _failed(kind, f"no picture within {SECONDS:.0f} s") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode:
        raise _failed(kind, (said.decode(errors="replace").splitlines() or ["no reason given"])[-1])
    return drawn


def _environment() -> dict[str, str]:
    """What drawing needs of ours, no token among it; and one thread, since people need the others."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}


def _failed(kind: Kind, reason: str) -> NotDrawn:
    log.error("a picture could not be drawn", kind=kind.value, reason=reason)
    return NotDrawn(reason)
