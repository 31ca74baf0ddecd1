"""Reading back what was said, from a workspace that answers as Slack does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.slack.directory import Directory
from bot.slack.history import PAGE, history_of, message_at, replies_of
from bot.slack.replies import posted_at

Call = Callable[..., Awaitable[Any]]


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    """The SDK's client, with the bot's token."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[])


@pytest.fixture
def call(client: AsyncWebClient) -> Call:
    """Calls a Web API method by its name."""

    async def call(method: str, **arguments: Any) -> Any:
        return await getattr(client, method.replace(".", "_"))(**arguments)

    return call


@pytest.fixture
async def room(client: AsyncWebClient) -> str:
    """The id of a channel that the bot made."""
    created = await client.conversations_create(name="room")
    return str(created["channel"]["id"])


async def post(client: AsyncWebClient, room: str, text: str, thread: str | None = None, **fields: Any) -> str:
    """Post a message, and return its timestamp."""
    answer = await client.chat_postMessage(channel=room, text=text, thread_ts=thread, **fields)
    return str(answer["ts"])


async def test_a_message_is_found_by_its_time_in_the_channel_and_in_a_thread(
    client: AsyncWebClient, call: Call, room: str
) -> None:
    root = await post(client, room, "Root")
    replies = [await post(client, room, f"Reply {n}", root) for n in range(20)]
    alone = await post(client, room, "Alone")
    for ts, text in ((root, "Root"), (replies[0], "Reply 0"), (replies[-1], "Reply 19"), (alone, "Alone")):
        found = await message_at(call, room, ts)
        assert found is not None and (found["ts"], found["text"]) == (ts, text)
    reply = await message_at(call, room, replies[7])
    assert reply is not None and reply["thread_ts"] == root


async def test_a_message_that_is_gone_is_none(client: AsyncWebClient, call: Call, room: str) -> None:
    root = await post(client, room, "Root")
    reply = await post(client, room, "Reply", root)
    await client.chat_delete(channel=room, ts=reply)
    assert await message_at(call, room, reply) is None
    assert await message_at(call, room, "1795442420.000100") is None


async def test_a_channel_that_can_not_be_read_is_no_missing_message(call: Call) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await message_at(call, "C0NOTHING", "1795442420.000100")


async def test_a_thread_is_read_without_its_first_message_from_where_it_was_left(
    client: AsyncWebClient, call: Call, room: str
) -> None:
    root = await post(client, room, "Root")
    replies = [await post(client, room, f"Reply {n}", root) for n in range(5)]
    assert [reply["ts"] for reply in await replies_of(call, room, root)] == replies
    assert [reply["ts"] for reply in await replies_of(call, room, root, oldest=replies[2])] == replies[3:]
    lonely = await post(client, room, "Lonely")
    assert await replies_of(call, room, lonely) == []


async def test_a_thread_of_several_pages_is_read_whole(client: AsyncWebClient, call: Call, room: str) -> None:
    root = await post(client, room, "Root")
    replies = [await post(client, room, f"Reply {n}", root) for n in range(PAGE + 15)]
    assert [reply["ts"] for reply in await replies_of(call, room, root)] == replies


async def test_the_history_of_a_room_has_every_message_and_reply_once_in_order(
    client: AsyncWebClient, call: Call, room: str
) -> None:
    first = await post(client, room, "First")
    marked = {"event_type": "lockstep_effect", "event_payload": {"effect": "e1"}}
    root = await post(client, room, "Root", metadata=marked)
    hidden = await post(client, room, "Reply", root)
    shown_too = await post(client, room, "Reply, in the channel too", root, reply_broadcast=True)
    last = await post(client, room, "Last")
    history = await history_of(call, room, {})
    ours = [message for message in history if not message.get("subtype") or message["subtype"] == "thread_broadcast"]
    assert [message["ts"] for message in ours] == [first, root, hidden, shown_too, last]
    assert [message["ts"] for message in history] == sorted({message["ts"] for message in history})
    assert next(message for message in ours if message["ts"] == root)["metadata"] == marked


async def test_what_a_person_said_was_said_at_the_time_of_its_timestamp(
    sandbox: Sandbox, client: AsyncWebClient, call: Call, room: str
) -> None:
    before = datetime.fromtimestamp(int(sandbox.clock.epoch()), UTC)
    found = await message_at(call, room, await post(client, room, "Now"))
    assert found is not None and posted_at(found["ts"]) >= before


@pytest.mark.parametrize(
    ("name", "zone"), [("alice", "Europe/Paris"), ("bob", "Asia/Tokyo"), ("carol", "America/New_York")]
)
async def test_everybody_is_read_in_their_own_zone(
    sandbox: Sandbox, client: AsyncWebClient, name: str, zone: str
) -> None:
    directory = Directory(client)
    assert await directory.zone(sandbox.person(name).id) == ZoneInfo(zone)
    assert await directory.zone(sandbox.person(name).id) == ZoneInfo(zone)


async def test_somebody_who_is_not_there_is_read_in_utc(client: AsyncWebClient) -> None:
    assert await Directory(client).zone("U0NOBODY00") == ZoneInfo("UTC")
