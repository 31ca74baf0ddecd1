"""Block Kit: what is accepted, and Slack's words and pointers for what is not."""

from typing import Any

import pytest

from bot.sandbox.blocks.validation import message_blocks, view
from bot.sandbox.errors import SlackError
from tests.sandbox.given import actions, button, modal, plain, question, section, select, text_input

CONFIRM = {"title": plain("Sure?"), "text": plain("It cannot be undone."), "confirm": plain("Yes"), "deny": plain("No")}
PICKERS: list[dict[str, Any]] = [
    button("Go", value="1", style="primary", confirm=CONFIRM, url="https://example.com"),
    select("A", "B", placeholder=plain("Pick"), initial_option={"text": plain("A"), "value": "a"}),
    select("A", "B", kind="multi_static_select", max_selected_items=1),
    select("A", kind="overflow"),
    select("A", kind="checkboxes"),
    select("A", kind="radio_buttons"),
    {"type": "users_select", "action_id": "u", "initial_user": "U1"},
    {"type": "multi_users_select", "action_id": "u"},
    {"type": "datepicker", "action_id": "d", "initial_date": "2026-12-01"},
    {"type": "timepicker", "action_id": "t", "initial_time": "09:30"},
]


def faults(blocks: list[dict[str, Any]]) -> list[str]:
    """What chat.postMessage would complain about."""
    with pytest.raises(SlackError) as caught:
        message_blocks(blocks)
    answer = caught.value.answer()
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {error}" for error in answer["errors"]]
    errors: list[str] = answer["errors"]
    return errors


def view_faults(value: Any) -> list[str]:
    """What views.open would complain about."""
    with pytest.raises(SlackError) as caught:
        view(value, "modal")
    answer = caught.value.answer()
    assert answer["error"] == "invalid_arguments"
    messages: list[str] = answer["response_metadata"]["messages"]
    return messages


@pytest.mark.parametrize("element", PICKERS, ids=lambda element: element["type"])
def test_every_documented_element_fits_an_actions_block_and_a_section(element: dict[str, Any]):
    assert message_blocks([actions(element), section("Text", accessory=element)])


@pytest.mark.parametrize(
    "block", [{"type": "divider"}, {"type": "header", "text": plain("Title")}], ids=["divider", "header"]
)
def test_plain_blocks_are_accepted_and_get_an_id(block: dict[str, Any]):
    assert message_blocks([block])[0]["block_id"]


def test_rich_text_and_images_are_accepted():
    run = {"type": "text", "text": "bold", "style": {"bold": True}}
    inline = {"type": "rich_text_section", "elements": [run, {"type": "user", "user_id": "U1"}]}
    listed = {"type": "rich_text_list", "style": "bullet", "elements": [inline]}
    image = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "A curve"}
    context = {"type": "context", "elements": [image, {"type": "mrkdwn", "text": "*Note*"}]}
    assert message_blocks([{"type": "rich_text", "elements": [inline, listed]}, image, context])


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            section("x" * 3001),
            [
                "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
                "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
            ],
        ),
        ({"type": "section"}, ["must define either `text` or `fields` [json-pointer:/blocks/0/type]"]),
        ({"type": "cat"}, ["unsupported type: cat [json-pointer:/blocks/0/type]"]),
        ({"type": "header"}, ["missing required field: text [json-pointer:/blocks/0]"]),
        ({"type": "divider", "color": "red"}, ["invalid additional property: color [json-pointer:/blocks/0]"]),
        (
            {"type": "header", "text": plain("")},
            ["must be more than 0 characters [json-pointer:/blocks/0/text/text]"],
        ),
        (
            actions(*[button("x", f"a{number}") for number in range(26)]),
            ["no more than 25 items allowed [json-pointer:/blocks/0/elements]"],
        ),
        (
            actions(button("x" * 76)),
            ["must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"],
        ),
        (
            actions(button("x", "same"), button("y", "same")),
            ['`action_id` "same" already exists [json-pointer:/blocks/0/elements/1/action_id]'],
        ),
        (
            actions(select("A", initial_option=None)),
            ["must provide an object [json-pointer:/blocks/0/elements/0/initial_option]"],
        ),
        (
            actions(select("A", initial_option={"text": plain("B"), "value": "b"})),
            ["must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]"],
        ),
        (
            actions(text_input()),
            ["unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"],
        ),
        (
            question("Press", button("x"), "q"),
            ["unsupported type: button [json-pointer:/blocks/0/element/type]"],
        ),
        (
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "x", "emoji": True}]},
            ["invalid additional property: emoji [json-pointer:/blocks/0/elements/0]"],
        ),
    ],
    ids=lambda value: value[0].split(" [")[0] if isinstance(value, list) else "",
)
def test_a_fault_is_named_with_its_place(block: dict[str, Any], expected: list[str]):
    assert faults([block]) == expected


def test_a_message_holds_fifty_blocks_with_ids_of_their_own():
    assert message_blocks([{"type": "divider"}] * 50)
    assert faults([{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    twice = [{"type": "divider", "block_id": "same"}] * 2
    assert faults(twice) == ['`block_id` "same" already exists [json-pointer:/blocks/1/block_id]']


def test_lengths_count_characters_not_bytes():
    assert message_blocks([section("🔥" * 3000)])


def test_a_form_with_an_input_needs_a_submit_button():
    asking = modal(question("Why?", text_input(), "why"))
    assert view(asking, "modal")["blocks"][0]["block_id"] == "why"
    del asking["submit"]
    assert view_faults(asking) == [
        "[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]"
    ]


def test_a_faulty_form_is_named_with_its_place():
    assert view_faults(modal({"type": "divider"}, title="x" * 25, private_metadata="x" * 3001)) == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
        "[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ]
    assert view_faults(None)[1] == "[ERROR] must provide an object [json-pointer:/view]"


def test_a_form_must_not_be_too_large():
    heavy = modal(*[section("é" * 3000) for _ in range(60)])
    with pytest.raises(SlackError, match="view_too_large"):
        view(heavy, "modal")
