"""The database fails the bot: its disk is full, somebody else holds it, it is gone. People are told that nothing was recorded, they
repeat it afterwards, and nothing is lost or doubled."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.app import App
from bot.core.notes import NoteAdded
from bot.sandbox import Sandbox
from tests.faults.conftest import LONG
from tests.faults.truth import broken_promises
from tests.running import SOON_SAYS_SO, running, settled
from tests.stories.steps import declares, journal, nothing_can_be_recorded, takes_command

SECONDS = 60.0 if LONG else 2.5
NOT_RECORDED = "Not recorded"

Trouble = Callable[[str], AbstractContextManager[None]]


@contextmanager
def full_disk(database_url: str) -> Iterator[None]:
    """No file of this process can grow any more, as on a disk that is full."""
    path = make_url(database_url).database or ""
    size = max(Path(path + suffix).stat().st_size for suffix in ("", "-wal"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def gone(database_url: str) -> Iterator[None]:
    """PostgreSQL ends every connection to the database, and takes no new one."""
    address = make_url(database_url)
    name = address.database or ""
    others = address.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(others, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


TROUBLES: list[tuple[str, Trouble]] = [
    ("sqlite", full_disk),
    ("sqlite", nothing_can_be_recorded),
    ("postgresql", nothing_can_be_recorded),
    ("postgresql", gone),
]


@pytest.fixture(params=TROUBLES, ids=lambda one: f"{one[0]} {one[1].__name__}")
def troubled(request: pytest.FixtureRequest) -> tuple[str, Trouble]:
    """A database, and what befalls it."""
    kind, trouble = request.param
    return str(request.getfixturevalue(f"{kind}_url")), trouble


@pytest.fixture
async def bot(sandbox: Sandbox, troubled: tuple[str, Trouble]) -> AsyncIterator[App]:
    """Lockstep on that database."""
    async with running(sandbox, troubled[0], SOON_SAYS_SO) as app:
        yield app


async def says_database_is_away(bot: App) -> bool:
    """Whether /readyz would say so."""
    return "database" in await bot.health.missing()


async def test_people_are_told_and_what_they_repeat_afterwards_is_recorded_once(
    sandbox: Sandbox, bot: App, troubled: tuple[str, Trouble]
):
    database_url, trouble = troubled
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await settled(bot, sandbox)
    with trouble(database_url):
        answer = await alice.types("/incident note The release went out at 01:50", in_=room)
        assert answer is not None and answer.error is None and NOT_RECORDED in answer.text
        declared = await bob.types("/incident declare Search is slow", in_="#general")
        assert declared is not None and NOT_RECORDED in declared.text
        await asyncio.sleep(SECONDS)  # how long it lasts, which nothing else stands for
    while NOT_RECORDED in answer.text:
        again = await alice.types("/incident note The release went out at 01:50", in_=room)
        assert again is not None
        answer = again
    assert await declares(sandbox, bob, "Search is slow") == "#inc-2-search-is-slow"
    await settled(bot, sandbox, within=60)
    assert len(await journal(bot, NoteAdded)) == 1
    assert broken_promises(sandbox, database_url) == []


async def test_what_was_on_its_way_to_slack_when_the_database_failed_arrives_once(
    sandbox: Sandbox, bot: App, troubled: tuple[str, Trouble]
):
    database_url, trouble = troubled
    alice = sandbox.person("alice")
    sandbox.faults.delay(0.3)
    await alice.types("/incident declare sev1 Checkout is failing", in_="#general")
    await sandbox.until(lambda: any(channel.startswith("#inc-1") for channel in alice.channels), within=20)
    with trouble(database_url):
        await asyncio.sleep(SECONDS)  # as above
    await sandbox.faults.clear()
    await settled(bot, sandbox, within=60)
    assert broken_promises(sandbox, database_url) == []
