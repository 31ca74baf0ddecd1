"""One HTTP call to a tracker, by the client and under the rules of all calls: to a host that the policy lists in `may_call`, with a
token that it lets be sent there."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from bot.calling.fetching import Fetcher, Refused, Request, Response
from bot.calling.secrets import Secrets
from bot.core.hosts import Host, Target, Unlisted, target

MOST_BYTES = 5_000_000
"""Of a longer answer nothing counts but its status."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the method, the whole address, what is asked in it, and the JSON that is sent."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def address(self) -> str:
        """The address with what is asked in it."""
        return f"{self.url}?{urlencode(self.query, quote_via=quote)}" if self.query else self.url


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers by their names in small letters, and the JSON, None where there was none."""

    status: int
    headers: Mapping[str, str]
    said: Any


class Caller:
    """Makes the calls to trackers."""

    def __init__(self, fetcher: Fetcher, secrets: Secrets) -> None:
        self._fetcher, self._secrets = fetcher, secrets

    def token(self, name: str, url: str, hosts: Iterable[Host]) -> str:
        """The secret of this name, for a call to this address. Refused when the policy does not let it be sent there, or when the
        environment has none."""
        return self._secrets.put_in(f"${{secret:{name}}}", _listed(url, hosts).host)

    async def make(self, call: Call, headers: Mapping[str, str], hosts: Iterable[Host]) -> Answer:
        """Make the call to one of these hosts. Raises Refused, NotSent or Unanswered."""
        where = _listed(call.address, hosts)
        body = None if call.body is None else json.dumps(call.body).encode()
        said = {**headers, "Content-Type": "application/json"} if body else headers
        answer = await self._fetcher.fetch(Request(where, call.method, call.address, said, body, most_bytes=MOST_BYTES))
        return Answer(answer.status, answer.headers, _json(answer))


def _listed(url: str, hosts: Iterable[Host]) -> Target:
    found = target(url, hosts)
    if isinstance(found, Unlisted):
        raise Refused(found.why)
    return found


def _json(answer: Response) -> Any:
    """What was said, if it is JSON: an error page of a proxy is none."""
    try:
        return answer.json()
    except ValueError:
        return None
