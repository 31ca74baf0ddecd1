"""The audit names what was tampered with."""

import os
import random
from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import journal, queries, tables
from bot.store.audit import Finding, audit, replay, verify_chain
from bot.store.chain import Fault
from bot.store.database import Database, Transaction
from bot.store.triggers import TRIGGERS
from tests.operating.changes import changes_of_a_byte
from tests.operating.records import story
from tests.store.given import START, TEAM, begin, impact


async def unprotect(tx: Transaction) -> None:
    """Do what whoever tampers with a journal does first."""
    for name in TRIGGERS[tx.dialect.name]:
        await tx.execute(text(f"DROP TRIGGER {name}" + (" ON event" if tx.dialect.name == "postgresql" else "")))
    if tx.dialect.name == "postgresql":
        await tx.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys
    else:
        await tx.execute(text("PRAGMA defer_foreign_keys = ON"))


async def of_incidents(tx: AsyncConnection) -> list[Finding]:
    """What the audit finds but for missing triggers."""
    return [finding for finding in await audit(tx) if finding.incident is not None]


async def tampered(database: Database, **changes: object) -> list[Finding]:
    """What the audit says when these columns of event 2 of three were changed."""
    await begin(database, impact(), impact("More is known."))
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(update(tables.event).where(tables.event.c.seq == 2).values(changes))
        findings = await of_incidents(tx)
        await tx.rollback()
    return findings


async def test_an_untouched_journal_has_no_findings(database):
    await begin(database, impact())
    await begin(database, team="T2")
    async with database.read() as tx:
        assert await audit(tx) == []


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("at", "2026-11-23T07:48:29.480939Z", "was changed"),
        ("recorded_at", "2026-11-23T07:48:29.480939Z", "was changed"),
        ("actor", "UMALLORY", "was changed"),
        ("kind", "TitleChanged", "was changed"),
        ("data", '{"impact":"Nothing."}', "was changed"),
        ("text", '{"impact":"Nothing."}', "has another text than was typed"),
        ("salt", "0" * 32, "has another text than was typed"),
        ("text_hash", "0" * 64, "was changed"),
        ("redacted_by", 3, "is marked as redacted but has a text"),
        ("prev_hash", "0" * 64, "does not follow from the event before it"),
        ("hash", "0" * 64, "was changed"),
        ("text", None, "lost its text without a redaction"),
        ("salt", None, "lost its text without a redaction"),
        ("seq", 9, "is missing"),
    ],
)
async def test_a_change_of_any_column_of_an_event_is_named(database, column, value, what):
    assert await tampered(database, **{column: value}) == [Finding(TEAM, 1, 2, what)]


@pytest.mark.parametrize(("column", "value"), [("team", "T9"), ("incident", 9)])
async def test_an_event_moved_to_another_incident_is_missed_here_and_found_there(database, column, value):
    findings = await tampered(database, **{column: value})
    assert Finding(TEAM, 1, 2, "is missing") in findings
    moved = {"team": TEAM, "incident": 1, column: value}
    assert Finding(moved["team"], moved["incident"], None, "has events but is gone itself") in findings


async def test_a_redaction_that_no_event_ordered_is_named(database):
    await begin(database, impact(), impact("More is known."))
    async with database.write() as tx:
        redaction = {"text": None, "salt": None, "redacted_by": 3}
        await tx.execute(update(tables.event).where(tables.event.c.seq == 2).values(redaction))
        assert await audit(tx) == [Finding(TEAM, 1, 2, "was redacted without an event that says so")]


@pytest.mark.parametrize(
    ("dropped", "finding"),
    [(1, Finding(TEAM, 1, 1, "is missing")), (2, Finding(TEAM, 1, 2, "is missing"))],
)
async def test_a_deleted_event_is_named(database, dropped, finding):
    await begin(database, impact(), impact("More is known."))
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(delete(tables.event).where(tables.event.c.seq == dropped))
        assert await of_incidents(tx) == [finding]
        await tx.rollback()


async def test_of_two_events_that_were_swapped_the_first_is_named(database):
    await begin(database, impact(), impact("More is known."), impact("All is known."))
    seq = tables.event.c.seq
    async with database.write() as tx:
        await unprotect(tx)
        for now, then in ((2, 9), (3, 2), (9, 3)):
            await tx.execute(update(tables.event).where(seq == now).values(seq=then))
        assert await of_incidents(tx) == [Finding(TEAM, 1, 2, "does not follow from the event before it")]
        await tx.rollback()


async def test_an_event_put_in_between_two_others_is_named(database):
    await begin(database, impact(), impact("More is known."))
    seq = tables.event.c.seq
    async with database.write() as tx:
        await unprotect(tx)
        row = dict((await tx.execute(select(tables.event).where(seq == 2))).mappings().one())
        await tx.execute(update(tables.event).where(seq == 3).values(seq=4))
        await tx.execute(insert(tables.event).values({**row, "seq": 3}))
        assert await of_incidents(tx) == [Finding(TEAM, 1, 3, "does not follow from the event before it")]
        await tx.rollback()


async def test_a_journal_whose_end_was_cut_and_whose_row_was_made_to_fit_is_whole_in_itself(database):
    """This is what posted heads are for: nothing within the database tells."""
    shorter = await begin(database, impact())
    async with database.write() as tx:
        row = dict((await tx.execute(select(tables.incident))).mappings().one())
        await journal.append(tx, shorter, [impact("More is known.")], START)
        head = (await journal.entries(tx, TEAM, 1))[-1].hash
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(delete(tables.event).where(tables.event.c.seq == 3))
        await tx.execute(update(tables.incident).values(row))
        assert await of_incidents(tx) == []
        assert not [entry for entry in await journal.entries(tx, TEAM, 1) if entry.hash == head]
        await tx.rollback()


async def test_a_journal_cut_short_at_its_end_is_named(database):
    await begin(database, impact())
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(delete(tables.event).where(tables.event.c.seq == 2))
        assert await of_incidents(tx) == [Finding(TEAM, 1, 2, "is not where the journal ends")]
        await tx.rollback()


async def test_an_event_put_in_behind_the_last_one_is_named(database):
    await begin(database, impact())
    async with database.write() as tx:
        row = dict((await tx.execute(select(tables.event).where(tables.event.c.seq == 2))).mappings().one())
        await tx.execute(insert(tables.event).values({**row, "seq": 3}))
        assert await audit(tx) == [Finding(TEAM, 1, 3, "does not follow from the event before it")]
        await tx.rollback()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"snapshot": "{}"}, "has another snapshot than its events add up to"),
        ({"title": "Nothing happened"}, "is listed with another title than its events add up to"),
        ({"phase": "RECOVERY"}, "is listed with another phase than its events add up to"),
        ({"severity": "SEV4"}, "is listed with another severity than its events add up to"),
        ({"is_open": False}, "is listed with another is_open than its events add up to"),
        ({"room_channel": "C9"}, "is listed with another room_channel than its events add up to"),
        ({"declared_by": "U9"}, "is listed with another declared_by than its events add up to"),
        ({"declared_at": "x"}, "is listed with another declared_at than its events add up to"),
    ],
)
async def test_a_state_that_is_not_what_the_events_add_up_to_is_named(database, change, what):
    await begin(database, impact())
    async with database.write() as tx:
        await tx.execute(update(tables.incident).values(change))
    async with database.read() as tx:
        assert await audit(tx) == [Finding(TEAM, 1, None, what)]


@pytest.mark.parametrize("change", [{"head": "0" * 64}, {"seq": 1}])
async def test_a_row_that_does_not_fit_the_end_of_its_journal_is_named(database, change):
    await begin(database, impact())
    async with database.write() as tx:
        await tx.execute(update(tables.incident).values(change))
        [finding] = await audit(tx)
    assert finding.what == "is not where the journal ends"


ROUNDS = int(os.environ.get("LOCKSTEP_TAMPER_ROUNDS", "200"))
"""How many changes are made; the long form is LOCKSTEP_TAMPER_ROUNDS=5000."""
NOT_READ = ("snapshot_version",)
"""A snapshot that is said to be of another version is not read, by nobody: the state is rebuilt from the events."""


async def test_whatever_byte_is_changed_in_an_incident_or_its_events_is_found_and_the_event_is_named(database):
    await begin(database, *[event for events in story() for event in events][1:])
    dice = random.Random(1)
    async with database.write() as tx:
        await unprotect(tx)
        assert await of_incidents(tx) == []
        for _ in range(ROUNDS):
            table = dice.choice((tables.event, tables.event, tables.incident))
            row = dice.choice((await tx.execute(select(table))).mappings().all())
            column = dice.choice([column for column in table.columns if column.name not in NOT_READ])
            put = other_than(row[column.name], dice)
            there = [key == row[key.name] for key in table.primary_key.columns]
            async with tx.begin_nested() as change:
                await tx.execute(update(table).where(*there).values({column.name: put}))
                findings = await of_incidents(tx)
                await change.rollback()
            found = {finding.seq for finding in findings}
            expected = found if table is tables.incident else {row["seq"]}
            assert found and expected <= found, f"{column} of {row} became {put!r}: {findings}"
        assert await of_incidents(tx) == []
        await tx.rollback()


def other_than(value: object, dice: random.Random) -> object:
    """The value with one bit of it changed, as far as a database keeps it as text still; another number; the other answer."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + dice.choice((1000, 2000, -1000))
    if not isinstance(value, str) or not value:
        return "1"
    return dice.choice([changed for changed in changes_of_a_byte(value) if "\x00" not in changed])


async def test_a_snapshot_that_is_said_to_be_of_another_version_misleads_nobody(database):
    incident = await begin(database, impact())
    async with database.write() as tx:
        await tx.execute(
            update(tables.incident).values(snapshot_version=journal.SNAPSHOT + 1, snapshot='{"phase":"POSTMORTEM"}')
        )
        assert await audit(tx) == []
        assert await journal.load(tx, TEAM, 1) == incident


@pytest.mark.parametrize("column", [column.name for column in tables.event.columns])
async def test_bytes_that_somebody_put_where_sqlite_keeps_text_are_named(sqlite_url, column):
    database = await Database.open(sqlite_url)
    await begin(database, impact(), impact("More is known."))
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(text(f"UPDATE event SET {column} = CAST(coalesce({column}, 'x') AS BLOB) WHERE seq = 2"))
        assert Finding(TEAM, 1, 2, "") in [replace(finding, what="") for finding in await of_incidents(tx)]
        await tx.rollback()
    await database.close()


@pytest.mark.parametrize("column", [column.name for column in tables.incident.columns if column.name not in NOT_READ])
async def test_bytes_that_somebody_put_into_the_row_of_an_incident_are_found(sqlite_url, column):
    database = await Database.open(sqlite_url)
    await begin(database, impact())
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(text(f"UPDATE incident SET {column} = CAST(coalesce({column}, 'x') AS BLOB)"))
        assert await of_incidents(tx)
        await tx.rollback()
    await database.close()


async def test_an_incident_that_is_neither_open_nor_closed_is_found(sqlite_url):
    database = await Database.open(sqlite_url)
    await begin(database, impact())
    async with database.write() as tx:
        await tx.execute(text("UPDATE incident SET is_open = 2"))
        assert await queries.open_incidents(tx, TEAM, "") == [], "it is hidden from those who look for it"
        assert await audit(tx) == [Finding(TEAM, 1, None, "is listed with another is_open than its events add up to")]
    await database.close()


async def test_missing_triggers_are_findings(database):
    async with database.write() as tx:
        await unprotect(tx)
    async with database.read() as tx:
        findings = [str(finding) for finding in await audit(tx)]
    names = TRIGGERS["postgresql" if database.is_shared else "sqlite"]
    assert findings == [f"The journal is not protected: the trigger {name} is missing." for name in names]


async def test_every_incident_that_was_tampered_with_is_found(database):
    for team in ("T1", "T2", "T3"):
        await begin(database, team=team)
    async with database.write() as tx:
        await tx.execute(update(tables.incident).where(tables.incident.c.team != "T2").values(title="x"))
    async with database.read() as tx:
        assert [finding.team for finding in await audit(tx)] == ["T1", "T3"]


async def test_replay_knows_only_incidents_that_there_are(database):
    async with database.read() as tx:
        assert await replay(tx, TEAM, 1) is None


async def test_a_chain_is_verified_without_a_database(database):
    await begin(database, impact(), impact("More is known."))
    async with database.read() as tx:
        entries = await journal.entries(tx, TEAM, 1)
    assert verify_chain(entries) is None
    assert verify_chain(entries[1:]) == Fault(1, "is missing")
    assert verify_chain([entries[0], entries[2]]) == Fault(2, "is missing")
    assert verify_chain([]) is None


def test_a_finding_reads_as_a_sentence():
    assert str(Finding(TEAM, 7, 3, "was changed")) == "INC-7, event 3, was changed."
    assert str(Finding(TEAM, 7, None, "has no events")) == "INC-7 has no events."


async def test_an_incident_of_which_nothing_is_left_is_missed_by_its_number(database):
    for _ in range(3):
        await begin(database)
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(delete(tables.event).where(tables.event.c.incident == 2))
        await tx.execute(delete(tables.incident).where(tables.incident.c.number == 2))
        assert [str(finding) for finding in await of_incidents(tx)] == ["INC-2 is gone: incidents are counted to 3."]
        await tx.rollback()


async def test_the_last_incident_is_missed_too_and_every_team_counts_its_own(database):
    await begin(database)
    await begin(database, team="T2")
    async with database.write() as tx:
        await unprotect(tx)
        await tx.execute(delete(tables.event).where(tables.event.c.team == TEAM))
        await tx.execute(delete(tables.incident).where(tables.incident.c.team == TEAM))
        found = await of_incidents(tx)
        assert [(one.team, str(one)) for one in found] == [(TEAM, "INC-1 is gone: incidents are counted to 1.")]
        await tx.rollback()


@pytest.mark.parametrize("change", ["set back", "gone"])
async def test_a_counter_that_stands_behind_its_incidents_is_named(database, change):
    await begin(database)
    await begin(database)
    async with database.write() as tx:
        counter = tables.counter
        await tx.execute(delete(counter) if change == "gone" else update(counter).values(last=1))
        counted = 0 if change == "gone" else 1
        assert [str(one) for one in await audit(tx)] == [
            f"The journal counts incidents to {counted}, and there is INC-2."
        ]
        await tx.rollback()
