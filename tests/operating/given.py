"""What tests of the journal's commands start from: an incident that went all the way, and somebody who gets at its rows."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

from sqlalchemy import Connection, create_engine, delete, insert, make_url, select, update

from bot.clock import RealClock
from bot.core.incident import Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.rooms import BindRoom
from bot.core.vocabulary import fold
from bot.service import POLICY, Service
from bot.store import documents, journal, tables
from bot.store.chain import GENESIS, Entry, entry_hash, text_hash
from bot.store.database import Database
from tests.core import given
from tests.core.given import facts_of, origin
from tests.running import PLAYBOOKS

TEAM = "T1"


def keep_an_incident(url: str) -> None:
    """Walk INC-1 from its declaration to its end, and record it in this database."""
    asyncio.run(_walk(url))


async def _walk(url: str) -> None:
    database = await Database.open(url)
    try:
        async with database.write() as tx:
            await documents.keep_document(tx, TEAM, POLICY, given.POLICY.hash, given.POLICY.canonical())
        service = Service(database, RealClock(), TEAM, given.POLICY, PLAYBOOKS)
        await service.handle(DeclareIncident(origin=origin(), title="Zahlungen schlagen fehl – überall 😱"))
        await service.handle(BindRoom(origin=origin(), channel="C1", name="inc-1"))
        for phase in list(Phase)[:-1]:
            assert phase.next is not None
            await service.handle(AdvancePhase(origin=origin(), to=phase.next, first=facts_of(phase)))
        outcome = await service.handle(CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM)))
        assert outcome.refusal is None
    finally:
        await database.close()


def rewrite(url: str, change: Callable[[list[Entry]], list[Entry]]) -> None:
    """Write the record of INC-1 anew as somebody would who knows how it is made: what `change` makes of its entries, each with its
    hash over the one before, and the incident as they add up to."""
    with by_hand(url) as connection:
        event = tables.event.c
        its = select(tables.event).where(event.incident == 1).order_by(event.seq)
        head, entries = GENESIS, list[Entry]()
        for entry in change([Entry(**row) for row in connection.execute(its).mappings()]):
            typed = text_hash(entry.salt or "", entry.text or "")
            chained = replace(entry, text_hash=typed, prev_hash=head)
            entries.append(replace(chained, hash=entry_hash(chained)))
            head = entries[-1].hash
        state = fold(None, map(journal.read_entry, entries))
        assert state is not None
        row = {"seq": state.seq, "head": head, "snapshot": state.canonical(), **journal.projections(state)}
        connection.execute(delete(tables.event).where(event.incident == 1))
        connection.execute(insert(tables.event), [asdict(entry) for entry in entries])
        connection.execute(update(tables.incident).where(tables.incident.c.number == 1).values(row))


@contextmanager
def open_by_hand(url: str) -> Iterator[Connection]:
    """A connection of somebody who does not go through the bot."""
    address = make_url(url)
    is_postgresql = address.get_backend_name() == "postgresql"
    engine = create_engine(address.set(drivername="postgresql+psycopg") if is_postgresql else address)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@contextmanager
def by_hand(url: str) -> Iterator[Connection]:
    """The same past all protection: triggers and foreign keys are off, and on again afterwards."""
    with open_by_hand(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
        else:
            with _without_triggers(connection):
                yield connection


@contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    """SQLite cannot switch triggers off, only drop them; foreign keys are off unless asked for."""
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
