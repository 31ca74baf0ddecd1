"""Socket Mode: keeps several connections to Slack open, so that one which Slack refreshes or which dies leaves no gap.

The SDK reconnects by itself in most cases, but not in all: it may go on trying an address that Slack takes only once, or its
task may end unnoticed. So each connection is watched, and one that stays silent is replaced by a new one.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.clock import wire

log = structlog.get_logger()

CONNECTIONS = 2
PATIENCE = 3
"""A connection that was not alive at this many looks, a ping interval apart, is replaced."""
CONNECT_SECONDS = 15.0
CLOSE_SECONDS = 3.0
PICK_UP_SECONDS = 0.05
"""Within this time the SDK hands over what has arrived."""
ANSWER_TRIES = 60
"""As often as that fits into the three seconds for which Slack waits."""
DRAIN_SECONDS = 4.0
"""How long a stop waits for what people did just before: they wait three seconds for an answer."""


class Connection(AsyncSocketModeHandler):
    """One connection, which knows whether it is working on a payload. `others` are all that are there by now."""

    def __init__(
        self, app: AsyncApp, token: str, ping_seconds: float, others: Callable[[], Iterable["Connection"]]
    ) -> None:
        super().__init__(app, token, ping_interval=ping_seconds)
        self._others, self.logger = others, self.client.logger
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Hand a payload to the app, and send its answer."""
        self._in_flight += 1
        self._idle.clear()
        try:
            started = wire()
            response = await run_async_bolt_app(self.app, req)
            await send_async_response(self, req, response, started)  # type: ignore[arg-type]
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()

    async def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        """Answer Slack by this connection, or by another one if this has just ended: the act is recorded, and whoever waits for the
        answer would hear that it failed."""
        for _ in range(ANSWER_TRIES):
            if await self._is_sent(response):
                return
            await asyncio.sleep(PICK_UP_SECONDS)
        log.warning("an answer found no connection to Slack")

    async def _is_sent(self, response: SocketModeResponse) -> bool:
        for connection in (self, *self._others()):
            if await connection.client.is_connected():
                with suppress(ConnectionError):
                    await connection.client.send_socket_mode_response(response)
                    return True
        return False

    async def drained(self) -> None:
        """Wait until what Slack has sent is answered."""
        await asyncio.sleep(PICK_UP_SECONDS)
        await self._idle.wait()

    async def is_alive(self) -> bool:
        """Whether it is connected, hears from Slack, and the tasks that serve it run."""
        tasks = (self.client.message_processor, self.client.message_receiver, self.client.current_session_monitor)
        running = all(task is not None and not task.done() for task in tasks)
        return running and bool(await self.client.is_connected())


class Sockets:
    """Opens `count` connections and keeps them. `on_hello` is called when Slack greets a new one: before it there may have been a
    gap."""

    def __init__(
        self, app: AsyncApp, token: str, *, count: int, ping_seconds: float, on_hello: Callable[[], None]
    ) -> None:
        self._app, self._token, self._count, self._ping = app, token, count, ping_seconds
        self._on_hello = on_hello
        self._connections: dict[int, Connection] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._connected = asyncio.Event()

    async def __aenter__(self) -> "Sockets":
        self._keepers = [asyncio.create_task(self._keep(place), name=f"socket {place}") for place in range(self._count)]
        await self._connected.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(*(connection.drained() for connection in self._connections.values()))
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def fault(self) -> str | None:
        """What is wrong; None while at least one connection is alive."""
        alive = [await connection.is_alive() for connection in self._connections.values()]
        return None if any(alive) else "the connection to Slack is down"

    async def _keep(self, place: int) -> None:
        """Have a living connection at this place, for good."""
        while True:
            connection = Connection(self._app, self._token, self._ping, lambda: list(self._connections.values()))
            connection.client.message_listeners.append(self._hear)
            try:
                await self._serve(place, connection)
            finally:
                self._connections.pop(place, None)
                with suppress(TimeoutError, aiohttp.ClientError, OSError):
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await connection.close_async()  # type: ignore[no-untyped-call]

    async def _serve(self, place: int, connection: Connection) -> None:
        """Connect, and watch until the connection is not alive for too long."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await connection.connect_async()  # type: ignore[no-untyped-call]
        except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
            log.warning("no connection to Slack yet", place=place, reason=repr(error))
            await asyncio.sleep(self._ping)
            return
        self._connections[place] = connection
        self._connected.set()
        missed = 0
        while missed < PATIENCE:
            await asyncio.sleep(self._ping)
            missed = 0 if await connection.is_alive() else missed + 1
        log.warning("a connection to Slack fell silent; opening another", place=place)

    async def _hear(self, client: object, frame: Mapping[str, Any], raw: str | None) -> None:
        if frame.get("type") == "hello":
            self._on_hello()
