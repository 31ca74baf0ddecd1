"""`lockstep run` and `lockstep sandbox`: the bot, and a workspace to try it in."""

import asyncio
import errno
import signal
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.app import App
from bot.cli.root import cli
from bot.core.errors import IncidentError
from bot.sandbox import Command, Sandbox
from bot.settings import GivenSettings, Settings, read_settings
from bot.slack.manifest import manifest as manifest_of_app
from bot.tuning import Tuning

KEPT = Path(".lockstep")
"""Where `lockstep sandbox --keep` keeps the workspace and the bot's database."""
PORTS_TO_TRY = 50
LAST_PORT = 65535


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
