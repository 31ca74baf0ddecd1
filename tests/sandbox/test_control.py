"""The control API: faults, limits, calls and people by HTTP, for tests in any language."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Command, Sandbox
from tests.sandbox.given import actions, button, modal, question, section, text_input
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_faults import LOST
from tests.sandbox.test_transport import refusal


class Remote:
    """A test elsewhere, which knows nothing but the address."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url = url
        self._http = http

    async def asks(self, verb: str, path: str, order: Any = None) -> dict[str, Any]:
        """The answer to a request that is taken."""
        async with self._http.request(verb, f"{self._url}/control/{path}", json=order) as answer:
            body = dict(await answer.json())
            assert (answer.status, body.pop("ok")) == (200, True), body
            return body

    async def orders(self, path: str, **order: Any) -> dict[str, Any]:
        """The answer to an order that is carried out."""
        return await self.asks("POST", path, order)

    async def is_refused(self, path: str, **order: Any) -> str:
        """The sentence in answer to an order that makes no sense."""
        async with self._http.post(f"{self._url}/control/{path}", json=order) as answer:
            body = dict(await answer.json())
            assert (answer.status, body["ok"]) == (400, False)
            return str(body["error"])

    async def alice(self, does: str, **order: Any) -> dict[str, Any]:
        """What comes of a deed of Alice's; `in_` is the field `in`."""
        fields = {name.rstrip("_"): value for name, value in order.items()}
        return await self.orders("people", person="alice", does=does, **fields)


@pytest.fixture
def remote(sandbox: Sandbox, http: aiohttp.ClientSession) -> Remote:
    """A test elsewhere."""
    return Remote(sandbox.url, http)


async def test_calls_are_limited_fail_and_are_served_again(client: AsyncWebClient, remote: Remote):
    await remote.orders("faults", fault="limit", method="auth.test", times=1, retry_after=3)
    assert (await refusal(client.auth_test()))["error"] == "ratelimited"
    await remote.orders("faults", fault="outage")
    with pytest.raises(LOST):
        await client.auth_test()
    await remote.orders("faults", fault="end_outage")
    await remote.orders("faults", fault="error", method="auth.test", code="fatal_error", times=None)
    await remote.orders("faults", fault="clear")
    assert (await client.auth_test())["ok"]


async def test_an_outage_of_so_many_seconds_ends_by_itself(client: AsyncWebClient, remote: Remote):
    await remote.orders("faults", fault="outage", seconds=0.1)
    with pytest.raises(LOST):
        await client.auth_test()
    await asyncio.sleep(0.1)
    assert (await client.auth_test())["ok"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_sockets_are_told_to_go(remote: Remote, raw_app: RawApp, reason: str):
    await remote.orders("faults", fault="close_sockets", reason=reason)
    told = await raw_app.next()
    assert (told["type"], told["reason"]) == ("disconnect", reason)


async def test_sockets_are_closed_without_a_word(sandbox: Sandbox, remote: Remote, raw_app: RawApp):
    await remote.orders("faults", fault="close_sockets")
    await sandbox.hub.traffic.until(lambda: not sandbox.hub.open, within=5)
    assert raw_app.envelopes.empty()


async def test_rate_limits_are_switched(sandbox: Sandbox, remote: Remote):
    await remote.orders("limits", enabled=True)
    assert sandbox.limits.enabled
    await remote.orders("limits", enabled=False)
    assert not sandbox.limits.enabled
    assert await remote.is_refused("limits", enabled="yes") == "`enabled` is true or false."


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({"fault": "earthquake"}, "Unknown fault 'earthquake'. There is: outage, end_outage"),
        ({"fault": "limit"}, "does not take these fields"),
        ({"fault": "limit", "method": "auth.test", "when": "now"}, "does not take these fields"),
        ({"fault": "limit", "method": "auth.tset"}, "There is no method 'auth.tset'."),
        ({"fault": "limit", "method": "auth.test", "times": "many"}, "`times` cannot be 'many'."),
        ({"fault": "outage", "seconds": True}, "`seconds` cannot be True."),
        ({"fault": "close_sockets", "reason": "boredom"}, "There is: abrupt, warning, refresh_requested"),
    ],
)
async def test_an_order_that_makes_no_sense_is_answered_in_words(remote: Remote, order: dict[str, Any], sentence: str):
    assert sentence in await remote.is_refused("faults", **order)


async def test_another_web_site_can_order_nothing(sandbox: Sandbox, http: aiohttp.ClientSession):
    elsewhere = {"Origin": "https://elsewhere.example"}
    async with http.post(f"{sandbox.url}/control/faults", json={"fault": "outage"}, headers=elsewhere) as answer:
        assert answer.status == 400
    assert not sandbox.faults.outage


async def test_calls_are_counted(client: AsyncWebClient, sandbox: Sandbox, remote: Remote, room: str):
    await remote.asks("DELETE", "calls")
    sandbox.faults.fail("chat.postMessage", status=502)
    with pytest.raises(Exception, match="502"):
        await client.chat_postMessage(channel=room, text="a")
    await client.chat_postMessage(channel=room, text="b")
    await client.auth_test()
    answer = await remote.asks("GET", f"calls?method=chat.postMessage&channel={room}")
    assert answer["count"] == 2
    assert [(call["outcome"], call["args"]["text"]) for call in answer["calls"]] == [("502", "a"), ("ok", "b")]
    first, second = answer["calls"]
    assert 1.6e9 < first["at"] <= first["at"] + first["seconds"] <= second["at"]
    assert (await remote.asks("GET", "calls"))["count"] == 3


async def test_a_person_uses_the_app(
    bolt: AsyncApp, client: AsyncWebClient, sandbox: Sandbox, remote: Remote, room: str
):
    sandbox.workspace.app.commands = (Command(command="/report"),)
    form = modal(question("What is wrong?", text_input(), "what"), callback_id="report")

    @bolt.command("/report")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form)
        await ack("Fill this in.")

    @bolt.view("report")
    async def take(ack: AsyncAck, view: dict[str, Any]) -> None:
        said = view["state"]["values"]["what"]["text"]["value"]
        if said == "?":
            await ack(response_action="errors", errors={"what": "Please say what."})
            return
        await ack()
        await client.chat_postMessage(channel=room, text=said, blocks=[section(said), actions(button("Solved"))])

    @bolt.action("press")
    async def solve(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await client.chat_update(channel=room, ts=body["message"]["ts"], text="Solved", blocks=[])

    await remote.alice("joins", channel="#room")
    typed = await remote.alice("types", text="/report", in_="#room")
    assert typed["answer"]["text"] == "Fill this in."
    shown = await remote.alice("gets_form")
    assert (shown["form"]["title"], shown["form"]["labels"]) == ("Form", ["What is wrong?"])
    await remote.alice("fills", values={"What is wrong?": "?"})
    assert await remote.alice("submits") == {"errors": {"What is wrong?": "Please say what."}}
    await remote.alice("fills", values={"What is wrong?": "Checkout"})
    assert await remote.alice("submits") == {"errors": {}}
    seen = await remote.alice("sees", text="Checkout", in_="#room")
    await remote.alice("presses", button="Solved", on=seen["message"]["ts"], in_="#room")
    await remote.alice("sees", text="Solved", in_="#room")
    read = await remote.alice("reads", in_="#room")
    assert read["messages"][-1]["ts"] == seen["message"]["ts"]
    assert read["messages"][-1]["raw"]["text"] == "Solved"


async def test_a_person_reacts_and_answers_in_a_thread(sandbox: Sandbox, remote: Remote):
    await remote.alice("types", text="Is it down?", in_="#general")
    asked = (await remote.alice("sees", text="Is it down?", in_="#general"))["message"]
    await remote.alice("types", text="It is.", thread=asked["ts"], in_="#general")
    await remote.alice("reacts", name="eyes", to=asked["ts"], in_="#general")
    question, answer = (await remote.alice("reads", in_="#general"))["messages"][-2:]
    assert question["raw"]["reactions"] == [{"name": "eyes", "users": [sandbox.person("alice").id], "count": 1}]
    assert answer["thread_ts"] == asked["ts"]
    await remote.alice("unreacts", name="eyes", to=asked["ts"], in_="#general")
    assert "reactions" not in (await remote.alice("reads", in_="#general"))["messages"][-2]["raw"]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({"person": "nobody", "does": "submits"}, "There is nobody called 'nobody'."),
        ({"person": "alice", "does": "flies"}, "Nobody can do 'flies'. There is: types, presses"),
        ({"person": "alice", "does": "types", "in": "#general"}, "'types' needs the field 'text'."),
        ({"person": "alice", "does": "submits"}, "alice has no form open."),
        ({"person": "alice", "does": "presses", "button": "Go", "in": "#general"}, "alice sees no 'Go' in #general."),
        ({"person": "alice", "does": "types", "in": "#general", "text": "/nope"}, "/nope is not a valid command."),
        ({"person": "alice", "does": "reacts", "in": "#general", "name": "eyes", "to": "1.0"}, "sees no message '1.0'"),
    ],
)
async def test_what_a_person_cannot_do_is_said_in_words(remote: Remote, order: dict[str, Any], sentence: str):
    assert sentence in await remote.is_refused("people", **order)


async def test_a_command_that_nobody_takes_says_so(remote: Remote):
    typed = await remote.alice("types", text="/incident", in_="#general")
    assert typed["answer"]["error"] == "dispatch_failed"
