"""The record of an incident: what is written is what is read, in one chain, whoever writes at the same time."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.lifecycle import DeclareIncident
from bot.core.rooms import BindRoom, RoomOpened
from bot.core.vocabulary import decide, fold
from bot.store import audit, journal, tables
from bot.store.chain import GENESIS, entry_hash, text_hash
from bot.store.database import Database
from bot.store.times import read_time, write_time
from tests.core.given import POLICY, origin
from tests.core.random_acts import commands
from tests.store.given import ALICE, START, TEAM, after, begin, declared, impact


async def grow(database: Database, number: int, *events: Event) -> Incident:
    """Lock the incident and add these events."""
    async with database.write() as tx:
        incident = await journal.lock(tx, TEAM, number)
        return await journal.append(tx, incident, events, START)


async def test_what_was_recorded_is_read_back(database):
    incident = await begin(database, impact("Nobody can pay."))
    async with database.read() as tx:
        recorded = await journal.events(tx, TEAM, 1)
        assert await journal.load(tx, TEAM, 1) == incident
        assert [event.seq for event in await journal.events(tx, TEAM, 1, after=1)] == [2]
    assert [event.event for event in recorded] == [declared(), impact("Nobody can pay.")]
    assert [event.seq for event in recorded] == [1, 2]
    assert {event.recorded_at for event in recorded} == {START}
    assert incident == fold(None, [declared(), impact("Nobody can pay.")])


async def test_numbers_start_at_one_for_each_team(database):
    assert [(await begin(database, team=team)).number for team in ("T1", "T2", "T1")] == [1, 1, 2]


async def test_a_number_that_was_not_used_in_the_end_is_given_again(database):
    with pytest.raises(ValueError, match="begins with an event"):
        async with database.write() as tx:
            await journal.next_number(tx, TEAM)
            await journal.append(tx, None, [], START)
    assert (await begin(database)).number == 1


async def test_there_is_no_incident_that_was_not_declared(database):
    await begin(database)
    async with database.read() as tx:
        assert await journal.load(tx, TEAM, 2) is None
        assert await journal.load(tx, "T2", 1) is None
        assert await journal.events(tx, TEAM, 2) == []


async def test_no_events_change_nothing(database):
    incident = await begin(database)
    assert await grow(database, 1) == incident


async def test_fifty_concurrent_writers_of_one_incident_give_one_unbroken_chain(database):
    await begin(database)
    await asyncio.gather(*(grow(database, 1, impact(f"impact {n}")) for n in range(50)))
    async with database.read() as tx:
        recorded = await journal.events(tx, TEAM, 1)
        assert await audit.audit(tx) == []
    assert [event.seq for event in recorded] == list(range(1, 52))
    assert len({event.event for event in recorded}) == 51


async def test_events_decided_on_an_old_state_are_refused(database):
    old = await begin(database)
    await grow(database, 1, impact())
    with pytest.raises(journal.Conflict):
        async with database.write() as tx:
            await journal.append(tx, old, [impact("Decided too early.")], START)
    async with database.read() as tx:
        assert len(await journal.events(tx, TEAM, 1)) == 2


async def test_two_incidents_cannot_have_one_room(database):
    room = RoomOpened(at=START, actor=ALICE, channel="C0123456", name="inc-1")
    await begin(database, room)
    with pytest.raises(IntegrityError):
        await begin(database, room)
    await begin(database, room, team="T2")


async def test_a_time_in_another_zone_is_kept_as_the_same_moment(database):
    paris = START.astimezone(timezone(timedelta(hours=1)))
    incident = await begin(database, impact().but(at=paris), RoomOpened(at=paris, actor=ALICE, channel="C1", name="x"))
    async with database.read() as tx:
        assert [event.event.at for event in await journal.events(tx, TEAM, 1)] == [START] * 3
        rebuilt, stored = await audit.replay(tx, TEAM, 1) or ("", None)
    assert rebuilt == stored == incident.canonical()


@pytest.mark.parametrize("version", [1, journal.SNAPSHOT - 1, journal.SNAPSHOT + 1])
async def test_a_snapshot_of_another_version_is_ignored_and_the_state_rebuilt_from_the_events(database, version):
    incident = await begin(database, impact())
    async with database.write() as tx:
        await tx.execute(update(tables.incident).values(snapshot='{"unknown": true}', snapshot_version=version))
    async with database.write() as tx:
        assert await journal.load(tx, TEAM, 1) == incident
        assert await journal.lock(tx, TEAM, 1) == incident
        assert await audit.audit(tx) == []
    later = await grow(database, 1, impact("More is known."))
    async with database.read() as tx:
        assert (await audit.replay(tx, TEAM, 1)) == (later.canonical(), later.canonical())


async def test_a_snapshot_that_is_behind_is_brought_up_to_date_by_newer_events(database):
    first = await begin(database)
    second = await grow(database, 1, impact())
    async with database.write() as tx:
        await tx.execute(update(tables.incident).values(snapshot=first.canonical()))
        assert await journal.load(tx, TEAM, 1) == second


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(max_size=40),
    sequence=st.lists(commands.filter(lambda command: not isinstance(command, BindRoom)), max_size=12),
    offset=st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours))),
)
async def test_replay_gives_the_stored_state_byte_for_byte_whatever_people_do(database, title, sequence, offset):
    async with database.write() as tx:
        number = await journal.next_number(tx, TEAM)
        told = origin().but(at=START.astimezone(offset), team=TEAM)
        begun = decide(None, DeclareIncident(origin=told, title=title), POLICY, number=number)
        incident = await journal.append(tx, None, begun.events, START)
    for command in sequence:
        async with database.write() as tx:
            locked = await journal.lock(tx, TEAM, number)
            assert locked == incident
            incident = await journal.append(tx, locked, decide(locked, command, POLICY).events, START)
    async with database.read() as tx:
        assert await audit.replay(tx, TEAM, number) == (incident.canonical(), incident.canonical())
        assert await audit.audit(tx) == []


async def test_the_chain_starts_from_zeros_and_each_hash_covers_the_one_before(database):
    await begin(database, impact(), impact("More is known."))
    async with database.read() as tx:
        entries = await journal.entries(tx, TEAM, 1)
        head = (await tx.execute(select(tables.incident.c.head))).scalar_one()
    assert GENESIS == "0" * 64
    assert [entry.prev_hash for entry in entries] == [GENESIS, entries[0].hash, entries[1].hash]
    assert all(entry.hash == entry_hash(entry) for entry in entries)
    assert all(entry.text_hash == text_hash(entry.salt or "", entry.text or "") for entry in entries)
    assert head == entries[2].hash


async def test_the_same_words_have_another_hash_each_time_so_that_none_can_be_guessed(database):
    await begin(database, impact(), impact())
    async with database.read() as tx:
        _, first, second = await journal.entries(tx, TEAM, 1)
    assert first.text == second.text
    assert first.text_hash != second.text_hash


async def test_typed_text_is_kept_apart_from_the_structure(database):
    await begin(database, impact("my-password"))
    async with database.read() as tx:
        entry = (await journal.entries(tx, TEAM, 1))[1]
    assert entry.text == '{"impact":"my-password"}'
    assert entry.data == '{"is_naming":false}'


REFUSED = "append-only"
CHANGES = {
    "at": "x",
    "recorded_at": "x",
    "actor": "x",
    "kind": "x",
    "data": "x",
    "text": "x",
    "salt": "x",
    "text_hash": "x",
    "redacted_by": 1,
    "prev_hash": "x",
    "hash": "x",
    "seq": 9,
    "team": "x",
    "incident": 9,
}


@pytest.mark.parametrize("column", CHANGES)
async def test_no_column_of_an_event_can_be_updated(database, column):
    await begin(database)
    with pytest.raises(DBAPIError, match=REFUSED):
        async with database.write() as tx:
            await tx.execute(update(tables.event).values({column: CHANGES[column]}))


async def test_an_event_cannot_be_deleted(database):
    await begin(database)
    with pytest.raises(DBAPIError, match=REFUSED):
        async with database.write() as tx:
            await tx.execute(delete(tables.event))


REDACTION = {"text": None, "salt": None, "redacted_by": 2}


async def test_an_event_can_be_redacted_and_its_chain_stays_whole(database):
    await begin(database, impact())
    async with database.write() as tx:
        await tx.execute(update(tables.event).where(tables.event.c.seq == 1).values(REDACTION))
        entries = await journal.entries(tx, TEAM, 1)
    assert (entries[0].text, entries[0].salt, entries[0].redacted_by) == (None, None, 2)
    assert audit.verify_chain(entries) is None


@pytest.mark.parametrize("column", [name for name in CHANGES if name not in REDACTION])
async def test_a_redaction_can_change_nothing_else(database, column):
    await begin(database)
    with pytest.raises(DBAPIError, match=REFUSED):
        async with database.write() as tx:
            await tx.execute(update(tables.event).values({**REDACTION, column: CHANGES[column]}))


@pytest.mark.parametrize("part", REDACTION)
async def test_a_redaction_cannot_be_half_done(database, part):
    await begin(database)
    with pytest.raises(DBAPIError, match=REFUSED):
        async with database.write() as tx:
            rest = {name: value for name, value in REDACTION.items() if name != part}
            await tx.execute(update(tables.event).values(rest))


async def test_a_redaction_cannot_be_undone_or_ascribed_to_another(database):
    await begin(database)
    async with database.write() as tx:
        await tx.execute(update(tables.event).values(REDACTION))
    for change in ({"redacted_by": None}, {"redacted_by": 3}, {"text": "{}", "salt": "", "redacted_by": None}):
        with pytest.raises(DBAPIError, match=REFUSED):
            async with database.write() as tx:
                await tx.execute(update(tables.event).values(change))


async def test_an_event_cannot_be_written_over(database):
    await begin(database)
    async with database.read() as tx:
        row = dict((await tx.execute(select(tables.event))).mappings().one())
    with pytest.raises(DBAPIError):
        async with database.write() as tx:
            await tx.execute(insert(tables.event).values({**row, "actor": "UMALLORY"}))


@pytest.mark.parametrize("words", ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO"])
async def test_sqlite_cannot_replace_an_event(sqlite_url, words):
    database = await Database.open(sqlite_url)
    await begin(database)
    columns = ", ".join(column.name for column in tables.event.c)
    forged = columns.replace("actor", "'UMALLORY'")
    with pytest.raises(DBAPIError, match=REFUSED):
        async with database.write() as tx:
            await tx.execute(text(f"{words} event ({columns}) SELECT {forged} FROM event"))
    await database.close()


async def test_sqlite_has_no_rowid_by_which_an_event_could_be_replaced(sqlite_url):
    database = await Database.open(sqlite_url)
    with pytest.raises(DBAPIError, match="no such column: rowid"):
        async with database.read() as tx:
            await tx.execute(text("SELECT rowid FROM event"))
    await database.close()


@pytest.mark.parametrize("statement", ["TRUNCATE event", "TRUNCATE incident CASCADE"])
async def test_postgresql_cannot_truncate_the_events(postgresql_url, statement):
    database = await Database.open(postgresql_url)
    await begin(database)
    with pytest.raises(DBAPIError, match=REFUSED):
        async with database.write() as tx:
            await tx.execute(text(statement))
    await database.close()


moments = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.timezones())


@given(moments, moments)
def test_written_times_sort_as_moments_do_and_lose_nothing(one, other):
    first, second = write_time(one), write_time(other)
    assert len(first) == len("2026-11-23T07:48:29.480938Z")
    assert read_time(first) == one.astimezone(UTC)
    assert (first < second) == (one.astimezone(UTC) < other.astimezone(UTC))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        write_time(after().replace(tzinfo=None))
