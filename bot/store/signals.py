"""Several bots on one PostgreSQL wake each other: who commits something that others may have to act on says so (NOTIFY), and
everybody listens. On SQLite there is one bot, which wakes itself.
"""

import asyncio
from collections.abc import Callable
from typing import Self

import psycopg
import structlog
from sqlalchemy import text

from bot.background import Background
from bot.store.database import Database, Transaction

log = structlog.get_logger()

CHANNEL = "lockstep"
AGAIN_SECONDS = 1.0
"""Between tries to listen again. What is missed meanwhile is found at the next look: a signal only saves waiting."""

_NOTIFY = text(f"NOTIFY {CHANNEL}")


async def signal(tx: Transaction) -> None:
    """Wake the others when this transaction commits."""
    if tx.dialect.name == "postgresql":
        await tx.execute(_NOTIFY)


class Signals(Background):
    """Calls `on_signal` when somebody committed something, ourselves included."""

    def __init__(self, database: Database, on_signal: Callable[[], None]) -> None:
        self._database, self._on_signal = database, on_signal

    async def __aenter__(self) -> Self:
        return await super().__aenter__() if self._database.is_shared else self

    async def _run(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._database.address, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._on_signal()  # something may have been committed while nobody listened
                    async for _ in connection.notifies():
                        self._on_signal()
            except (psycopg.Error, OSError) as error:
                log.warning(
                    "not listening for the other bots", reason=str(error).splitlines()[0] if str(error) else repr(error)
                )
            await asyncio.sleep(AGAIN_SECONDS)
