"""response_url: five uses in half an hour, ephemeral unless said otherwise, replacing and deleting the original."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import Person, Sandbox, WireTimes
from tests.sandbox.given import actions, button
from tests.sandbox.raw_app import RawApp


@pytest.fixture
async def alice(sandbox: Sandbox) -> Person:
    return sandbox.person("alice")


async def test_an_answer_to_a_command_is_for_its_person(alice: Person, sandbox: Sandbox, raw_app: RawApp):
    await alice.types("/incident", in_="#incidents")
    webhook = AsyncWebhookClient((await raw_app.payload())["response_url"])
    assert (await webhook.send(text="For you")).body == "ok"
    await webhook.send(text="For all", response_type="in_channel")
    assert alice.reads("#incidents") == ["For you", "For all"]
    assert sandbox.person("bob").reads("#incidents") == ["For all"]


async def test_it_works_five_times(alice: Person, raw_app: RawApp):
    await alice.types("/incident", in_="#general")
    webhook = AsyncWebhookClient((await raw_app.payload())["response_url"])
    answers = [await webhook.send(text=str(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[5].body == "Used url"


async def test_it_expires(http: aiohttp.ClientSession):
    async with Sandbox(wire=WireTimes(response_url=0.0)) as sandbox, RawApp(sandbox, http) as app:
        await sandbox.person("alice").types("/incident", in_="#general")
        webhook = AsyncWebhookClient((await app.payload())["response_url"])
        assert (await webhook.send(text="late")).body == "Expired url"


async def test_it_replaces_and_deletes_an_ephemeral_original(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await alice.joins("#room")
    await client.chat_postEphemeral(channel=room, user=alice.id, text="Sure?", blocks=[actions(button("Yes"))])
    await alice.presses("Yes")
    webhook = AsyncWebhookClient((await raw_app.interaction())["response_url"])
    await webhook.send(text="Done.", replace_original=True)
    assert alice.reads("#room")[-1] == "Done."
    await webhook.send(delete_original=True)
    assert "Done." not in alice.reads("#room")


async def test_it_answers_in_the_thread_it_names_when_it_replaces_nothing(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await alice.joins("#room")
    ts = (await client.chat_postMessage(channel=room, text="Card", blocks=[actions(button("Go"))]))["ts"]
    await alice.presses("Go", in_="#room")
    url = (await raw_app.interaction())["response_url"]
    async with aiohttp.ClientSession() as http:
        for fields, thread in (({"replace_original": False}, ts), ({}, None)):
            async with http.post(url, json={"text": "There", "thread_ts": ts, **fields}) as answer:
                assert await answer.text() == "ok"
            assert alice.messages("#room")[-1].thread_ts == thread


async def test_what_was_shown_to_one_person_never_becomes_public(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await alice.joins("#room")
    await sandbox.person("bob").joins("#room")
    await client.chat_postEphemeral(channel=room, user=alice.id, text="Sure?", blocks=[actions(button("Yes"))])
    await alice.presses("Yes")
    webhook = AsyncWebhookClient((await raw_app.interaction())["response_url"])
    await webhook.send(text="Yes!", replace_original=True, response_type="in_channel")
    assert alice.reads("#room")[-1] == "Yes!"
    assert "Yes!" not in sandbox.person("bob").reads("#room")
    assert "Yes!" not in [message["text"] for message in sandbox.messages("#room")]


@pytest.mark.parametrize("sent", ["no JSON", '["a list"]'])
async def test_what_is_no_json_object_is_refused(
    alice: Person, raw_app: RawApp, http: aiohttp.ClientSession, sent: str
):
    await alice.types("/incident", in_="#general")
    async with http.post((await raw_app.payload())["response_url"], data=sent) as answer:
        assert (answer.status, await answer.text()) == (400, "invalid_payload")


async def test_bad_blocks_are_refused(alice: Person, raw_app: RawApp):
    await alice.types("/incident", in_="#general")
    webhook = AsyncWebhookClient((await raw_app.payload())["response_url"])
    answer = await webhook.send(text="x", blocks=[{"type": "cat"}])
    assert (answer.status_code, answer.body) == (400, "invalid_blocks")
