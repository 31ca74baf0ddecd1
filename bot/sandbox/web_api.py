"""The Web API over HTTP: reads arguments, checks token and scope, applies faults and limits, carries the method out,
answers. Knows no single method.

From Slack's documentation, "Using the Slack Web API" and "Rate limits". The order of the checks is the sandbox's own,
since Slack documents none.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.arguments import Args
from bot.sandbox.calls import CallJournal, CallRecord
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.faults import Fault, Faults, Harm
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods import METHODS, Call, Method
from bot.sandbox.platform import Platform
from bot.sandbox.rate_limits import RateLimits

_EVERY_SCOPE = frozenset(scope for method in METHODS.values() for scope in method.scopes) | {
    "chat:write.public",
    "commands",
}
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The credentials that the sandbox accepts."""

    bot: str
    app: str


class Dropped(Exception):
    """The connection is to be dropped without an answer."""


class WebApi:
    """Serves /api/{method}."""

    def __init__(
        self, platform: Platform, tokens: Tokens, *, faults: Faults, limits: RateLimits, calls: CallJournal
    ) -> None:
        self._platform = platform
        self._tokens = tokens
        self._faults = faults
        self._limits = limits
        self._calls = calls

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, and record it."""
        record = self._calls.begin(request.match_info["method"])
        try:
            response = await self._answer(request, record)
            if self._faults.outage:
                raise Dropped
            return response
        except Dropped:
            record.outcome = "dropped"
            return drop(request)
        finally:
            self._calls.finish(record)

    async def _answer(self, request: web.Request, record: CallRecord) -> web.Response:
        """Carry the call out and build its answer. Dropped when there is to be none."""
        if self._faults.outage:
            raise Dropped
        try:
            method = _method(record.method)
            args = await self._read(request, method, record)
            self._authorise(request, record.method, method, args)
            fault = await self._meet_faults(record)
            if fault is not None and fault.harm is Harm.FAIL:
                record.outcome = str(fault.status)
                return web.Response(status=fault.status, text="Something is broken on purpose.")
            if (wait := self._wait(record, method, fault)) is not None:
                record.outcome = "429"
                return self._json({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(wait)})
            body = self._run(request, method, args)
            if fault is not None and fault.harm is Harm.LOSE:
                await asyncio.sleep(fault.seconds)
                raise Dropped
        except SlackError as refusal:
            body = refusal.answer()
        record.outcome = str(body.get("error", "ok"))
        return self._json(body)

    async def _read(self, request: web.Request, method: Method, record: CallRecord) -> Args:
        """The arguments, from wherever they are."""
        values = await _arguments(request, json_counts=method.json)
        token = values.pop("token", None)
        record.args = Args(values).values
        return Args({**values, "token": token})

    def _authorise(self, request: web.Request, name: str, method: Method, args: Args) -> None:
        """Check token, then scope. SlackError not_authed, invalid_auth, not_allowed_token_type, insecure_request,
        missing_scope.
        """
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer.strip() if scheme == "Bearer" else args.text("token")
        if not token:
            raise SlackError("not_authed")
        if token not in (self._tokens.bot, self._tokens.app):
            raise SlackError("invalid_auth")
        if (token == self._tokens.app) is not method.app_token:
            raise SlackError("not_allowed_token_type")
        if method.app_token and request.method != "POST":
            raise SlackError("insecure_request")
        if method.scopes:
            Call(platform=self._platform, method=method, args=args).require_scope(*method.scopes)

    async def _meet_faults(self, record: CallRecord) -> Fault | None:
        """Wait if the call is to take long, then say which harm it meets. Dropped or SlackError when the harm is that."""
        if seconds := self._faults.take_delay(record.method, record.channel):
            await asyncio.sleep(seconds)
        if self._faults.outage:
            raise Dropped
        fault = self._faults.take(record.method, record.channel)
        if fault is not None and fault.harm is Harm.REFUSE:
            raise Dropped
        if fault is not None and fault.harm is Harm.ERROR:
            raise SlackError(fault.error)
        return fault

    def _wait(self, record: CallRecord, method: Method, fault: Fault | None) -> int | None:
        """The Retry-After of a call that is limited, by a fault or by its rate."""
        if fault is not None and fault.harm is Harm.LIMIT:
            return int(fault.seconds)
        return self._limits.wait(record.method, per_minute=int(method.tier), channel=record.channel)

    def _run(self, request: web.Request, method: Method, args: Args) -> Json:
        """Carry the method out. SlackError invalid_arguments when a required argument is missing."""
        missing = [f"missing required field: {name}" for name in method.required if name not in args.values]
        if missing:
            raise invalid_arguments(*missing)
        return {"ok": True, **method.run(Call(platform=self._platform, method=method, args=args))}

    def _json(self, body: Json, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
        """An answer in JSON, with the scopes of the token in its headers."""
        scopes = self._platform.app.scopes
        granted = ",".join(sorted(_EVERY_SCOPE if scopes is None else scopes))
        text = json.dumps(body, separators=(",", ":"))
        return web.Response(
            text=text,
            status=status,
            content_type="application/json",
            charset="utf-8",
            headers={"x-oauth-scopes": granted, **(headers or {})},
        )


def _method(name: str) -> Method:
    """The method of this name. SlackError unknown_method."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    return method


async def _arguments(request: web.Request, *, json_counts: bool) -> Json:
    """Query arguments, and those of a form or JSON body over them. SlackError invalid_json, json_not_object,
    invalid_post_type.
    """
    values: Json = dict(request.query)
    values.pop("token", None)
    if request.method != "POST" or not request.body_exists:
        return values
    if request.content_type == "application/json":
        if json_counts:
            values |= _json_object(await request.text())
        return values
    if request.content_type in _FORMS:
        form = await request.post()
        return values | {name: value for name, value in form.items() if isinstance(value, str)}
    if await request.read():
        raise SlackError("invalid_post_type")
    return values


def _json_object(text: str) -> Json:
    """The JSON object in a body; a token in it does not count."""
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return {name: content for name, content in value.items() if name != "token"}


def drop(request: web.Request) -> web.Response:
    """Break the connection of a request; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
