"""The Web API over HTTP: checks token and scope, applies faults and limits, carries the method out, answers. Knows no
single method; how a request is read is in incoming.py.

From Slack's documentation, "Using the Slack Web API" and "Rate limits". The order of the checks is inferred, since
Slack documents none: method, body, token, scope, rate, arguments.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox import incoming
from bot.sandbox.arguments import Args
from bot.sandbox.calls import CallJournal, CallRecord
from bot.sandbox.errors import Defect, SlackError, invalid_arguments, with_warnings
from bot.sandbox.faults import Fault, Faults, Harm
from bot.sandbox.ids import secret
from bot.sandbox.incoming import Incoming
from bot.sandbox.jsontypes import Json, compact
from bot.sandbox.methods import METHODS, Call, Method
from bot.sandbox.platform import Platform
from bot.sandbox.rate_limits import RateLimits

APP_SCOPE = "connections:write"
_EVERY_SCOPE = frozenset(scope for method in METHODS.values() for scope in method.scopes) | {
    "chat:write.customize",
    "chat:write.public",
    "commands",
}


class Dropped(Exception):
    """The connection is to be dropped without an answer."""


class WebApi:
    """Serves /api/{method}. `defects` are the faults of the sandbox itself that came to light, in words."""

    def __init__(self, platform: Platform, *, faults: Faults, limits: RateLimits, calls: CallJournal) -> None:
        self.defects: list[str] = []
        self._platform = platform
        self._faults = faults
        self._limits = limits
        self._calls = calls

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, and record it. What only a defect of the sandbox can raise is noted and passed on."""
        record = self._calls.begin(request.match_info["method"])
        try:
            response = await self._answer(request, record)
            if self._faults.outage:
                raise Dropped
            return response
        except Dropped:
            record.outcome = "dropped"
            return drop(request)
        except Exception as fault:
            self.defects.append(f"{record.method}: {fault!r}")
            raise
        finally:
            self._calls.finish(record)

    async def _answer(self, request: web.Request, record: CallRecord) -> web.Response:
        """Carry the call out and build its answer. Dropped when there is to be none."""
        if self._faults.outage:
            raise Dropped
        headers = {"x-slack-req-id": secret()}
        try:
            method = _method(record.method)
            got = await incoming.read(request, json_counts=method.json)
            args = Args(got.values)
            record.args = args.values
            headers |= self._authorise(request, method, got)
            fault = await self._meet_faults(record)
            if fault is not None and fault.harm is Harm.FAIL:
                record.outcome = str(fault.status)
                return web.Response(status=fault.status, text="Something is broken on purpose.")
            if (wait := self._wait(record, method, fault)) is not None:
                record.outcome = "429"
                return _answer_json(_RATE_LIMITED, headers | {"Retry-After": str(wait)}, status=429)
            body = with_warnings(self._run(record.method, method, args, got.token), *got.warnings)
            if fault is not None and fault.harm is Harm.LOSE:
                await asyncio.sleep(fault.seconds)
                raise Dropped
        except SlackError as refusal:
            body = refusal.answer()
        record.outcome = str(body.get("error", "ok"))
        return _answer_json(body, headers)

    def _authorise(self, request: web.Request, method: Method, got: Incoming) -> dict[str, str]:
        """Check token, then scope, and return the headers that tell both. An app-level token counts in the header only.
        SlackError as of Tokens.check, insecure_request, missing_scope.
        """
        token = got.token if got.in_header or not method.app_token else ""
        self._platform.tokens.check(token, app_token=method.app_token)
        if method.app_token:
            if request.method != "POST":
                raise SlackError("insecure_request")
            return {"x-oauth-scopes": APP_SCOPE, "x-accepted-oauth-scopes": APP_SCOPE}
        if method.scopes:
            self._call(method, Args({}), token).require_scope(*method.scopes)
        granted = self._platform.app.scopes
        return {
            "x-oauth-scopes": ",".join(sorted(_EVERY_SCOPE if granted is None else granted)),
            "x-accepted-oauth-scopes": ",".join(sorted(method.scopes)),
        }

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

    def _run(self, name: str, method: Method, args: Args, token: str) -> Json:
        """Carry the method out. SlackError invalid_arguments when a required argument is missing, or what the method
        declares; Defect for any other.
        """
        if missing := method.missing(args):
            raise invalid_arguments(*(f"missing required field: {argument}" for argument in missing))
        try:
            return {"ok": True, **method.run(self._call(method, args, token))}
        except SlackError as refusal:
            if method.may_answer(refusal.code):
                raise
            raise Defect(f"{name} answers {refusal.code}, which it does not declare") from refusal

    def _call(self, method: Method, args: Args, token: str) -> Call:
        """One call of a method."""
        return Call(platform=self._platform, method=method, args=args, token=token)


_RATE_LIMITED: Json = {"ok": False, "error": "ratelimited"}


def _answer_json(body: Json, headers: dict[str, str], *, status: int = 200) -> web.Response:
    """An answer in JSON."""
    return web.Response(
        text=compact(body), status=status, content_type="application/json", charset="utf-8", headers=headers
    )


def _method(name: str) -> Method:
    """The method of this name. SlackError unknown_method."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    return method


def drop(request: web.Request) -> web.Response:
    """Break the connection of a request; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
