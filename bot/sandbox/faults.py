"""What goes wrong on purpose: which calls are limited, fail, lose their answer or take long, and whether everything is
out. Carries nothing out itself.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

ANY_METHOD = "*"


class Harm(Enum):
    """What can be done to a call."""

    LIMIT = "limit"
    """Answer 429 with Retry-After."""
    FAIL = "fail"
    """Answer with a 5xx without carrying it out."""
    ERROR = "error"
    """Answer `ok: false` with an error code without carrying it out."""
    LOSE = "lose"
    """Carry it out, then drop the connection instead of answering."""
    REFUSE = "refuse"
    """Drop the connection without carrying it out."""
    DELAY = "delay"
    """Wait before carrying it out."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One harm to the next `times` calls of a method (None: to all of them), perhaps in one channel only, perhaps by chance:
    to this share of them. `seconds` is Retry-After, the delay, or how long a connection without an answer stays open.
    """

    harm: Harm
    method: str
    times: int | None = 1
    channel: str | None = None
    chance: float = 1.0
    seconds: float = 1.0
    error: str = "fatal_error"
    status: int = 500

    def hits(self, method: str, channel: str | None) -> bool:
        """Whether a call is meant."""
        meant = self.times != 0 and self.method in (ANY_METHOD, method) and self.channel in (None, channel)
        return meant and random.random() < self.chance

    def consume(self) -> None:
        """Count one call that was hit."""
        if self.times is not None:
            self.times -= 1


class Faults:
    """The faults in force. Those methods that raise one are also the `fault` of an order over HTTP (control.py)."""

    def __init__(self, on_outage: Callable[[], Awaitable[None]]) -> None:
        self._on_outage = on_outage
        self._faults: list[Fault] = []
        self._out_until = -math.inf

    @property
    def outage(self) -> bool:
        """Whether everything is out right now."""
        return time.monotonic() < self._out_until

    def limit(
        self,
        method: str,
        *,
        times: int | None = 1,
        retry_after: int = 1,
        channel: str | None = None,
        chance: float = 1.0,
    ) -> Fault:
        """Answer the next calls with 429 and this Retry-After in seconds."""
        return self._add(
            Fault(harm=Harm.LIMIT, method=method, times=times, channel=channel, chance=chance, seconds=retry_after)
        )

    def fail(
        self,
        method: str,
        *,
        times: int | None = 1,
        status: int = 500,
        channel: str | None = None,
        chance: float = 1.0,
    ) -> Fault:
        """Answer the next calls with this HTTP status."""
        return self._add(
            Fault(harm=Harm.FAIL, method=method, times=times, channel=channel, chance=chance, status=status)
        )

    def error(self, method: str, code: str, *, times: int | None = 1, channel: str | None = None) -> Fault:
        """Answer the next calls with this error code of Slack."""
        return self._add(Fault(harm=Harm.ERROR, method=method, times=times, channel=channel, error=code))

    def lose_answer(
        self,
        method: str,
        *,
        times: int | None = 1,
        after: float = 0.0,
        channel: str | None = None,
        chance: float = 1.0,
    ) -> Fault:
        """Carry the next calls out, but drop the connection `after` so many real seconds instead of answering."""
        return self._add(
            Fault(harm=Harm.LOSE, method=method, times=times, channel=channel, chance=chance, seconds=after)
        )

    def refuse(self, method: str, *, times: int | None = 1, channel: str | None = None, chance: float = 1.0) -> Fault:
        """Drop the connection of the next calls without carrying them out."""
        return self._add(Fault(harm=Harm.REFUSE, method=method, times=times, channel=channel, chance=chance))

    def delay(
        self, seconds: float, method: str = ANY_METHOD, *, times: int | None = None, channel: str | None = None
    ) -> Fault:
        """Make calls wait this many real seconds before they are carried out."""
        return self._add(Fault(harm=Harm.DELAY, method=method, times=times, channel=channel, seconds=seconds))

    async def start_outage(self, seconds: float = math.inf) -> None:
        """Drop every connection of the app, and every new one, for so many real seconds or until the outage is ended."""
        self._out_until = time.monotonic() + seconds
        await self._on_outage()

    async def end_outage(self) -> None:
        """Serve the app again."""
        self._out_until = -math.inf

    async def clear(self) -> None:
        """Forget every fault, an outage included."""
        self._faults.clear()
        await self.end_outage()

    def _add(self, fault: Fault) -> Fault:
        """Keep a fault."""
        self._faults.append(fault)
        return fault

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The first harm, other than a delay, that this call meets; counted."""
        return self._take(method, channel, delays=False)

    def take_delay(self, method: str, channel: str | None) -> float:
        """How many real seconds this call has to wait; counted."""
        fault = self._take(method, channel, delays=True)
        return 0.0 if fault is None else fault.seconds

    def _take(self, method: str, channel: str | None, *, delays: bool) -> Fault | None:
        """The first fault of the wanted sort that hits the call. What is arranged comes before what happens by chance."""
        for fault in sorted(self._faults, key=lambda fault: fault.chance < 1):
            if (fault.harm is Harm.DELAY) is delays and fault.hits(method, channel):
                fault.consume()
                if fault.times == 0:
                    self._faults.remove(fault)
                return fault
        return None
