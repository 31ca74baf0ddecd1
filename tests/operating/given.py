"""What tests of the journal's commands start from: an incident that went all the way, in a database that somebody may get at."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text

from bot.clock import RealClock
from bot.core.lifecycle import AdvancePhase, BindRoom, CloseIncident, DeclareIncident
from bot.core.incident import Phase
from bot.service import POLICY, Service
from bot.store import documents
from bot.store.database import Database
from tests.core.given import POLICY as SMALL_POLICY
from tests.core.given import facts_of, origin

TEAM = "T1"


def keep_an_incident(url: str) -> None:
    """Walk INC-1 from its declaration to its end."""
    asyncio.run(_walk(url))


async def _walk(url: str) -> None:
    database = await Database.open(url)
    try:
        service = Service(database, RealClock(), TEAM, SMALL_POLICY)
        async with database.write() as tx:
            await documents.keep_document(tx, TEAM, POLICY, SMALL_POLICY.hash, SMALL_POLICY.canonical())
        await service.handle(DeclareIncident(origin=origin(), title="Zahlungen schlagen fehl – überall", severity=None))
        await service.handle(BindRoom(origin=origin(), channel="C1", name="inc-1"))
        phase = Phase.DETECTION
        while (to := phase.next) is not None:
            outcome = await service.handle(AdvancePhase(origin=origin(), to=to, first=facts_of(phase)))
            assert outcome.refusal is None
            phase = to
        await service.handle(CloseIncident(origin=origin(), first=facts_of(phase)))
    finally:
        await database.close()
