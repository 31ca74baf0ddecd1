"""Slack's limits, as an app meets them, and the arithmetic of a minute on a clock of the test's own."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import METHODS
from bot.sandbox.rate_limits import POSTS_BURST, POSTS_PER_MINUTE, REFUSALS, RateLimits
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_transport import refusal


@pytest.fixture
def limits(sandbox: Sandbox) -> RateLimits:
    """Those of the workspace, switched on."""
    sandbox.limits.enabled = True
    return sandbox.limits


async def limited(call: Awaitable[Any]) -> int:
    """The Retry-After of a call that is refused as coming too soon."""
    with pytest.raises(SlackApiError) as caught:
        await call
    assert caught.value.response.status_code == 429
    assert caught.value.response.data == {"ok": False, "error": "ratelimited"}
    return int(caught.value.response.headers["Retry-After"])


async def test_a_tier_closes_one_method_only(client: AsyncWebClient, limits: RateLimits):
    for _ in range(METHODS["conversations.list"].tier):
        await client.conversations_list()
    assert 55 <= await limited(client.conversations_list()) <= 60
    assert (await client.users_list())["ok"]


async def test_a_channel_takes_a_burst_and_then_one_message_a_second(
    client: AsyncWebClient, limits: RateLimits, room: str
):
    for number in range(POSTS_BURST):
        await client.chat_postMessage(channel=room, text=str(number))
    assert await limited(client.chat_postMessage(channel=room, text="too fast")) == 1
    other = (await client.conversations_create(name="other"))["channel"]["id"]
    assert (await client.chat_postMessage(channel=other, text="x"))["ok"]


async def test_answers_to_commands_count_as_posts_to_the_channel(
    client: AsyncWebClient,
    sandbox: Sandbox,
    limits: RateLimits,
    raw_app: RawApp,
    http: aiohttp.ClientSession,
    room: str,
):
    await sandbox.person("alice").joins("#room")
    await sandbox.person("alice").types("/incident", in_="#room")
    while "response_url" not in (payload := await raw_app.payload()):
        pass
    for _ in range(POSTS_BURST):
        async with http.post(payload["response_url"], json={"text": "x"}) as answer:
            assert answer.status == 200
    async with http.post(payload["response_url"], json={"text": "x"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    assert await limited(client.chat_postMessage(channel=room, text="x")) == 1


async def test_who_posts_on_and_on_is_told_in_another_way(client: AsyncWebClient, limits: RateLimits, room: str):
    for number in range(POSTS_BURST):
        await client.chat_postMessage(channel=room, text=str(number))
    for _ in range(REFUSALS):
        await limited(client.chat_postMessage(channel=room, text="x"))
    assert await refusal(client.chat_postMessage(channel=room, text="x")) == {"ok": False, "error": "rate_limited"}


async def test_switched_off_nothing_counts(client: AsyncWebClient, limits: RateLimits, room: str):
    limits.enabled = False
    for number in range(3 * POSTS_BURST):
        await client.chat_postMessage(channel=room, text=str(number))


# The arithmetic


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def posts(limits: RateLimits, channel: str = "C1") -> Callable[[], int | None]:
    """Posts once, and says how long to wait instead if it is too soon."""
    return lambda: limits.wait("chat.postMessage", per_minute=600, channel=channel)


def test_no_minute_holds_more_calls_than_the_tier(clock: Clock):
    limits = RateLimits(enabled=True, real=clock)

    def call() -> int | None:
        return limits.wait("pins.add", per_minute=20, channel="C1")

    for _ in range(20):
        clock.now += 2
        assert call() is None
    assert call() == 22
    clock.now += 21.5
    assert call() == 1
    clock.now += 0.5
    assert call() is None
    assert call() == 2


def test_a_channel_rests_a_second_for_every_message(clock: Clock):
    post = posts(RateLimits(enabled=True, real=clock))
    assert [post() for _ in range(POSTS_BURST)] == [None] * POSTS_BURST
    assert post() == 1
    clock.now += 1
    assert [post(), post()] == [None, 1]
    clock.now += 2
    assert [post(), post(), post()] == [None, None, 1]


def test_the_workspace_takes_several_hundred_posts_a_minute(clock: Clock):
    limits = RateLimits(enabled=True, real=clock)
    assert not any(posts(limits, f"C{number}")() for number in range(POSTS_PER_MINUTE))
    assert posts(limits, "another")() == 60
    assert limits.wait("response_url", per_minute=None, channel="another") is None


def test_a_refused_post_takes_nothing_from_anybody(clock: Clock):
    limits = RateLimits(enabled=True, real=clock)
    for number in range(POSTS_PER_MINUTE):
        posts(limits, f"C{number}")()
    posts(limits, "another")()
    clock.now += 60
    assert [posts(limits, "another")() for _ in range(POSTS_BURST)] == [None] * POSTS_BURST


def test_waiting_as_told_is_always_enough_and_makes_good_again(clock: Clock):
    post = posts(RateLimits(enabled=True, real=clock))
    for _ in range(POSTS_BURST + 2 * REFUSALS):
        if (wait := post()) is not None:
            clock.now += wait
            assert post() is None
    for _ in range(POSTS_BURST):
        clock.now += 1
        post()
    with pytest.raises(SlackError, match="rate_limited"):
        for _ in range(2 * REFUSALS):
            post()


def test_in_a_hurry_a_minute_is_short_but_nobody_waits_less_than_a_second(clock: Clock):
    limits = RateLimits(enabled=True, speed=20, real=clock)
    for _ in range(20):
        limits.wait("pins.add", per_minute=20, channel="C1")
    assert limits.wait("pins.add", per_minute=20, channel="C1") == 3
    post = posts(limits)
    for _ in range(POSTS_BURST):
        post()
    assert post() == 1
    clock.now += 0.06
    assert post() is None
