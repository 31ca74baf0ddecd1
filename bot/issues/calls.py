"""One HTTP call to a tracker: to the address that the policy names, without following a redirect anywhere else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp

CALL_SECONDS = 10.0
MOST_BYTES = 5_000_000
"""A longer answer is not read."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the method, the whole address, what is asked in it, and the JSON that is sent."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers by their names in small letters, and the JSON, None where there was none."""

    status: int
    headers: Mapping[str, str]
    said: Any


class Caller(Protocol):
    """Whatever makes calls. Raises aiohttp.ClientError, TimeoutError or OSError when no answer came."""

    async def __call__(self, call: Call, headers: Mapping[str, str]) -> Answer:
        """Make the call with these headers."""


class HttpCaller:
    """Calls over a session that is the application's."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __call__(self, call: Call, headers: Mapping[str, str]) -> Answer:
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        async with self._session.request(
            call.method,
            call.url,
            params=call.query,
            json=call.body,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
        ) as answer:
            text = await answer.content.read(MOST_BYTES)
            said = await _json(answer, text)
            return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, said)


async def _json(answer: aiohttp.ClientResponse, text: bytes) -> Any:
    """What was said, if it is JSON: an error page of a proxy is none."""
    if "json" not in answer.headers.get("Content-Type", "") or not text:
        return None
    while more := await answer.content.read(MOST_BYTES):
        text += more
        if len(text) > MOST_BYTES:
            return None
    try:
        return json.loads(text)
    except ValueError:
        return None
