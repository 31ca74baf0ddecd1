"""The bot is killed between any two steps of a delivery. After the next start Slack shows what it would have shown."""

import asyncio
import signal

import pytest

from bot.sandbox import Person, Sandbox
from tests.faults.conftest import recovered, shown, started_mortal
from tests.running import running, settled, workspace

WORDS = "/incident declare sev1 Checkout is failing"


async def undisturbed(database_url: str) -> dict[str, object]:
    """What Slack shows after a declaration with which nothing goes wrong."""
    async with workspace() as sandbox, running(sandbox, database_url) as app:
        await sandbox.person("alice").types(WORDS, in_="#general")
        await settled(app, sandbox)
        return shown(sandbox)


@pytest.mark.parametrize("checkpoint", ["claimed", "sent", "told", "recorded"])
@pytest.mark.parametrize("times", [1, 3])
async def test_after_a_kill_every_effect_has_come_true_once(
    sandbox: Sandbox, database_url: str, sqlite_url: str, checkpoint: str, times: int
):
    expected = await undisturbed(sqlite_url.replace("lockstep.db", "undisturbed.db"))
    process = await started_mortal(sandbox, database_url, checkpoint, times)
    alice: Person = sandbox.person("alice")
    await alice.types(WORDS, in_="#general")
    async with asyncio.timeout(20):
        assert await process.wait() == -signal.SIGKILL
    async with recovered(sandbox, database_url) as app:
        assert shown(sandbox) == expected
        kinds = [type(one.event).__name__ for one in await app.service.timeline(1, viewer=alice.id)]
        assert kinds.count("RoomOpened") == 1
        assert kinds.count("UpdateSent") == kinds.count("UpdateIssued") == 3


async def test_a_kill_after_a_post_whose_answer_was_lost_repeats_nothing(
    sandbox: Sandbox, database_url: str, sqlite_url: str
):
    expected = await undisturbed(sqlite_url.replace("lockstep.db", "undisturbed.db"))
    sandbox.faults.lose_answer("chat.postMessage", times=3)
    sandbox.faults.lose_answer("conversations.create")
    process = await started_mortal(sandbox, database_url, "sent", 4)
    await sandbox.person("alice").types(WORDS, in_="#general")
    async with asyncio.timeout(20):
        assert await process.wait() == -signal.SIGKILL
    async with recovered(sandbox, database_url):
        assert shown(sandbox) == expected
