"""`lockstep sandbox`: a workspace and the bot in it with one command, and nothing left of them afterwards, unless they are kept."""

import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.calling.servers import says, serving
from tests.operating.page import Page
from tests.operating.process import Lockstep, ended, free_port, lockstep
from tests.running import PLAYBOOKS, playbooks_with


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the operator stands: beside the playbooks."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "playbooks").symlink_to(PLAYBOOKS)
    return folder


@asynccontextmanager
async def sandbox(
    folder: Path, *options: str, port: int = 0, **environment: str
) -> AsyncIterator[tuple[Lockstep, str]]:
    """`lockstep sandbox`, and the address that it printed. Ctrl-C ends it, with 0."""
    async with lockstep("sandbox", "--port", str(port), *options, folder=folder, **environment) as started:
        line = await started.says("Lockstep is ready: ")
        yield started, line.partition(": ")[2]
        assert await started.stops(signal.SIGINT) == 0


async def test_a_port_that_is_taken_means_the_next_free_one(folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with sandbox(folder, port=port) as (_, address):
            assert port < int(address.rpartition(":")[2]) <= port + 50


async def test_it_prints_the_address_of_its_page_and_ctrl_c_ends_it_with_0_and_leaves_nothing_behind(
    folder: Path, tmp_path: Path, http: aiohttp.ClientSession
):
    (tmp_path / "tmp").mkdir()
    port = free_port()
    async with sandbox(folder, port=port, TMPDIR=str(tmp_path / "tmp")) as (started, address):
        assert address == f"http://127.0.0.1:{port}"
        async with http.get(address) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        alice = Page(http, address, "alice")
        await alice.say("/incident declare Checkout is failing", in_="general")
        async with http.get(f"{address}/page/events", params={"user": "anyone"}):  # a browser that stays open
            assert await started.stops(signal.SIGINT) == 0
    assert "Traceback" not in started.text
    assert started.said[-1] == ""  # nothing after the welcome
    assert os.listdir(tmp_path / "tmp") == []
    assert os.listdir(folder) == ["playbooks"]
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_the_settings_of_a_real_bot_do_not_count(folder: Path):
    (folder / ".env").write_text('SLACK_BOT_TOKEN="xoxb-real"\nLOCKSTEP_LOG="loud"\n')
    settings = {"LOCKSTEP_PLAYBOOKS": "elsewhere", "LOCKSTEP_HOST": "no such host", "DATABASE_URL": "sqlite:///real.db"}
    async with sandbox(folder, port=free_port(), **settings):
        pass
    assert not (folder / "real.db").exists()


CALLS = """
id: calling
title: Call
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: One call.
takes_minutes: 5
defaults: {role: operations lead, timeout_minutes: 60, on_failure: bad, on_timeout: bad}
start: call
steps:
  call:
    kind: http
    title: Call it
    call: {method: POST, url: "http://127.0.0.1:PORT/x", headers: {Authorization: "Bearer ${secret:TRY}"}}
    on_success: good
  good: {kind: stop, title: Good, outcome: done, reason: It was called.}
  bad: {kind: stop, title: Bad, outcome: stopped, reason: It was not called.}
"""


async def test_a_newcomer_tries_a_playbook_that_calls_with_a_secret_of_the_environment(
    tmp_path: Path, http: aiohttp.ClientSession
):
    (tmp_path / ".env").write_text('LOCKSTEP_SECRET__TRY="production"\n')
    async with serving(says(200)) as server:
        host = f"may_call: [{{host: 127.0.0.1, port: {server.port}, internal: true, secrets: [TRY]}}]"
        policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").replace("may_call: []", host)
        playbooks_with(policy, tmp_path / "playbooks")
        written = CALLS.replace("PORT", str(server.port))
        (tmp_path / "playbooks" / "runbooks" / "calling.yml").write_text(written, encoding="utf-8")
        async with sandbox(tmp_path, LOCKSTEP_SECRET__TRY="practice") as (_, address):
            alice = Page(http, address, "alice")
            await alice.say("/incident declare Checkout is failing", in_="general")
            room = await alice.room(1)
            await alice.say("/incident playbook calling", in_=room)
            await alice.sees("It was called.", in_=room)
        assert "Authorization: Bearer practice" in server.lines()


async def test_a_prometheus_that_is_none_is_said_before_anything_starts(folder: Path):
    code, words = await ended("sandbox", "--port", "0", folder=folder, LOCKSTEP_PROMETHEUS_URL="prometheus")
    assert code == 2 and words.startswith("lockstep: LOCKSTEP_PROMETHEUS_URL: it must be an address")


async def test_keep_keeps_the_workspace_and_the_incidents_for_the_next_start(folder: Path, http: aiohttp.ClientSession):
    async with sandbox(folder, "--keep") as (_, address):
        alice = Page(http, address, "alice")
        await alice.say("/incident declare Checkout is failing", in_="general")
        room = await alice.room(1)
    async with sandbox(folder, "--keep") as (_, address):
        alice = Page(http, address, "alice")
        assert await alice.room(1) == room
        await alice.sees("Checkout is failing", in_=room)
        await alice.say("/incident commander", in_=room)
        await alice.sees("You are incident commander of INC-1", in_=room)
        await alice.say("/incident declare Search is slow", in_="general")
        assert await alice.room(2) == "inc-2-search-is-slow"
    code, words = await ended("audit", folder=folder, DATABASE_URL="sqlite:///.lockstep/lockstep.db")
    assert (code, words.partition(":")[0]) == (0, "2 incidents"), words


async def test_a_kept_workspace_that_cannot_be_read_is_one_line_and_exit_code_2(folder: Path):
    (folder / ".lockstep").mkdir()
    (folder / ".lockstep" / "workspace.json").write_text("{")
    code, words = await ended("sandbox", "--keep", "--port", "0", folder=folder)
    assert code == 2
    assert words.startswith("lockstep: .lockstep/workspace.json does not hold a workspace")
    assert "\n" not in words


async def test_at_speed_60_an_update_due_in_15_minutes_comes_after_15_seconds(
    folder: Path, http: aiohttp.ClientSession
):
    async with sandbox(folder, "--speed", "60") as (started, address):
        await started.says("Time runs 60 times faster.")
        dave, told = Page(http, address, "dave"), "We are looking into a report"
        await dave.say("/incident declare sev1 Checkout is failing", in_="general")
        first, *_ = await dave.sees_all(told, count=1, in_="support-updates", within=10.0)
        since = time.monotonic()
        [second] = await dave.sees_all("No change since the last update", count=1, in_="support-updates", within=30.0)
        assert 10 < time.monotonic() - since < 25
        assert 10 * 60 < float(second["ts"]) - float(first["ts"]) < 25 * 60
