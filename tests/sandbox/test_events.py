"""The Events API: which events the app hears, and what they say."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.raw_app import RawApp


async def test_the_outer_event_names_team_app_and_a_unique_id(sandbox: Sandbox, raw_app: RawApp):
    await sandbox.person("alice").opens_home()
    payload = await raw_app.payload()
    assert payload["type"] == "event_callback"
    assert (payload["team_id"], payload["api_app_id"]) == (sandbox.team_id, sandbox.workspace.app.id)
    assert payload["event_id"].startswith("Ev")
    assert payload["event_time"] == int(float(payload["event"]["event_ts"]))
    assert payload["authorizations"][0]["user_id"] == sandbox.workspace.bot.id
    assert payload["event"]["type"] == "app_home_opened"
    assert payload["event"]["tab"] == "home"


async def test_a_message_is_heard_only_where_the_bot_is(sandbox: Sandbox, raw_app: RawApp, room: str):
    alice = sandbox.person("alice")
    await alice.types("nobody hears this", in_="#general")
    await alice.joins("#room")
    await alice.types("a < b & @bob in #general", in_="#room")
    event = await raw_app.event("message")
    bob, general = sandbox.person("bob").id, sandbox.channel("#general").id
    assert event["text"] == f"a &lt; b &amp; <@{bob}> in <#{general}|general>"
    assert (event["channel"], event["channel_type"], event["user"]) == (room, "channel", alice.id)
    assert event["ts"] == event["event_ts"]
    assert event["client_msg_id"]


async def test_a_mention_of_the_bot_is_an_event_of_its_own(sandbox: Sandbox, raw_app: RawApp, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await alice.types("@lockstep status", in_="#room")
    message = await raw_app.event("message")
    mention = await raw_app.event("app_mention")
    assert (mention["ts"], mention["text"]) == (message["ts"], f"<@{sandbox.workspace.bot.id}> status")


async def test_edits_and_deletions_are_told_with_what_was_before(client: AsyncWebClient, raw_app: RawApp, room: str):
    ts = (await client.chat_postMessage(channel=room, text="one"))["ts"]
    await client.chat_update(channel=room, ts=ts, text="two")
    await client.chat_delete(channel=room, ts=ts)
    changed = await raw_app.event("message", "message_changed")
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("one", "two")
    deleted = await raw_app.event("message", "message_deleted")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "two")


async def test_what_happens_to_a_channel_is_told(client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, room: str):
    alice = sandbox.person("alice")
    ts = (await client.chat_postMessage(channel=room, text="card"))["ts"]
    await client.conversations_invite(channel=room, users=alice.id)
    await client.pins_add(channel=room, timestamp=ts)
    await alice.reacts("eyes", to=await alice.sees("card", in_="#room"))
    await alice.unreacts("eyes", to=await alice.sees("card", in_="#room"))
    await client.conversations_rename(channel=room, name="hall")
    await client.conversations_archive(channel=room)
    bot = sandbox.workspace.bot.id
    assert (await raw_app.event("member_joined_channel"))["user"] == bot
    joined = await raw_app.event("member_joined_channel")
    assert (joined["user"], joined["channel"], joined["inviter"]) == (alice.id, room, bot)
    pinned = await raw_app.event("pin_added")
    assert (pinned["item"]["message"]["ts"], pinned["channel_id"]) == (ts, room)
    reaction = await raw_app.event("reaction_added")
    assert (reaction["reaction"], reaction["item"]) == ("eyes", {"type": "message", "channel": room, "ts": ts})
    assert (await raw_app.event("reaction_removed"))["user"] == alice.id
    assert (await raw_app.event("channel_rename"))["channel"]["name"] == "hall"
    assert (await raw_app.event("channel_archive"))["channel"] == room


async def test_a_subscription_that_is_not_there_brings_nothing(http):
    async with Sandbox(events={"app_home_opened"}) as sandbox, RawApp(sandbox, http) as app:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        await client.conversations_create(name="room")
        await sandbox.person("alice").opens_home()
        assert (await app.payload())["event"]["type"] == "app_home_opened"


def test_a_subscription_must_exist():
    with pytest.raises(ValueError, match=r"message\.chanels"):
        Sandbox(events={"message.chanels"})
