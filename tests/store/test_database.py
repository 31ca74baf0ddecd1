"""Opening a database, its tables, its transactions."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from bot.store import journal, tables
from bot.store.database import Database
from bot.store.triggers import TRIGGERS, TriggerMissing
from tests.store.given import TEAM, begin, impact


async def number_in(database: Database) -> int | None:
    async with database.read() as tx:
        return (await tx.execute(select(tables.counter.c.last))).scalar_one_or_none()


async def test_the_migrations_make_exactly_the_tables_that_the_code_declares(database):
    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), tables.metadata)

    async with database.write() as tx:
        assert await tx.run_sync(differences) == []


async def test_opening_again_changes_nothing(database, database_url):
    await begin(database)
    second = await Database.open(database_url)
    assert await number_in(second) == 1
    await second.close()


async def test_bots_that_open_an_empty_database_at_the_same_time_migrate_it_once(empty_url):
    async with asyncio.timeout(20):
        opened = await asyncio.gather(*(Database.open(empty_url) for _ in range(4)))
    assert (await begin(opened[0])).number == 1
    assert await number_in(opened[3]) == 1
    for database in opened:
        await database.close()


async def test_what_a_failed_transaction_wrote_is_gone_and_the_error_passes_unchanged(database):
    error = RuntimeError("half way")
    with pytest.raises(RuntimeError) as raised:
        async with database.write() as tx:
            await journal.next_number(tx, TEAM)
            raise error
    assert raised.value is error
    assert await number_in(database) is None


async def test_what_a_cancelled_transaction_wrote_is_gone_and_the_next_one_goes_on(database):
    inside = asyncio.Event()

    async def never_ends() -> None:
        async with database.write() as tx:
            await journal.next_number(tx, TEAM)
            inside.set()
            await asyncio.Event().wait()

    for _ in range(12):  # more than there are connections
        inside.clear()
        task = asyncio.create_task(never_ends())
        await inside.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await number_in(database) is None
    assert (await begin(database)).number == 1


async def test_a_transaction_cancelled_at_any_await_leaves_the_database_usable(database):
    """Cancelled after so many turns of the loop, or so long, wherever that is, also in the middle of a statement or of the commit;
    and however long somebody keeps the error, whose traceback holds the statement."""

    async def turns(count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)

    kept = []
    for wait in (*(turns(count) for count in range(1, 40)), *(asyncio.sleep(0.0001 * step) for step in range(100))):
        kept.append(asyncio.create_task(begin(database, impact())))
        await wait
        kept[-1].cancel()
        await asyncio.gather(kept[-1], return_exceptions=True)
    whole = await begin(database)
    async with database.read() as tx:
        assert len(await journal.events(tx, TEAM, whole.number)) == 1


async def test_a_read_sees_one_moment_however_much_is_written_meanwhile(database):
    incident = await begin(database)
    async with database.read() as tx:
        before = await journal.load(tx, TEAM, incident.number)
        async with database.write() as writing:
            await journal.append(writing, incident, [impact()], incident.declared_at)
        assert await journal.load(tx, TEAM, incident.number) == before
        assert len(await journal.events(tx, TEAM, incident.number)) == 1


async def test_fifty_writers_in_one_process_wait_for_each_other(database):
    incidents = await asyncio.gather(*(begin(database) for _ in range(50)))
    assert sorted(incident.number for incident in incidents) == list(range(1, 51))


async def test_only_postgresql_is_shared_between_bots(database, request):
    assert database.is_shared is ("postgresql" in request.node.callspec.id)


async def test_sqlite_keeps_a_commit_through_a_power_cut(sqlite_url):
    database = await Database.open(sqlite_url)
    async with database.read() as tx:
        settings = [
            (await tx.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 1500]
    await database.close()


async def test_a_database_that_cannot_be_opened_is_an_error_of_sqlalchemy(tmp_path):
    with pytest.raises(OperationalError):
        await Database.open(f"sqlite:///{tmp_path}/no/such/folder/lockstep.db")
    with pytest.raises(OperationalError):
        await Database.open(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(NoSuchModuleError):
        await Database.open("oracle9i://somewhere/else")
    with pytest.raises(ArgumentError):
        await Database.open("not an address")


def test_a_file_that_is_no_database_leaves_no_thread_that_reports_to_a_loop_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "lockstep.db").write_text("Not a database, but long enough to be taken for one. " * 20)
    died: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    for _ in range(50):
        with pytest.raises(DatabaseError):
            asyncio.run(Database.open(f"sqlite:///{tmp_path / 'lockstep.db'}"))
    assert died == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in TRIGGERS.items() for name in names])
async def test_a_database_without_a_trigger_is_not_opened_and_the_error_names_it(kind, name, request):
    url = request.getfixturevalue(f"{kind}_url")
    database = await Database.open(url)
    async with database.write() as tx:
        await tx.execute(text(f"DROP TRIGGER {name}" + (" ON event" if kind == "postgresql" else "")))
    await database.close()
    with pytest.raises(TriggerMissing, match=name):
        await Database.open(url)
    unchecked = await Database.open(url, check=False)
    await unchecked.close()


async def test_a_disabled_trigger_counts_as_missing(postgresql_url):
    database = await Database.open(postgresql_url)
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE event DISABLE TRIGGER event_no_update"))
    await database.close()
    with pytest.raises(TriggerMissing, match="event_no_update"):
        await Database.open(postgresql_url)
