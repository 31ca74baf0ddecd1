"""What operators are told and given: every command, setting, file and log line in it is the code's own, and its commands work."""

import ast
import asyncio
import os
import re
import shlex
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import typer
from sqlalchemy import make_url

from bot.cli import cli
from bot.outbox import FINISH_SECONDS
from bot.sandbox import Sandbox
from bot.settings import GivenSettings, Settings
from bot.slack.sockets import CLOSE_SECONDS, DRAIN_SECONDS
from bot.web import Health, Web
from tests.operating.given import keep_an_incident
from tests.operating.process import ended, free_port
from tests.running import running, settled

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "lockstep.service").read_text(encoding="utf-8")
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
WORDS = ["README.md", "docs/running.md", "deploy/lockstep.service", "deploy/Containerfile"]
COMMANDS = set(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]
SETTINGS = {name.upper() for name in Settings.model_fields}
TOKENS = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
STATE = "/var/lib"
"""What systemd puts for %S."""
LOGGED = {"info", "warning", "error", "exception"}


def code_in(markdown: str) -> str:
    """What stands between fences, is indented by four or between backticks, a line for each."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", markdown, flags=re.M | re.S)
    rest = re.sub(r"^```.*?^```", "", markdown, flags=re.M | re.S)
    return "\n".join(fenced + re.findall(r"^    (.*)$", rest, flags=re.M) + re.findall(r"`([^`\n]+)`", rest))


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions, each with its arguments on one line."""
    lines = re.sub(r"^#.*\n", "", CONTAINERFILE, flags=re.M).replace("\\\n", " ").splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines if line.strip())]


def given(name: str) -> list[str]:
    """The arguments of every instruction of this name."""
    return [rest for instruction, rest in instructions() if instruction == name]


def unit() -> dict[str, list[str]]:
    """What the unit says in its [Service], by key."""
    service = UNIT.partition("[Service]\n")[2].partition("\n[")[0]
    found: dict[str, list[str]] = {}
    for line in service.splitlines():
        key, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def settings_of(assignments: list[str]) -> Settings:
    """The settings of a bot that is started with these."""
    pairs = (assignment.split("=", 1) for assignment in assignments)
    named = {name.lower(): value.replace("%S", STATE) for name, value in pairs}
    assert named.keys() <= Settings.model_fields.keys()
    return GivenSettings.model_validate(TOKENS | named)


@pytest.mark.parametrize("file", WORDS)
def test_every_command_and_every_setting_that_they_name_exists(file: str):
    text = (ROOT / file).read_text(encoding="utf-8")
    code = code_in(text) if file.endswith(".md") else text.replace('", "', " ").replace('"', "")
    named = set(re.findall(r"(?:^|[ /\[])lockstep[ \t]+([a-z]+(?:-[a-z]+)*)", code, flags=re.M))
    assert named and named <= COMMANDS, named - COMMANDS
    variables = {name.partition("__")[0] for name in re.findall(r"\b(?:LOCKSTEP|SLACK|DATABASE)_[A-Z_]+\b", text)}
    assert variables and variables <= SETTINGS, variables - SETTINGS


def test_every_file_that_the_page_names_is_in_the_project():
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert len(links) >= 3
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []
    named = re.findall(r"(?<![\w/])(?:(?:playbooks|deploy)/[\w.]+|requirements[\w.-]*)", code_in(PAGE))
    assert {"requirements.txt", "playbooks/policy.yml", "deploy/lockstep.service", "deploy/Containerfile"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []


# The unit


def test_the_unit_starts_what_the_page_installs_as_the_user_that_it_makes():
    program, command = unit()["ExecStart"][0].split()
    venv = Path(program).parent.parent
    assert (Path(program).name, command) == ("lockstep", "run")
    assert f"python3 -m venv {venv}\n{venv}/bin/pip install --require-hashes -r requirements.txt\n" in PAGE
    assert f"install -m 600 /dev/null {unit()['EnvironmentFile'][0]}\n" in PAGE
    assert re.search(rf"useradd .* {unit()['User'][0]}\n", PAGE)


def test_the_unit_lets_the_bot_write_its_database_and_nothing_else():
    settings = settings_of(unit()["Environment"])
    folder = f"{STATE}/{unit()['StateDirectory'][0]}"
    assert settings.database_url == f"sqlite:///{folder}/lockstep.db"
    assert unit()["ProtectSystem"] == ["strict"] and "ReadWritePaths" not in unit()
    assert unit()["NoNewPrivileges"] == ["yes"] and unit()["StateDirectoryMode"] == ["0700"]
    assert f"playbooks/policy.yml {settings.lockstep_playbooks}/policy.yml\n" in PAGE


def test_the_unit_gives_a_stop_more_time_than_the_bot_takes_and_so_does_the_container():
    longest = DRAIN_SECONDS + CLOSE_SECONDS + FINISH_SECONDS
    assert float(unit()["TimeoutStopSec"][0]) > longest + 5
    assert float(re.findall(r"--stop-timeout (\d+)", PAGE)[0]) > longest + 5


async def test_the_unit_does_not_start_a_bot_again_that_only_a_person_can_mend(tmp_path: Path):
    code, words = await ended("run", folder=tmp_path)
    assert "SLACK_BOT_TOKEN" in words
    assert unit()["RestartPreventExitStatus"] == [str(code)]
    assert unit()["Restart"] == ["on-failure"]


# The Containerfile


def test_the_container_is_made_of_what_a_wheel_is_made_of_and_of_no_secret():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    copied = {name for rest in given("COPY") for name in rest.split()[:-1]}
    assert copied == {"requirements.txt", "pyproject.toml", project["readme"], "LICENSE", "bot"}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert "SLACK_" not in CONTAINERFILE and not given("ADD")
    assert given("RUN")[:2] == [
        "pip install --no-cache-dir --require-hashes -r requirements.txt",
        "pip install --no-cache-dir --no-deps .",
    ]


def test_the_container_runs_the_bot_as_nobody_in_particular_and_serves_on_the_port_it_names():
    settings = settings_of(given("ENV")[0].split())
    folder = given("VOLUME")[0]
    assert (given("WORKDIR")[-1], settings.database_url) == (folder, f"sqlite:///{folder}/lockstep.db")
    assert f"-v lockstep:{folder}" in PAGE and f":{settings.lockstep_playbooks}:ro" in PAGE
    assert settings.lockstep_host == "0.0.0.0"
    assert given("EXPOSE") == [str(settings.lockstep_port)] and f":{settings.lockstep_port} \\\n" in PAGE
    assert int(given("USER")[-1]) >= 1000 and f"--uid {given('USER')[-1]} " in CONTAINERFILE
    assert given("CMD") == ['["lockstep", "run"]']


async def test_its_health_check_is_content_with_a_bot_that_lives_and_with_nothing_else():
    command: list[str] = ast.literal_eval(given("HEALTHCHECK")[0].partition(" CMD ")[2])
    assert command[:2] == ["python", "-c"]

    async def check(port: int) -> int:
        environment = {**os.environ, "LOCKSTEP_PORT": str(port), "http_proxy": "http://127.0.0.1:1"}
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(sys.executable, *command[1:], env=environment, stderr=quiet)
        return await process.wait()

    async with Web("127.0.0.1", 0, Health()) as web:
        assert await check(web.port) == 0
    assert await check(free_port()) != 0


# What to watch


def sentences(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every call `log.…(words)` in this code: how it is logged, and a pattern of its words."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[first, *_]) if (
                level in LOGGED
            ):
                parts = first.values if isinstance(first, ast.JoinedStr) else [first]
                yield level, "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)


def test_the_page_explains_every_warning_and_error_that_the_bot_logs_and_no_other():
    sources = [path for path in (ROOT / "bot").rglob("*.py") if "sandbox" not in path.parts]
    logged = {found for path in sources for found in sentences(ast.parse(path.read_text(encoding="utf-8")))}
    explained = set(re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, flags=re.M))))
    troubles = {pattern for level, pattern in logged if level != "info"}
    assert len(troubles) > 10
    assert {pattern for pattern in troubles if not any(re.fullmatch(pattern, words) for words in explained)} == set()
    ends_with = {"The journal is not protected"}
    patterns = {pattern for _, pattern in logged}
    assert {words for words in explained if not any(re.fullmatch(p, words) for p in patterns)} == ends_with


# Backups, by the page's own commands


def on_the_page(start: str) -> str:
    """The page's one command that begins so, with the lines that belong to it."""
    lines = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, flags=re.M | re.S))
    found = re.findall(rf'^{re.escape(start)}(?:[^\n"\\]|"[^"]*"|\\\n)*', lines, flags=re.M)
    assert len(found) == 1, found
    return str(found[0])


async def run(command: str, folder: Path, **environment: str) -> None:
    """Run a command as an operator does; AssertionError shows what it says if it fails."""
    process = await asyncio.create_subprocess_shell(
        command, cwd=folder, env=os.environ | environment, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, f"{command}\n{said.decode()}"


async def test_a_backup_of_a_running_bot_on_sqlite_is_whole(sandbox: Sandbox, sqlite_url: str, tmp_path: Path):
    file, folder = str(make_url(sqlite_url).database), tmp_path / "backups"
    folder.mkdir()
    command = on_the_page("runuser -u lockstep -- /opt/lockstep/bin/python").removeprefix("runuser -u lockstep -- ")
    command = command.replace("/opt/lockstep/bin/python", shlex.quote(sys.executable))
    command = command.replace("/var/lib/lockstep/lockstep.db", file).replace("/var/backups/lockstep", str(folder))
    async with running(sandbox, sqlite_url) as app:
        await sandbox.person("alice").types("/incident declare Checkout is failing", in_="#general")
        await run(command, tmp_path)
        await settled(app, sandbox)
    [copy] = folder.iterdir()
    code, words = await ended("audit", folder=tmp_path, DATABASE_URL=f"sqlite:///{copy}")
    assert (code, words.partition(":")[0]) == (0, "1 incident")


async def test_a_backup_of_postgresql_comes_back_whole_in_a_new_database(postgresql_url: str, tmp_path: Path):
    await asyncio.to_thread(keep_an_incident, postgresql_url)
    copy = f"copy_{uuid.uuid4().hex}"
    address = make_url(postgresql_url)
    copy_url = address.set(database=copy).render_as_string(hide_password=False)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        [data] = connection.execute("SHOW data_directory").fetchone() or ()
    programs = Path((Path(data) / "postmaster.opts").read_text(encoding="utf-8").split()[0]).parent
    as_we_are = {"PGHOST": str(address.query["host"]), "PGUSER": str(address.username)}
    for start in ("pg_dump ", "createdb ", "pg_restore "):
        command = on_the_page(start).replace("--owner=lockstep ", "").replace("lockstep_copy", copy)
        command = command.replace(f"postgresql://…/{copy}", shlex.quote(copy_url))
        command = command.replace("postgresql://…/lockstep", shlex.quote(postgresql_url))
        await run(f"{programs}/{command}", tmp_path, **as_we_are)
    code, words = await ended("audit", folder=tmp_path, DATABASE_URL=copy_url)
    assert (code, words.partition(":")[0]) == (0, "1 incident")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {copy} WITH (FORCE)")
