"""Databases as each revision of the tables made them, filled with what was kept in them then."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select

from bot.core.decision import Event
from bot.core.due import falls_due
from bot.core.effects import Announce, Effect, OpenRoom, SetTopic, Tell
from bot.core.incident import Incident
from bot.core.lifecycle import IncidentDeclared
from bot.core.policy import Policy
from bot.core.redaction import TextRedacted
from bot.core.rooms import RoomOpened
from bot.core.standing import Kind, Standing
from bot.core.vocabulary import evolve, read_event
from bot.core.wishes import effects
from bot.files import read_policy
from bot.store import commands, documents, journal, lanes, migrations, pacing, subscriptions, summaries, tables, timers
from bot.store.database import Database, Transaction
from tests.operating.given import open_by_hand
from tests.running import PLAYBOOKS
from tests.store.given import NOW, START, TEAM, action_item, after, begin, claimed, deliver, impact, wish

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory.from_config(migrations.config()).walk_revisions()))
]
"""Every revision there is, from the first to the latest."""
JOURNALS = [
    path
    for path in sorted((Path(__file__).parent.parent / "journals").glob("*.json"))
    if not {"drill", "private"} & {*path.stem.split("-")}  # which the tables before 0003 and 0004 have no place for
]
NASTY = ("“Überall” 😱", '{"a": 1}\\', "one\ntwo\r\n\tthree", "\x01\x7f\u2028", "", "é" * 5000)
"""What people may type."""

Rows = dict[str, list[dict[str, Any]]]
"""Every row of every table, by the name of the table."""


def migrate(url: str, revision: str) -> None:
    """Bring the tables to a revision."""
    with open_by_hand(url) as connection:
        command.upgrade(migrations.config(connection), revision)


def rows_in(url: str) -> Rows:
    """All that a database of the latest revision holds."""
    with open_by_hand(url) as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in tables.metadata.sorted_tables
        }


def fill_tables_of(url: str, revision: str, rows: Rows) -> Rows:
    """Make the tables of a revision, and put these rows into them as far as they have a place for them. Returns what was put."""
    migrate(url, revision)
    put: Rows = {}
    with open_by_hand(url) as connection:
        then = MetaData()
        then.reflect(connection)
        for table in then.sorted_tables:
            there = table.columns.keys()
            put[table.name] = [{name: row[name] for name in there if name in row} for row in rows.get(table.name, [])]
            for row in put[table.name]:
                connection.execute(insert(table), row)
    return put


async def fill(database: Database) -> None:
    """Leave something in every table: two teams, what people typed, effects that wait, are under way and are delivered."""
    await begin(database, *(impact(words) for words in NASTY))
    await begin(database, impact(), action_item(), team="T2")
    await wish(database, OpenRoom(), Tell(), SetTopic(), Announce())
    await deliver(database)
    await claimed(database)
    async with database.write() as tx:
        await documents.keep_document(tx, TEAM, "policy", "abc", "{}")
        await documents.adopt(tx, TEAM, "policy", "abc", START)
        await commands.keep_outcome(tx, TEAM, "key", 1, "{}", START)
        await timers.set_timers(tx, TEAM, 1, {"reminder": after(minutes=10)})
        await _ask_and_sum_up(tx)
        assert await pacing.pace(tx, TEAM, "C1", NOW + 0.1, 1.0, 1) == 0.0


async def _ask_and_sum_up(tx: Transaction) -> None:
    """Somebody wants to hear of a kind of incident, and a summary was posted."""
    await subscriptions.add(tx, TEAM, Standing(person="UALICE", kind=Kind.SEVERITY, value="SEV1"), START)
    assert await summaries.take(tx, TEAM, "#incidents", START, NOW, 60.0)
    await summaries.settle(tx, TEAM, "#incidents", START, "1.1")


async def fill_with_incidents(database: Database) -> list[Incident]:
    """Real incidents: each golden journal to its end and, since what is over waits for little, each until its middle once more;
    with all that each event called for, partly delivered, given up and under way, and all that falls due."""
    policy = read_policy(PLAYBOOKS)
    async with database.write() as tx:
        await documents.keep_document(tx, TEAM, "policy", policy.hash, policy.canonical())
        await documents.adopt(tx, TEAM, "policy", policy.hash, START)
        assert await pacing.pace(tx, TEAM, "C1", NOW, 1.0, 1) == 0.0
        await _ask_and_sum_up(tx)
    recorded = []
    for path in JOURNALS:
        events = golden(path)
        for part in (events, events[: len(events) // 2]):
            recorded.append(await _record(database, part, policy))
    for place in range(40):
        taken = await claimed(database)
        async with database.write() as tx:
            if place % 10 == 9:
                assert await lanes.failed(tx, taken, "is_archived", uncertain=True)
            elif place % 10 < 8:
                assert await lanes.done(tx, taken, {"ts": f"{place}.1"})
    return recorded


def golden(path: Path) -> list[Event]:
    """The events of a golden journal."""
    rows = json.loads(path.read_text(encoding="utf-8"))["events"]
    return [read_event(row["kind"], row["at"], row["actor"], row["data"], row["text"]) for row in rows]


async def _record(database: Database, events: Sequence[Event], policy: Policy) -> Incident:
    """Keep these as the team's next incident, as `Service` does."""
    async with database.write() as tx:
        number = await journal.next_number(tx, TEAM)
        own = [_own(event, number, policy) for event in events]
        incident = await journal.append(tx, None, own, own[-1].at)
        for order, event in enumerate(own, start=1):
            if isinstance(event, TextRedacted):
                incident = await journal.redact(tx, TEAM, number, order, event.entries)
        await lanes.enqueue(tx, TEAM, number, _wished(own, policy), own[-1].at)
        await timers.set_timers(tx, TEAM, number, falls_due(incident, policy))
        await commands.keep_outcome(tx, TEAM, f"key of {number}", number, "{}", own[-1].at)
        return incident


def _own(event: Event, number: int, policy: Policy) -> Event:
    """The event as one of this incident, whose room is its own."""
    if isinstance(event, IncidentDeclared):
        return event.but(team=TEAM, number=number, policy=policy.hash)
    return event.but(channel=f"C{number}") if isinstance(event, RoomOpened) else event


def _wished(events: Sequence[Event], policy: Policy) -> list[tuple[int, Effect]]:
    wishes, state = list[tuple[int, Effect]](), None
    for event in events:
        next_state = evolve(state, event)
        wishes += [(next_state.seq, effect) for effect in effects(event, state, next_state, policy)]
        state = next_state
    return wishes
