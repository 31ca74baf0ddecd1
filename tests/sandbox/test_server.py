"""Starting, stopping and keeping the sandbox."""

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.raw_app import SILENT, RawApp


async def test_it_starts_and_stops_in_no_time():
    started = time.perf_counter()
    for _ in range(5):
        async with Sandbox():
            pass
    assert (time.perf_counter() - started) / 5 < 0.05


async def test_a_taken_port_is_an_os_error():
    async with Sandbox() as first:
        with pytest.raises(OSError, match="address"):
            async with Sandbox(port=int(first.url.rsplit(":", 1)[1])):
                pass


async def test_stopping_ends_sockets_streams_and_deliveries(http: aiohttp.ClientSession):
    tasks = asyncio.all_tasks()
    async with Sandbox() as sandbox:
        app = await RawApp(sandbox, http).__aenter__()
        app.answer = SILENT
        clock = await http.get(sandbox.clock_url)
        events = await http.get(f"{sandbox.url}/page/events", params={"user": sandbox.person("alice").id})
        await clock.content.readline()
        await events.content.readline()
        await sandbox.person("alice").opens_home()
        await app.next()
        command = asyncio.create_task(sandbox.person("alice").types("/incident", in_="#general"))
        await app.next()
        command.cancel()
        stopping = time.perf_counter()
    assert time.perf_counter() - stopping < 0.5
    assert await clock.content.read() == b""
    await events.content.read()
    await app.__aexit__(None, None, None)
    await asyncio.gather(command, return_exceptions=True)
    clock.close()
    events.close()
    assert asyncio.all_tasks() <= tasks | {asyncio.current_task()}


async def test_a_kept_workspace_goes_on(tmp_path: Path):
    file = tmp_path / "kept" / "workspace.json"
    async with Sandbox(state_file=file) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        room = (await client.conversations_create(name="room"))["channel"]["id"]
        alice = sandbox.person("alice")
        await alice.joins("#room")
        root = await client.chat_postMessage(
            channel=room, text="card", metadata={"event_type": "a", "event_payload": {"b": 1}}
        )
        await client.chat_postMessage(channel=room, text="reply", thread_ts=root["ts"])
        await client.chat_postEphemeral(channel=room, user=alice.id, text="psst")
        await client.pins_add(channel=room, timestamp=root["ts"])
        await alice.reacts("eyes", to=await alice.sees("card", in_="#room"))
        sandbox.clock.advance(86_400)
        before = (sandbox.messages("#room"), alice.reads("#room"), alice.channels, sandbox.clock.epoch())
    async with Sandbox(state_file=file) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        alice = sandbox.person("alice")
        before[1].remove("psst")  # an ephemeral message does not outlive a reload
        assert (sandbox.messages("#room"), alice.reads("#room"), alice.channels) == before[:3]
        assert sandbox.clock.epoch() >= before[3]
        assert [item["message"]["ts"] for item in (await client.pins_list(channel=room))["items"]] == [root["ts"]]
        assert (await client.chat_postMessage(channel=room, text="on"))["ts"] > root["ts"]
    assert not list(file.parent.glob("*.new"))


async def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path):
    file = tmp_path / "workspace.json"
    file.write_text(json.dumps({"format": 99}))
    with pytest.raises(ValueError, match="does not hold a workspace"):
        async with Sandbox(state_file=file):
            pass
    assert json.loads(file.read_text()) == {"format": 99}


async def test_an_empty_workspace_has_only_the_app():
    async with Sandbox(seed=False) as sandbox:
        assert [user.name for user in sandbox.workspace.users.values()] == ["lockstep", "slackbot"]
        assert not sandbox.workspace.channels
