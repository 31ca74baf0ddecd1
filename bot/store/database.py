"""One database, SQLite or PostgreSQL: opening it, bringing its tables up to date, and transactions. Knows no table's meaning.

Transactions are short: nothing but statements happens inside one. On SQLite writers take turns, first within the process, then
by `BEGIN IMMEDIATE`; on PostgreSQL they lock rows. To stay free of deadlocks, locks are taken in this order: the
command's key, counter, incident, lanes by name, pace.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

from sqlalchemy import URL, Table, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.migrations import upgrade
from bot.store.sqlite import MIGRATES, WRITES, sqlite_engine
from bot.store.triggers import check_triggers

Transaction = AsyncConnection
"""What every function of the store takes first: a connection inside a transaction."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
_MIGRATING = 0x10C57E9
"""The advisory lock that a bot holds on PostgreSQL while it migrates."""


class Database:
    """One database. `is_shared` is True on PostgreSQL, which several bots may use at once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.is_shared = engine.dialect.name == "postgresql"
        self._engine = engine
        self._reading, self._writing = _modes(engine)
        self._writers = asyncio.Lock()
        self._given_back: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, url: str, *, check: bool = True) -> Self:
        """Connect to `sqlite:///path` or `postgresql://…`, bring the tables up to date, and check that the journal is protected.

        Raises sqlalchemy.exc errors when the database cannot be reached or the address is wrong, `NewerDatabase` when a newer
        Lockstep has changed its tables, and `TriggerMissing` unless `check` is False, as for an audit, which reports a missing
        trigger among the rest.
        """
        database = cls(_engine(make_url(url)))
        try:
            async with database._migration() as connection:
                await connection.run_sync(upgrade)
                if check:
                    await connection.run_sync(check_triggers)
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*self._given_back, return_exceptions=True)
        await self._engine.dispose()

    async def fault(self) -> str | None:
        """What is wrong with the database now; None when it answers within a second."""
        try:
            async with asyncio.timeout(1.0), self.read() as tx:
                await tx.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            return (str(error) or type(error).__name__).splitlines()[0]
        return None

    @property
    def address(self) -> str:
        """The address that the database's own client understands, password included."""
        plain = self._engine.url.set(drivername=self._engine.dialect.name)
        return plain.render_as_string(hide_password=False)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that may change things: committed at the end, rolled back on any error, which passes through."""
        async with AsyncExitStack() as stack:
            if not self.is_shared:
                await stack.enter_async_context(self._writers)
                if self._given_back:  # one that was cut off holds the file until it is closed
                    await asyncio.wait(set(self._given_back))
            yield await stack.enter_async_context(self._transaction(self._writing))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads and sees one moment."""
        async with self._transaction(self._reading) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """A transaction on a connection of the pool's, which gets it back whatever happens."""
        connection = await self._connected(engine)
        driver = (await connection.get_raw_connection()).driver_connection
        try:
            async with connection.begin():
                yield connection
        except asyncio.CancelledError:
            # Cut off in mid-statement the pool drops a connection without closing it.
            await connection.invalidate()
            self._give_back(asyncio.ensure_future(driver.close()))  # type: ignore[union-attr]
            raise
        finally:
            closing = asyncio.ensure_future(connection.close())
            self._give_back(closing)
            await asyncio.shield(closing)

    async def _connected(self, engine: AsyncEngine) -> AsyncConnection:
        """A connection of the pool's. One that is still being opened when we are cancelled is given back when it is: abandoned,
        it would stay open for good."""
        opening = asyncio.ensure_future(engine.connect().start())
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._give_back(asyncio.ensure_future(_close(opening)))
            raise

    def _give_back(self, closing: asyncio.Task[None]) -> None:
        self._given_back.add(closing)
        closing.add_done_callback(self._is_back)

    def _is_back(self, closed: asyncio.Task[None]) -> None:
        """One connection less to wait for. That it was closed already is nothing to tell anybody."""
        self._given_back.discard(closed)
        if not closed.cancelled():
            closed.exception()

    @asynccontextmanager
    async def _migration(self) -> AsyncIterator[AsyncConnection]:
        """The one transaction at a time that may change tables. Other bots wait for it."""
        engine = self._engine if self.is_shared else self._engine.execution_options(begin=MIGRATES)
        async with engine.begin() as connection:
            if self.is_shared:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            yield connection


async def _close(opening: asyncio.Future[AsyncConnection]) -> None:
    await (await opening).close()


def upsert(dialect: str, table: Table) -> Any:
    """An INSERT into the table that can say ON CONFLICT, in the words of this database (`tx.dialect.name`)."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _engine(url: URL) -> AsyncEngine:
    """The engine of this address, with the drivers and settings that the store relies on."""
    address = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if address.get_backend_name() == "postgresql":
        pool = {"pool_size": 5, "max_overflow": 5, "isolation_level": "READ COMMITTED"}
        return create_async_engine(address, hide_parameters=True, **pool)
    return sqlite_engine(address)


def _modes(engine: AsyncEngine) -> tuple[AsyncEngine, AsyncEngine]:
    """The engine as it reads and as it writes; both share its connections."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), engine
    return engine, engine.execution_options(begin=WRITES)
