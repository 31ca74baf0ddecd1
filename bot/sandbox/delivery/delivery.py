"""The one way from the workspace to the app: over Socket Mode or to request URLs, as the app is installed. Whoever has
something to tell the app does not know which.
"""

from __future__ import annotations

import logging
from typing import Protocol

from bot.sandbox.changes import Changes
from bot.sandbox.delivery.acknowledgement import NotAcknowledged, PayloadKind, RetryReason
from bot.sandbox.delivery.http import HttpTransport
from bot.sandbox.delivery.socket_mode import SocketHub
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.state import App

_LOG = logging.getLogger(__name__)


class Transport(Protocol):
    """A way to the app."""

    @property
    def reachable(self) -> bool:
        """Whether it makes sense to try now."""
        ...

    async def deliver(
        self, kind: PayloadKind, payload: Json, *, attempt: int = 0, reason: RetryReason = ""
    ) -> Json | None:
        """Deliver once; the payload of the acknowledgement, if any. NotAcknowledged otherwise."""
        ...


class Delivery:
    """Hands payloads to the app. `traffic` fires when one is settled and when a way to the app opens or closes."""

    def __init__(self, app: App, sockets: SocketHub, http: HttpTransport) -> None:
        self._app = app
        self._sockets = sockets
        self._http = http
        self.traffic: Changes = sockets.traffic

    @property
    def _transport(self) -> Transport:
        """The way that the app's manifest chose."""
        return self._sockets if self._app.urls is None else self._http

    @property
    def unacknowledged(self) -> int:
        """How many payloads are on the wire."""
        return self._sockets.unacknowledged + self._http.unacknowledged

    async def deliver(
        self, kind: PayloadKind, payload: Json, *, attempt: int = 0, reason: RetryReason = ""
    ) -> Json | None:
        """Deliver one payload once, and return what the app answers with its acknowledgement, if anything.

        `attempt` counts redeliveries of an event, `reason` says why. NotAcknowledged when the app did not take it,
        which is logged.
        """
        try:
            if kind == "interactive" and not self._app.interactive:
                raise NotAcknowledged("dispatch_failed", detail="the manifest does not enable interactivity")
            return await self._transport.deliver(kind, payload, attempt=attempt, reason=reason)
        except NotAcknowledged as failure:
            level = logging.WARNING if self._transport.reachable else logging.INFO  # an app that is away is no fault
            _LOG.log(level, "%s was not taken: %s", _name(kind, payload), failure.detail or failure.reason)
            raise

    async def until_reachable(self) -> None:
        """Wait until there is a way to the app, such as a socket that takes payloads."""
        while not self._transport.reachable:
            await self.traffic.after(self.traffic.revision)


def _name(kind: PayloadKind, payload: Json) -> str:
    """What a payload is called in the log."""
    if kind == "slash_commands":
        return str(payload["command"])
    return str(payload.get("event", payload)["type"])
