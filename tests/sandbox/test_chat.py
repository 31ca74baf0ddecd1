"""chat.*: posting, editing and deleting the app's own messages."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.given import actions, button, section
from tests.sandbox.test_transport import refusal


async def test_a_posted_message_is_the_bots_and_comes_back_whole(client: AsyncWebClient, sandbox: Sandbox, room: str):
    posted = await client.chat_postMessage(channel=room, text="Hello", blocks=[section("Hello")])
    message = posted["message"]
    app = sandbox.workspace.app
    assert (posted["channel"], posted["ts"]) == (room, message["ts"])
    assert (message["user"], message["bot_id"], message["app_id"]) == (app.bot_user, app.bot_id, app.id)
    assert "subtype" not in message
    assert message["blocks"][0]["block_id"], "Slack gives blocks an id"
    assert message["bot_profile"]["name"] == "Lockstep"


async def test_timestamps_rise_even_when_the_clock_stands_still_or_goes_back(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    sandbox.clock.set_speed(0)
    first = await client.chat_postMessage(channel=room, text="one")
    second = await client.chat_postMessage(channel=room, text="two")
    sandbox.clock.set_epoch(0)
    third = await client.chat_postMessage(channel=room, text="three")
    assert first["ts"] < second["ts"] < third["ts"]


async def test_metadata_is_kept_and_shown_in_full_only_on_request(client: AsyncWebClient, room: str):
    metadata = {"event_type": "lockstep_effect", "event_payload": {"effect": "E1"}}
    posted = await client.chat_postMessage(channel=room, text="Hello", metadata=metadata)
    plain = await client.conversations_history(channel=room, limit=1)
    full = await client.conversations_history(channel=room, limit=1, include_all_metadata=True)
    assert plain["messages"][0]["metadata"] == {"event_type": "lockstep_effect"}
    assert full["messages"][0]["metadata"] == metadata
    await client.chat_update(channel=room, ts=posted["ts"], text="Hello again")
    kept = await client.conversations_history(channel=room, limit=1, include_all_metadata=True)
    assert kept["messages"][0]["metadata"] == metadata
    await client.chat_update(channel=room, ts=posted["ts"], text="Hello again", metadata={})
    gone = await client.conversations_history(channel=room, limit=1, include_all_metadata=True)
    assert "metadata" not in gone["messages"][0]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "channel": "C404"}, "channel_not_found"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "nothing"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("x" * 3000)] * 5}, "msg_blocks_too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_post_is_refused_with_slacks_words(
    client: AsyncWebClient, room: str, arguments: dict[str, Any], error: str
):
    answer = await refusal(client.api_call("chat.postMessage", json={"channel": room, **arguments}))
    assert answer["error"] == error


async def test_a_person_is_posted_to_in_direct_messages(client: AsyncWebClient, sandbox: Sandbox):
    alice = sandbox.person("alice")
    posted = await client.chat_postMessage(channel=alice.id, text="A word")
    assert posted["channel"].startswith("D")
    assert alice.reads(posted["channel"]) == ["A word"]


async def test_a_private_channel_does_not_exist_for_a_bot_outside_it(client: AsyncWebClient, sandbox: Sandbox):
    secret = sandbox.workspace.add_channel(sandbox.workspace.new_channel("secret", "U1", is_private=True))
    assert (await refusal(client.chat_postMessage(channel=secret.id, text="x")))["error"] == "channel_not_found"


async def test_an_edit_with_text_alone_removes_the_blocks(client: AsyncWebClient, room: str):
    posted = await client.chat_postMessage(channel=room, text="Hello", blocks=[section("Hello")])
    untouched = {"channel": room, "ts": posted["ts"], "metadata": {"event_type": "a", "event_payload": {}}}
    kept = await client.api_call("chat.update", json=untouched)
    assert kept["message"]["blocks"] == posted["message"]["blocks"]
    edited = await client.chat_update(channel=room, ts=posted["ts"], text="Goodbye")
    assert "blocks" not in edited["message"]
    assert edited["text"] == edited["message"]["text"] == "Goodbye"
    assert edited["message"]["edited"]["user"] == posted["message"]["user"]


async def test_only_own_messages_can_be_edited_or_deleted(client: AsyncWebClient, sandbox: Sandbox, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await alice.types("mine", in_="#room")
    ts = alice.messages("#room")[-1].ts
    assert (await refusal(client.chat_update(channel=room, ts=ts, text="x")))["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(channel=room, ts=ts)))["error"] == "cant_delete_message"
    assert (await refusal(client.chat_update(channel=room, ts="1.000001", text="x")))["error"] == "message_not_found"
    posted = await client.chat_postMessage(channel=room, text="x")
    long = await refusal(client.chat_update(channel=room, ts=posted["ts"], text="x" * 4001))
    assert long["error"] == "msg_too_long"


async def test_a_deleted_message_is_gone_but_its_thread_stays(client: AsyncWebClient, room: str):
    alone = await client.chat_postMessage(channel=room, text="alone")
    root = await client.chat_postMessage(channel=room, text="root")
    await client.chat_postMessage(channel=room, text="reply", thread_ts=root["ts"])
    for ts in (alone["ts"], root["ts"]):
        assert (await client.chat_delete(channel=room, ts=ts)).data == {"ok": True, "channel": room, "ts": ts}
    left = (await client.conversations_history(channel=room))["messages"]
    assert [message.get("subtype") for message in left] == ["tombstone", "channel_join"]
    thread = await client.conversations_replies(channel=room, ts=root["ts"])
    assert [message["text"] for message in thread["messages"]] == ["This message was deleted.", "reply"]


async def test_an_ephemeral_message_is_seen_by_one_person_and_in_no_history(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    await alice.joins("#room")
    await bob.joins("#room")
    answer = await client.chat_postEphemeral(channel=room, user=alice.id, text="psst", blocks=[actions(button("Yes"))])
    assert set(answer.data) == {"ok", "message_ts"}
    assert alice.reads("#room")[-1] == "[Yes]"
    assert "[Yes]" not in bob.reads("#room")
    history = await client.conversations_history(channel=room)
    assert answer["message_ts"] not in [message["ts"] for message in history["messages"]]
    outside = await refusal(client.chat_postEphemeral(channel=room, user=sandbox.person("carol").id, text="psst"))
    assert outside["error"] == "user_not_in_channel"


async def test_a_permalink_points_at_the_message_and_its_thread(client: AsyncWebClient, room: str):
    root = await client.chat_postMessage(channel=room, text="root")
    reply = await client.chat_postMessage(channel=room, text="reply", thread_ts=root["ts"])
    link = await client.chat_getPermalink(channel=room, message_ts=reply["ts"])
    address = f"https://acme.slack.com/archives/{room}/p{reply['ts'].replace('.', '')}"
    assert link["permalink"] == f"{address}?thread_ts={root['ts']}&cid={room}"


async def test_a_name_and_an_icon_need_their_scope_and_are_passed_over_without(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    costume: dict[str, Any] = {"username": "Deploys", "icon_emoji": ":ship:"}
    posted = await client.chat_postMessage(channel=room, text="Out", **costume)
    message = posted["message"]
    assert (message["subtype"], message["username"], message["icons"]) == (
        "bot_message",
        "Deploys",
        {"emoji": ":ship:"},
    )
    assert (await refusal(client.chat_delete(channel=room, ts=posted["ts"])))["error"] == "cant_delete_message"
    sandbox.workspace.app.scopes = frozenset({"chat:write"})
    plain = await client.chat_postMessage(channel=room, text="Out", **costume)
    assert not {"username", "icons", "subtype"} & plain["message"].keys()


async def test_bare_addresses_become_links_unless_parsing_is_off(client: AsyncWebClient, room: str):
    said = "see https://example.com/a, or <https://example.com|this>"
    linked = await client.chat_postMessage(channel=room, text=said)
    assert linked["message"]["text"] == "see <https://example.com/a>, or <https://example.com|this>"
    assert (await client.chat_postMessage(channel=room, text=said, parse="none"))["message"]["text"] == said
    edited = await client.chat_update(channel=room, ts=linked["ts"], text=said, parse="none")
    assert edited["text"] == said


async def test_names_become_mentions_on_request_people_only_with_parse_full(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    said = "@bob @incident-leads #room @here <@U1|@bob>"
    group = sandbox.workspace.usergroup_named("incident-leads")
    assert group is not None
    mentions = f"<!subteam^{group.id}|@incident-leads> <#{room}|room> <!here> <@U1|@bob>"
    texts = [
        (await client.chat_postMessage(channel=room, text=said, **how))["message"]["text"]
        for how in ({}, {"link_names": True}, {"parse": "full"})
    ]
    assert texts == [said, f"@bob {mentions}", f"<@{sandbox.person('bob').id}> {mentions}"]


async def test_text_above_forty_thousand_characters_is_cut_with_a_warning(client: AsyncWebClient, room: str):
    whole = await client.chat_postMessage(channel=room, text="x" * 40_000)
    cut = await client.chat_postMessage(channel=room, text="x" * 40_001)
    assert len(cut["message"]["text"]) == len(whole["message"]["text"]) == 40_000
    assert (whole.get("warning"), cut["warning"]) == (None, "message_truncated")


async def test_an_earlier_reply_can_be_broadcast_but_not_changed_with_it(client: AsyncWebClient, room: str):
    root = await client.chat_postMessage(channel=room, text="root")
    reply = await client.chat_postMessage(channel=room, text="found it", thread_ts=root["ts"])
    assert reply["message"]["parent_user_id"] == root["message"]["user"]
    await client.chat_postMessage(channel=room, text="later")
    loud = {"channel": room, "ts": reply["ts"], "reply_broadcast": True}
    both = await refusal(client.chat_update(**loud, text="changed"))
    assert both["error"] == "no_dual_broadcast_content_update"
    await client.api_call("chat.update", json=loud)
    history = (await client.conversations_history(channel=room, limit=3))["messages"]
    assert [message["text"] for message in history] == ["later", "found it", "root"]
    assert history[1]["subtype"] == "thread_broadcast"


async def test_an_edit_must_leave_something(client: AsyncWebClient, room: str):
    posted = await client.chat_postMessage(channel=room, text="Hello", blocks=[section("Hello")])
    here = {"channel": room, "ts": posted["ts"]}
    assert (await refusal(client.api_call("chat.update", json={**here, "text": ""})))["error"] == "no_text"
    metadata = {"event_type": "kind", "event_payload": {}}
    kept = await client.api_call("chat.update", json={**here, "metadata": metadata})
    assert kept["message"]["blocks"] == posted["message"]["blocks"]


async def test_an_ephemeral_reply_is_shown_in_an_active_thread_only(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    quiet, busy = [(await client.chat_postMessage(channel=room, text=name))["ts"] for name in ("quiet", "busy")]
    await client.chat_postMessage(channel=room, text="yes?", thread_ts=busy)
    for root in (quiet, busy):
        await client.chat_postEphemeral(channel=room, user=alice.id, text=f"psst {root}", thread_ts=root)
    seen = [message.text for message in sandbox.channel("#room").log.seen_by(alice.id)]
    assert f"psst {busy}" in seen
    assert f"psst {quiet}" not in seen


async def test_private_channels_are_not_found_by_name(client: AsyncWebClient):
    secret = await client.conversations_create(name="secret", is_private=True)
    assert (await refusal(client.chat_postMessage(channel="secret", text="x")))["error"] == "channel_not_found"
    assert (await client.chat_postMessage(channel=secret["channel"]["id"], text="x"))["ok"]
