"""Commands, buttons and menus: what the app is told, what it may answer, and what the person sees when it does not."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NotAcknowledged, Refused, Sandbox
from bot.sandbox.ids import fixed_id
from tests.sandbox.given import actions, button, modal, plain, section, select
from tests.sandbox.raw_app import SILENT, RawApp
from tests.sandbox.test_transport import refusal


async def test_a_command_has_slacks_fields(sandbox: Sandbox, raw_app: RawApp):
    alice = sandbox.person("alice")
    await alice.types("/incident declare <Checkout> & @bob in #general", in_="#incidents")
    envelope = await raw_app.next()
    payload = envelope["payload"]
    bob, general = sandbox.person("bob").id, sandbox.channel("#general").id
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert payload["text"] == f"declare &lt;Checkout&gt; &amp; <@{bob}> in <#{general}|general>"
    assert (payload["command"], payload["user_id"], payload["user_name"]) == ("/incident", alice.id, "alice")
    assert (payload["channel_name"], payload["team_domain"]) == ("incidents", "acme")
    assert payload["response_url"].startswith(sandbox.url)
    assert payload["trigger_id"].count(".") == 2


@pytest.mark.parametrize("visibility", ["ephemeral", "in_channel"])
async def test_a_command_is_answered_to_one_or_to_all(sandbox: Sandbox, raw_app: RawApp, visibility: str):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    raw_app.answer = {"text": "Declared.", "response_type": visibility}
    answer = await alice.types("/incident declare", in_="#general")
    assert answer is not None
    assert (answer.text, answer.error) == ("Declared.", None)
    expected = ["/incident declare", "Declared."] if visibility == "in_channel" else []
    assert bob.reads("#general") == expected
    assert alice.reads("#general") == (expected or ["Declared."])


async def test_a_command_nobody_takes_is_told_to_the_person(sandbox: Sandbox, raw_app: RawApp):
    alice = sandbox.person("alice")
    raw_app.answer = SILENT
    answer = await alice.types("/incident declare", in_="#general")
    assert answer is not None
    assert answer.error == "operation_timeout"
    assert alice.reads("#general") == ['/incident failed with the error "operation_timeout".']


async def test_people_can_only_do_what_slack_lets_them(sandbox: Sandbox, raw_app: RawApp):
    erin = sandbox.person("erin")
    with pytest.raises(Refused, match="You are not in #exec-updates"):
        await erin.types("hello", in_="#exec-updates")
    with pytest.raises(Refused, match="/deploy is not a valid command"):
        await erin.types("/deploy", in_="#general")
    await erin.types("hello", in_="#general")
    with pytest.raises(Refused, match="cannot be used in a thread"):
        await erin.types("/incident", in_="#general", thread=await erin.sees("hello", in_="#general"))


async def test_a_press_tells_the_app_what_where_and_who(
    client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, room: str
):
    alice = sandbox.person("alice")
    blocks = [section("Card"), actions(select("SEV1", "SEV2"), button("Advance", value="triage", style="primary"))]
    ts = (await client.chat_postMessage(channel=room, text="Card", blocks=blocks))["ts"]
    await alice.joins("#room")
    await alice.presses("Advance", in_="#room")
    payload = await raw_app.interaction()
    assert payload["user"] == {"id": alice.id, "username": "alice", "name": "alice", "team_id": sandbox.team_id}
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": room, "is_ephemeral": False}
    assert payload["channel"] == {"id": room, "name": "room"}
    assert payload["message"]["ts"] == ts
    assert payload["team"] == {"id": sandbox.team_id, "domain": "acme"}
    assert payload["state"]["values"] == {"actions": {"pick": {"type": "static_select", "selected_option": None}}}
    [action] = payload["actions"]
    assert (action["type"], action["action_id"], action["block_id"]) == ("button", "press", "actions")
    assert (action["text"], action["value"]) == (plain("Advance"), "triage")


@pytest.mark.parametrize(
    ("element", "choice", "told"),
    [
        (select("SEV1", "SEV2"), "SEV2", {"selected_option": {"text": plain("SEV2"), "value": "sev2"}}),
        (select("A", "B", kind="overflow"), "B", {"selected_option": {"text": plain("B"), "value": "b"}}),
        (select("A", "B", kind="checkboxes"), ["A"], {"selected_options": [{"text": plain("A"), "value": "a"}]}),
        ({"type": "users_select", "action_id": "pick"}, "@bob", {"selected_user": fixed_id("U", "bob")}),
        ({"type": "datepicker", "action_id": "pick"}, "2026-12-01", {"selected_date": "2026-12-01"}),
    ],
    ids=["static_select", "overflow", "checkboxes", "users_select", "datepicker"],
)
async def test_a_choice_is_told_in_the_field_of_its_element(
    client: AsyncWebClient,
    sandbox: Sandbox,
    raw_app: RawApp,
    room: str,
    element: dict[str, Any],
    choice: Any,
    told: Any,
):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await client.chat_postMessage(channel=room, text="Pick", blocks=[section("Pick", block_id="s", accessory=element)])
    await alice.chooses("Pick", choice, in_="#room")
    payload = await raw_app.interaction()
    assert {name: payload["actions"][0][name] for name in told} == told
    if element["type"] != "overflow":
        assert payload["state"]["values"]["s"]["pick"] == {"type": element["type"], **told}


async def test_a_press_nobody_takes_is_told_to_the_person(
    client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, room: str
):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await client.chat_postMessage(channel=room, text="Card", blocks=[actions(button("Advance"))])
    raw_app.answer = SILENT
    with pytest.raises(NotAcknowledged, match="operation_timeout"):
        await alice.presses("Advance", in_="#room")
    assert alice.reads("#room")[-1] == 'Lockstep did not answer: "operation_timeout". Please try again.'


async def test_only_a_public_channel_tells_its_name(client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp):
    alice = sandbox.person("alice")
    secret = (await client.conversations_create(name="secret", is_private=True))["channel"]["id"]
    await client.conversations_invite(channel=secret, users=alice.id)
    direct = (await client.conversations_open(users=[alice.id]))["channel"]["id"]
    for channel, name in ((secret, "privategroup"), (direct, "directmessage")):
        await client.chat_postMessage(channel=channel, text="Card", blocks=[actions(button("Go"))])
        await alice.presses("Go", in_=channel)
        assert (await raw_app.interaction())["channel"] == {"id": channel, "name": name}
        await alice.types("/incident", in_=channel)
        assert (await raw_app.payload())["channel_name"] == name


async def test_an_ephemeral_message_cannot_be_updated(client: AsyncWebClient, sandbox: Sandbox, room: str):
    await sandbox.person("alice").joins("#room")
    whispered = await client.chat_postEphemeral(channel=room, user=sandbox.person("alice").id, text="psst")
    change = client.chat_update(channel=room, ts=whispered["message_ts"], text="louder")
    assert (await refusal(change))["error"] == "message_not_found"


async def test_a_home_tab_is_there_only_if_the_manifest_has_one(sandbox: Sandbox):
    sandbox.platform.app.home_tab = False
    with pytest.raises(Refused, match=r"Lockstep has no Home tab\."):
        await sandbox.person("alice").opens_home()


async def test_without_interactivity_in_the_manifest_nothing_can_be_pressed(
    client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, room: str
):
    sandbox.platform.app.interactive = False
    await sandbox.person("alice").joins("#room")
    await client.chat_postMessage(channel=room, text="Card", blocks=[actions(button("Go"))])
    with pytest.raises(NotAcknowledged, match="dispatch_failed"):
        await sandbox.person("alice").presses("Go", in_="#room")


async def test_ephemeral_messages_have_buttons_too(
    client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, room: str
):
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await client.chat_postEphemeral(channel=room, user=alice.id, text="Sure?", blocks=[actions(button("Yes"))])
    await alice.presses("Yes")
    assert (await raw_app.interaction())["container"]["is_ephemeral"] is True


async def test_a_trigger_opens_one_form_within_its_life(client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp):
    alice = sandbox.person("alice")
    await alice.types("/incident", in_="#general")
    trigger = (await raw_app.payload())["trigger_id"]
    form = modal(section("Hello"), title="Hello")
    invalid = await refusal(client.views_open(trigger_id="1.2.x", view=form))
    assert invalid["error"] == "invalid_trigger_id"
    opened = await client.views_open(trigger_id=trigger, view=form)
    assert opened["view"]["id"].startswith("V")
    assert alice.form is not None
    assert alice.form.title == "Hello"
    spent = await refusal(client.views_open(trigger_id=trigger, view=form))
    assert spent["error"] == "exchanged_trigger_id"


async def test_a_trigger_expires(client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp):
    sandbox.faults.delay(0.25, "views.open")
    await sandbox.person("alice").types("/incident", in_="#general")
    trigger = (await raw_app.payload())["trigger_id"]
    late = await refusal(client.views_open(trigger_id=trigger, view=modal(section("Hello"))))
    assert late["error"] == "expired_trigger_id"
