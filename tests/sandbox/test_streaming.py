"""chat.startStream, chat.appendStream, chat.stopStream: replies that grow."""

from typing import Any

import pytest
from slack_sdk.models.messages.chunk import BlocksChunk, MarkdownTextChunk, PlanUpdateChunk, TaskUpdateChunk
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.given import actions, button, section
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_transport import refusal


@pytest.fixture
async def root(client: AsyncWebClient, room: str) -> str:
    """The ts of a message that a stream can answer."""
    return str((await client.chat_postMessage(channel=room, text="How bad is it?"))["ts"])


@pytest.fixture
def place(sandbox: Sandbox, room: str, root: str) -> dict[str, Any]:
    """Where a stream goes and for whom."""
    recipient = sandbox.person("alice").id
    return {
        "channel": room,
        "thread_ts": root,
        "recipient_team_id": sandbox.team_id,
        "recipient_user_id": recipient,
    }


async def started(client: AsyncWebClient, place: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Channel and ts of a new stream."""
    answer = await client.chat_startStream(**place, **more)
    return {"channel": str(answer["channel"]), "ts": str(answer["ts"])}


async def reply(client: AsyncWebClient, place: dict[str, Any]) -> dict[str, Any]:
    """The streamed message as it reads now."""
    messages = (await client.conversations_replies(channel=place["channel"], ts=place["thread_ts"]))["messages"]
    return dict(messages[-1])


def text_block(text: str, block_id: str = "stream0") -> dict[str, Any]:
    """The block that streamed text becomes."""
    run = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"block_id": block_id, "type": "rich_text", "elements": [run]}


async def test_text_adds_up_to_one_message(client: AsyncWebClient, place: dict[str, Any]):
    stream = await started(client, place, markdown_text="Half of ")
    assert (await client.chat_appendStream(**stream, markdown_text="all ")).data == {"ok": True, **stream}
    assert (await reply(client, place))["text"] == "Half of all "
    last = [actions(button("Helpful"))]
    metadata = {"event_type": "answered", "event_payload": {"n": 1}}
    stopped = await client.chat_stopStream(**stream, markdown_text="checkouts.", blocks=last, metadata=metadata)
    message = stopped["message"]
    assert (stopped["ts"], message["ts"], message["thread_ts"]) == (stream["ts"], stream["ts"], place["thread_ts"])
    assert (message["text"], message["metadata"]) == ("Half of all checkouts.", metadata)
    assert message["blocks"][0] == text_block("Half of all checkouts.")
    assert message["blocks"][1]["block_id"] == "actions"


async def test_the_sdk_streams_with_its_helper(client: AsyncWebClient, sandbox: Sandbox, place: dict[str, Any]):
    streamer = await client.chat_stream(**place, buffer_size=4)
    for word in ("Every ", "checkout ", "fails."):
        await streamer.append(markdown_text=word)
    await streamer.stop()
    silent = await client.chat_stream(**place)
    await silent.stop(markdown_text="At once.")
    bob = sandbox.person("bob")
    await bob.joins("#room")
    assert (await bob.sees("At once.", in_="#room")).thread_ts == place["thread_ts"]
    assert "Every checkout fails." in bob.reads("#room")


async def test_tasks_change_in_place_between_the_text(client: AsyncWebClient, place: dict[str, Any]):
    first = [
        MarkdownTextChunk(text="Looking."),
        TaskUpdateChunk(id="t1", title="Read", status="pending", details="a"),
    ]
    stream = await started(client, place, chunks=first)
    more = [
        TaskUpdateChunk(id="t1", title="Read the logs", status="complete", details="b"),
        MarkdownTextChunk(text="Found."),
    ]
    await client.chat_appendStream(**stream, chunks=more)
    await client.chat_appendStream(**stream, chunks=[BlocksChunk(blocks=[section("*Graph*", block_id="graph")])])
    message = await reply(client, place)
    card = {"task_id": "t1", "title": "Read the logs", "status": "complete", "details": "ab"}
    assert message["blocks"] == [
        text_block("Looking."),
        {"block_id": "stream1", "type": "task_card", **card},
        text_block("Found.", "stream2"),
        section("*Graph*", block_id="graph"),
    ]
    assert message["text"] == "Looking.Found."


async def test_a_plan_gathers_its_tasks(client: AsyncWebClient, place: dict[str, Any]):
    stream = await started(client, place, task_display_mode="plan", chunks=[PlanUpdateChunk(title="Plan")])
    task = TaskUpdateChunk(id="t1", title="Read", status="in_progress")
    await client.chat_appendStream(**stream, chunks=[task, PlanUpdateChunk(title="Better plan")])
    [plan] = (await client.chat_stopStream(**stream))["message"]["blocks"]
    assert (plan["type"], plan["title"], [one["task_id"] for one in plan["tasks"]]) == ("plan", "Better plan", ["t1"])


async def test_the_app_hears_of_the_beginning_and_the_end(
    client: AsyncWebClient, raw_app: RawApp, place: dict[str, Any]
):
    stream = await started(client, place, markdown_text="Half ")
    await client.chat_appendStream(**stream, markdown_text="of all")
    await client.chat_stopStream(**stream)
    while (await raw_app.event("message"))["ts"] != stream["ts"]:
        pass
    changed = await raw_app.event("message", "message_changed")
    assert (changed["previous_message"]["text"], changed["message"]["ts"]) == ("Half of all", stream["ts"])


async def test_what_is_streamed_is_not_edited_until_it_ends(client: AsyncWebClient, place: dict[str, Any]):
    stream = await started(client, place, markdown_text="Half")
    conflict = await refusal(client.chat_update(**stream, text="Whole"))
    assert conflict["error"] == "streaming_state_conflict"
    await client.chat_stopStream(**stream)
    assert (await client.chat_update(**stream, text="Whole"))["ok"]
    for call in (client.chat_appendStream(**stream, markdown_text="x"), client.chat_stopStream(**stream)):
        assert (await refusal(call))["error"] == "message_not_in_streaming_state"


async def test_a_direct_message_needs_no_recipient(client: AsyncWebClient, sandbox: Sandbox):
    said = await client.chat_postMessage(channel=sandbox.person("alice").id, text="hello")
    stream = await client.chat_startStream(channel=said["channel"], thread_ts=said["ts"])
    assert (await client.chat_stopStream(channel=said["channel"], ts=stream["ts"], markdown_text="x"))["ok"]


NO_PICTURE = {"type": "image", "slack_file": {"id": "F00000404"}, "alt_text": "A curve"}
TASKS = [{"type": "task_update", "id": str(number), "title": "x" * 256, "status": "error"} for number in range(51)]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"task_display_mode": "gantt"}, "invalid_arguments"),
        ({"channel": "C404"}, "channel_not_found"),
        ({"recipient_team_id": ""}, "missing_recipient_team_id"),
        ({"recipient_user_id": ""}, "missing_recipient_user_id"),
        ({"recipient_team_id": "T404"}, "team_not_found"),
        ({"recipient_user_id": "U404"}, "user_not_found"),
        ({"thread_ts": "0"}, "invalid_thread_ts"),
        ({"thread_ts": "1.000001"}, "invalid_thread_ts"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"markdown_text": "x", "chunks": [{"type": "markdown_text", "text": "y"}]}, "invalid_arguments"),
        ({"chunks": "no json"}, "invalid_chunks"),
        ({"chunks": {"type": "markdown_text"}}, "invalid_chunks"),
        ({"chunks": ["x"]}, "invalid_chunks"),
        ({"chunks": [{"type": "song"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "markdown_text"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "markdown_text", "text": "x" * 12_001}]}, "msg_too_long"),
        ({"chunks": [{"type": "task_update", "id": "1", "title": "x", "status": "lost"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "plan_update", "title": "x" * 257}]}, "invalid_chunks"),
        ({"chunks": [{"type": "blocks", "blocks": [{"type": "section"}]}]}, "invalid_blocks"),
        ({"chunks": TASKS}, "msg_blocks_too_many"),
        ({"chunks": [{"type": "blocks", "blocks": [NO_PICTURE]}]}, "invalid_blocks"),
    ],
)
async def test_what_cannot_be_streamed(
    client: AsyncWebClient, place: dict[str, Any], change: dict[str, Any], error: str
):
    assert (await refusal(client.api_call("chat.startStream", json=place | change)))["error"] == error
    assert (await reply(client, place))["ts"] == place["thread_ts"]


async def test_the_limits_of_a_stream_themselves_are_within(client: AsyncWebClient, place: dict[str, Any]):
    await started(client, place, markdown_text="x" * 12_000)
    stream = await started(client, place, chunks=TASKS[:50])
    last = await refusal(client.chat_stopStream(**stream, blocks=[section("one too many")]))
    assert last["error"] == "msg_blocks_too_many"
    assert (await client.chat_stopStream(**stream))["ok"]


async def test_channels_take_streams_of_members_only(client: AsyncWebClient, sandbox: Sandbox, place: dict[str, Any]):
    outside = place | {"channel": sandbox.channel("#general").id}
    assert (await refusal(client.chat_startStream(**outside)))["error"] == "not_in_channel"
    stream = await started(client, place)
    await client.conversations_archive(channel=place["channel"])
    for call in (
        client.chat_startStream(**place),
        client.chat_appendStream(**stream, markdown_text="x"),
        client.chat_stopStream(**stream),
    ):
        assert (await refusal(call))["error"] == "is_archived"


async def test_a_stream_keeps_to_text_or_to_chunks(client: AsyncWebClient, place: dict[str, Any]):
    text, chunks = {"markdown_text": "x"}, {"chunks": [{"type": "markdown_text", "text": "x"}]}
    for first, second in ((text, chunks), (chunks, text)):
        stream = await started(client, place, **first)
        for call in (client.chat_appendStream, client.chat_stopStream):
            assert (await refusal(call(**stream, **second)))["error"] == "streaming_mode_mismatch"


async def test_only_a_stream_of_the_app_takes_more(client: AsyncWebClient, sandbox: Sandbox, place: dict[str, Any]):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await alice.types("Mine", in_="#room")
    theirs = (await alice.sees("Mine", in_="#room")).ts
    stream = await started(client, place)
    for ts, error in ((theirs, "message_not_owned_by_app"), ("1.000001", "message_not_found")):
        for method in ("chat.appendStream", "chat.stopStream"):
            call = client.api_call(method, json={"channel": place["channel"], "ts": ts, "markdown_text": "x"})
            assert (await refusal(call))["error"] == error
    nothing = client.api_call("chat.appendStream", json=stream)
    assert (await refusal(nothing))["error"] == "no_text"
    wrong = client.api_call("chat.stopStream", json=stream | {"metadata": "x"})
    assert (await refusal(wrong))["error"] == "invalid_metadata_format"


async def test_streams_take_the_scope_to_write():
    async with Sandbox(scopes=frozenset({"chat:write.public"})) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        for method in ("chat.startStream", "chat.appendStream", "chat.stopStream"):
            answer = await refusal(client.api_call(method, json={}))
            assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
