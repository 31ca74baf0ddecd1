"""The Events API: which events the app hears, and what they say."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ALL_EVENTS, Sandbox, WireTimes
from bot.sandbox.delivery.event_rate import EventRate
from bot.sandbox.workspace import directory
from bot.sandbox.workspace.state import MetadataSubscription
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_transport import refusal


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


METADATA = {"event_type": "lunch", "event_payload": {"day": "Monday"}}


async def test_metadata_is_told_to_who_asked_for_its_type(http: aiohttp.ClientSession):
    async with Sandbox(events=ALL_EVENTS) as sandbox, RawApp(sandbox, http) as app:
        installed, client = sandbox.platform.app, client_of(sandbox, http)
        room = (await client.conversations_create(name="room"))["channel"]["id"]
        installed.events = frozenset(event for event in ALL_EVENTS if event.startswith("message_metadata_"))
        await sandbox.idle()
        while not app.envelopes.empty():
            await app.next()
        await client.chat_postMessage(channel=room, text="not asked for", metadata=METADATA)
        installed.metadata_subscriptions = (MetadataSubscription(app_id="*", event_type="lunch"),)
        await client.chat_postMessage(channel=room, text="other", metadata=METADATA | {"event_type": "dinner"})
        ts = (await client.chat_postMessage(channel=room, text="asked for", metadata=METADATA))["ts"]
        tuesday = {"event_type": "lunch", "event_payload": {"day": "Tuesday"}}
        await client.chat_update(channel=room, ts=ts, text="asked for", metadata=tuesday)
        await client.chat_update(channel=room, ts=ts, text="only the words change")
        await client.chat_delete(channel=room, ts=ts)
        told = [(await app.payload())["event"] for _ in range(3)]
        await sandbox.idle()
        assert app.envelopes.empty()
        assert [event["type"].removeprefix("message_metadata_") for event in told] == ["posted", "updated", "deleted"]
        assert {(event["message_ts"], event["channel_id"], event["app_id"]) for event in told} == {
            (ts, room, installed.id)
        }
        assert (told[0]["metadata"], told[1]["previous_metadata"]) == (METADATA, METADATA)
        assert (told[1]["metadata"], told[2]["previous_metadata"]) == (tuesday, tuesday)


async def test_what_happens_to_people_and_groups_is_told(http: aiohttp.ClientSession):
    async with Sandbox(events=ALL_EVENTS) as sandbox, RawApp(sandbox, http) as app:
        workspace, alice = sandbox.workspace, sandbox.person("alice")
        frank = directory.hire(workspace, "frank", "Frank Weber", title="Baker")
        directory.change_profile(workspace, frank, title="Head Baker")
        group = directory.create_group(workspace, "bakers", "Bakers", alice.id, [alice.id])
        directory.set_members(workspace, group, [frank.id])
        directory.rename_group(workspace, group, "All bakers")
        joined, changed = await app.event("team_join"), await app.event("user_change")
        assert (joined["user"]["id"], changed["user"]["profile"]["title"]) == (frank.id, "Head Baker")
        assert (await app.event("user_profile_changed"))["user"]["id"] == frank.id
        assert (await app.event("subteam_created"))["subteam"]["users"] == [alice.id]
        members = await app.event("subteam_members_changed")
        assert (members["added_users"], members["removed_users"]) == ([frank.id], [alice.id])
        assert (await app.event("subteam_updated"))["subteam"]["user_count"] == 1
        assert (await app.event("subteam_updated"))["subteam"]["name"] == "All bakers"
        await sandbox.person("frank").types("hello", in_="#general")
        assert alice.reads("#general") == ["hello"]


async def test_an_app_that_is_taken_out_hears_that_and_nothing_more(http: aiohttp.ClientSession):
    async with Sandbox(events=ALL_EVENTS) as sandbox, RawApp(sandbox, http) as app:
        await sandbox.uninstall()
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        assert (await refusal(client.auth_test()))["error"] == "account_inactive"
        assert (await app.event("tokens_revoked"))["tokens"] == {"oauth": [], "bot": [sandbox.workspace.bot.id]}
        await app.event("app_uninstalled")
        assert (await app.next())["reason"] == "link_disabled"
        await sandbox.person("alice").opens_home()
        await sandbox.idle()
        assert app.envelopes.empty()


async def test_an_event_needs_its_scope(http: aiohttp.ClientSession):
    events, scopes = {"app_mention", "app_home_opened"}, frozenset({"chat:write"})
    async with Sandbox(events=events, scopes=scopes) as sandbox, RawApp(sandbox, http) as app:
        sandbox.channel("#general").members[sandbox.workspace.bot.id] = None
        await sandbox.person("alice").types("@lockstep hello", in_="#general")
        await sandbox.person("alice").opens_home()
        assert (await app.payload())["event"]["type"] == "app_home_opened"


async def test_a_private_channel_that_is_deleted_was_a_group(http: aiohttp.ClientSession):
    async with Sandbox(events={"group_deleted", "channel_deleted"}) as sandbox, RawApp(sandbox, http) as app:
        client, alice = client_of(sandbox, http), sandbox.person("alice")
        room = (await client.conversations_create(name="room", is_private=True))["channel"]["id"]
        await client.conversations_invite(channel=room, users=alice.id)
        await alice.deletes(room)
        assert (await app.payload())["event"]["type"] == "group_deleted"


async def test_above_its_rate_the_app_is_told_once_a_minute_that_there_was_more(http: aiohttp.ClientSession):
    async with Sandbox(wire=WireTimes(events_per_hour=2)) as sandbox, RawApp(sandbox, http) as app:
        for _ in range(5):
            await sandbox.person("alice").opens_home()
        told = [await app.payload() for _ in range(3)]
        await sandbox.idle()
        assert app.envelopes.empty()
        assert [payload["type"] for payload in told] == ["event_callback", "event_callback", "app_rate_limited"]
        assert told[2].keys() == {"token", "type", "team_id", "minute_rate_limited", "api_app_id"}
        assert told[2]["minute_rate_limited"] % 60 == 0


def test_the_hour_of_the_rate_moves_on():
    times = iter([0.0, 3599.0, 3599.0, 3600.0, 3600.0, 3661.0])
    rate = EventRate(2, now=lambda: next(times))
    assert [rate.take(), rate.take(), rate.take(), rate.take()] == [True, True, False, True]
    assert (rate.minute_to_report(), rate.minute_to_report()) == (3600, 3660)


def client_of(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncWebClient:
    """The SDK's client for this workspace."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)


async def test_a_subscription_that_is_not_there_brings_nothing(http):
    async with Sandbox(events={"app_home_opened"}) as sandbox, RawApp(sandbox, http) as app:
        await client_of(sandbox, http).conversations_create(name="room")
        await sandbox.person("alice").opens_home()
        assert (await app.payload())["event"]["type"] == "app_home_opened"


def test_a_subscription_must_exist():
    with pytest.raises(ValueError, match=r"message\.chanels"):
        Sandbox(events={"message.chanels"})
