"""The control API: how a test in any language makes things go wrong, counts calls, and acts as a person. Reads orders and
hands them on; decides nothing. CONTROL.md describes it with examples.

    POST   /control/faults   {"fault": "limit", "method": "chat.postMessage", "times": 2, "retry_after": 3}
    POST   /control/limits   {"enabled": true}
    GET    /control/calls    ?method=chat.postMessage&channel=C0123456789
    DELETE /control/calls
    POST   /control/people   {"person": "alice", "does": "types", "text": "/incident declare", "in": "#general"}

All answer {"ok": true, …}, or with status 400 {"ok": false, "error": a sentence that says what was wrong}.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.calls import CallJournal
from bot.sandbox.delivery.socket_mode import DisconnectReason, SocketHub
from bot.sandbox.faults import ANY_METHOD, Fault, Faults
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods import METHODS
from bot.sandbox.page_api import own_body
from bot.sandbox.people.interactions import Refused
from bot.sandbox.people.orders import CannotDo, carry_out
from bot.sandbox.people.person import Person
from bot.sandbox.rate_limits import RateLimits

_Handler = Callable[[web.Request], Awaitable[Json]]
_REASONS: tuple[DisconnectReason, ...] = ("warning", "refresh_requested", "link_disabled")


class Control:
    """Serves /control/…. `person` finds the test driver of a person by name, KeyError for an unknown one."""

    def __init__(
        self,
        *,
        faults: Faults,
        limits: RateLimits,
        calls: CallJournal,
        hub: SocketHub,
        person: Callable[[str], Person],
    ) -> None:
        self._faults = faults
        self._limits = limits
        self._calls = calls
        self._hub = hub
        self._person = person
        self._switches: dict[str, Callable[..., Awaitable[None]]] = {
            "outage": faults.start_outage,
            "end_outage": faults.end_outage,
            "close_sockets": self._close_sockets,
            "clear": faults.clear,
        }
        self._harms: dict[str, Callable[..., Fault]] = {
            "limit": faults.limit,
            "fail": faults.fail,
            "error": faults.error,
            "lose_answer": faults.lose_answer,
            "refuse": faults.refuse,
            "delay": faults.delay,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the addresses to the server."""
        router.add_post("/control/faults", _answering(self._fault))
        router.add_post("/control/limits", _answering(self._limit))
        router.add_get("/control/calls", _answering(self._list_calls))
        router.add_delete("/control/calls", _answering(self._forget_calls))
        router.add_post("/control/people", _answering(self._act))

    async def _fault(self, request: web.Request) -> Json:
        """Let something go wrong: `fault` is a name above, the rest its arguments. ValueError when it makes no sense."""
        order = await own_body(request)
        name = str(order.pop("fault", None))
        _check(order)
        try:
            if name in self._switches:
                await self._switches[name](**order)
            elif name in self._harms:
                self._harms[name](**order)
            else:
                raise ValueError(f"Unknown fault {name!r}. There is: {', '.join([*self._switches, *self._harms])}.")
        except TypeError as mistake:
            raise ValueError(f"The fault {name!r} does not take these fields: {mistake}.") from None
        return {}

    async def _close_sockets(self, reason: str = "abrupt") -> None:
        """Tell every Socket Mode connection of the app why it is to go, or just close it."""
        told = next((known for known in _REASONS if known == reason), None)
        if told is not None:
            await self._hub.disconnect(told)
        elif reason == "abrupt":
            await self._hub.close()
        else:
            raise ValueError(f"Sockets close for no {reason!r}. There is: abrupt, {', '.join(_REASONS)}.")

    async def _limit(self, request: web.Request) -> Json:
        """Switch Slack's rate limits on or off."""
        enabled = (await own_body(request)).get("enabled")
        if not isinstance(enabled, bool):
            raise ValueError("`enabled` is true or false.")
        self._limits.enabled = enabled
        return {}

    async def _list_calls(self, request: web.Request) -> Json:
        """The calls on record, oldest first, perhaps of one method or about one channel only."""
        method, channel = request.query.get("method"), request.query.get("channel")
        found = [
            call.as_json() for call in self._calls if method in (None, call.method) and channel in (None, call.channel)
        ]
        return {"count": len(found), "calls": found}

    async def _forget_calls(self, request: web.Request) -> Json:
        """Count afresh."""
        self._calls.clear()
        return {}

    async def _act(self, request: web.Request) -> Json:
        """Have a person do something."""
        order = await own_body(request)
        name = str(order.get("person"))
        try:
            person = self._person(name)
        except KeyError:
            raise CannotDo(f"There is nobody called {name!r}.") from None
        return await carry_out(person, order)


_FIELDS: dict[str, tuple[type, ...]] = {
    "method": (str,),
    "channel": (str, type(None)),
    "times": (int, type(None)),
    "chance": (int, float),
    "retry_after": (int,),
    "status": (int,),
    "code": (str,),
    "seconds": (int, float),
    "after": (int, float),
    "reason": (str,),
}
"""The fields of faults, and what each may be."""


def _check(order: Json) -> None:
    """Refuse fields of the wrong kind, and methods that are none. ValueError."""
    for name, value in order.items():
        if not isinstance(value, _FIELDS.get(name, object)) or isinstance(value, bool):
            raise ValueError(f"`{name}` cannot be {value!r}.")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"`{name}` cannot be {value!r}.")
    method = order.get("method", ANY_METHOD)
    if method != ANY_METHOD and method not in METHODS:
        raise ValueError(f"There is no method {method!r}.")


def _answering(handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """An address whose answer is what `handler` returns, or in a sentence why not."""

    async def answer(request: web.Request) -> web.Response:
        try:
            found: dict[str, Any] = await handler(request)
        except (ValueError, Refused, CannotDo) as mistake:
            return web.json_response({"ok": False, "error": str(mistake)}, status=400)
        return web.json_response({"ok": True, **found})

    return answer
