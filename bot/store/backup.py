"""Backup and restore: everything that is kept, as one moment saw it, in an archive that either database takes back. Rows are read
and written through the tables, so that what was backed up from SQLite can be restored into PostgreSQL and the other way round.

The lines of an archive: `{"lockstep": version, "revision": Alembic's}`; then for each table, in an order that foreign keys
allow, `{"table": name, "columns": names}` and for each row the list of its values.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import (
    Connection,
    MetaData,
    Row,
    Table,
    create_engine,
    exists,
    func,
    insert,
    make_url,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot import __version__
from bot.core.errors import IncidentError
from bot.store import archive, migrations, tables
from bot.store.audit import Finding, audit
from bot.store.database import Database, Transaction
from bot.store.sqlite import sqlite_engine

AT_ONCE = 500
"""Rows that one statement reads or writes."""
TIME = 27
"""Characters of a domain time, with which an effect's turn begins."""

_lane, _effect = tables.lane.c, tables.effect.c
_WAITS = exists().where(
    _lane.team == _effect.team,
    _lane.incident == _effect.incident,
    _lane.name == _effect.lane,
    _lane.delivered < _effect.position,
)
_LOOK_FIRST = (
    update(tables.effect)
    .where(or_(_WAITS, _effect.failure.is_not(None)))
    .values(looked_since=func.coalesce(_effect.looked_since, func.substr(_effect.turn, 1, TIME)))
)
"""What had not come true when the backup was made may have by now: whoever delivers it looks first, since it was wished for."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many rows of each table were restored, and what the audit found afterwards: nothing, unless it would have found it
    before the backup."""

    rows: dict[str, int]
    findings: list[Finding]


async def backup(database_url: str, target: Path) -> dict[str, int]:
    """Write all that the database holds into a new file, while bots go on with it; returns how many rows of each table. Leaves
    the database as it is, also one of an earlier revision. IncidentError says why there is no backup."""
    try:
        async with _database(_existing(database_url)) as database:
            with archive.create(target) as writer:
                async with database.read() as tx:
                    return await _write(tx, writer)
    except SQLAlchemyError as error:
        raise IncidentError(f"There is no backup: the database says {_said(error)}") from error


async def restore(source: Path, database_url: str) -> Restored:
    """Fill an empty database with what was backed up, bring it to the latest revision, and audit it: all of it, or nothing.

    IncidentError says why nothing was restored: the file is none of ours, was changed or is of a newer version, or the database
    has rows already.
    """
    with archive.opened(source) as lines:
        try:
            async with _database(database_url) as database, database.write() as tx:
                return await _read(tx, lines)
        except (SQLAlchemyError, CommandError, LookupError, ValueError, TypeError) as error:
            raise IncidentError(f"{source} was not restored, and the database is as it was: {_said(error)}") from error


async def _write(tx: Transaction, writer: archive.Writer) -> dict[str, int]:
    """Every table in turn; the transaction sees one moment."""
    revision = await tx.run_sync(_revision)
    if revision is None:
        raise IncidentError("There is no backup: the database has no tables of Lockstep.")
    writer.add({"lockstep": __version__, "revision": revision})
    return {table.name: await _write_table(tx, table, writer) for table in await tx.run_sync(_tables, revision)}


async def _write_table(tx: Transaction, table: Table, writer: archive.Writer) -> int:
    writer.add({"table": table.name, "columns": table.columns.keys()})
    there, written = (await tx.execute(select(func.count()).select_from(table))).scalar_one(), 0
    async for row in _rows(tx, table):
        writer.add(list(row))
        written += 1
        if written > there:
            break
    if (
        written != there
    ):  # a key that was changed by hand into no text stands elsewhere than it reads: pages skip or repeat
        raise IncidentError(f"There is no backup: not every row of {table.name} can be read. Run: lockstep audit")
    return written


async def _rows(tx: Transaction, table: Table) -> AsyncIterator[Row[Any]]:
    """Every row by its key, a page at a time, so that no more than a page is in memory."""
    key = list(table.primary_key.columns)
    page = select(table).order_by(*key).limit(AT_ONCE)
    rows = (await tx.execute(page)).all()
    while rows:
        for row in rows:
            yield row
        last = [rows[-1]._mapping[column] for column in key]
        rows = (await tx.execute(page.where(tuple_(*key) > tuple_(*last)))).all()


async def _read(tx: Transaction, lines: Iterator[Any]) -> Restored:
    heading: dict[str, str] = next(lines, {})
    found = {table.name: table for table in await tx.run_sync(_prepared, heading["revision"])}
    rows: dict[str, int] = dict.fromkeys(found, 0)
    for name, batch in _batches(lines):
        await tx.execute(insert(found[name]), batch)
        rows[name] += len(batch)
    await tx.run_sync(migrations.upgrade)
    await tx.execute(_LOOK_FIRST)
    return Restored(rows, await audit(tx))


def _batches(lines: Iterable[Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of an archive, some at a time, each batch with the name of its table."""
    name, columns = "", list[str]()
    for is_heading, group in groupby(lines, key=lambda line: isinstance(line, dict)):
        if is_heading:
            *_, (name, columns) = ((heading["table"], heading["columns"]) for heading in group)
            continue
        while rows := [dict(zip(columns, row, strict=True)) for row in islice(group, AT_ONCE)]:
            yield name, rows


def _prepared(connection: Connection, revision: str) -> list[Table]:
    """The tables of this revision, made or found without a row. IncidentError when there are rows, or later tables."""
    before = _revisions(revision)
    if current := _revision(connection):
        _ensure_empty(connection, _tables(connection, current))
        if current not in before:
            raise IncidentError(
                f"Nothing was restored: the backup is of revision {revision}, and the empty database has the tables of "
                f"{current} already. Restore into a database without tables."
            )
    command.upgrade(migrations.config(connection), revision)
    return _tables(connection, revision)


def _ensure_empty(connection: Connection, found: list[Table]) -> None:
    """Nobody writes into these tables until the transaction ends, and nobody has."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {', '.join(table.name for table in found)} IN ACCESS EXCLUSIVE MODE"))
    for table in found:
        if connection.execute(select(table).limit(1)).first():
            raise IncidentError(f"Nothing was restored: the database is not empty, its table {table.name} has rows.")


def _revision(connection: Connection) -> str | None:
    """The revision of the tables that are there; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def _revisions(until: str) -> set[str]:
    """This revision and all before it. IncidentError for one that this version does not know."""
    revisions = ScriptDirectory.from_config(migrations.config()).revision_map
    try:
        return {found.revision for found in revisions.iterate_revisions(until, "base")}
    except RevisionError:
        raise IncidentError(f"Revision {until} of the tables is not known here: a newer Lockstep made it.") from None


def _tables(connection: Connection, revision: str) -> list[Table]:
    """Lockstep's tables as they are in this database, in an order that foreign keys allow. Which they are at this revision is
    read from tables made for the purpose: the database may have others beside them."""
    _revisions(revision)
    engine = create_engine("sqlite://")
    made, found = MetaData(), MetaData()
    with engine.begin() as scratch:
        command.upgrade(migrations.config(scratch), revision)
        made.reflect(scratch)
    engine.dispose()
    found.reflect(connection, only=[name for name in made.tables if name != "alembic_version"])
    return found.sorted_tables


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    """The database at this address as it is: nothing is migrated."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        database = Database(sqlite_engine(address.set(drivername="sqlite+aiosqlite")))
    else:
        database = Database(
            create_async_engine(address.set(drivername="postgresql+psycopg"), isolation_level="READ COMMITTED")
        )
    try:
        yield database
    finally:
        await database.close()


def _existing(url: str) -> str:
    """The address, unless it is that of a file that is not there: SQLite would make it."""
    path = Path(make_url(url).database or "") if url.startswith("sqlite") else None
    if path and not path.is_file():
        raise IncidentError(f"There is no backup: DATABASE_URL is {url}, and there is no such file here.")
    return url


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
