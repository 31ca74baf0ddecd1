"""Backup and restore: nothing is lost on the way, from either database into either, whatever goes on meanwhile."""

import asyncio
import re
import resource
import stat
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, insert, inspect, select, text, update

from bot.core.decision import Event
from bot.core.effects import OpenRoom, Tell
from bot.core.errors import IncidentError
from bot.core.notes import NoteAdded
from bot.store import archive, commands, journal, lanes, tables
from bot.store.audit import audit
from bot.store.backup import AT_ONCE, Restored, backup, restore
from bot.store.database import Database
from tests.operating.given import open_by_hand
from tests.store.given import ALICE, NOW, START, TEAM, after, begin, claimed, deliver, impact, wish
from tests.store.revisions import REVISIONS, Rows, fill, fill_tables_of, migrate, rows_in


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another database, without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"elsewhere_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield server.get_uri(name)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a backup is to stand, in a folder of its own."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "lockstep.backup"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    yield database
    await database.close()


async def rows_of(url: str) -> Rows:
    """Every row of every table, but for since when what had not come true is looked for."""
    kept = await asyncio.to_thread(rows_in, url)
    for row in kept["effect"]:
        del row["looked_since"]
    return kept


async def findings_in(url: str) -> list[str]:
    """What the audit says of a database."""
    async with opened(url) as database, database.read() as tx:
        return [str(finding) for finding in await audit(tx)]


def tables_in(url: str) -> list[str]:
    """The tables that a database has."""
    with open_by_hand(url) as connection:
        return inspect(connection).get_table_names()


async def test_what_was_backed_up_is_restored_row_for_row_into_either_database(
    database, database_url, target, elsewhere
):
    await fill(database)
    there = await rows_of(database_url)
    written = await backup(database_url, target)
    assert all(there.values()), "each table has rows"
    assert written == {name: len(rows) for name, rows in there.items()}
    assert await restore(target, elsewhere) == Restored(written, [])
    assert await rows_of(elsewhere) == await rows_of(database_url) == there
    assert await findings_in(elsewhere) == []


async def test_a_restored_database_goes_on_where_the_other_was(database, database_url, target, elsewhere):
    before = await begin(database, impact())
    await backup(database_url, target)
    await restore(target, elsewhere)
    async with opened(elsewhere) as restored:
        async with restored.write() as tx:
            found = await journal.lock(tx, TEAM, 1)
            await journal.append(tx, found, [impact("More is known.")], START)
        assert found == before
        assert (await begin(restored)).number == 2
    assert await findings_in(elsewhere) == []


async def test_a_restored_backup_can_be_backed_up_and_restored_again(database, database_url, target, tmp_path):
    await fill(database)
    await backup(database_url, target)
    once, twice = f"sqlite:///{tmp_path / 'once.db'}", f"sqlite:///{tmp_path / 'twice.db'}"
    await restore(target, once)
    await backup(once, target.with_name("again"))
    await restore(target.with_name("again"), twice)
    assert await rows_of(twice) == await rows_of(database_url)


class Writer:
    """Until told to stop, commits a note, an effect and an outcome at a time, and every ten times a new incident for them."""

    def __init__(self, database: Database) -> None:
        self.commits = 0
        self.is_warm, self._stop = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._write(database))

    async def stop(self) -> None:
        self._stop.set()
        await self._task

    async def _write(self, database: Database) -> None:
        while not self._stop.is_set():
            if self.commits % 10 == 0:
                incident = await begin(database)
            async with database.write() as tx:
                before = await journal.lock(tx, TEAM, incident.number)
                await journal.append(tx, before, [note(self.commits)], START)
                await lanes.enqueue(tx, TEAM, incident.number, [(1, Tell())], START)
                await commands.keep_outcome(tx, TEAM, uuid.uuid4().hex, incident.number, "{}", START)
            self.commits += 1
            if self.commits == 5:
                self.is_warm.set()


def note(number: int) -> Event:
    return NoteAdded(at=START, actor=ALICE, text=f"note {number}")


async def counted(url: str) -> dict[str, int]:
    """How many notes, effects and outcomes there are, and incidents and what the counter says."""
    async with opened(url) as database, database.read() as tx:
        notes = select(func.count()).select_from(tables.event).where(tables.event.c.kind == "NoteAdded")
        counts = {"notes": (await tx.execute(notes)).scalar_one()}
        for table in (tables.effect, tables.command, tables.incident):
            counts[table.name] = (await tx.execute(select(func.count()).select_from(table))).scalar_one()
        counts["counter"] = (await tx.execute(select(tables.counter.c.last))).scalar_one()
    return counts


async def test_a_backup_sees_one_moment_while_bots_go_on_writing(database, database_url, target, elsewhere):
    await begin(database, *(impact(str(number)) for number in range(3 * AT_ONCE)))
    writers = [Writer(database) for _ in range(2)]
    for writer in writers:
        await writer.is_warm.wait()
    before = sum(writer.commits for writer in writers)
    await backup(database_url, target)
    after_it = sum(writer.commits for writer in writers)
    for writer in writers:
        await writer.stop()
    assert (await restore(target, elsewhere)).findings == []
    copied, all_of_it = await counted(elsewhere), await counted(database_url)
    assert copied["notes"] == copied["effect"] == copied["command"]
    assert copied["incident"] == copied["counter"]
    assert before <= copied["notes"] < after_it, "the writers went on while the backup was made"
    assert all_of_it["notes"] == sum(writer.commits for writer in writers), "and none of what they wrote is lost"


async def test_what_waited_is_looked_for_before_it_is_sent_since_it_may_have_been_sent_after_the_backup(
    database, database_url, target, elsewhere
):
    await begin(database)
    await wish(database, OpenRoom(), Tell())
    await deliver(database)
    await wish(database, Tell(), at=after(minutes=3))
    await backup(database_url, target)
    await restore(target, elsewhere)
    async with opened(elsewhere) as restored:
        first = await deliver(restored)
        second = await deliver(restored)
        await wish(restored, Tell(), at=after(minutes=9))
        new = await claimed(restored, at=after(minutes=9))
    assert [(claim.lane, claim.uncertain) for claim in (first, second, new)] == [
        ("notices", True),
        ("notices", True),
        ("notices", False),
    ]
    assert (first.first_tried_at, second.first_tried_at) == (START, START)
    assert (await claimed(database)).effect_id == first.effect_id


async def test_what_was_given_up_is_looked_for_when_it_is_tried_again_after_a_restore(
    database, database_url, target, elsewhere
):
    await begin(database)
    await wish(database, OpenRoom())
    async with database.write() as tx:
        given_up = await lanes.claim(tx, "one bot", NOW, 30.0, START)
        assert given_up and await lanes.failed(tx, given_up, "restricted_action")
    await backup(database_url, target)
    await restore(target, elsewhere)
    async with opened(elsewhere) as restored:
        async with restored.write() as tx:
            assert await lanes.enqueue_again(tx, TEAM, 1, given_up.effect_id, after(minutes=5))
        assert (await claimed(restored, at=after(minutes=5))).uncertain


async def test_what_the_audit_found_before_the_backup_it_finds_after_the_restore(
    database, database_url, target, elsewhere
):
    await begin(database, impact(), impact("More is known."))
    redaction = update(tables.event).where(tables.event.c.seq == 2).values(text=None, salt=None, redacted_by=3)
    async with database.write() as tx:
        await tx.execute(redaction)
        await tx.execute(update(tables.incident).values(title="x"))
    found = await findings_in(database_url)
    await backup(database_url, target)
    restored = await restore(target, elsewhere)
    assert [str(finding) for finding in restored.findings] == found == await findings_in(elsewhere) != []


async def test_an_empty_database_that_has_its_tables_already_is_filled(
    database, database_url, target, sqlite_url, tmp_path
):
    ready = f"sqlite:///{tmp_path / 'ready.db'}"
    async with opened(ready):
        pass
    await begin(database)
    await backup(database_url, target)
    await restore(target, ready)
    assert await rows_of(ready) == await rows_of(database_url)


async def test_a_database_with_rows_is_left_alone(database, database_url, target, tmp_path):
    source = f"sqlite:///{tmp_path / 'source.db'}"
    async with opened(source) as other:
        await begin(other, impact())
    await backup(source, target)
    await begin(database, team="T9")
    there = await rows_of(database_url)
    with pytest.raises(
        IncidentError, match=r"Nothing was restored: the database is not empty, its table \w+ has rows\."
    ):
        await restore(target, database_url)
    assert await rows_of(database_url) == there


async def test_no_backup_is_written_over(database, database_url, target):
    await backup(database_url, target)
    before = target.read_bytes()
    await begin(database)
    with pytest.raises(IncidentError, match="is there already"):
        await backup(database_url, target)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


async def test_of_two_backups_to_one_file_at_the_same_time_one_is_refused(database_url, target):
    results = await asyncio.gather(*(backup(database_url, target) for _ in range(2)), return_exceptions=True)
    assert {type(result) for result in results} == {dict, IncidentError}
    assert list(target.parent.iterdir()) == [target]


async def test_only_its_owner_may_read_a_backup(database_url, target):
    await backup(database_url, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_backup_that_is_broken_off_leaves_nothing_behind(database, database_url, target):
    await begin(database, *(impact(str(number)) for number in range(3 * AT_ONCE)))
    running = asyncio.create_task(backup(database_url, target))
    while not list(target.parent.iterdir()):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert list(target.parent.iterdir()) == []


async def test_a_backup_that_does_not_fit_on_the_disk_leaves_nothing_behind(database, database_url, target):
    await begin(database, *(impact(uuid.uuid4().hex) for _ in range(AT_ONCE)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        with pytest.raises(IncidentError, match=re.escape(f"{target} cannot be written: File too large.")):
            await backup(database_url, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(target.parent.iterdir()) == []


async def test_a_key_that_was_changed_by_hand_into_no_text_is_no_reason_to_leave_rows_out_or_to_go_on_for_ever(
    sqlite_url, target
):
    rows = [{"team": "A", "channel": f"C{number:04}", "earliest": 1.0} for number in range(AT_ONCE)]
    with open_by_hand(sqlite_url) as connection:
        connection.execute(insert(tables.pace), rows)
        connection.execute(text("UPDATE pace SET team = CAST(x'42FF' AS TEXT) WHERE channel = 'C0007'"))
    async with asyncio.timeout(20):
        with pytest.raises(IncidentError, match="not every row of pace can be read"):
            await backup(sqlite_url, target)


async def test_a_folder_that_is_not_there_is_named(database_url, target):
    path = target.parent / "none" / "x"
    with pytest.raises(IncidentError, match=re.escape(f"{path} cannot be written: No such file or directory.")):
        await backup(database_url, path)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite:///nowhere/lockstep.db", "there is no such file here"),
        ("postgresql://nobody@127.0.0.1:1/lockstep", "refused"),
        ("mysql://localhost/lockstep", "There is no backup: the database says"),
        ("nonsense", "There is no backup: the database says"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_no_backup(url, what, target):
    with pytest.raises(IncidentError, match=what):
        await backup(url, target)
    assert list(target.parent.iterdir()) == []


async def test_a_database_without_our_tables_is_no_backup(elsewhere, target):
    with open_by_hand(elsewhere) as connection:
        connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
    with pytest.raises(IncidentError, match="the database has no tables of Lockstep"):
        await backup(elsewhere, target)
    assert tables_in(elsewhere) == ["theirs"]


async def test_tables_of_others_beside_ours_are_left_out(database, database_url, target, elsewhere):
    await begin(database)
    with open_by_hand(database_url) as connection:
        connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
    assert "theirs" not in await backup(database_url, target)
    await restore(target, elsewhere)
    assert "theirs" not in tables_in(elsewhere)
    assert await rows_of(elsewhere) == await rows_of(database_url)


HEADING = {"lockstep": "0.1.0", "revision": "0001"}


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([], "was not restored"),
        ([{"lockstep": "9.9.9", "revision": "9999"}], "a newer Lockstep made it"),
        ([HEADING, {"table": "none", "columns": ["x"]}, [1]], "'none'"),
        ([HEADING, {"table": "counter", "columns": ["team", "last"]}, ["T1", 1], ["T1"]], "was not restored"),
        ([HEADING, {"table": "counter", "columns": ["team", "last"]}, ["T1", 1], ["T1", 1]], "was not restored"),
        ([HEADING, {"table": "counter", "columns": ["team", "last"]}, ["T1", None]], "was not restored"),
    ],
)
async def test_an_archive_that_does_not_fit_leaves_the_database_as_it_was(lines, what, target, elsewhere):
    with archive.create(target) as writer:
        for line in lines:
            writer.add(line)
    with pytest.raises(IncidentError, match=what):
        await restore(target, elsewhere)
    assert tables_in(elsewhere) == []


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_backup_of_any_revision_is_made_without_migrating_and_restored_as_the_latest(
    database, database_url, target, elsewhere, tmp_path, revision
):
    await fill(database)
    early = f"sqlite:///{tmp_path / 'early.db'}"
    had = fill_tables_of(early, revision, rows_in(database_url))
    await backup(early, target)
    with open_by_hand(early) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == revision
    assert (await restore(target, elsewhere)).findings == []
    there = await rows_of(database_url)
    kept = {*had, "action"}  # which the migration fills from the journal
    assert await rows_of(elsewhere) == {name: rows if name in kept else [] for name, rows in there.items()}


async def test_an_empty_database_with_later_tables_does_not_take_an_earlier_backup(
    database, database_url, target, tmp_path
):
    early = f"sqlite:///{tmp_path / 'early.db'}"
    migrate(early, REVISIONS[0])
    await backup(early, target)
    with pytest.raises(IncidentError, match="Restore into a database without tables"):
        await restore(target, database_url)
