"""The clock is set: back by an hour, ahead by a day. People go on, what waits goes out, nothing is lost or doubled."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.core.notes import NoteAdded
from bot.core.roles import RoleTaken
from bot.core.router.promises import UpdateSent
from bot.sandbox import Sandbox
from bot.store.database import Database
from tests.faults.an_incident import Act, Stage, play, presses, types
from tests.faults.an_incident import declares as declared
from tests.faults.truth import broken_promises
from tests.operating.process import lockstep, settings_of
from tests.running import running, settled, until
from tests.stories.steps import declares, journal, takes_command

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize("by", [-HOUR, DAY], ids=["an hour back", "a day ahead"])
async def test_the_time_that_people_read_jumps(sandbox: Sandbox, database_url: str, by: float):
    async with running(sandbox, database_url) as bot:
        alice = sandbox.person("alice")
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await takes_command(alice, room)
        await settled(bot, sandbox)
        told = len(await journal(bot, UpdateSent))
        then = sandbox.clock.epoch() + by
        sandbox.clock.set_epoch(then)
        await until(lambda: asyncio.sleep(0, abs(bot.clock.now().timestamp() - then) < 60))
        await settled(bot, sandbox)
        await alice.types("/incident impact Customers cannot pay by card.", in_=room)
        await alice.types("/incident note The release went out at 01:50", in_=room)
        await alice.sees("The release went out", in_=room)
        await settled(bot, sandbox)
        audiences = len({event.audience for event in await journal(bot, UpdateSent)})
        late = len(await journal(bot, UpdateSent)) - told
        assert late == (audiences if by > 0 else 0)  # one update that is late, not ninety-six
        sandbox.clock.advance(2 * HOUR)
        await alice.sees("Customers cannot pay by card.", in_="#exec-updates")
        await settled(bot, sandbox)
        assert broken_promises(sandbox, database_url) == []


def faked_clock() -> str:
    """The library that sets a clock for one process alone (Debian's libfaketime). Without it the test is skipped, or fails where
    LOCKSTEP_TEST_REQUIRE asks for a clock."""
    listed = (
        subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, text=True) if shutil.which("dpkg") else None
    )
    found = next(
        (line for line in (listed.stdout.splitlines() if listed else ()) if line.endswith("faketime.so.1")), None
    )
    if found is None and "clock" in os.environ.get("LOCKSTEP_TEST_REQUIRE", "").split(","):
        pytest.fail("Debian's faketime is not installed, and LOCKSTEP_TEST_REQUIRE asks for a clock.")
    if found is None:
        pytest.skip("Setting a process's clock takes Debian's faketime.")
    return found


@pytest.mark.parametrize("by", [-HOUR, DAY], ids=["an hour back", "a day ahead"])
async def test_the_clock_of_the_machine_is_set(sandbox: Sandbox, sqlite_url: str, tmp_path: Path, by: float):
    setting = tmp_path / "clock"
    setting.write_text("+0")
    settings = settings_of(
        sandbox,
        tmp_path,
        DATABASE_URL=sqlite_url,
        LD_PRELOAD=faked_clock(),
        FAKETIME_TIMESTAMP_FILE=str(setting),
        FAKETIME_CACHE_DURATION="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    database = await Database.open(sqlite_url)
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await bot.says("Lockstep is ready")
        sandbox.workspace.changes.patience = 4.0
        sandbox.faults.limit("chat.update", retry_after=2)
        scene = Stage(sandbox, database)
        await play(scene, [declared()])
        sandbox.faults.lose_answer("chat.postMessage", times=2)
        setting.write_text(f"{by:+.0f}")
        await play(
            scene, [Act("command", presses("alice", "I'm incident commander"), lambda record: record.holds(RoleTaken))]
        )
        sandbox.faults.lose_answer("chat.postMessage", times=2)
        await play(scene, [noted(number) for number in range(5)])  # more than a burst, at the pace of production
        await bot.says("the machine's clock was set")
        assert await bot.stops() == 0
    await database.close()
    assert broken_promises(sandbox, sqlite_url) == []


def noted(number: int) -> Act:
    """Alice writes one more note."""
    text = f"The release went out in region {number}"
    return Act(
        text,
        types("alice", f"/incident note {text}"),
        lambda record: any(isinstance(event, NoteAdded) and event.text == text for event in record.events),
    )
