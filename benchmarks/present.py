"""Who is there while interaction costs are counted: the workspace, the bot in it, and people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.counting import Ledger
from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.running import HURRY, pass_time, running, settled, workspace


@dataclass
class Night:
    """The workspace, the bot in it, what is counted, and who is there."""

    sandbox: Sandbox
    bot: App
    ledger: Ledger
    room: str = ""

    @property
    def alice(self) -> Person:
        """Who leads."""
        return self.sandbox.person("alice")

    @property
    def bob(self) -> Person:
        """Who works on systems."""
        return self.sandbox.person("bob")

    @property
    def dave(self) -> Person:
        """Who talks to customers."""
        return self.sandbox.person("dave")

    async def settles(self, minutes: float = 0) -> None:
        """Everything is delivered, and time passes."""
        await (pass_time(self.bot, self.sandbox, minutes) if minutes else settled(self.bot, self.sandbox))


@asynccontextmanager
async def night(database_url: str) -> AsyncIterator[Night]:
    """A workspace and the bot."""
    async with workspace() as sandbox, running(sandbox, database_url) as bot:
        sandbox.limits.speed = HURRY
        yield Night(sandbox, bot, Ledger())
