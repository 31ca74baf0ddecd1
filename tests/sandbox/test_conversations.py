"""conversations.*: making, filling, naming, archiving and reading channels."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.test_transport import refusal


async def test_a_new_channel_has_its_creator_as_only_member(client: AsyncWebClient, sandbox: Sandbox):
    channel = (await client.conversations_create(name="inc-1-checkout"))["channel"]
    assert channel["name"] == channel["name_normalized"] == "inc-1-checkout"
    assert (channel["creator"], channel["is_member"]) == (sandbox.workspace.bot.id, True)
    members = await client.conversations_members(channel=channel["id"])
    assert members["members"] == [sandbox.workspace.bot.id]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("--", "invalid_name_punctuation"),
        ("Upper", "invalid_name_specials"),
        ("two words", "invalid_name_specials"),
        ("general", "name_taken"),
    ],
)
async def test_a_channel_name_is_checked(client: AsyncWebClient, name: str, error: str):
    assert (await refusal(client.conversations_create(name=name)))["error"] == error


async def test_an_archived_channel_keeps_its_name_and_cannot_be_brought_back_by_the_bot(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    await client.conversations_archive(channel=room)
    assert (await refusal(client.conversations_create(name="room")))["error"] == "name_taken"
    assert (await refusal(client.conversations_archive(channel=room)))["error"] == "already_archived"
    assert (await refusal(client.conversations_unarchive(channel=room)))["error"] == "not_in_channel"
    assert (await refusal(client.conversations_history(channel=room)))["error"] == "not_in_channel"
    assert (await refusal(client.chat_postMessage(channel=room, text="x")))["error"] == "is_archived"
    assert not (await client.conversations_info(channel=room))["channel"]["is_member"]


async def test_one_wrong_invitation_stops_them_all_unless_forced(client: AsyncWebClient, sandbox: Sandbox, room: str):
    alice, bob = sandbox.person("alice").id, sandbox.person("bob").id
    await client.conversations_invite(channel=room, users=[alice])
    refused = await refusal(client.conversations_invite(channel=room, users=[alice, bob, "U404"]))
    assert refused["error"] == "already_in_channel"
    assert refused["errors"] == [
        {"user": alice, "ok": False, "error": "already_in_channel"},
        {"user": "U404", "ok": False, "error": "user_not_found"},
    ]
    assert bob not in (await client.conversations_members(channel=room))["members"]
    forced = await client.conversations_invite(channel=room, users=[alice, bob], force=True)
    assert forced["errors"][0]["error"] == "already_in_channel"
    assert bob in (await client.conversations_members(channel=room))["members"]


@pytest.mark.parametrize(
    ("users", "error"), [("", "no_user"), ("bot", "cant_invite_self"), ("U1," * 101, "invalid_arguments")]
)
async def test_an_invitation_needs_somebody_else_and_not_too_many(
    client: AsyncWebClient, sandbox: Sandbox, room: str, users: str, error: str
):
    users = users.replace("bot", sandbox.workspace.bot.id)
    assert (await refusal(client.conversations_invite(channel=room, users=users)))["error"] == error


async def test_joining_twice_is_a_warning(client: AsyncWebClient, sandbox: Sandbox):
    channel = sandbox.channel("#incidents").id
    assert "warning" not in (await client.conversations_join(channel=channel)).data
    again = await client.conversations_join(channel=channel)
    assert again["warning"] == "already_in_channel"
    assert again["response_metadata"]["warnings"] == ["already_in_channel"]
    await client.conversations_leave(channel=channel)
    assert (await client.conversations_leave(channel=channel))["not_in_channel"]


async def test_topic_and_purpose_are_limited_and_announced(client: AsyncWebClient, sandbox: Sandbox, room: str):
    answer = await client.conversations_setTopic(channel=room, topic="SEV1 · Triage")
    await client.conversations_setPurpose(channel=room, purpose="INC-1")
    assert answer["channel"]["topic"]["value"] == "SEV1 · Triage"
    assert (await refusal(client.conversations_setTopic(channel=room, topic="x" * 251)))["error"] == "too_long"
    system = sandbox.messages("#room")[-2:]
    assert [message["subtype"] for message in system] == ["channel_topic", "channel_purpose"]
    outside = sandbox.channel("#general").id
    assert (await refusal(client.conversations_setTopic(channel=outside, topic="x")))["error"] == "not_in_channel"


async def test_only_the_creator_renames(client: AsyncWebClient, sandbox: Sandbox, room: str):
    renamed = await client.conversations_rename(channel=room, name="hall")
    assert (renamed["channel"]["name"], renamed["channel"]["previous_names"]) == ("hall", ["room"])
    assert sandbox.workspace.channel_named("room") is None
    general = sandbox.channel("#engineering").id
    await client.conversations_join(channel=general)
    assert (await refusal(client.conversations_rename(channel=general, name="x")))["error"] == "not_authorized"


async def test_somebody_can_be_removed_but_not_from_general(client: AsyncWebClient, sandbox: Sandbox, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await client.conversations_kick(channel=room, user=alice.id)
    assert "#room" not in alice.channels
    assert (await refusal(client.conversations_kick(channel=room, user=alice.id)))["error"] == "not_in_channel"


async def test_a_direct_message_is_opened_once(client: AsyncWebClient, sandbox: Sandbox):
    alice = sandbox.person("alice").id
    first = await client.conversations_open(users=alice)
    again = await client.conversations_open(users=alice, return_im=True)
    assert first.data == {"ok": True, "channel": {"id": first["channel"]["id"]}}
    assert (again["channel"]["id"], again["already_open"]) == (first["channel"]["id"], True)
    assert again["channel"]["user"] == alice
    assert (await refusal(client.conversations_open(users="")))["error"] == "users_list_not_supplied"


async def test_history_comes_newest_first_in_pages(client: AsyncWebClient, room: str):
    sent = [(await client.chat_postMessage(channel=room, text=str(number)))["ts"] for number in range(5)]
    pages = []
    async for page in await client.conversations_history(channel=room, limit=2):
        pages.append([message["ts"] for message in page["messages"]])
    assert [len(page) for page in pages] == [2, 2, 2]
    assert [ts for page in pages for ts in page][:5] == sent[::-1]
    between = await client.conversations_history(channel=room, oldest=sent[1], latest=sent[3])
    assert [message["ts"] for message in between["messages"]] == [sent[2]]
    including = await client.conversations_history(channel=room, oldest=sent[1], latest=sent[3], inclusive=True)
    assert [message["ts"] for message in including["messages"]] == [sent[3], sent[2], sent[1]]
    assert (await refusal(client.conversations_history(channel=room, oldest="x")))["error"] == "invalid_ts_oldest"
    assert (await refusal(client.conversations_history(channel=room, cursor="x")))["error"] == "invalid_cursor"


async def test_replies_stay_in_their_thread_unless_broadcast(client: AsyncWebClient, room: str):
    root = await client.chat_postMessage(channel=room, text="root")
    quiet = await client.chat_postMessage(channel=room, text="quiet", thread_ts=root["ts"])
    loud = await client.chat_postMessage(channel=room, text="loud", thread_ts=root["ts"], reply_broadcast=True)
    history = (await client.conversations_history(channel=room, limit=2))["messages"]
    assert [message["text"] for message in history] == ["loud", "root"]
    assert (history[1]["reply_count"], history[1]["latest_reply"]) == (2, loud["ts"])
    thread = await client.conversations_replies(channel=room, ts=quiet["ts"])
    assert [message["text"] for message in thread["messages"]] == ["root", "quiet", "loud"]
    assert (await refusal(client.conversations_replies(channel=room, ts="1.000001")))["error"] == "thread_not_found"


async def test_listings_are_filtered_and_paged(client: AsyncWebClient, sandbox: Sandbox, room: str):
    names = []
    async for page in await client.conversations_list(limit=3):
        assert len(page["channels"]) <= 3
        names += [channel["name"] for channel in page["channels"]]
    assert names == [channel.name for channel in sandbox.workspace.channels.values()]
    assert [channel["id"] for channel in (await client.users_conversations())["channels"]] == [room]
    await client.conversations_archive(channel=room)
    listed = await client.conversations_list(exclude_archived=True)
    assert room not in [channel["id"] for channel in listed["channels"]]
    assert (await refusal(client.conversations_list(types="nonsense")))["error"] == "invalid_types"
    assert (await refusal(client.conversations_list(limit=1000)))["error"] == "invalid_limit"


async def test_topics_come_back_escaped(client: AsyncWebClient, room: str):
    raw = await client.conversations_setTopic(channel=room, topic="A & B <now>")
    assert raw["channel"]["topic"]["value"] == "A &amp; B &lt;now&gt;"
    again = await client.conversations_setTopic(channel=room, topic="A &amp; B")
    assert again["channel"]["topic"]["value"] == "A &amp; B"


async def test_a_refused_name_is_explained(client: AsyncWebClient):
    refused = await refusal(client.conversations_create(name="Not Allowed"))
    assert (refused["error"], bool(refused["detail"])) == ("invalid_name_specials", True)


async def test_user_groups_that_are_switched_off_are_there_on_demand(client: AsyncWebClient, sandbox: Sandbox):
    group = next(iter(sandbox.workspace.usergroups.values()))
    group.disabled = sandbox.workspace.now()
    assert group.id not in {one["id"] for one in (await client.usergroups_list())["usergroups"]}
    [shown] = [
        one for one in (await client.usergroups_list(include_disabled=True))["usergroups"] if one["id"] == group.id
    ]
    assert shown["date_delete"] == group.disabled
    assert (await refusal(client.usergroups_users_list(usergroup=group.id)))["error"] == "no_such_subteam"
    assert (await client.usergroups_users_list(usergroup=group.id, include_disabled=True))["users"] == group.users
