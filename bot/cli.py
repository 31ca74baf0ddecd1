"""The command line. Each command says what it does in its docstring; an IncidentError ends it with one line and exit code 2."""

import asyncio
import errno
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import __version__, logs
from bot.app import App, Tuning
from bot.core.errors import IncidentError, SettingsError, UnknownIncident
from bot.files import read_policy
from bot.sandbox import Command, Sandbox
from bot.settings import GivenSettings, Settings, read_settings, read_storage
from bot.slack.manifest import manifest as manifest_of_app
from bot.slack.manifest import to_yaml
from bot.store import queries
from bot.store.audit import audit as audit_journal
from bot.store.audit import replay as replay_journal
from bot.store.database import Database, Transaction
from bot.store.triggers import TriggerMissing

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

KEPT = Path(".lockstep")
"""Where `lockstep sandbox --keep` keeps the workspace and the bot's database."""
PORTS_TO_TRY = 50
LAST_PORT = 65535


def main() -> None:
    """The entry point of `lockstep`."""
    try:
        cli()
    except (IncidentError, TriggerMissing) as error:
        print(f"lockstep: {error}", file=sys.stderr)
        sys.exit(2)


@cli.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Lockstep runs production incidents in Slack."""
    if show:
        print(__version__)
        raise typer.Exit


@cli.command()
def run() -> None:
    """Run the bot with the settings of the environment and .env, until SIGTERM or Ctrl-C."""
    settings = read_settings()
    logs.configure(settings.lockstep_log)
    asyncio.run(_until_stopped(_serve(settings)))


@cli.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=LAST_PORT, help="Where the page is served; the next free one if taken.")
    ] = 8080,
    speed: Annotated[float, typer.Option(min=0.1, help="How many times faster than real time things happen.")] = 1.0,
    keep: Annotated[
        bool, typer.Option(help="Keep the workspace and the database in .lockstep for the next start.")
    ] = False,
) -> None:
    """Start a Slack-compatible workspace on this machine, and the bot in it. No Slack account is needed."""
    logs.configure("console")
    asyncio.run(_until_stopped(_serve_sandbox(port, speed, keep)))


@cli.command()
def manifest() -> None:
    """Print the Slack app manifest, made from the bot's own commands, events and scopes."""
    print(to_yaml(), end="")


@cli.command()
def lint(
    playbooks: Annotated[Path, typer.Argument(help="The folder with policy.yml.")] = Path("playbooks"),
) -> None:
    """Check the policy; what is wrong is said with file, line and column."""
    policy = read_policy(playbooks)
    severities = ", ".join(severity.name for severity in policy.severities)
    print(f"{playbooks / 'policy.yml'} is good: {severities}; {len(policy.audiences)} audiences.")


@cli.command()
def replay(incident: Annotated[str, typer.Argument(help="INC-1 or 1")]) -> None:
    """Rebuild an incident from its journal and compare the result with the stored state, byte for byte."""
    asyncio.run(_replay(_number(incident)))


@cli.command()
def audit() -> None:
    """Verify every incident's chain of events, its stored state and the triggers that keep the journal append-only."""
    asyncio.run(_audit())


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGINT or SIGTERM, then let it stop in order."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def _serve(settings: Settings) -> None:
    async with App(settings):
        await asyncio.Event().wait()


async def _serve_sandbox(port: int, speed: float, keep: bool) -> None:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_folder(keep))
        state = folder / "workspace.json" if keep else None
        workspace = await _open_sandbox(stack, port, speed, state)
        settings = _sandbox_settings(workspace, folder)
        await stack.enter_async_context(App(settings, Tuning(ping_interval_seconds=2.0)))
        _welcome(workspace, speed)
        await asyncio.Event().wait()


@contextmanager
def _folder(keep: bool) -> Iterator[Path]:
    """The folder of the workspace and the database: one that stays, or one that goes with the process."""
    if keep:
        KEPT.mkdir(exist_ok=True)
        yield KEPT
    else:
        with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
            yield Path(folder)


async def _open_sandbox(stack: AsyncExitStack, port: int, speed: float, state: Path | None) -> Sandbox:
    """A workspace on this port or the next free one, started; the stack stops it."""
    last = min(port + PORTS_TO_TRY - 1, LAST_PORT)
    for candidate in range(port, last + 1):
        try:
            return await stack.enter_async_context(installed(port=candidate, speed=speed, state_file=state))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        except ValueError as error:  # the kept workspace cannot be read; the sentence says which file to move away
            raise IncidentError(str(error)) from None
    raise IncidentError(f"No free port from {port} to {last}. Give another with --port.")


def installed(**options: Any) -> Sandbox:
    """A workspace in which Lockstep is installed by its own manifest: with its commands, permissions and events, and no others."""
    app = manifest_of_app()
    subscribed = app["settings"].get("event_subscriptions", {}).get("bot_events", [])
    granted = app["oauth_config"]["scopes"]["bot"]
    workspace = Sandbox(events=frozenset(subscribed), scopes=frozenset(granted), **options)
    workspace.platform.app.home_tab = app["features"]["app_home"]["home_tab_enabled"]
    workspace.platform.app.commands = tuple(Command(**command) for command in app["features"]["slash_commands"])
    return workspace


def _sandbox_settings(workspace: Sandbox, folder: Path) -> Settings:
    """The bot's settings for this workspace; the environment and .env do not count here."""
    return GivenSettings.model_validate(
        {
            "slack_bot_token": workspace.bot_token,
            "slack_app_token": workspace.app_token,
            "slack_api_url": workspace.api_url,
            "database_url": f"sqlite:///{folder / 'lockstep.db'}",
            "lockstep_clock": workspace.clock_url,
            "lockstep_port": 0,
        }
    )


def _welcome(workspace: Sandbox, speed: float) -> None:
    print(f"\n  Lockstep is ready: {workspace.url}\n")
    print("  Open the page, be anyone, and type: /incident declare Checkout is failing")
    if speed != 1:
        print(f"  Time runs {speed:g} times faster.")
    print("  Ctrl-C stops it.\n", flush=True)


def _number(text: str) -> int:
    plain = text.upper().removeprefix("INC-")
    if not plain.isdecimal():
        raise IncidentError(f"{text} is not an incident. Write INC-1 or 1.")
    return int(plain)


@asynccontextmanager
async def _journal() -> AsyncIterator[Transaction]:
    """The journal that DATABASE_URL names, to be read. SettingsError when there is none or it cannot be opened; exit code 1
    when what is in it cannot even be read."""
    url = read_storage().database_url
    try:
        _must_exist(url)
        database = await Database.open(url, check=False)
    except (SQLAlchemyError, OSError) as error:
        raise SettingsError(f"DATABASE_URL does not work: {str(error).splitlines()[0]}") from None
    try:
        async with database.read() as tx:
            yield tx
    except SQLAlchemyError as error:
        print(f"The journal cannot be read: {str(error).splitlines()[0]}")
        raise typer.Exit(1) from None
    finally:
        await database.close()


def _must_exist(url: str) -> None:
    """SQLite would make a file that is not there, and find nothing wrong in it."""
    if url.startswith("sqlite:") and not Path(make_url(url).database or "").is_file():
        raise SettingsError(f"DATABASE_URL is {url}, and there is no such file here.")


async def _replay(number: int) -> None:
    async with _journal() as tx:
        try:
            compared = [await replay_journal(tx, team, number) for team in await queries.teams(tx)]
        except (LookupError, ValueError) as error:
            print(f"INC-{number}: the journal cannot be replayed: {error!r}. Run: lockstep audit")
            raise typer.Exit(1) from None
    found = [pair for pair in compared if pair is not None]
    if not found:
        raise UnknownIncident(number)
    if any(rebuilt != stored for rebuilt, stored in found):
        print(f"INC-{number}: the state rebuilt from the journal differs from the stored one. Run: lockstep audit")
        raise typer.Exit(1)
    print(f"INC-{number}: the rebuilt state equals the stored one, byte for byte.")


async def _audit() -> None:
    async with _journal() as tx:
        findings = await audit_journal(tx)
        incidents = sum([len(await queries.numbers(tx, team)) for team in await queries.teams(tx)])
    for finding in findings:
        print(finding)
    if findings:
        raise typer.Exit(1)
    counted = "1 incident" if incidents == 1 else f"{incidents} incidents"
    print(f"{counted}: every chain, stored state and trigger is whole. Posted heads not checked.")
