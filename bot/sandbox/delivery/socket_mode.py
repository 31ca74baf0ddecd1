"""Socket Mode: tickets, open sockets, envelopes and their acknowledgements. Decides whether a payload reached the app,
not what it means.

From Slack's documentation, "Using Socket Mode": a payload goes to any one of at most ten sockets and must be
acknowledged within three seconds; a connection lives about an hour and is warned before its end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.delivery.acknowledgement import NotAcknowledged, PayloadKind, RetryReason
from bot.sandbox.ids import envelope_id, secret
from bot.sandbox.jsontypes import Json, compact
from bot.sandbox.wire import WireTimes
from bot.sandbox.workspace.state import App

MAX_SOCKETS = 10
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(slots=True, eq=False)
class _Socket:
    """One connection of the app; `draining` once it was told to reconnect."""

    connection: web.WebSocketResponse
    draining: bool = field(default=False)


class SocketHub:
    """All Socket Mode connections of the app. `traffic` fires when a socket opens or closes and when an envelope is
    settled.
    """

    def __init__(self, app: App, times: WireTimes) -> None:
        self._app = app
        self._times = times
        self._tickets: set[str] = set()
        self._sockets: list[_Socket] = []
        self._unacknowledged: dict[str, asyncio.Future[Json | None]] = {}
        self.traffic = Changes()

    @property
    def open(self) -> list[_Socket]:
        """The sockets that take payloads."""
        return [socket for socket in self._sockets if not socket.draining and not socket.connection.closed]

    @property
    def reachable(self) -> bool:
        """Whether a payload has somewhere to go."""
        return bool(self.open)

    @property
    def unacknowledged(self) -> int:
        """How many envelopes wait for their acknowledgement."""
        return len(self._unacknowledged)

    def ticket(self) -> str:
        """A one-use permission to connect."""
        ticket = secret()
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection to /link until it closes. With debug_reconnects=true its life is short."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(
                text="This ticket is unknown or was used before. Call apps.connections.open for a new one."
            )
        self._tickets.discard(ticket)
        connection = web.WebSocketResponse(heartbeat=30.0, timeout=0.5)
        await connection.prepare(request)
        if (reason := self._refusal()) is not None:
            await _send(connection, _disconnect(reason))
            await connection.close()
        else:
            is_debug = request.query.get("debug_reconnects") == "true"
            await self._serve(_Socket(connection), self._times.debug_socket if is_debug else self._times.socket)
        return connection

    def _refusal(self) -> DisconnectReason | None:
        """Why a further connection is sent away at once; None when it is welcome."""
        if self._app.urls is not None:
            return "link_disabled"
        return "too_many_websockets" if len(self.open) >= MAX_SOCKETS else None

    async def _serve(self, socket: _Socket, life: float) -> None:
        """Keep a connection open for `life` real seconds, or until it closes."""
        self._sockets.append(socket)
        ageing = asyncio.create_task(self._age(socket, life))
        try:
            await _send(socket.connection, self._hello(life))
            self.traffic.happened()
            await self._listen(socket.connection)
        finally:
            ageing.cancel()
            self._sockets.remove(socket)
            self.traffic.happened()

    async def _age(self, socket: _Socket, life: float) -> None:
        """Warn a connection before its end, then ask it to come anew. Late acknowledgements are taken before it closes."""
        await asyncio.sleep(max(0.0, life - self._times.socket_warning))
        await _send(socket.connection, _disconnect("warning"))
        await asyncio.sleep(min(life, self._times.socket_warning))
        socket.draining = True
        await _send(socket.connection, _disconnect("refresh_requested"))
        await asyncio.sleep(self._times.ack)
        await socket.connection.close(code=WSCloseCode.GOING_AWAY)

    def _hello(self, life: float) -> Json:
        """The first frame of a connection that is to live so long."""
        started = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self._app.id},
            "debug_info": {
                "host": "sandbox",
                "started": started,
                "build_number": 1,
                "approximate_connection_time": int(life),
            },
        }

    async def _listen(self, connection: web.WebSocketResponse) -> None:
        """Take acknowledgements until the connection ends; an acknowledgement may come on any socket."""
        async for frame in connection:
            if frame.type is not WSMsgType.TEXT:
                continue
            with contextlib.suppress(ValueError):
                answer = json.loads(frame.data)
                if isinstance(answer, dict):
                    self._acknowledge(answer)

    def _acknowledge(self, answer: Json) -> None:
        """Settle the envelope this answer names; a late or unknown one is lost, as on Slack."""
        waiting = self._unacknowledged.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            payload = answer.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else None)

    async def deliver(
        self, kind: PayloadKind, payload: Json, *, attempt: int = 0, reason: RetryReason = ""
    ) -> Json | None:
        """Send one envelope to a random socket and return the payload of its acknowledgement, if any. NotAcknowledged
        otherwise.
        """
        if not (sockets := self.open):
            raise NotAcknowledged("dispatch_failed", detail="no socket is open")
        name = envelope_id()
        envelope: Json = {
            "envelope_id": name,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._unacknowledged[name] = answer
        try:
            async with asyncio.timeout(self._times.ack):
                await _send(random.choice(sockets).connection, envelope)
                said = await answer
        except TimeoutError:
            raise NotAcknowledged("operation_timeout", retry_reason="timeout") from None
        finally:
            del self._unacknowledged[name]
            self.traffic.happened()
        return said if envelope["accepts_response_payload"] else None

    async def disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Tell every connection to go; unless it is only a warning, it gets no further payloads."""
        for socket in list(self._sockets):
            socket.draining = socket.draining or reason != "warning"
            await _send(socket.connection, _disconnect(reason))

    async def close(self) -> None:
        """Close every connection; the app is free to come back."""
        closing = [socket.connection.close(code=WSCloseCode.GOING_AWAY) for socket in list(self._sockets)]
        await asyncio.gather(*closing)


def _disconnect(reason: DisconnectReason) -> Json:
    """The frame that tells a connection to go."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


async def _send(connection: web.WebSocketResponse, frame: Json) -> None:
    """Send one frame; a connection that breaks meanwhile simply never answers."""
    with contextlib.suppress(ConnectionError):
        await connection.send_str(compact(frame))
