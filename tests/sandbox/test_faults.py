"""Faults on purpose, and the journal of calls."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, round_trips
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_transport import refusal

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


async def test_the_next_calls_are_limited_and_then_served(client: AsyncWebClient, sandbox: Sandbox, room: str):
    sandbox.faults.limit("chat.postMessage", times=2, retry_after=7, channel=room)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=room, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
        assert caught.value.response["error"] == "ratelimited"
    assert (await client.chat_postMessage(channel=room, text="x"))["ok"]


async def test_a_fault_for_one_channel_spares_the_others(client: AsyncWebClient, sandbox: Sandbox, room: str):
    sandbox.faults.fail("chat.postMessage", times=None, channel=room)
    other = (await client.conversations_create(name="other"))["channel"]["id"]
    assert (await client.chat_postMessage(channel=other, text="x"))["ok"]
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=room, text="x")
    assert caught.value.response.status_code == 500


async def test_a_lost_answer_leaves_the_message_there(client: AsyncWebClient, sandbox: Sandbox, room: str):
    sandbox.faults.lose_answer("chat.postMessage")
    with pytest.raises(LOST):
        await client.chat_postMessage(channel=room, text="once")
    assert [message["text"] for message in sandbox.messages("#room")][-1] == "once"
    assert sandbox.calls.of("chat.postMessage")[0].outcome == "dropped"


async def test_a_refused_call_leaves_nothing(client: AsyncWebClient, sandbox: Sandbox, room: str):
    sandbox.faults.refuse("chat.postMessage")
    with pytest.raises(LOST):
        await client.chat_postMessage(channel=room, text="never")
    assert "never" not in [message["text"] for message in sandbox.messages("#room")]


async def test_what_is_arranged_comes_before_what_happens_by_chance(client: AsyncWebClient, sandbox: Sandbox):
    sandbox.faults.fail("auth.test", times=None, chance=0.999999)
    sandbox.faults.error("auth.test", "fatal_error")
    assert (await refusal(client.auth_test()))["error"] == "fatal_error"
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 500


async def test_an_error_code_can_be_ordered(client: AsyncWebClient, sandbox: Sandbox):
    sandbox.faults.error("auth.test", "fatal_error")
    assert (await refusal(client.auth_test()))["error"] == "fatal_error"
    assert (await client.auth_test())["ok"]


async def test_during_an_outage_nothing_answers(
    client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, http: aiohttp.ClientSession
):
    await sandbox.faults.start_outage()
    with pytest.raises(LOST):
        await client.auth_test()
    with pytest.raises(aiohttp.ClientError):
        await http.ws_connect(sandbox.platform.socket_url())
    answer = await sandbox.person("alice").types("/incident", in_="#general")
    assert answer is not None
    assert answer.error == "dispatch_failed"
    await sandbox.faults.end_outage()
    assert (await client.auth_test())["ok"]


async def test_an_outage_cuts_off_a_call_that_is_under_way(client: AsyncWebClient, sandbox: Sandbox):
    sandbox.faults.delay(0.05, "auth.test")
    call = asyncio.create_task(client.auth_test())
    await sandbox.calls.traffic.until(lambda: sandbox.calls.in_flight, within=5)
    await sandbox.faults.start_outage()
    with pytest.raises(LOST):
        await call


async def test_an_outage_can_end_by_itself(client: AsyncWebClient, sandbox: Sandbox):
    await sandbox.faults.start_outage(seconds=0.1)
    with pytest.raises(LOST):
        await client.auth_test()
    await asyncio.sleep(0.1)
    assert (await client.auth_test())["ok"]


async def test_a_call_can_hang_before_its_answer_is_lost(client: AsyncWebClient, sandbox: Sandbox, room: str):
    sandbox.faults.lose_answer("chat.postMessage", after=30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.chat_postMessage(channel=room, text="once"), 0.1)
    assert [message["text"] for message in sandbox.messages("#room")][-1] == "once"


async def test_slack_can_be_broken_in_every_way_of_http(client: AsyncWebClient, sandbox: Sandbox):
    sandbox.faults.fail("auth.test", status=503)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 503


async def test_the_journal_tells_round_trips_from_calls(client: AsyncWebClient, sandbox: Sandbox, room: str):
    sandbox.calls.clear()
    sandbox.faults.delay(0.02)
    await asyncio.gather(*(client.auth_test() for _ in range(3)))
    await client.chat_postMessage(channel=room, text="x")
    assert [record.method for record in sandbox.calls] == ["auth.test"] * 3 + ["chat.postMessage"]
    assert round_trips(sandbox.calls) == 2
    [post] = sandbox.calls.of("chat.postMessage", channel=room)
    assert (post.args["text"], post.outcome) == ("x", "ok")
    assert post.finished is not None
    assert post.finished - post.started >= 0.02


async def test_the_sdks_retry_handler_waits_as_told(sandbox: Sandbox, http: aiohttp.ClientSession):
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http, retry_handlers=handlers)
    sandbox.faults.limit("auth.test", retry_after=1)
    started = time.monotonic()
    assert (await client.auth_test())["ok"]
    assert time.monotonic() - started >= 1
    assert [record.outcome for record in sandbox.calls.of("auth.test")] == ["429", "ok"]
