"""Every revision of the tables there ever was, with data in them, becomes the latest: nothing is lost, changed or sent twice.

A new revision is covered as soon as it stands in the folder of the migrations.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.exc import DBAPIError

from bot.core.incident import Incident
from bot.store import journal, tables
from bot.store.audit import audit, replay
from bot.store.database import Database
from bot.store.journal import SNAPSHOT
from bot.store.lanes import Claim
from bot.store.migrations import NewerDatabase
from bot.store.triggers import missing_triggers
from tests.operating.given import open_by_hand
from tests.store.given import NOW, TEAM, deliver_all
from tests.store.revisions import REVISIONS, Rows, fill_tables_of, fill_with_incidents, rows_in

LEASES_OVER = NOW + 3600
Sent = tuple[object, ...]
"""What a claim is about, and how sure it is."""


@dataclass(frozen=True)
class Before:
    """What a database of the latest revision holds: its rows, its incidents as they stand, and what its outbox still sends."""

    rows: Rows
    incidents: list[Incident]
    sent: list[Sent]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    """Real incidents, with something in every table."""
    return asyncio.run(_filled(f"sqlite:///{tmp_path_factory.mktemp('before') / 'before.db'}"))


async def _filled(url: str) -> Before:
    database = await Database.open(url)
    incidents, rows = await fill_with_incidents(database), rows_in(url)
    sent = [_sent(claim) for claim in await deliver_all(database, now=LEASES_OVER)]
    await database.close()
    return Before(rows, incidents, sent)


def _sent(claim: Claim) -> Sent:
    return claim.effect_id, claim.incident, claim.lane, claim.effect, claim.seq, claim.receipt, claim.uncertain


@pytest.fixture(params=REVISIONS)
def put(request: pytest.FixtureRequest, before: Before, empty_url: str) -> Rows:
    """The same in tables of an earlier revision. Their snapshots are of an earlier version too, but for one: somebody has written
    it just before."""
    rows = json.loads(json.dumps(before.rows))
    if request.param != REVISIONS[-1]:
        for row in rows["incident"][1:]:
            row |= {"snapshot": '{"as":"it was"}', "snapshot_version": SNAPSHOT - 1}
    return fill_tables_of(empty_url, request.param, rows)


@pytest.fixture
async def upgraded(put: Rows, empty_url: str) -> AsyncIterator[Database]:
    """The earlier database, opened by this version."""
    database = await Database.open(empty_url)
    yield database
    await database.close()


async def test_the_tables_are_those_that_the_code_declares_and_the_journal_is_protected(upgraded):
    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), tables.metadata)

    async with upgraded.write() as tx:
        assert await tx.run_sync(differences) == []
        assert await tx.run_sync(missing_triggers) == []


async def test_every_row_is_what_it_was(upgraded, put, empty_url):
    there = rows_in(empty_url)
    assert all(put[name] for name in there if name in put), "each table had rows"
    for name, rows in put.items():
        if name in there:
            assert [_part(row, of=rows[0]) for row in there[name]] == rows


def _part(row: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in of if name in row}


async def test_the_audit_finds_nothing_and_each_journal_replays_byte_for_byte(upgraded, before, put):
    async with upgraded.read() as tx:
        assert await audit(tx) == []
        for incident, row in zip(before.incidents, put["incident"], strict=True):
            rebuilt, stored = await replay(tx, TEAM, incident.number) or ("", "")
            assert rebuilt == incident.canonical()
            assert stored == (rebuilt if row["snapshot_version"] == SNAPSHOT else None)
            assert await journal.load(tx, TEAM, incident.number) == incident


async def test_what_waits_in_the_outbox_is_delivered_as_it_would_have_been(upgraded, before):
    assert len(before.sent) > 20
    assert any(uncertain for *_, uncertain in before.sent)
    assert [_sent(claim) for claim in await deliver_all(upgraded, now=LEASES_OVER)] == before.sent


async def test_an_incident_goes_on_where_it_was(upgraded, before):
    open_one = next(incident for incident in before.incidents if incident.is_open)
    async with upgraded.write() as tx:
        locked = await journal.lock(tx, TEAM, open_one.number)
        again = (await journal.events(tx, TEAM, open_one.number))[-1].event
        await journal.append(tx, locked, [again], again.at)
    async with upgraded.read() as tx:
        assert await audit(tx) == []
        rebuilt, stored = await replay(tx, TEAM, open_one.number) or ("", None)
        assert rebuilt == stored
    async with upgraded.write() as tx:
        assert await journal.next_number(tx, TEAM) == len(before.incidents) + 1


async def test_no_event_can_be_changed_removed_or_replaced(upgraded):
    everywhere = [update(tables.event).values(actor="UMALLORY"), delete(tables.event)]
    replacing = "TRUNCATE event" if upgraded.is_shared else "INSERT OR REPLACE INTO event SELECT * FROM event"
    for change in (*everywhere, text(replacing)):
        with pytest.raises(DBAPIError, match="append-only"):
            async with upgraded.write() as tx:
                await tx.execute(change)


@pytest.mark.parametrize("revision", ["9999", "a_branch"])
async def test_a_database_that_a_newer_version_has_changed_is_left_alone_and_the_error_says_what_to_do(
    database_url, revision
):
    with open_by_hand(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(
        NewerDatabase, match=f"^The database has tables of revision {revision}, .* up to {REVISIONS[-1]}: "
    ):
        await Database.open(database_url)
    with open_by_hand(database_url) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == revision
