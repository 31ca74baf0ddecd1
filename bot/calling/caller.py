"""Carries out a playbook's call: to a host that the policy lists, with its secrets, as often as the call says it may be made; and
says what is known of it. Of an answer only the status and a hash are kept."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from bot.calling.fetching import Fetcher, NotSent, Refused, Request, Response, Unanswered
from bot.calling.secrets import Secrets, hidden
from bot.core.hosts import Host, Target, Unlisted, is_ours, target
from bot.core.playbooks.calls import HttpCall

PAUSE_SECONDS = 1.0
"""Before the first repetition; each further one waits twice as long."""
_FOR_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others the next time."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Outcome:
    """What is known of a call. `unknown`: it may have arrived or not, and must not be sent again without a person. `note` is a line
    for the record. `status` and `digest`, a SHA-256, are the answer's, if there was one."""

    result: Literal["success", "failure", "unknown"]
    note: str
    status: int | None = None
    digest: str | None = None


class Caller:
    """Makes the calls of playbooks."""

    def __init__(self, fetcher: Fetcher, secrets: Secrets, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._fetcher, self._secrets, self._pause = fetcher, secrets, pause_seconds

    async def carry_out(
        self, call: HttpCall, known_by: str, hosts: Iterable[Host], *, may_have_arrived: bool = False
    ) -> Outcome:
        """Make this call to one of these hosts. `known_by` is the key by which the other side knows it. `may_have_arrived`: it was
        begun before, and what came of that is lost."""
        if may_have_arrived and not call.is_repeatable:
            return Outcome("unknown", "Lockstep was interrupted while it called")
        try:
            request = self._request(call, known_by, hosts)
        except Refused as refused:
            return Outcome("failure", f"not called: {refused}")
        return await self._repeat(request, call, may_have_arrived)

    async def _repeat(self, request: Request, call: HttpCall, may_have_arrived: bool) -> Outcome:
        """Send it until it is known what came of it, as often as it may be sent. While an earlier try may have arrived, one that
        has not does not say that the call has failed."""
        most = 1 + (call.retries if call.is_repeatable else 0)
        why = ""
        for tries in range(1, most + 1):
            try:
                answer = await self._fetcher.fetch(request)
            except Refused as refused:
                return Outcome("unknown" if may_have_arrived else "failure", f"not called: {refused}")
            except NotSent as not_sent:
                why = f"not sent: {not_sent}"
            except Unanswered as unanswered:
                why, may_have_arrived = str(unanswered), True
            else:
                if answer.status in call.expects or answer.status not in _FOR_NOW or tries == most:
                    return _answered(answer, call, tries)
            if tries < most:
                await asyncio.sleep(self._pause * 2 ** (tries - 1))
        return Outcome("unknown" if may_have_arrived else "failure", why + _after(most))

    def _request(self, call: HttpCall, known_by: str, hosts: Iterable[Host]) -> Request:
        """What is sent. Refused when it must not be."""
        found = target(hidden(call.url), hosts)
        if isinstance(found, Unlisted):
            raise Refused(found.why)
        url = self._secrets.put_in(call.url, found.host, lambda secret: quote(secret, safe=""))
        body = self._secrets.put_in(call.body, found.host, call.in_body).encode() if call.body is not None else None
        headers = self._headers(call, known_by, found)
        return Request(found, call.method, url, headers, body, seconds=call.timeout_seconds)

    def _headers(self, call: HttpCall, known_by: str, to: Target) -> dict[str, str]:
        """What is said with it. A line break in a value would be a header of its own, or the end of them."""
        given = {name: self._secrets.put_in(value, to.host) for name, value in call.headers.items()}
        if call.idempotency_header:
            given = {name: value for name, value in given.items() if name.lower() != call.idempotency_header.lower()}
            given[call.idempotency_header] = known_by
        for name, value in given.items():
            if is_ours(name):
                raise Refused(f"the header {name} is not for a playbook to set")
            if _CONTROL.search(value):
                raise Refused(f"the header {name} has a line break or another sign that no header can have")
        if call.body is not None and "content-type" not in {name.lower() for name in given}:
            given["Content-Type"] = "application/json" if call.is_json else "text/plain; charset=utf-8"
        return given


def _answered(answer: Response, call: HttpCall, tries: int) -> Outcome:
    result: Literal["success", "failure"] = "success" if answer.status in call.expects else "failure"
    moved = ", which leads elsewhere and was not followed" if 300 <= answer.status < 400 else ""
    return Outcome(result, f"answered {answer.status}{moved}{_after(tries)}", answer.status, answer.digest)


def _after(tries: int) -> str:
    return f", after {tries} tries" if tries > 1 else ""
