"""Socket Mode on the wire: tickets, envelopes, acknowledgements, redelivery, several sockets, disconnects."""

import asyncio

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, WireTimes
from tests.sandbox.raw_app import SILENT, RawApp


async def test_a_connection_starts_with_hello(sandbox: Sandbox, raw_app: RawApp):
    assert raw_app.hello["type"] == "hello"
    assert raw_app.hello["num_connections"] == 1
    assert raw_app.hello["connection_info"] == {"app_id": sandbox.workspace.app.id}


async def test_a_ticket_opens_one_connection(sandbox: Sandbox, http: aiohttp.ClientSession):
    client = AsyncWebClient(base_url=sandbox.api_url, session=http)
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    assert url.startswith(f"ws://127.0.0.1:{sandbox.url.rsplit(':', 1)[1]}/link?ticket=")
    async with http.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


async def test_a_ping_is_answered_with_its_own_words(sandbox: Sandbox, http: aiohttp.ClientSession):
    async with http.ws_connect(sandbox.platform.socket_url(), autoping=False) as socket:
        await socket.receive()
        await socket.ping(b"sdk-ping-pong:1.5")
        pong = await socket.receive()
        assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1.5")


async def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox, http: aiohttp.ClientSession):
    sockets = [await http.ws_connect(sandbox.platform.socket_url()) for _ in range(11)]
    for socket in sockets[:10]:
        assert (await socket.receive_json())["type"] == "hello"
    assert (await sockets[10].receive_json())["reason"] == "too_many_websockets"
    await asyncio.gather(*(socket.close() for socket in sockets))


async def test_an_unacknowledged_event_comes_again_with_its_number(sandbox: Sandbox, raw_app: RawApp):
    raw_app.answer = SILENT
    await sandbox.person("alice").opens_home()
    tries = [await raw_app.next() for _ in range(4)]
    assert [(one["retry_attempt"], one["retry_reason"]) for one in tries] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({one["envelope_id"] for one in tries}) == 4
    assert len({one["payload"]["event_id"] for one in tries}) == 1
    assert not tries[0]["accepts_response_payload"]


async def test_an_acknowledged_event_does_not_come_again(sandbox: Sandbox, raw_app: RawApp):
    alice = sandbox.person("alice")
    await alice.opens_home()
    first = await raw_app.next()
    await sandbox.idle()
    await alice.opens_home()
    assert (await raw_app.next())["payload"]["event_id"] != first["payload"]["event_id"]


async def test_an_event_waits_for_an_app_that_is_away(sandbox: Sandbox, http: aiohttp.ClientSession):
    await sandbox.person("alice").opens_home()
    await sandbox.idle()
    async with RawApp(sandbox, http) as app:
        late = await app.next()
        assert (late["retry_attempt"], late["retry_reason"]) == (1, "connection_failed")


async def test_payloads_go_to_any_socket_and_may_be_acknowledged_on_another(
    sandbox: Sandbox, http: aiohttp.ClientSession
):
    alice = sandbox.person("alice")
    async with RawApp(sandbox, http) as one, RawApp(sandbox, http) as two:
        one.answer = two.answer = SILENT
        assert two.hello["num_connections"] == 2
        command = asyncio.create_task(alice.types("/incident", in_="#general"))
        waiting = {asyncio.create_task(app.next()): other for app, other in ((one, two), (two, one))}
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        received = done.pop()
        await waiting[received].acknowledge(received.result())
        assert await command is None
        for task in pending:
            task.cancel()


async def test_after_a_disconnect_frame_a_socket_gets_nothing_more(sandbox: Sandbox, raw_app: RawApp):
    await sandbox.hub.disconnect("warning")
    assert (await raw_app.next())["reason"] == "warning"
    assert await sandbox.person("alice").types("/incident", in_="#general") is None
    await raw_app.next()
    await sandbox.hub.disconnect("refresh_requested")
    assert (await raw_app.next())["reason"] == "refresh_requested"
    answer = await sandbox.person("alice").types("/incident", in_="#general")
    assert answer is not None
    assert answer.error == "dispatch_failed"


async def test_the_sdks_client_reconnects_after_a_refresh(bolt, sandbox: Sandbox):
    await sandbox.hub.disconnect("refresh_requested")
    traffic = sandbox.hub.traffic
    await traffic.until(lambda: len(sandbox.calls.of("apps.connections.open")) == 2 and sandbox.hub.open, within=5)
    assert await sandbox.person("alice").types("/incident help", in_="#general") is not None


@pytest.mark.parametrize(("asked", "life"), [("", 3600), ("&debug_reconnects=true", 360)])
async def test_hello_says_how_long_a_connection_lives(http: aiohttp.ClientSession, asked: str, life: int):
    async with Sandbox() as sandbox, http.ws_connect(sandbox.platform.socket_url() + asked) as socket:
        assert (await socket.receive_json())["debug_info"]["approximate_connection_time"] == life


async def test_a_connection_is_warned_then_asked_to_come_anew_then_closed(http: aiohttp.ClientSession):
    times = WireTimes(ack=0.05, debug_socket=0.1, socket_warning=0.05)
    async with (
        Sandbox(wire=times) as sandbox,
        http.ws_connect(sandbox.platform.socket_url()) as lasting,
        http.ws_connect(sandbox.platform.socket_url() + "&debug_reconnects=true") as socket,
    ):
        frames = [await socket.receive_json() for _ in range(3)]
        assert [frame.get("reason", frame["type"]) for frame in frames] == ["hello", "warning", "refresh_requested"]
        assert frames[1]["debug_info"] == {"host": "sandbox"}
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert len(sandbox.hub.open) == 1
        assert not lasting.closed


async def test_the_sdks_client_lives_through_many_short_connections(client: AsyncWebClient):
    times = WireTimes(socket=0.15, socket_warning=0.05)
    async with Sandbox(wire=times) as sandbox:
        app = AsyncApp(client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url))
        handler = AsyncSocketModeHandler(app, sandbox.app_token)
        await handler.connect_async()
        opened = sandbox.calls.of
        await sandbox.calls.traffic.until(lambda: len(opened("apps.connections.open")) >= 4, within=5)
        await handler.close_async()


async def test_only_commands_and_interactions_take_an_answer(sandbox: Sandbox, raw_app: RawApp):
    raw_app.answer = {"text": "heard"}
    callback = {"type": "event_callback", "event": {"type": "app_home_opened"}}
    assert await sandbox.hub.deliver("events_api", callback) is None
    assert await sandbox.hub.deliver("slash_commands", {"command": "/incident"}) == {"text": "heard"}


async def test_a_socket_that_closes_on_a_payload_leaves_it_unacknowledged(
    sandbox: Sandbox, http: aiohttp.ClientSession
):
    command = sandbox.person("alice").types("/incident", in_="#general")
    async with RawApp(sandbox, http) as app:
        app.answer = SILENT
        typing = asyncio.create_task(command)
        await app.next()
    answer = await typing
    assert answer is not None
    assert answer.error == "operation_timeout"


async def test_an_acknowledgement_that_comes_late_settles_nothing(sandbox: Sandbox, raw_app: RawApp):
    raw_app.answer = SILENT
    alice = sandbox.person("alice")
    late = await alice.types("/incident", in_="#general")
    await raw_app.acknowledge(await raw_app.next())
    raw_app.answer = {"text": "in time"}
    answer = await alice.types("/incident", in_="#general")
    assert (late and late.error, answer and answer.text) == ("operation_timeout", "in time")
    assert alice.reads("#general") == ['/incident failed with the error "operation_timeout".', "in time"]


async def test_an_event_is_given_up_after_its_life(http: aiohttp.ClientSession):
    times = WireTimes(ack=0.05, retries=(0.0, 60.0), event_life=0.15)
    async with Sandbox(wire=times) as sandbox, RawApp(sandbox, http) as app:
        app.answer = SILENT
        await sandbox.person("alice").opens_home()
        assert [(await app.next())["retry_attempt"] for _ in range(2)] == [0, 1]
        await sandbox.idle()
        assert not sandbox.events.in_flight
