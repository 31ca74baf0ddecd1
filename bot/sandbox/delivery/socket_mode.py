"""Socket Mode: tickets, open sockets, envelopes and their acknowledgements. Decides whether a payload reached the app,
not what it means.

From Slack's documentation, "Using Socket Mode": a payload goes to any one of at most ten sockets and must be
acknowledged within three seconds.
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
from bot.sandbox.ids import envelope_id, secret
from bot.sandbox.jsontypes import Json

MAX_SOCKETS = 10
EnvelopeType = Literal["events_api", "slash_commands", "interactive"]
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class NotAcknowledged(Exception):
    """The app did not take a payload. `reason` is what Slack tells the person: dispatch_failed (no socket) or
    operation_timeout.
    """

    def __init__(self, reason: Literal["dispatch_failed", "operation_timeout"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True, eq=False)
class _Socket:
    """One connection of the app; `draining` once it was told to reconnect."""

    connection: web.WebSocketResponse
    draining: bool = field(default=False)


class SocketHub:
    """All Socket Mode connections of the app. `traffic` fires when a socket opens or closes and when an envelope is
    settled.
    """

    def __init__(self, app_id: str, *, ack_timeout: float) -> None:
        self._app_id = app_id
        self._ack_timeout = ack_timeout
        self._tickets: set[str] = set()
        self._sockets: list[_Socket] = []
        self._unacknowledged: dict[str, asyncio.Future[Json | None]] = {}
        self.traffic = Changes()

    @property
    def open(self) -> list[_Socket]:
        """The sockets that take payloads."""
        return [socket for socket in self._sockets if not socket.draining and not socket.connection.closed]

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
        """Serve one connection to /link until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(
                text="This ticket is unknown or was used before. Call apps.connections.open for a new one."
            )
        self._tickets.discard(ticket)
        connection = web.WebSocketResponse(heartbeat=30.0, timeout=0.5)
        await connection.prepare(request)
        if len(self.open) >= MAX_SOCKETS:
            await _send(
                connection, {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": "sandbox"}}
            )
            await connection.close()
            return connection
        socket = _Socket(connection)
        self._sockets.append(socket)
        try:
            await _send(connection, self._hello())
            self.traffic.happened()
            await self._listen(connection)
        finally:
            self._sockets.remove(socket)
            self.traffic.happened()
        return connection

    def _hello(self) -> Json:
        """The first frame of a connection."""
        started = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "sandbox",
                "started": started,
                "build_number": 1,
                "approximate_connection_time": 18060,
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

    async def deliver(self, kind: EnvelopeType, payload: Json, *, attempt: int = 0, reason: str = "") -> Json | None:
        """Send one envelope to a random socket and return the payload of its acknowledgement, if any. NotAcknowledged
        otherwise.
        """
        if not (sockets := self.open):
            raise NotAcknowledged("dispatch_failed")
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
            async with asyncio.timeout(self._ack_timeout):
                await _send(random.choice(sockets).connection, envelope)
                return await answer
        except TimeoutError:
            raise NotAcknowledged("operation_timeout") from None
        finally:
            del self._unacknowledged[name]
            self.traffic.happened()

    async def disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Tell every connection to go; unless it is only a warning, it gets no further payloads."""
        for socket in list(self._sockets):
            socket.draining = reason != "warning"
            await _send(socket.connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    async def close(self) -> None:
        """Close every connection; the app is free to come back."""
        closing = [socket.connection.close(code=WSCloseCode.GOING_AWAY) for socket in list(self._sockets)]
        await asyncio.gather(*closing)


async def _send(connection: web.WebSocketResponse, frame: Json) -> None:
    """Send one frame; a connection that breaks meanwhile simply never answers."""
    with contextlib.suppress(ConnectionError):
        await connection.send_str(json.dumps(frame, separators=(",", ":")))
