"""The sandbox itself: builds every part once, serves them on one local port, and takes them down in order. The
composition root of this package.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox import manifest as manifests
from bot.sandbox.calls import CallJournal
from bot.sandbox.clock import SandboxClock
from bot.sandbox.control import Control
from bot.sandbox.delivery.delivery import Delivery
from bot.sandbox.delivery.events import EventFeed
from bot.sandbox.delivery.http import HttpTransport
from bot.sandbox.delivery.socket_mode import SocketHub
from bot.sandbox.delivery.subscriptions import DEFAULT_EVENTS, checked
from bot.sandbox.errors import Defect
from bot.sandbox.faults import Faults
from bot.sandbox.file_server import FileServer
from bot.sandbox.jsontypes import Json
from bot.sandbox.page_api import Page
from bot.sandbox.people.forms import Forms
from bot.sandbox.people.interactions import Interactions
from bot.sandbox.people.person import Person
from bot.sandbox.platform import Platform
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.responses import ResponseUrls
from bot.sandbox.streams import Streams
from bot.sandbox.tokens import Tokens
from bot.sandbox.triggers import ReplyAddresses, Triggers
from bot.sandbox.views import Views
from bot.sandbox.web_api import WebApi, drop
from bot.sandbox.wire import WireTimes
from bot.sandbox.workspace import storage
from bot.sandbox.workspace.objects import message_json
from bot.sandbox.workspace.seed import new_workspace
from bot.sandbox.workspace.state import Channel

T = TypeVar("T")

HOST = "127.0.0.1"
CLOCK_HEARTBEAT = 2.0
MAX_BODY = 4 * 1024 * 1024


class Sandbox:
    """A Slack-compatible workspace on this machine.

    async with Sandbox(port=0) as sandbox:
        app = AsyncApp(client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url))
    """

    bot_token = "xoxb-sandbox"
    app_token = "xapp-sandbox"
    signing_secret = "sandbox-signing-secret"

    def __init__(
        self,
        port: int = 0,
        *,
        speed: float = 1.0,
        start: float | None = None,
        seed: bool = True,
        state_file: Path | None = None,
        events: Iterable[str] = DEFAULT_EVENTS,
        scopes: frozenset[str] | None = None,
        rate_limits: bool = False,
        manifest: Json | None = None,
        wire: WireTimes | None = None,
    ) -> None:
        """Prepare a workspace; nothing is served yet.

        `port` 0 takes a free one. `speed` is domain seconds per real second, `start` the domain time to begin at (now).
        The app is what its `manifest` says (ValueError for one that Slack would refuse); without one, `events` are its
        subscriptions and `scopes` its bot scopes (None: all). `wire` shortens real-time limits for tests.
        """
        wire = wire or WireTimes()
        self._port = port
        self._state_file = state_file
        self.clock = SandboxClock(start=start, speed=speed)
        self.workspace = new_workspace(self.clock, seed=seed, events=checked(events), scopes=scopes)
        self.calls = CallJournal()
        self.limits = RateLimits(enabled=rate_limits)
        if manifest is not None:
            manifests.install(self.workspace, manifests.checked(manifest))
        self.hub = SocketHub(self.workspace.app, wire)
        self.faults = Faults(on_outage=self.hub.close)
        self._http = HttpTransport(
            self.workspace.app,
            self.signing_secret,
            ack_timeout=wire.ack,
            traffic=self.hub.traffic,
            is_cut_off=lambda: self.faults.outage,
        )
        self.delivery = Delivery(self.workspace.app, self.hub, self._http)
        self.platform = self._platform(wire)
        self.events = EventFeed(self.workspace, self.delivery, wire)
        self.workspace.on_event = self.events.offer
        self.interactions = Interactions(self.platform)
        self.forms = Forms(self.platform)
        self._streams = Streams()
        self._stack = AsyncExitStack()
        self._web_api = WebApi(self.platform, faults=self.faults, limits=self.limits, calls=self.calls)
        self._file_server = FileServer(self.platform, faults=self.faults, calls=self.calls)

    def _platform(self, wire: WireTimes) -> Platform:
        """What is kept for the app."""
        return Platform(
            workspace=self.workspace,
            views=Views(self.workspace),
            triggers=Triggers(wire.trigger),
            replies=ReplyAddresses(wire.response_url),
            hub=self.hub,
            delivery=self.delivery,
            tokens=Tokens(bot=self.bot_token, app=self.app_token),
        )

    @property
    def url(self) -> str:
        """The server's address, http://127.0.0.1:NNNN."""
        return self.platform.url

    @property
    def api_url(self) -> str:
        """The base address of the Web API, with the slash that the SDK needs."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """Where the bot follows the clock."""
        return f"{self.url}/clock"

    @property
    def control_url(self) -> str:
        """Where faults are ordered over HTTP."""
        return f"{self.url}/control"

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.workspace.team.id

    async def __aenter__(self) -> Self:
        """Load the kept workspace, if any, and listen. OSError when the port is taken."""
        if self._state_file is not None:
            storage.load(self.workspace, self._state_file)
        async with AsyncExitStack() as stack:
            stack.callback(self._save)
            runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, HOST, self._port)
            await site.start()
            stack.callback(self._streams.close)
            stack.push_async_callback(self.hub.close)
            stack.push_async_callback(self._http.close)
            stack.push_async_callback(self.events.close)
            self.platform.url = f"http://{HOST}:{runner.addresses[0][1]}"
            self.workspace.address = self.platform.url
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop deliveries, sockets, streams and the server, then save the workspace. Defect when the sandbox was found
        to be wrong meanwhile.
        """
        await self._stack.aclose()
        if self._web_api.defects and error is None:
            raise Defect("; ".join(self._web_api.defects))

    def _save(self) -> None:
        """Keep the workspace for the next start, if it is to be kept."""
        if self._state_file is not None:
            storage.save(self.workspace, self._state_file)

    def _application(self) -> web.Application:
        """The routes of the server."""
        application = web.Application(client_max_size=MAX_BODY)
        application.router.add_route("*", "/api/{method}", self._web_api.handle)
        application.router.add_get("/link", self._link)
        responses = ResponseUrls(self.platform, faults=self.faults, limits=self.limits, calls=self.calls)
        application.router.add_post("/response/{team}/{key}", responses.handle)
        application.router.add_get("/clock", self._stream_clock)
        self._file_server.add_routes(application.router)
        control = Control(faults=self.faults, limits=self.limits, calls=self.calls, hub=self.hub, person=self.person)
        control.add_routes(application.router)
        Page(self.platform, self.interactions, self.forms, self._streams).add_routes(application.router)
        return application

    async def _link(self, request: web.Request) -> web.StreamResponse:
        """A Socket Mode connection, unless everything is out."""
        return drop(request) if self.faults.outage else await self.hub.accept(request)

    async def _stream_clock(self, request: web.Request) -> web.StreamResponse:
        """The clock, as lines of JSON: at once, after every change, and every two seconds."""
        return await self._streams.serve(
            request,
            self.clock.changes,
            self._clock_line,
            content_type="application/x-ndjson",
            heartbeat=CLOCK_HEARTBEAT,
        )

    def _clock_line(self) -> str:
        """The domain time now and its speed."""
        return json.dumps({"epoch": self.clock.epoch(), "speed": self.clock.speed}) + "\n"

    async def install(self, manifest: Json) -> None:
        """Let the app be what a manifest says from now on. ValueError, in sentences, for one that Slack would refuse.

        Sockets of an app that no longer is in Socket Mode are closed. Over HTTP it hears of no event before
        `verify_request_url`.
        """
        manifests.install(self.workspace, manifests.checked(manifest))
        if self.platform.app.urls is not None:
            await self.hub.disconnect("link_disabled")
            await self.hub.close()

    async def verify_request_url(self) -> None:
        """Ask the app's address for events whether it is the app's. NotVerified says in a sentence why not."""
        urls = self.platform.app.urls
        if urls is not None and urls.events:
            await self._http.verify(urls.events)
            urls.verified = True

    async def uninstall(self) -> None:
        """Take the app out of the workspace: it hears of that, and of nothing more; its tokens are account_inactive."""
        app = self.platform.app
        self.platform.tokens.deactivate()
        self.workspace.announce({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user]}})
        self.workspace.announce({"type": "app_uninstalled"})
        app.events, app.commands, app.shortcuts = frozenset(), (), ()
        await self.idle()
        await self.hub.disconnect("link_disabled")
        await self.hub.close()

    def person(self, name: str) -> Person:
        """The test driver for a person of the workspace. KeyError for an unknown name."""
        user = self.workspace.user_named(name)
        if user is None:
            raise KeyError(name)
        return Person(self, user)

    def channel(self, name: str) -> Channel:
        """The channel with this name ("#general") or id. KeyError for an unknown one."""
        channel = self.workspace.channels.get(name) or self.workspace.channel_named(name)
        if channel is None:
            raise KeyError(name)
        return channel

    def messages(self, channel: str) -> list[Json]:
        """Every message of a channel with its metadata, thread replies included, ephemeral ones not, oldest first."""
        log = self.channel(channel).log
        return [message_json(self.workspace, message, metadata=True) for message in log.messages.values()]

    async def until(self, predicate: Callable[[], T | None], *, within: float = 5.0) -> T:
        """Wait until `predicate`, asked after each change of the workspace, is true, and return what it said.
        TimeoutError after `within` seconds.
        """
        return await self.workspace.changes.until(predicate, within=within)

    async def idle(self, *, within: float = 5.0) -> None:
        """Wait until no Web API call and no unacknowledged payload is under way. Events that wait for a retry do not
        count. TimeoutError after `within` seconds, times the patience with which changes are waited for.
        """
        within *= self.workspace.changes.patience
        deadline = time.monotonic() + within
        async with asyncio.timeout(within):
            while not self._quiet():
                calls, payloads = self.calls.traffic, self.delivery.traffic
                waits = [asyncio.ensure_future(changes.after(changes.revision)) for changes in (calls, payloads)]
                try:
                    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=deadline - time.monotonic())
                finally:
                    for wait in waits:
                        wait.cancel()

    def _quiet(self) -> bool:
        """Whether nothing is on the wire."""
        return not (self.calls.in_flight or self.delivery.unacknowledged or self.events.in_flight)
