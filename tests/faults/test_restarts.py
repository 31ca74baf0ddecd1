"""The bot is told to stop, and another takes over: what is in flight ends, the rest waits, and nobody clicks in vain."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from bot.core.facts import TitleChanged
from bot.sandbox import Sandbox
from bot.store import lanes, tables
from bot.store.database import Database
from tests.faults.an_incident import Stage, declares, play
from tests.faults.conftest import LONG
from tests.faults.truth import broken_promises
from tests.operating.process import Lockstep, lockstep, settings_of
from tests.running import running, settled

RESTARTS = 3
BREATH_SECONDS = 0.05 if LONG else 0.25


@asynccontextmanager
async def a_ready_bot(sandbox: Sandbox, folder: Path, database_url: str) -> AsyncIterator[Lockstep]:
    """`lockstep run`, ready."""
    async with lockstep("run", folder=folder, **settings_of(sandbox, folder, DATABASE_URL=database_url)) as bot:
        await bot.says("Lockstep is ready")
        yield bot


async def test_a_rolling_restart_loses_no_click(sandbox: Sandbox, postgresql_url: str, tmp_path: Path):
    database = await Database.open(postgresql_url)
    alice, scene, errors = sandbox.person("alice"), Stage(sandbox, database), list[str | None]()

    async def corrects() -> None:
        while True:
            answer = await alice.types(f"/incident title Title {len(errors)}", in_=scene.room)
            errors.append(answer.error if answer else "nothing")
            await asyncio.sleep(BREATH_SECONDS)

    async with AsyncExitStack() as stack:
        old = await stack.enter_async_context(a_ready_bot(sandbox, tmp_path, postgresql_url))
        await play(scene, [declares()])
        correcting = asyncio.create_task(corrects())
        for _ in range(RESTARTS):
            new = await stack.enter_async_context(a_ready_bot(sandbox, tmp_path, postgresql_url))
            assert await old.stops() == 0
            old = new
        corrected = len(errors)
        correcting.cancel()
        await scene.settles()
        assert errors[:corrected] == [None] * corrected
        record = await scene.record()
        titles = [event.title for event in record.events if isinstance(event, TitleChanged)]
        assert titles[:corrected] == [f"Title {number}" for number in range(corrected)]
        assert broken_promises(sandbox, postgresql_url) == []
    await database.close()


async def test_what_is_in_flight_at_sigterm_ends_and_the_rest_waits_for_the_next_start(
    sandbox: Sandbox, database_url: str, tmp_path: Path
):
    database = await Database.open(database_url)
    async with a_ready_bot(sandbox, tmp_path, database_url) as bot:
        sandbox.faults.delay(1.5, "chat.postMessage")
        await sandbox.person("alice").types("/incident declare sev1 Checkout is failing", in_="#general")
        await sandbox.until(lambda: bool(sandbox.calls.of("chat.postMessage")), within=20)
        assert await bot.stops() == 0
    async with database.read() as tx:
        left = await lanes.counts(tx)
        held = await tx.execute(select(tables.lane.c.name).where(tables.lane.c.owner.is_not(None)))
        assert left.waiting > 0
        assert held.scalars().all() == [], "what was begun is ended and recorded"
    await database.close()
    await sandbox.faults.clear()
    async with running(sandbox, database_url) as app:
        await settled(app, sandbox)
        assert broken_promises(sandbox, database_url) == []
