"""What people do with the elements of forms and messages, and what the app is told."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NotAcknowledged, Person, Refused, Sandbox
from tests.sandbox.every_element import CONFIRM, FIELDS, every_field, feedback, field, newer_blocks, usual_blocks
from tests.sandbox.given import actions, button, modal, plain, question, section, select, text_input
from tests.sandbox.raw_app import SILENT, RawApp

Json = dict[str, Any]
OFFERED = {"options": [{"text": plain(name), "value": name.lower()} for name in ("Checkout", "Checkin", "Search")]}


@pytest.fixture
def alice(sandbox: Sandbox) -> Person:
    return sandbox.person("alice")


async def opens(alice: Person, client: AsyncWebClient, raw_app: RawApp, view: Json) -> None:
    """Let alice have this form open."""
    await alice.types("/incident", in_="#general")
    envelope = await raw_app.next()
    while envelope["type"] != "slash_commands":
        envelope = await raw_app.next()
    await client.views_open(trigger_id=envelope["payload"]["trigger_id"], view=view)


async def sent_values(alice: Person, raw_app: RawApp) -> Json:
    """The state.values of a form that alice sends and that is accepted."""
    raw_app.answer = None
    assert await alice.submits() == {}
    values: Json = {}
    while not values:
        payload = await raw_app.payload()
        values = payload["view"]["state"]["values"] if payload["type"] == "view_submission" else {}
    return values


FILLED = {
    "Impact": "Nobody can pay",
    "What happened": "A bad deploy",
    "Customers": "120",
    "Contact": "alice@example.com",
    "Dashboard": "https://example.com/d",
    "Day": "2026-12-01",
    "Time": "09:41",
    "Began": 1_800_000_000,
    "Severity": "SEV1",
    "Regions": ["Europe", "Asia"],
    "Service": "Checkout",
    "Others": ["Checkin", "Search"],
    "Lead": "@bob",
    "Helpers": ["@carol", "@dave"],
    "Room": "#engineering",
    "Rooms": ["#general", "#engineering"],
    "Tell": "#incidents",
    "Also tell": ["#general"],
    "Scope": "Some",
    "Checks": ["Logs", "Metrics"],
    "Evidence": [("trace.log", b"boom"), ("note.txt", b"hm")],
}
"""What is filled into every field, by its label."""


async def test_every_field_of_a_form_reaches_the_app(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    await opens(alice, client, raw_app, every_field())
    raw_app.answer = OFFERED
    await alice.fills(FILLED)
    assert alice.form is not None
    assert alice.form.values["What happened"] == "A bad deploy"
    assert alice.form.values["Evidence"] == "trace.log, note.txt"
    values = {block: state["it"] for block, state in (await sent_values(alice, raw_app)).items()}
    ids = {name: sandbox.person(name).id for name in ("bob", "carol", "dave")}
    channels = {name: sandbox.channel(f"#{name}").id for name in ("general", "engineering", "incidents")}
    assert [values[block].pop("type") for block in FIELDS] == [element["type"] for _, element in FIELDS.values()]
    assert [file["name"] for file in values["files"].pop("files")] == ["trace.log", "note.txt"]
    assert [option["value"] for option in values["services"].pop("selected_options")] == ["checkin", "search"]
    assert [option["value"] for option in values["regions"].pop("selected_options")] == ["europe", "asia"]
    assert [option["value"] for option in values["checks"].pop("selected_options")] == ["logs", "metrics"]
    chosen = {block: values[block].pop("selected_option")["value"] for block in ("level", "service", "scope")}
    assert chosen == {"level": "sev1", "service": "checkout", "scope": "some"}
    assert values["rich"].pop("rich_text_value")["elements"][0]["elements"] == [
        {"type": "text", "text": "A bad deploy"}
    ]
    assert {block: state for block, state in values.items() if state} == {
        "text": {"value": "Nobody can pay"},
        "number": {"value": "120"},
        "email": {"value": "alice@example.com"},
        "link": {"value": "https://example.com/d"},
        "day": {"selected_date": "2026-12-01"},
        "time": {"selected_time": "09:41", "timezone": "Europe/Berlin"},
        "moment": {"selected_date_time": 1_800_000_000},
        "lead": {"selected_user": ids["bob"]},
        "helpers": {"selected_users": [ids["carol"], ids["dave"]]},
        "room": {"selected_channel": channels["engineering"]},
        "rooms": {"selected_channels": [channels["general"], channels["engineering"]]},
        "tell": {"selected_conversation": channels["incidents"]},
        "tells": {"selected_conversations": [channels["general"]]},
    }


async def test_fields_that_are_left_empty_reach_the_app_as_nothing(
    alice: Person, client: AsyncWebClient, raw_app: RawApp
):
    await opens(alice, client, raw_app, every_field())
    await alice.fills({"Impact": "Nobody can pay"})
    values = await sent_values(alice, raw_app)
    held = [
        value
        for block, state in values.items()
        for key, value in state["it"].items()
        if key[:4] not in ("type", "time")
    ]
    assert all(value in (None, []) for value in held if value != "Nobody can pay")


@pytest.mark.parametrize(
    ("label", "value", "complaint"),
    [
        ("Impact", "No", "Please write at least 5 characters."),
        ("Impact", "🔥" * 201, "Please write at most 200 characters."),
        ("Customers", "many", "Please enter a number."),
        ("Customers", "1.5", "Please enter a whole number."),
        ("Customers", "0", "Please enter 1 or more."),
        ("Customers", "501", "Please enter 500 or less."),
        ("Customers", "NaN", "Please enter a number."),
        ("Contact", "alice", "Please enter an email address."),
        ("Dashboard", "example.com", "Please enter a link that begins with http:// or https://."),
        ("Evidence", [("cat.png", b"")], "Please choose files of these types: txt, log."),
    ],
)
async def test_what_does_not_fit_a_field_is_said_before_the_form_is_sent(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, label: str, value: Any, complaint: str
):
    await opens(alice, client, raw_app, every_field())
    await alice.fills({"Impact": "Nobody can pay"} | {label: value})
    assert await alice.submits() == {label: complaint}
    assert raw_app.envelopes.empty()


@pytest.mark.parametrize(
    ("label", "value", "complaint"),
    [
        ("Lead", "@nobody", r"@nobody cannot be chosen here\."),
        ("Helpers", ["@bob", "@carol", "@dave"], r"Please choose at most 2\."),
        ("Evidence", [("a.txt", b""), ("b.txt", b""), ("c.txt", b"")], r"Please choose at most 2\."),
        ("Room", "#secret", r"#secret cannot be chosen here\."),
        ("Tell", "#secret", r"#secret cannot be chosen here\."),
        ("Tell", "direct", r"cannot be chosen here\."),
        ("Service", "No", r"Type at least 3 characters\."),
        ("Service", "Refund", r"'Refund' is not offered\. There is: Checkout, Checkin, Search\."),
        ("Time", "25:00", r"'25:00' is not a time \(HH:MM\)\."),
    ],
)
async def test_what_a_menu_does_not_offer_cannot_be_chosen(
    alice: Person,
    sandbox: Sandbox,
    client: AsyncWebClient,
    raw_app: RawApp,
    label: str,
    value: Any,
    complaint: str,
):
    secret = (await client.conversations_create(name="secret", is_private=True))["channel"]["id"]
    await client.conversations_invite(channel=secret, users=sandbox.person("alice").id)
    direct = (await client.conversations_open(users=sandbox.person("alice").id))["channel"]["id"]
    await opens(alice, client, raw_app, every_field())
    raw_app.answer = OFFERED
    with pytest.raises(Refused, match=complaint):
        await alice.fills({label: direct if value == "direct" else value})


async def test_the_app_is_asked_for_options_with_what_was_typed_and_where(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await opens(alice, client, raw_app, every_field())
    raw_app.answer = {"option_groups": [{"label": plain("Shop"), "options": OFFERED["options"]}]}
    await alice.fills({"Service": "Checkout"})
    asked = await raw_app.interaction()
    assert (asked["type"], asked["value"], asked["block_id"], asked["action_id"]) == (
        "block_suggestion",
        "Checkout",
        "service",
        "it",
    )
    assert asked["container"] == {"type": "view", "view_id": asked["view"]["id"]}
    menu = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
    await client.conversations_invite(channel=room, users=alice.id)
    ts = (await client.chat_postMessage(channel=room, text="x", blocks=[section("Service", accessory=menu)]))["ts"]
    await alice.chooses("Service", "Search", in_=room)
    asked = await raw_app.interaction()
    assert (asked["message"]["ts"], asked["channel"]["id"], asked["container"]["message_ts"]) == (ts, room, ts)
    chosen = (await raw_app.interaction())["actions"][0]
    assert (chosen["type"], chosen["selected_option"]["value"]) == ("external_select", "search")


@pytest.mark.parametrize("answer", [SILENT, None, {"options": [{"value": "x"}]}], ids=["silent", "empty", "faulty"])
async def test_an_app_that_offers_nothing_sound_leaves_the_menu_without_options(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, answer: Any
):
    await opens(alice, client, raw_app, every_field())
    raw_app.answer = answer
    with pytest.raises(NotAcknowledged):
        await alice.fills({"Service": "Checkout"})


async def pressed(raw_app: RawApp) -> Json:
    """What the app is told of the next press, without the fields that every press has."""
    action: Json = (await raw_app.interaction())["actions"][0]
    return {key: value for key, value in action.items() if key not in ("action_ts", "block_id")}


async def test_a_button_that_asks_can_be_confirmed_or_declined(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await client.conversations_invite(channel=room, users=alice.id)
    await client.chat_postMessage(channel=room, text="x", blocks=usual_blocks())
    while not raw_app.envelopes.empty():
        raw_app.envelopes.get_nowait()
    await alice.presses("Roll back", in_=room, confirm=False)
    assert raw_app.envelopes.empty()
    await alice.presses("Roll back", in_=room)
    told = await pressed(raw_app)
    assert (told["action_id"], told["confirm"]["title"]["text"]) == ("roll", CONFIRM["title"]["text"])
    with pytest.raises(AssertionError, match="'Acknowledge' asks nothing that could be declined"):
        await alice.presses("Acknowledge", in_=room, confirm=False)


async def test_choices_in_a_message_come_as_their_kind_of_element_tells_them(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await client.conversations_invite(channel=room, users=alice.id)
    await client.chat_postMessage(channel=room, text="x", blocks=usual_blocks())
    await alice.presses("Acknowledge", in_=room)
    assert await pressed(raw_app) == {
        "type": "button",
        "action_id": "ack",
        "text": plain("Acknowledge"),
        "value": "1",
        "style": "primary",
    }
    await alice.chooses("Severity", "SEV2", in_=room)
    told = await pressed(raw_app)
    assert (told["selected_option"], told["placeholder"]) == (
        {"text": plain("SEV2"), "value": "sev2"},
        plain("Severity"),
    )
    await alice.chooses("Lead", "@bob", in_=room)
    told = await raw_app.interaction()
    assert told["actions"][0]["selected_user"] == sandbox.person("bob").id
    assert told["state"]["values"]["actions"]["level"]["selected_option"]["value"] == "sev2"
    await alice.chooses("day", "2026-12-01", in_=room)
    assert await pressed(raw_app) == {"type": "datepicker", "action_id": "day", "selected_date": "2026-12-01"}
    await alice.chooses("more", "Mute", in_=room)
    assert (await pressed(raw_app))["selected_option"] == {"text": plain("Mute"), "value": "mute"}
    await alice.chooses("Pick a region", "Asia", in_=room)
    assert (await pressed(raw_app))["selected_option"]["value"] == "asia"


async def test_feedback_is_given_and_small_buttons_are_for_whom_they_are_meant(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp, room: str
):
    asked: Json = feedback()
    asked["elements"][1]["visible_to_user_ids"] = [alice.id]
    for name in ("alice", "bob"):
        await client.conversations_invite(channel=room, users=sandbox.person(name).id)
    await client.chat_postMessage(channel=room, text="x", blocks=[asked])
    await alice.presses("Bad", in_=room)
    assert await pressed(raw_app) == {
        "type": "feedback_buttons",
        "action_id": "rate",
        "text": plain("Bad"),
        "value": "bad",
    }
    await alice.presses("Delete", in_=room)
    assert (await pressed(raw_app))["type"] == "icon_button"
    with pytest.raises(Refused, match=r"This button is for others\."):
        await sandbox.person("bob").presses("Delete", in_=room)


async def test_what_stands_inside_other_blocks_can_be_read_and_pressed(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await client.conversations_invite(channel=room, users=alice.id)
    await client.chat_postMessage(channel=room, text="x", blocks=newer_blocks())
    seen = await alice.sees("Half of all payments fail.", in_=room)
    for line in (
        "EU | 31.5 %",
        "EU 31, US 12",
        "tier 1",
        "One line\n[Copy]",
        "Drain the queue (in progress)",
        "(video: Replay)",
        "[Good] [Bad] [Delete]",
    ):
        assert line in seen.text
    await alice.presses("Copy", in_=room)
    told = (await raw_app.interaction())["actions"][0]
    assert (told["block_id"], told["action_id"]) == ("inner", "copy")
    await alice.presses("Page", in_=room)
    assert (await raw_app.interaction())["actions"][0]["action_id"] == "page"


async def test_a_menu_may_start_where_the_person_is(
    alice: Person, sandbox: Sandbox, client: AsyncWebClient, raw_app: RawApp
):
    here = field("conversations_select", default_to_current_conversation=True)
    elsewhere = {**here, "initial_conversation": sandbox.channel("#incidents").id}
    await opens(alice, client, raw_app, modal(question("Where", here, "a"), question("And", elsewhere, "b")))
    values = await sent_values(alice, raw_app)
    general = sandbox.channel("#general").id
    assert [values[block]["it"]["selected_conversation"] for block in "ab"] == [general, general]


async def test_a_form_updated_while_somebody_types_keeps_what_was_typed_in_the_same_fields(
    alice: Person, client: AsyncWebClient, raw_app: RawApp
):
    await opens(alice, client, raw_app, modal(question("Note", text_input("it"), "note"), actions(button("More"))))
    await alice.fills({"Note": "typed"})
    await alice.presses("More")
    view = (await raw_app.payload())["view"]
    other = modal(
        question("Note", text_input("it", initial_value="fresh"), "note"),
        question("Other", text_input("it", initial_value="fresh"), "other"),
        question("Renamed", text_input("that", initial_value="fresh"), "note2"),
    )
    await client.views_update(view_id=view["id"], hash=view["hash"], view=other)
    assert alice.form is not None
    assert alice.form.values == {"Note": "typed", "Other": "fresh", "Renamed": "fresh"}


async def test_a_text_in_a_message_tells_the_app_when_it_asks_for_it(
    alice: Person, client: AsyncWebClient, raw_app: RawApp, room: str
):
    await client.conversations_invite(channel=room, users=alice.id)
    asking = question("Note", text_input("it"), "note", dispatch_action=True)
    await client.chat_postMessage(channel=room, text="x", blocks=[asking, actions(select("A", "B"), button("Go"))])
    await alice.chooses("Note", "typed", in_=room)
    assert await pressed(raw_app) == {"type": "plain_text_input", "action_id": "it", "value": "typed"}
    await alice.presses("Go", in_=room)
    values = (await raw_app.interaction())["state"]["values"]
    assert values["note"]["it"] == {"type": "plain_text_input", "value": "typed"}
    assert values["actions"]["pick"] == {"type": "static_select", "selected_option": None}
