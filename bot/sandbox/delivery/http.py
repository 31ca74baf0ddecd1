"""Delivery to request URLs: each payload is one signed POST that must be answered within three seconds. Decides whether
it reached the app, not what it means.

From Slack's documentation: "Using HTTP request URLs", "The Events API", "Verifying requests from Slack".
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from urllib.parse import urljoin

import aiohttp

from bot.sandbox.changes import Changes
from bot.sandbox.delivery.acknowledgement import NotAcknowledged, PayloadKind, RetryReason
from bot.sandbox.delivery.http_format import Body, HttpAnswer, answer_payload, body_of, headers_of, says_challenge
from bot.sandbox.delivery.payloads import url_verification
from bot.sandbox.ids import secret
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.state import App

MAX_REDIRECTS = 2
_REDIRECTS = {301, 302, 303, 307, 308}


class NotVerified(Exception):
    """A request URL did not prove that it is the app's; says in a sentence what it did instead."""


class HttpTransport:
    """Posts payloads to the app's request URLs. `is_cut_off` says whether Slack reaches nobody just now."""

    def __init__(
        self, app: App, signing_secret: str, *, ack_timeout: float, traffic: Changes, is_cut_off: Callable[[], bool]
    ) -> None:
        self._app = app
        self._secret = signing_secret
        self._ack_timeout = ack_timeout
        self._traffic = traffic
        self._is_cut_off = is_cut_off
        self._session: aiohttp.ClientSession | None = None
        self.unacknowledged = 0

    @property
    def reachable(self) -> bool:
        """An address can always be tried."""
        return True

    async def deliver(
        self, kind: PayloadKind, payload: Json, *, attempt: int = 0, reason: RetryReason = ""
    ) -> Json | None:
        """Post one payload to the URL that the app registered for it, and return what the answer says. NotAcknowledged
        when there is no such URL, no answer in time, or one that is no success.
        """
        url = self._url(kind, payload)
        if not url:
            raise NotAcknowledged("dispatch_failed", detail="the app has no request URL for this")
        answer = await self._post(url, body_of(kind, payload), attempt=attempt, reason=reason)
        if not answer.is_success:
            raise NotAcknowledged(
                "dispatch_failed",
                retry_reason="http_error",
                final=answer.no_retry,
                detail=f"{url} answered {answer.status}",
            )
        return answer_payload(kind, payload, answer)

    def _url(self, kind: PayloadKind, payload: Json) -> str:
        """The address for a payload; empty when the app registered none. Options have an address of their own."""
        urls = self._app.urls
        if urls is None:
            return ""
        if kind == "slash_commands":
            return next((command.url for command in self._app.commands if command.command == payload["command"]), "")
        if kind == "events_api":
            return urls.events
        return urls.options if payload["type"] == "block_suggestion" else urls.interactivity

    async def verify(self, url: str) -> None:
        """Ask an address to repeat a challenge, as Slack does before it sends events there. NotVerified otherwise."""
        challenge = secret()
        try:
            answer = await self._post(url, body_of("events_api", url_verification(challenge)))
        except NotAcknowledged as failure:
            raise NotVerified(f"{url} cannot be used: {failure.detail or failure.retry_reason}.") from None
        if not answer.is_success:
            hint = " Does the app use this workspace's signing secret?" if answer.status in (401, 403) else ""
            raise NotVerified(f"{url} cannot be used: it answered the challenge with HTTP {answer.status}.{hint}")
        if not says_challenge(answer, challenge):
            raise NotVerified(f"{url} cannot be used: it did not answer with the challenge, but {answer.text[:80]!r}.")

    async def _post(self, url: str, body: Body, *, attempt: int = 0, reason: RetryReason = "") -> HttpAnswer:
        """Post a body within the time for acknowledgements. NotAcknowledged when no answer comes."""
        if self._is_cut_off():
            raise NotAcknowledged("dispatch_failed", detail="Slack is out")
        self.unacknowledged += 1
        try:
            async with asyncio.timeout(self._ack_timeout):
                headers = headers_of(body, self._secret, int(time.time()), attempt=attempt, reason=reason)
                return await self._follow(url, body, headers)
        except TimeoutError:
            detail = f"{url} did not answer within {self._ack_timeout:g} s"
            raise NotAcknowledged("operation_timeout", retry_reason="http_timeout", detail=detail) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NotAcknowledged(
                "dispatch_failed", retry_reason=_reason_of(error), detail=f"{url} cannot be reached: {error}"
            ) from None
        finally:
            self.unacknowledged -= 1
            self._traffic.happened()

    async def _follow(self, url: str, body: Body, headers: dict[str, str]) -> HttpAnswer:
        """Post, and post again where a redirect leads, twice at most. That it is the same signed POST is inferred."""
        for _ in range(1 + MAX_REDIRECTS):
            async with self._client().post(url, data=body.data, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECTS or "Location" not in response.headers:
                    no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                    return HttpAnswer(status=response.status, text=await response.text(), no_retry=no_retry)
                url = urljoin(url, response.headers["Location"])
        raise NotAcknowledged("dispatch_failed", retry_reason="too_many_redirects", detail="it redirects too often")

    def _client(self) -> aiohttp.ClientSession:
        """The HTTP client, made when it is first needed and the loop runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _reason_of(error: Exception) -> RetryReason:
    """The word of X-Slack-Retry-Reason for what went wrong below HTTP."""
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "ssl_error"
    return "connection_failed" if isinstance(error, aiohttp.ClientConnectionError | OSError) else "unknown_error"
