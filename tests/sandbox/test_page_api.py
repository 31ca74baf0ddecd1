"""The page's JSON API: what it shows one person and what that person can do through it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Refused, Sandbox
from bot.sandbox.workspace.state import Shortcut
from tests.sandbox.given import actions, button, modal, question, section, select, text_input
from tests.sandbox.raw_app import SILENT, RawApp

Act = Callable[..., Awaitable[dict[str, Any]]]
State = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def act(sandbox: Sandbox, http: aiohttp.ClientSession) -> Act:
    """Something alice does on the page."""

    async def act(name: str, /, **fields: Any) -> dict[str, Any]:
        deed = {"user": sandbox.person("alice").id, "act": name, **fields}
        async with http.post(f"{sandbox.url}/page/act", json=deed) as answer:
            return dict(await answer.json())

    return act


@pytest.fixture
def state(sandbox: Sandbox, http: aiohttp.ClientSession) -> State:
    """What a person sees on the page."""

    async def state(name: str = "alice", /, **place: str) -> dict[str, Any]:
        query = {"user": sandbox.person(name).id, **place}
        async with http.get(f"{sandbox.url}/page/state", params=query) as answer:
            return dict(await answer.json())

    return state


async def test_the_state_shows_the_workspace(state: State, sandbox: Sandbox):
    shown = await state("erin", channel=sandbox.channel("#general").id)
    assert [user["name"] for user in shown["users"]][:5] == ["alice", "bob", "carol", "dave", "erin"]
    assert shown["users"][0]["color"].startswith("#")
    assert shown["team"] == {"id": sandbox.team_id, "name": "Acme", "domain": "acme"}
    assert [command["command"] for command in shown["commands"]] == ["/incident"]
    membership = {channel["name"]: channel["is_member"] for channel in shown["channels"]}
    assert (membership["engineering"], membership["exec-updates"]) == (True, False)
    assert len(shown["channel"]["members"]) == 5
    assert (shown["thread"], shown["view"], shown["speed"]) == (None, None, 1.0)


async def test_messages_of_others_are_unread_until_the_channel_is_looked_at(state: State, act: Act, sandbox: Sandbox):
    general = sandbox.channel("#general").id
    assert await act("say", channel=general, text="hello") == {"ok": True}

    async def unread(name: str) -> int:
        shown = await state(name)
        return next(int(channel["unread"]) for channel in shown["channels"] if channel["id"] == general)

    assert (await unread("alice"), await unread("bob")) == (0, 1)
    shown = await state("bob", channel=general)
    assert [message["text"] for message in shown["channel"]["messages"]] == ["hello"]
    assert await unread("bob") == 0


async def test_a_thread_shows_its_root_and_replies(
    state: State, act: Act, sandbox: Sandbox, client: AsyncWebClient, room: str
):
    root = (await client.chat_postMessage(channel=room, text="root"))["ts"]
    await act("join", channel=room)
    await act("say", channel=room, text="reply", thread_ts=root)
    await act("react", channel=room, ts=root, name="eyes")
    await client.pins_add(channel=room, timestamp=root)
    await client.chat_postEphemeral(channel=room, user=sandbox.person("alice").id, text="psst")
    shown = await state(channel=room, thread=root)
    assert [message["text"] for message in shown["thread"]["messages"]] == ["root", "reply"]
    assert shown["channel"]["pins"] == [root]
    by_text = {message["text"]: message for message in shown["channel"]["messages"]}
    assert by_text["root"]["reply_count"] == 1
    assert by_text["root"]["reactions"] == [{"name": "eyes", "users": [shown["me"]], "count": 1}]
    assert by_text["psst"]["ephemeral"] is True
    assert "reply" not in by_text
    assert "psst" not in [message["text"] for message in (await state("bob", channel=room))["channel"]["messages"]]


async def test_a_form_is_filled_and_sent_on_the_page(
    state: State, act: Act, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    general = sandbox.channel("#general").id
    await act("say", channel=general, text="/incident")
    form = modal(
        question("Why", text_input(), "why"), question("Level", select("A", "B"), "level"), actions(button("Go"))
    )
    await client.views_open(trigger_id=(await raw_app.payload())["trigger_id"], view=form)
    view = (await state())["view"]
    assert (view["stack"], view["view"]["title"]["text"], view["errors"]) == (1, "Form", {})
    assert await act("submit", view_id=view["id"], values={}) == {"ok": True}
    errors = (await state())["view"]["errors"]
    assert errors == dict.fromkeys(("why", "level"), "Please complete this required field.")
    chosen = {"type": "static_select", "selected_option": form["blocks"][1]["element"]["options"][1]}
    values = {"why": {"text": {"type": "plain_text_input", "value": "Because"}}, "level": {"pick": chosen}}
    await act("press", view_id=view["id"], block_id="actions", action_id="press", values=values)
    assert (await raw_app.payload())["view"]["state"]["values"] == values
    assert await act("submit", view_id=view["id"], values=values) == {"ok": True}
    assert (await raw_app.payload())["view"]["state"]["values"] == values
    assert (await state())["view"] is None


@pytest.mark.parametrize(
    "choice",
    [
        {"selected": "b"},
        {"selected_option": {"text": {"type": "plain_text", "text": "B"}, "value": "b"}, "type": "static_select"},
    ],
    ids=["value", "state"],
)
async def test_a_choice_in_a_message_may_come_as_value_or_state(
    act: Act, client: AsyncWebClient, raw_app: RawApp, room: str, choice: dict[str, Any]
):
    menu = section("Pick", block_id="s", accessory=select("A", "B"))
    ts = (await client.chat_postMessage(channel=room, text="x", blocks=[menu]))["ts"]
    await act("join", channel=room)
    pressed = await act("press", channel=room, message_ts=ts, block_id="s", action_id="pick", **choice)
    assert pressed == {"ok": True}
    assert (await raw_app.interaction())["actions"][0]["selected_option"]["value"] == "b"


async def test_what_does_not_work_is_said_in_a_sentence(
    act: Act, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp, room: str
):
    raw_app.answer = SILENT
    await act("join", channel=room)
    ts = (await client.chat_postMessage(channel=room, text="x", blocks=[actions(button("Go"))]))["ts"]
    unanswered = await act("press", channel=room, message_ts=ts, block_id="actions", action_id="press")
    assert unanswered["error"] == "Lockstep did not answer in time (operation_timeout). Please try again."
    gone = await act("press", channel=room, message_ts="1.000001", block_id="actions", action_id="press")
    assert gone["error"] == "This message has changed meanwhile. Please look again."
    assert (await act("leave", channel=sandbox.channel("#general").id))["error"] == "Nobody can leave #general."
    assert (await act("dance"))["error"].startswith("The page sent something")
    assert (await act("say", channel=room))["error"] == "The page left out 'text'. Reload it."


async def test_an_ephemeral_message_does_not_outlive_a_reload(
    state: State, act: Act, sandbox: Sandbox, client: AsyncWebClient, room: str
):
    await act("join", channel=room)
    alice = sandbox.person("alice").id
    root = (await client.chat_postMessage(channel=room, text="root"))["ts"]
    await client.chat_postMessage(channel=room, text="reply", thread_ts=root)  # a thread that nobody began shows none

    async def whispers(**place: str) -> tuple[list[str], str]:
        shown = await state(channel=room, thread=root, **place)
        messages = [*shown["channel"]["messages"], *shown["thread"]["messages"]]
        return [message["text"] for message in messages if "ephemeral" in message], shown["since"]

    _, loaded = await whispers(since="now")
    await client.chat_postEphemeral(channel=room, user=alice, text="psst")
    await client.chat_postEphemeral(channel=room, user=alice, text="psst, here", thread_ts=root)
    assert await whispers(since=loaded) == (["psst", "psst, here"], loaded)
    assert (await whispers(since="now"))[0] == []
    assert "psst" not in [message["text"] for message in sandbox.messages("#room")]


async def test_shortcuts_are_used_on_the_page(
    state: State, act: Act, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp, room: str
):
    sandbox.platform.app.shortcuts = (
        Shortcut(name="Declare", kind="global", callback_id="declare", description="Says what is wrong"),
        Shortcut(name="Keep", kind="message", callback_id="keep"),
    )
    assert (await state())["shortcuts"][0] == {
        "name": "Declare",
        "kind": "global",
        "callback_id": "declare",
        "description": "Says what is wrong",
    }
    assert await act("shortcut", callback_id="declare") == {"ok": True}
    payload = await raw_app.interaction()
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "declare")
    assert "channel" not in payload
    assert "response_url" not in payload
    ts = (await client.chat_postMessage(channel=room, text="This one"))["ts"]
    assert await act("shortcut", callback_id="keep", channel=room, ts=ts) == {"ok": True}
    payload = await raw_app.interaction()
    assert (payload["type"], payload["message_ts"], payload["message"]["text"]) == ("message_action", ts, "This one")
    assert (payload["channel"], payload["trigger_id"].count(".")) == ({"id": room, "name": "room"}, 2)
    await act("join", channel=room)
    whisper = (await client.chat_postEphemeral(channel=room, user=payload["user"]["id"], text="x"))["message_ts"]
    refused = await act("shortcut", callback_id="keep", channel=room, ts=whisper)
    assert refused["error"] == "Shortcuts go on messages that everybody sees, and this is none."
    assert (await act("shortcut", callback_id="keep"))["error"].startswith("The app has no global shortcut keep.")


async def test_what_the_app_offers_for_typed_words_comes_to_the_page(
    act: Act, client: AsyncWebClient, raw_app: RawApp, room: str
):
    menu = {"type": "external_select", "action_id": "dish", "min_query_length": 1}
    ts = (await client.chat_postMessage(channel=room, text="x", blocks=[actions(menu)]))["ts"]
    [soup] = offered = select("Soup")["options"]
    raw_app.answer = {"options": offered}
    place = {"channel": room, "message_ts": ts, "block_id": "actions", "action_id": "dish"}
    assert await act("suggest", text="s", **place) == {"ok": True, "options": offered}
    payload = await raw_app.interaction()
    assert (payload["type"], payload["value"], payload["container"]["message_ts"]) == ("block_suggestion", "s", ts)
    assert (await act("press", selected="soup", **place))["ok"]
    assert (await raw_app.interaction())["actions"][0]["selected_option"] == soup
    raw_app.answer = SILENT
    assert "operation_timeout" in (await act("suggest", text="s", **place))["error"]


async def test_other_web_sites_cannot_act(sandbox: Sandbox, http: aiohttp.ClientSession):
    deed = {"user": sandbox.person("alice").id, "act": "say", "channel": sandbox.channel("#general").id, "text": "x"}
    foreign = {"Origin": "https://evil.example"}
    async with http.post(f"{sandbox.url}/page/act", json=deed, headers=foreign) as answer:
        assert (await answer.json())["error"] == "Only the sandbox's own page may do this."
    async with http.post(f"{sandbox.url}/page/act", data=json.dumps(deed)) as answer:
        assert not (await answer.json())["ok"]
    async with http.post(f"{sandbox.url}/page/act", json=deed, headers={"Origin": sandbox.url}) as answer:
        assert (await answer.json())["ok"]


async def test_the_page_hears_of_changes_a_few_times_a_second(sandbox: Sandbox, http: aiohttp.ClientSession):
    async with http.get(f"{sandbox.url}/page/events", params={"user": sandbox.person("alice").id}) as stream:
        assert stream.content_type == "text/event-stream"
        assert (await stream.content.readline()).startswith(b'data: {"rev": ')
        await stream.content.readline()
        for number in range(50):
            await sandbox.person("alice").types(str(number), in_="#general")
        async with asyncio.timeout(2):
            told = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        assert told["rev"] >= 50


async def test_the_clock_is_turned_from_the_page(sandbox: Sandbox, http: aiohttp.ClientSession):
    before = sandbox.clock.epoch()
    async with http.post(f"{sandbox.url}/page/clock", json={"speed": 60, "advance": 3600}) as answer:
        assert await answer.json() == {"ok": True}
    assert sandbox.clock.speed == 60
    assert sandbox.clock.epoch() >= before + 3600
    async with http.post(f"{sandbox.url}/page/clock", json={"advance": -1}) as answer:
        assert (await answer.json())["error"] == "The clock can only advance by zero or more seconds."


async def test_the_page_itself_is_served_and_nothing_beside_it(sandbox: Sandbox, http: aiohttp.ClientSession):
    async with http.get(sandbox.url) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
    for outside in ("%2e%2e%2fserver.py", "server.py", "..%5cserver.py"):
        async with http.get(f"{sandbox.url}/page/{outside}") as answer:
            assert answer.status == 404


async def test_the_page_asks_the_app_what_a_menu_offers(
    state: State, act: Act, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    menu = {"type": "external_select", "action_id": "pick"}
    await act("say", channel=sandbox.channel("#general").id, text="/incident")
    await client.views_open(
        trigger_id=(await raw_app.payload())["trigger_id"], view=modal(question("Service", menu, "service"))
    )
    offered = {"options": [{"text": {"type": "plain_text", "text": "Checkout"}, "value": "checkout"}]}
    raw_app.answer = offered
    view_id = (await state())["view"]["id"]
    place = {"view_id": view_id, "block_id": "service", "action_id": "pick"}
    assert await act("suggest", **place, text="ch") == {"ok": True, "options": []}
    assert await act("suggest", **place, text="che") == {"ok": True, **offered}
    raw_app.answer = None
    chosen = {"type": "external_select", "selected_option": offered["options"][0]}
    assert await act("submit", view_id=view_id, values={"service": {"pick": chosen}}) == {"ok": True}
    assert (await raw_app.payload())["type"] == "block_suggestion"
    assert (await raw_app.payload())["view"]["state"]["values"]["service"]["pick"] == chosen


async def test_a_file_put_into_a_form_is_its_owners_alone(
    act: Act, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    kept = await act("upload", name="trace.log", content="Ym9vbQ==")
    assert (kept["file"]["name"], kept["file"]["size"]) == ("trace.log", 4)
    assert (await act("upload", name="trace.log", content="?"))["error"].startswith("The page sent no file.")
    bob = sandbox.person("bob")
    await bob.types("/incident", in_="#general")
    form = modal(question("Files", {"type": "file_input", "action_id": "it"}, "files"))
    await client.views_open(trigger_id=(await raw_app.payload())["trigger_id"], view=form)
    with pytest.raises(Refused, match=r"This file is not there\. Please choose it again\."):
        await bob.fills({"Files": [kept["file"]]})
