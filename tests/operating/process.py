"""`lockstep …` as an operator starts it: a process of its own, what it says line by line, and how it ends."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.sandbox import Sandbox
from tests.running import PLAYBOOKS


class Lockstep:
    """A process, and what of its standard output and standard error was read so far, together as on a terminal."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.said: list[str] = []
        self._process = process

    @property
    def text(self) -> str:
        """What it said."""
        return "\n".join(self.said)

    async def says(self, words: str, *, within: float = 60.0) -> str:
        """Wait for a line with these words, and return it. AssertionError shows what it said instead."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self._lines(words) and await self._hears():
                    pass
        assert self._lines(words), f"it does not say {words!r} but:\n{self.text}"
        return self._lines(words)[0]

    async def stops(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, unless it has; returns its exit code."""
        if self._process.returncode is None:
            self._process.send_signal(by)
        return await self.ends()

    async def ends(self, *, within: float = 30.0) -> int:
        """Wait until it has ended, and read all that it said; returns its exit code."""
        async with asyncio.timeout(within):
            while await self._hears():
                pass
            return await self._process.wait()

    async def is_gone(self) -> None:
        """End it, whatever it does."""
        if self._process.returncode is None:
            self._process.kill()
        await self.ends()

    async def _hears(self) -> bool:
        """Read one line more; False when there is none."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if line:
            self.said.append(line.decode().rstrip("\n"))
        return bool(line)

    def _lines(self, words: str) -> list[str]:
        return [line for line in self.said if words in line]


@asynccontextmanager
async def lockstep(*arguments: str, folder: Path, **environment: str) -> AsyncIterator[Lockstep]:
    """`lockstep` with these arguments, started in `folder`, with these settings and no others."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=_without_settings() | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    started = Lockstep(process)
    try:
        yield started
    except BaseException as error:
        await started.is_gone()
        error.add_note(f"lockstep said:\n{started.text}")
        raise
    finally:
        await started.is_gone()


async def ended(*arguments: str, folder: Path, **environment: str) -> tuple[int, str]:
    """Exit code and words of a `lockstep` that ends by itself."""
    async with lockstep(*arguments, folder=folder, **environment) as command:
        return await command.ends(within=60), command.text


def settings_of(sandbox: Sandbox, folder: Path, **changes: str) -> dict[str, str]:
    """What the .env of a bot in this workspace says; its database lies in `folder`."""
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'lockstep.db'}",
        "LOCKSTEP_PLAYBOOKS": str(PLAYBOOKS),
        "LOCKSTEP_PORT": "0",
        **changes,
    }


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not re.match("SLACK_|DATABASE_|LOCKSTEP_", name)}
