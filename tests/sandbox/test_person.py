"""The test driver: what a person sees and can do, and how it fails when something is not there."""

import re
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Refused, Sandbox
from tests.sandbox.given import actions, button, modal, question, section, select, text_input


@pytest.fixture
async def incident_bot(bolt: AsyncApp) -> AsyncApp:
    """A bot that declares an incident by command, form, room and card."""
    impact = question("Impact", text_input(), "impact")
    severity = question("Severity", select("SEV1", "SEV2"), "severity")

    @bolt.action("declare")
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(impact, severity, title="Declare", callback_id="declare")
        )
        await ack()

    @bolt.view("declare")
    async def declare(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        if "?" in values["impact"]["text"]["value"]:
            await ack(response_action="errors", errors={"impact": "Say it without a question mark."})
            return
        await ack()
        room = (await client.conversations_create(name="inc-1"))["channel"]["id"]
        await client.conversations_invite(channel=room, users=body["user"]["id"])
        level = values["severity"]["pick"]["selected_option"]["text"]["text"]
        card = [
            section(f"*{level}* {values['impact']['text']['value']}"),
            actions(button("Advance to Triage", "advance")),
        ]
        ts = (await client.chat_postMessage(channel=room, text="INC-1", blocks=card))["ts"]
        await client.pins_add(channel=room, timestamp=ts)

    @bolt.action("advance")
    async def advance(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="INC-1 is in Triage")
        await respond("You advanced INC-1.")

    return bolt


async def test_a_story_from_button_to_room(incident_bot: AsyncApp, sandbox: Sandbox, client: AsyncWebClient):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    await client.chat_postMessage(channel="#general", text="Start", blocks=[actions(button("Declare", "declare"))])
    await alice.presses("Declare", in_="#general")
    form = await alice.gets_form("Declare")
    assert form.text == "Declare\nImpact: []\nSeverity: [SEV1 | SEV2]\n[Send]"
    await alice.fills({"Impact": "Nobody can pay?", "Severity": "SEV1"})
    assert await alice.submits() == {"Impact": "Say it without a question mark."}
    await alice.fills({"Impact": "Nobody can pay"})
    assert await alice.submits() == {}
    await alice.sees(re.compile(r"SEV1 Nobody \w+ pay"), in_="#inc-1")
    await alice.presses("Advance to Triage", in_="#inc-1")
    await alice.sees("INC-1 is in Triage", in_="#inc-1")
    answer = await alice.sees("You advanced INC-1.", in_="#inc-1")
    assert answer.ephemeral
    await sandbox.idle()
    assert "#inc-1" in alice.channels
    assert "#inc-1" not in bob.channels
    await bob.joins("#inc-1")
    assert "You advanced INC-1." not in bob.reads("#inc-1")


async def test_a_command_is_answered_through_bolt(bolt: AsyncApp, sandbox: Sandbox):
    answer = await sandbox.person("alice").types("/incident help me", in_="#general")
    assert answer is not None
    assert answer.text == "You typed help me"


async def test_a_missing_button_fails_with_those_that_are_there(client: AsyncWebClient, sandbox: Sandbox, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await client.chat_postMessage(channel=room, text="x", blocks=[actions(button("Yes", "a"), button("No", "b"))])
    with pytest.raises(AssertionError, match=r"alice sees no 'Maybe' in #room\. There is: Yes, No\."):
        await alice.presses("Maybe", in_="#room", within=0.1)
    with pytest.raises(AssertionError, match="There is: nothing to press"):
        await sandbox.person("bob").presses("Yes", in_="#general", within=0.1)


async def test_what_is_not_seen_fails_with_what_is_read(sandbox: Sandbox):
    alice = sandbox.person("alice")
    await alice.types("good morning", in_="#general")
    with pytest.raises(
        AssertionError, match=r"does not see 'good night' in #general within 0\.01 s, but:\n  · good morning"
    ):
        await alice.sees("good night", in_="#general", within=0.01)
    assert (await alice.sees(re.compile(r"good m\w+"), in_="#general")).text == "good morning"


async def test_seeing_waits_for_the_message(sandbox: Sandbox, client: AsyncWebClient, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    sandbox.faults.delay(0.05, "chat.postMessage")
    posted = await client.chat_postMessage(channel=room, text="at last")
    assert (await alice.sees("at last", in_="#room")).ts == posted["ts"]


async def test_people_answer_in_threads(client: AsyncWebClient, sandbox: Sandbox, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    posted = await client.chat_postMessage(channel=room, text="card")
    await alice.types("a reply", in_="#room", thread=await alice.sees("card", in_="#room"))
    assert (await alice.sees("a reply", in_="#room")).thread_ts == posted["ts"]


async def test_a_private_channel_is_unknown_to_outsiders(client: AsyncWebClient, sandbox: Sandbox):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    secret = (await client.conversations_create(name="secret", is_private=True))["channel"]["id"]
    await client.conversations_invite(channel=secret, users=alice.id)
    await alice.types("between us", in_="#secret")
    with pytest.raises(AssertionError, match="bob knows no channel '#secret'"):
        bob.reads("#secret")


async def test_until_wakes_on_changes(sandbox: Sandbox):
    alice = sandbox.person("alice")
    await alice.types("hello", in_="#general")
    assert await sandbox.until(lambda: alice.reads("#general")) == ["hello"]
    with pytest.raises(TimeoutError):
        await sandbox.until(lambda: False, within=0.01)


async def test_people_rename_archive_and_delete_channels(client: AsyncWebClient, sandbox: Sandbox, room: str):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await alice.renames("#room", "hall")
    await alice.archives("#hall")
    assert "#hall" not in alice.channels
    assert (await client.conversations_info(channel=room))["channel"]["is_archived"]
    await alice.unarchives("#hall")
    assert "#hall" in alice.channels
    with pytest.raises(Refused, match="name_taken"):
        await alice.renames("#hall", "general")
    await alice.deletes("#hall")
    assert sandbox.workspace.channel_named("hall") is None
