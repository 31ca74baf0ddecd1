"""SQLite as the store uses it: its settings, how transactions begin, and one trip to the driver's thread a statement.

aiosqlite makes a trip each to open a cursor, execute, fetch and close it. The trips cost several times what the statements
do, so execute and fetch are made in one here and the rest in none.
"""

import sqlite3
import time
from contextlib import suppress
from functools import partial
from typing import Any

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

READS = "BEGIN"
WRITES = "BEGIN IMMEDIATE"
MIGRATES = "BEGIN EXCLUSIVE"
"""How a transaction begins, as the execution option `begin`."""

BUSY_SECONDS = 1.5
"""How long to wait for another process that holds the file's lock."""


def sqlite_engine(url: URL) -> AsyncEngine:
    """The engine of a database file, which transactions begin on as the execution option `begin` says."""
    settings = {"async_creator_fn": _connect, "isolation_level": None, "check_same_thread": False}
    engine = create_async_engine(url, pool_size=5, max_overflow=5, connect_args=settings, hide_parameters=True)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


class _Cursor(aiosqlite.Cursor):
    """A cursor whose rows have all been fetched when its statement was executed. There is nothing left to close then."""

    _rows: list[Any]

    async def execute(self, sql: str, parameters: Any = ()) -> "_Cursor":
        """Execute the statement and fetch its rows."""
        self._rows = await self._execute(self._execute_and_fetch, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    async def fetchall(self) -> list[Any]:
        """The rows of the statement."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: a statement whose rows are fetched holds nothing."""

    def _execute_and_fetch(self, sql: str, parameters: Any) -> list[Any]:
        return self._cursor.execute(sql, parameters).fetchall()


class _Connection(aiosqlite.Connection):
    """A connection that opens its cursors at once: that does no I/O, and the driver may do it in any thread."""

    def cursor(self) -> Any:
        """A cursor on this connection."""
        return _Cursor(self, self._conn.cursor())

    async def close(self) -> None:
        """Close it, when all that was asked of it before is done."""
        if self._connection is None:
            return
        try:
            await self._execute(_end, self._connection)  # type: ignore[no-untyped-call]
        finally:
            self._connection = None
            self.stop()

    def stop(self) -> None:
        """Let the thread end, and wait for nothing: what it would report to, a loop, may be gone by then."""
        self._running = False
        self._tx.put_nowait((None, self._close_and_stop))

    def _close_and_stop(self) -> object:
        if self._connection is not None:
            _end(self._connection)
            self._connection = None
        return _STOP_RUNNING_SENTINEL

    def __del__(self) -> None:
        """Without a warning: one that was cut off while it opened belongs to nobody, and ends with the process."""


def _end(connection: sqlite3.Connection) -> None:
    """Close it, and give its locks back first: SQLite keeps what is closed alive, locks and all, for as long as somebody has a
    cursor of it, as the traceback of what broke off in mid-statement does."""
    with suppress(sqlite3.Error):
        connection.rollback()
    connection.close()


def _connect(path: str, **settings: Any) -> _Connection:
    """A connection on a thread of its own, which ends with the process."""
    connection = _Connection(partial(_open, path, **settings), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection


def _open(path: str, **settings: Any) -> sqlite3.Connection:
    """Open the file, in that thread, and say how it is to be used: WAL lets readers and the writer work side by side, FULL
    keeps a commit through a power cut, and what was redacted is overwritten in the file, not only given up."""
    connection: sqlite3.Connection = sqlite3.connect(path, timeout=BUSY_SECONDS, **settings)
    # A byte that somebody changed by hand into something that is no text must reach the audit, which names its event.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, if it is not. When two connections do so at the same moment SQLite tells one of them that the
    file is locked, without waiting."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    """Begin as the engine was told to. The driver's own transactions are off, since they begin too late to lock."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", READS))
