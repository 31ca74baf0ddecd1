"""The clock that is followed: its speed, its jumps, and what holds when it cannot be heard."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from bot.clock import FollowedClock
from bot.sandbox import Sandbox
from tests.running import until, workspace

REAL_SECONDS = 0.25
"""How far apart the two may be: what a line takes from one to the other."""


class Heard:
    """Counts the lines that a clock has heard, and lets wait for the next."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """A line came."""
        self._event.set()

    async def next(self, within: float = 5.0) -> None:
        """Wait for a line from now on."""
        self._event.clear()
        async with asyncio.timeout(within):
            await self._event.wait()


def apart(clock: FollowedClock, sandbox: Sandbox) -> float:
    """The seconds of domain time by which they differ."""
    return abs(clock.now().timestamp() - sandbox.clock.epoch())


async def test_it_knows_the_time_as_soon_as_it_is_entered(sandbox: Sandbox):
    sandbox.clock.set_epoch(datetime(2031, 5, 6, tzinfo=UTC).timestamp())
    async with FollowedClock(sandbox.clock_url) as clock:
        assert apart(clock, sandbox) < REAL_SECONDS
        assert clock.now().tzinfo is UTC
        assert clock.now().year == 2031


async def test_it_follows_the_speed(sandbox: Sandbox):
    heard = Heard()
    async with FollowedClock(sandbox.clock_url, on_jump=heard) as clock:
        sandbox.clock.set_speed(3600)
        await heard.next()
        assert apart(clock, sandbox) < REAL_SECONDS * 3600
        before = clock.now()
        await heard.next()  # the stream shows that it is alive every two seconds
        assert (clock.now() - before).total_seconds() > 3600
        assert apart(clock, sandbox) < REAL_SECONDS * 3600


async def test_it_stands_still_when_the_other_does(sandbox: Sandbox):
    heard = Heard()
    async with FollowedClock(sandbox.clock_url, on_jump=heard) as clock:
        sandbox.clock.set_speed(0)
        await heard.next()
        sandbox.clock.set_epoch(1_900_000_000.0)
        await heard.next()
        assert clock.now().timestamp() == sandbox.clock.epoch() == 1_900_000_000.0


async def test_it_jumps_along_ahead_and_back_and_says_so(sandbox: Sandbox):
    heard = Heard()
    async with FollowedClock(sandbox.clock_url, on_jump=heard) as clock:
        start = sandbox.clock.epoch()
        sandbox.clock.advance(86_400)
        await heard.next(within=1.0)
        assert apart(clock, sandbox) < REAL_SECONDS
        assert clock.now().timestamp() >= start + 86_400
        sandbox.clock.set_epoch(start)
        await heard.next(within=1.0)
        assert apart(clock, sandbox) < REAL_SECONDS


async def test_it_goes_on_at_the_last_speed_when_the_stream_breaks_and_follows_again_when_it_is_back():
    heard = Heard()
    async with AsyncExitStack() as stack:
        async with workspace(speed=60.0) as gone:
            clock = await stack.enter_async_context(FollowedClock(gone.clock_url, on_jump=heard))
        at_break = clock.now()

        async def a_minute_passed() -> bool:
            return clock.now() >= at_break + timedelta(minutes=1)

        await until(a_minute_passed, within=3.0)
        assert apart(clock, gone) < REAL_SECONDS * 60
        port = int(gone.url.rpartition(":")[2])
        back = await stack.enter_async_context(workspace(port=port, speed=0.0, start=1_900_000_000.0))
        await heard.next()
        assert clock.now().timestamp() == back.clock.epoch() == 1_900_000_000.0
