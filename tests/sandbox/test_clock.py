"""Domain time: speed, jumps, and the stream that the bot follows."""

import asyncio
import json
import time

import aiohttp
import pytest

from bot.sandbox import Sandbox, SandboxClock


class Real:
    """Real seconds, as a test tells them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_time_passes_at_its_speed():
    real = Real()
    clock = SandboxClock(start=1_000.0, speed=60.0, real=real)
    real.seconds = 2.0
    assert clock.epoch() == 1_120.0
    clock.set_speed(1.0)
    real.seconds = 3.0
    assert clock.epoch() == 1_121.0


def test_time_jumps_ahead_and_goes_back_only_when_set():
    clock = SandboxClock(start=1_000.0, real=Real())
    clock.advance(3_600)
    assert clock.epoch() == 4_600.0
    with pytest.raises(ValueError, match="only advance"):
        clock.advance(-1)
    clock.set_epoch(500.0)
    assert clock.epoch() == 500.0


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf")])
def test_a_speed_must_make_sense(speed: float):
    with pytest.raises(ValueError, match="zero or more"):
        SandboxClock(speed=speed)


def test_without_orders_it_is_now():
    assert abs(SandboxClock().epoch() - time.time()) < 0.1


async def test_the_stream_tells_the_time_at_once_and_after_every_change(sandbox: Sandbox, http: aiohttp.ClientSession):
    async with asyncio.timeout(1.5), http.get(sandbox.clock_url) as stream:
        assert stream.content_type == "application/x-ndjson"
        first = json.loads(await stream.content.readline())
        assert first["speed"] == 1.0
        assert abs(first["epoch"] - sandbox.clock.epoch()) < 1
        sandbox.clock.advance(86_400)
        assert json.loads(await stream.content.readline())["epoch"] - first["epoch"] >= 86_400
        sandbox.clock.set_speed(60)
        assert json.loads(await stream.content.readline())["speed"] == 60.0


async def test_the_stream_shows_that_it_is_alive(sandbox: Sandbox, http: aiohttp.ClientSession):
    async with asyncio.timeout(5), http.get(sandbox.clock_url) as stream:
        lines = [json.loads(await stream.content.readline()) for _ in range(2)]
        assert 1.5 < lines[1]["epoch"] - lines[0]["epoch"] < 4


async def test_messages_are_dated_in_domain_time(sandbox: Sandbox):
    sandbox.clock.advance(86_400 * 365)
    alice = sandbox.person("alice")
    await alice.types("from the future", in_="#general")
    assert float(alice.messages("#general")[-1].ts) > time.time() + 86_400 * 364
