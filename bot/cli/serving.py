"""`lockstep run` and `lockstep sandbox`: the bot, and a workspace to try it in."""

import asyncio
import errno
import signal
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.app import App
from bot.cli.root import cli
from bot.core.errors import IncidentError
from bot.sandbox import NotVerified, Sandbox, manifest
from bot.settings import GivenSettings, Outside, Settings, read_outside, read_settings
from bot.slack.manifest import manifest as manifest_of_app
from bot.tuning import Tuning

KEPT = Path(".lockstep")
"""Where `lockstep sandbox --keep` keeps the workspace and the bot's database."""
PORTS_TO_TRY = 50
LAST_PORT = 65535
SECONDS_BETWEEN_CHALLENGES = 1.0
"""How often an address that did not prove itself is asked again."""


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
    bot: Annotated[
        bool,
        typer.Option("--bot/--no-bot", help="Start Lockstep in it; or nothing, so that you can start your own app."),
    ] = True,
    manifest_file: Annotated[
        Path | None, typer.Option("--manifest", help="With --no-bot: your app's manifest, YAML or JSON.")
    ] = None,
    request_url: Annotated[
        str | None, typer.Option(help="With --no-bot: where your app takes HTTP requests, instead of Socket Mode.")
    ] = None,
) -> None:
    """Start a Slack-compatible workspace on this machine, and the bot in it. No Slack account is needed. Playbooks ask
    the Prometheus of LOCKSTEP_PROMETHEUS_URL and have the secrets of LOCKSTEP_SECRET__NAME, if the environment has them."""
    logs.configure("console")
    if bot and (manifest_file or request_url):
        raise IncidentError("--manifest and --request-url are for your own app: give --no-bot with them.")
    serving = _serve_sandbox if bot else _serve_alone(_app_manifest(manifest_file, request_url))
    asyncio.run(_until_stopped(serving(port, speed, keep)))


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
    outside = read_outside()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_folder(keep))
        state = folder / "workspace.json" if keep else None
        workspace = await _open_sandbox(stack, port, speed, state, manifest_of_app())
        settings = _sandbox_settings(workspace, folder, outside)
        await stack.enter_async_context(App(settings, Tuning(ping_interval_seconds=2.0)))
        _welcome(workspace, speed)
        await asyncio.Event().wait()


def _app_manifest(file: Path | None, request_url: str | None) -> dict[str, Any]:
    """The manifest of the app that somebody develops, Lockstep's own when none is given. IncidentError when it cannot be used."""
    try:
        found = manifest_of_app() if file is None else manifest.load(file)
        return found if request_url is None else manifest.with_request_url(found, request_url)
    except ValueError as error:
        raise IncidentError(str(error)) from None


def _serve_alone(app: dict[str, Any]) -> Callable[[int, float, bool], Coroutine[Any, Any, None]]:
    """Serves the workspace with an app installed that somebody else starts."""

    async def serve(port: int, speed: float, keep: bool) -> None:
        async with AsyncExitStack() as stack:
            state = stack.enter_context(_folder(keep)) / "workspace.json" if keep else None
            workspace = await _open_sandbox(stack, port, speed, state, app)
            _say_what_an_app_needs(workspace, manifest.checked(app))
            await _verify(workspace)
            await asyncio.Event().wait()

    return serve


async def _verify(workspace: Sandbox) -> None:
    """Ask the app's address for events until it proves to be the app's, and say what is wrong meanwhile."""
    urls, said = workspace.platform.app.urls, ""
    while urls is not None and urls.events and not urls.verified:
        try:
            await workspace.verify_request_url()
            print(f"  {urls.events} is verified: events go there.", flush=True)
        except NotVerified as error:
            if str(error) != said:
                said = str(error)
                print(f"  {said} Events go there once it answers; trying again.", flush=True)
            await asyncio.sleep(SECONDS_BETWEEN_CHALLENGES)


@contextmanager
def _folder(keep: bool) -> Iterator[Path]:
    """The folder of the workspace and the database: one that stays, or one that goes with the process."""
    if keep:
        KEPT.mkdir(exist_ok=True)
        yield KEPT
    else:
        with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
            yield Path(folder)


async def _open_sandbox(
    stack: AsyncExitStack, port: int, speed: float, state: Path | None, app: dict[str, Any]
) -> Sandbox:
    """A workspace on this port or the next free one, started; the stack stops it."""
    last = min(port + PORTS_TO_TRY - 1, LAST_PORT)
    for candidate in range(port, last + 1):
        try:
            return await stack.enter_async_context(Sandbox(port=candidate, speed=speed, state_file=state, manifest=app))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        except ValueError as error:  # the kept workspace or the manifest cannot be used; the sentence says why
            raise IncidentError(str(error)) from None
    raise IncidentError(f"No free port from {port} to {last}. Give another with --port.")


def installed(**options: Any) -> Sandbox:
    """A workspace in which Lockstep is installed by its own manifest: with its commands, permissions and events, and no others."""
    return Sandbox(manifest=manifest_of_app(), **options)


def _sandbox_settings(workspace: Sandbox, folder: Path, outside: Outside) -> Settings:
    """The bot's settings for this workspace. Of the environment only what playbooks reach outside counts, and of .env nothing."""
    return GivenSettings.model_validate(
        {
            **dict(outside),
            "slack_bot_token": workspace.bot_token,
            "slack_app_token": workspace.app_token,
            "slack_api_url": workspace.api_url,
            "database_url": f"sqlite:///{folder / 'lockstep.db'}",
            "lockstep_clock": workspace.clock_url,
            "lockstep_port": 0,
        }
    )


def _say_what_an_app_needs(workspace: Sandbox, app: manifest.Manifest) -> None:
    """Print what an app in any language needs to live in this workspace."""
    print(f"\n  The workspace is ready: {workspace.url}\n")
    for name, value in (
        ("SLACK_BOT_TOKEN", workspace.bot_token),
        ("SLACK_APP_TOKEN", workspace.app_token),
        ("SLACK_SIGNING_SECRET", workspace.signing_secret),
        ("SLACK_API_URL", workspace.api_url),
    ):
        print(f"  {name}={value}")
    print(f"\n  {app.display_information.name} is installed. {_way_to(workspace)}")
    print(f"  Control, such as faults on purpose: {workspace.control_url}; the clock: {workspace.clock_url}")
    if app.never_sent:
        print(f"  Events that this workspace never sends: {', '.join(app.never_sent)}")
    print("  Ctrl-C stops it.\n", flush=True)


def _way_to(workspace: Sandbox) -> str:
    """How the app is told things, in a sentence."""
    urls = workspace.platform.app.urls
    if urls is None:
        return "Socket Mode: apps.connections.open at SLACK_API_URL, with the app token, gives the socket's address."
    return (
        f"It is told everything by signed HTTP requests to {urls.interactivity or urls.events or 'its request URLs'}."
    )


def _welcome(workspace: Sandbox, speed: float) -> None:
    print(f"\n  Lockstep is ready: {workspace.url}\n")
    print("  Open the page, be anyone, and type: /incident declare Checkout is failing")
    if speed != 1:
        print(f"  Time runs {speed:g} times faster.")
    print("  Ctrl-C stops it.\n", flush=True)
