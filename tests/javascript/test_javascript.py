"""Slack's own JavaScript, Bolt and the Web API client, unmodified: an app in app.js, and people who use it."""

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.sandbox import Command, Person, Sandbox

HERE = Path(__file__).parent
INSTALL_SECONDS = 300
START_SECONDS = 30
COMPLAINTS = ("[ERROR]", "failed:")


@pytest.fixture(scope="session")
def node() -> str:
    """Where Node is. Without it the test is skipped, or fails where LOCKSTEP_TEST_REQUIRE asks for it."""
    found = shutil.which("node") if shutil.which("npm") else None
    if found is None and "node" in os.environ.get("LOCKSTEP_TEST_REQUIRE", "").split(","):
        pytest.fail("No node and npm are installed, and LOCKSTEP_TEST_REQUIRE asks for node.")
    if found is None:
        pytest.skip("No node and npm are installed, so Slack's JavaScript packages are not tested.")
    return found


@pytest.fixture(scope="session")
def packages(node: str) -> None:
    """The packages of the lock, in node_modules beside it; installed once, whoever comes first."""
    installed = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    with (HERE / ".installing").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True, timeout=INSTALL_SECONDS)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace in which an app with the command /report is installed."""
    async with Sandbox() as sandbox:
        sandbox.workspace.app.commands = (Command(command="/report"),)
        yield sandbox


@pytest.fixture
async def app(node: str, packages: None, sandbox: Sandbox) -> AsyncIterator[asyncio.subprocess.Process]:
    """app.js, connected to the workspace. What it complains of fails the test."""
    environment = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
    }
    process = await asyncio.create_subprocess_exec(
        node, HERE / "app.js", env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(START_SECONDS):
            while "connected" not in said and (line := await process.stdout.readline()):
                said.append(line.decode().rstrip())
        assert "connected" in said, said
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        said += (await process.stdout.read()).decode().splitlines()
        await process.wait()
    assert [line for line in said if line.startswith(COMPLAINTS)] == []


@pytest.fixture
def alice(sandbox: Sandbox, app: asyncio.subprocess.Process) -> Person:
    """Somebody who uses the app."""
    return sandbox.person("alice")


async def report(alice: Person, title: str) -> None:
    """Send the form with this title."""
    await alice.types("/report", in_="#general")
    await alice.gets_form("Report")
    await alice.fills({"What is wrong?": title})
    assert await alice.submits() == {}


async def test_a_command_opens_a_form_and_what_is_sent_is_posted(sandbox: Sandbox, alice: Person):
    await report(alice, "Checkout is failing")
    seen = await alice.sees("Report: Checkout is failing", in_="#general")
    assert seen.raw["bot_id"] == sandbox.workspace.app.bot_id


async def test_a_form_that_says_too_little_is_refused(alice: Person):
    await alice.types("/report", in_="#general")
    await alice.gets_form("Report")
    await alice.fills({"What is wrong?": "?"})
    assert await alice.submits() == {"What is wrong?": "Please say more."}


async def test_a_button_edits_the_message_and_uploads_a_file_into_its_thread(alice: Person):
    await report(alice, "Checkout is failing")
    seen = await alice.sees("Report: Checkout is failing", in_="#general")
    await alice.presses("Solved", on=seen)
    solved = await alice.sees("Solved: Checkout is failing", in_="#general")
    assert solved.ts == seen.ts
    shared = await alice.sees("report.txt", in_="#general")
    assert shared.thread_ts == seen.ts
    [file] = shared.raw["files"]
    assert (file["name"], file["title"], file["size"]) == (
        "report.txt",
        "The report",
        len("Checkout is failing\nSolved by alice\n"),
    )


async def test_it_waits_as_long_as_a_rate_limit_says(sandbox: Sandbox, alice: Person):
    sandbox.faults.limit("chat.postMessage", retry_after=1)
    await report(alice, "Checkout is failing")
    await alice.sees("Report: Checkout is failing", in_="#general", within=10)
    first, second = sandbox.calls.of("chat.postMessage")
    assert (first.outcome, second.outcome) == ("429", "ok")
    assert second.started - first.started >= 1


async def test_it_comes_back_when_its_socket_is_to_go(sandbox: Sandbox, alice: Person):
    [before] = sandbox.hub.open
    await sandbox.hub.disconnect("refresh_requested")
    await sandbox.hub.traffic.until(lambda: sandbox.hub.open and before not in sandbox.hub.open, within=15)
    await report(alice, "Checkout is failing")
    await alice.sees("Report: Checkout is failing", in_="#general")


def test_the_lock_records_no_addresses():
    lock = json.loads((HERE / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
    assert "registry=" not in (HERE / ".npmrc").read_text()
