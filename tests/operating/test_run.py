"""`lockstep run`: it starts, waits for what is out of reach, says in one line what is wrong, and stops when told."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import make_url

from bot.sandbox import Sandbox
from tests.operating.health import Health
from tests.operating.process import ended, free_port, lockstep, settings_of
from tests.running import PLAYBOOKS, running, workspace


async def test_it_serves_says_that_it_is_ready_and_ends_with_0_at_sigterm(
    sandbox: Sandbox, http: aiohttp.ClientSession, tmp_path: Path
):
    health = Health(http, port := free_port())
    settings = settings_of(sandbox, tmp_path, LOCKSTEP_PORT=str(port))
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await bot.says("Lockstep is ready")
        assert await health.alive() == 200
        assert await health.ready() == (200, {"ready": True, "waiting_for": {}, "warnings": {}})
        answer = await sandbox.person("alice").types("/incident declare Checkout is failing", in_="#general")
        assert answer is not None and "INC-1" in answer.text
        assert await bot.stops() == 0
    assert len(bot.said) == 1, bot.text
    assert await health.alive() is None


@pytest.mark.parametrize(
    ("setting", "token"), [("SLACK_BOT_TOKEN", "xoxb-revoked"), ("SLACK_APP_TOKEN", "xapp-revoked")]
)
async def test_a_token_that_slack_refuses_is_one_line_and_exit_code_2(
    sandbox: Sandbox, tmp_path: Path, setting: str, token: str
):
    code, words = await ended("run", folder=tmp_path, **settings_of(sandbox, tmp_path, **{setting: token}))
    assert (code, words) == (2, f"lockstep: {setting}: Slack refuses it (invalid_auth). Copy it again.")


async def test_a_port_that_is_taken_is_one_line_and_exit_code_2(sandbox: Sandbox, tmp_path: Path):
    taken = sandbox.url.rpartition(":")[2]
    code, words = await ended("run", folder=tmp_path, **settings_of(sandbox, tmp_path, LOCKSTEP_PORT=taken))
    assert code == 2
    assert words.startswith(f"lockstep: LOCKSTEP_HOST, LOCKSTEP_PORT: cannot listen on 127.0.0.1:{taken}, ")
    assert "\n" not in words


async def test_a_journal_without_its_triggers_is_one_line_and_exit_code_2(
    sandbox: Sandbox, tmp_path: Path, sqlite_url: str
):
    with sqlite3.connect(make_url(sqlite_url).database or "") as connection:
        connection.execute("DROP TRIGGER event_no_update")
    connection.close()
    code, words = await ended("run", folder=tmp_path, **settings_of(sandbox, tmp_path, DATABASE_URL=sqlite_url))
    assert code == 2
    assert words.startswith("lockstep: The journal is not protected: table event lacks event_no_update.")
    assert "\n" not in words


@pytest.mark.parametrize("command", ["run", "audit"])
async def test_a_database_that_a_newer_version_has_changed_is_one_line_and_exit_code_2(
    sandbox: Sandbox, tmp_path: Path, sqlite_url: str, command: str
):
    with sqlite3.connect(make_url(sqlite_url).database or "") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    code, words = await ended(command, folder=tmp_path, **settings_of(sandbox, tmp_path, DATABASE_URL=sqlite_url))
    assert code == 2
    assert words.startswith(
        "lockstep: The database has tables of revision 9999, and this version of Lockstep knows them"
    )
    assert "\n" not in words


async def test_a_file_that_is_no_database_is_one_line_and_exit_code_2(sandbox: Sandbox, tmp_path: Path):
    (tmp_path / "lockstep.db").write_text("Not a database, but long enough to be taken for one. " * 20)
    code, words = await ended("run", folder=tmp_path, **settings_of(sandbox, tmp_path))
    assert code == 2
    assert words.startswith("lockstep: DATABASE_URL does not work: ")
    assert "\n" not in words


def spoil(playbooks: Path) -> str:
    """Make the policy one that cannot be used; returns where it is wrong."""
    policy = playbooks / "policy.yml"
    lines = policy.read_text(encoding="utf-8").splitlines()
    row = next(row for row, line in enumerate(lines) if "then_every_minutes: 15" in line)
    column = lines[row].index("15")
    lines[row] = lines[row].replace("15", "soon")
    policy.write_text("\n".join(lines), encoding="utf-8")
    return f"{policy}:{row + 1}:{column + 1}: "


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """Playbooks of the operator's own, as good as ours."""
    return Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))


async def test_a_policy_that_cannot_be_used_is_one_line_and_exit_code_2(
    sandbox: Sandbox, tmp_path: Path, playbooks: Path
):
    where = spoil(playbooks)
    settings = settings_of(sandbox, tmp_path, LOCKSTEP_PLAYBOOKS=str(playbooks))
    code, words = await ended("run", folder=tmp_path, **settings)
    assert code == 2
    assert words.startswith(f"lockstep: {where}")
    assert "\n" not in words


async def test_with_an_earlier_policy_a_bad_one_is_reported_everywhere_and_the_earlier_one_goes_on(
    sandbox: Sandbox, http: aiohttp.ClientSession, tmp_path: Path, playbooks: Path
):
    health = Health(http, port := free_port())
    settings = settings_of(sandbox, tmp_path, LOCKSTEP_PLAYBOOKS=str(playbooks), LOCKSTEP_PORT=str(port))
    async with running(sandbox, settings["DATABASE_URL"], lockstep_playbooks=playbooks):
        pass
    where = spoil(playbooks)
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await bot.says("Lockstep is ready")
        assert where in await bot.says("running on with the last that could")
        status, words = await health.ready()
        assert status == 200
        assert where in words["warnings"]["policy"]
        alice = sandbox.person("alice")
        told = await alice.sees("runs on with the previous policy", in_="#incidents")
        assert "policy.yml" in told.text
        await alice.types("/incident declare sev1 Checkout is failing", in_="#general")
        await sandbox.person("carol").sees("We are looking into a report", in_="#exec-updates")
        assert await bot.stops() == 0


async def test_slack_out_of_reach_at_the_start_is_one_line_and_waited_for(http: aiohttp.ClientSession, tmp_path: Path):
    health = Health(http, port := free_port())
    async with workspace() as sandbox:  # it is there and gone again: its address stays
        settings = settings_of(sandbox, tmp_path, LOCKSTEP_PORT=str(port))
        address = int(sandbox.url.rpartition(":")[2])
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await bot.says("slack is out of reach")
        await health.waits_for("slack")
        async with workspace(port=address) as sandbox:
            await health.becomes_ready()
            answer = await sandbox.person("alice").types("/incident list", in_="#general")
            assert answer is not None and answer.error is None
            assert await bot.stops() == 0
    assert len(bot.said) == 2, bot.text


async def test_it_can_be_stopped_while_it_waits_for_slack(tmp_path: Path):
    async with workspace() as sandbox:
        settings = settings_of(sandbox, tmp_path)
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await bot.says("slack is out of reach")
        assert await bot.stops() == 0
    assert len(bot.said) == 1, bot.text


@asynccontextmanager
async def reachable(server: str, port: int) -> AsyncIterator[None]:
    """Let a PostgreSQL server that listens on a socket file only be reached on a port too."""

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(server)
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async with await asyncio.start_server(join, "127.0.0.1", port):
        yield


async def test_a_database_out_of_reach_at_the_start_is_one_line_and_waited_for(
    sandbox: Sandbox, http: aiohttp.ClientSession, tmp_path: Path, postgresql_url: str
):
    server = make_url(postgresql_url)
    health, database_port = Health(http, port := free_port()), free_port()
    elsewhere = f"postgresql://{server.username}@127.0.0.1:{database_port}/{server.database}"
    settings = settings_of(sandbox, tmp_path, LOCKSTEP_PORT=str(port), DATABASE_URL=elsewhere)
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await bot.says("database is out of reach")
        await health.waits_for("database")
        async with reachable(f"{server.query['host']}/.s.PGSQL.{server.port or 5432}", database_port):
            await health.becomes_ready()
            assert await bot.stops() == 0
    assert len(bot.said) == 2, bot.text


async def test_with_lockstep_log_json_every_line_is_a_json_object(tmp_path: Path):
    async with workspace() as sandbox:
        settings = settings_of(sandbox, tmp_path, LOCKSTEP_LOG="json")
        async with lockstep("run", folder=tmp_path, **settings) as bot:
            await bot.says("Lockstep is ready")
            assert await bot.stops() == 0
    said = [json.loads(line) for line in bot.said]
    assert [(line["level"], line["event"]) for line in said] == [("info", "Lockstep is ready")]
    assert said[0]["timestamp"].endswith("Z")
