"""How payloads and answers look over HTTP: bodies, signatures, headers. Pure; sends nothing.

From Slack's documentation: "Verifying requests from Slack", "The Events API", "Implementing slash commands".
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from bot.sandbox.delivery.acknowledgement import NotAcknowledged, PayloadKind, RetryReason
from bot.sandbox.jsontypes import Json, compact

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
"""From memory."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request body, and the content type that it is sent with."""

    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What the app answered. `no_retry`: it asked not to be sent this event again."""

    status: int
    text: str
    no_retry: bool = False

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Json | None:
        """The JSON object that it consists of; None when it is none."""
        try:
            value: Any = json.loads(self.text)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


def body_of(kind: PayloadKind, payload: Json) -> Body:
    """Events as JSON, commands as a form, interactions as a form with one field of JSON."""
    if kind == "events_api":
        return Body(JSON, compact(payload).encode())
    fields = payload if kind == "slash_commands" else {"payload": compact(payload)}
    return Body(FORM, urlencode(fields).encode())


def headers_of(
    body: Body, secret: str, timestamp: int, *, attempt: int = 0, reason: RetryReason = ""
) -> dict[str, str]:
    """The headers of a request signed at `timestamp` (epoch seconds); of a redelivery when `attempt` is above 0."""
    headers = {
        "Content-Type": body.content_type,
        "User-Agent": _USER_AGENT,
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": signature(secret, timestamp, body.data),
    }
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
    return headers


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Slack's signature, version 0, of the raw body."""
    digest = hmac.new(secret.encode(), b"v0:%d:%b" % (timestamp, body), hashlib.sha256)
    return f"v0={digest.hexdigest()}"


def answer_payload(kind: PayloadKind, payload: Json, answer: HttpAnswer) -> Json | None:
    """What a successful answer says, as the payload of an acknowledgement. NotAcknowledged when a submission is answered
    with something that is neither empty nor JSON (from memory).
    """
    text = answer.text.strip()
    if kind == "events_api" or not text:
        return None
    said = answer.json
    if kind == "slash_commands":
        return {"text": answer.text} if said is None else said
    if said is None and payload["type"] == "view_submission":
        raise NotAcknowledged("dispatch_failed", detail=f"answered a submission with {text[:80]!r}, which is no JSON")
    return said


def says_challenge(answer: HttpAnswer, challenge: str) -> bool:
    """Whether an answer repeats the challenge: as text, as a form or as JSON."""
    said = answer.json
    in_form = parse_qs(answer.text).get("challenge", [])
    return challenge in (answer.text.strip(), None if said is None else said.get("challenge"), *in_form)
