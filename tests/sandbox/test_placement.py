"""Where each element and block may stand, and what Slack says of those that stand elsewhere or are wrong in themselves."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.sandbox import Sandbox
from bot.sandbox.people.uploads import upload
from tests.sandbox.every_element import FIELDS, feedback, field, newer_blocks
from tests.sandbox.given import actions, button, modal, plain, question, section, select, text_input
from tests.sandbox.limit_payloads import (
    DIVIDER,
    PICTURE,
    container,
    context,
    data_table,
    menu,
    option,
    options,
    plotted,
    rich,
    table,
    typed,
    video,
    workflow,
)
from tests.sandbox.limit_payloads import cell as table_cell
from tests.sandbox.test_limits import NO_SCHEMA, refused

Json = dict[str, Any]

ELEMENTS: dict[str, Json] = {element["type"]: element for _, element in FIELDS.values()} | {
    "button": button("x", "it"),
    "overflow": select("A", kind="overflow", action_id="it"),
    "workflow_button": workflow(),
    "image": PICTURE,
    **{element["type"]: element for element in feedback()["elements"]},
}
SELECTS = " ".join(kind for kind in ELEMENTS if kind.endswith("_select"))
STANDS = {
    "section": "button checkboxes datepicker image overflow radio_buttons timepicker workflow_button SELECTS",
    "actions": "button checkboxes datepicker datetimepicker overflow radio_buttons timepicker workflow_button"
    " rich_text_input SELECTS",
    "input": "checkboxes datepicker datetimepicker email_text_input file_input number_input plain_text_input"
    " radio_buttons rich_text_input timepicker url_text_input SELECTS",
    "context": "image",
    "context_actions": "icon_button feedback_buttons",
}
"""Where elements may stand, by the lists in Slack's documentation and SDK for Node."""


def holding(place: str, element: Json) -> tuple[Json, str]:
    """A block of this kind that holds the element, and the pointer to the element inside it."""
    if place == "section":
        return section("x", accessory=element), "/accessory"
    if place == "input":
        return question("Q", element, "q"), "/element"
    return {"type": place, "elements": [element]}, "/elements/0"


def faults(answer: Json) -> list[str]:
    """What an answer names, without the lines that say only that nothing fits."""
    return [told for told in answer["response_metadata"]["messages"] if not told.startswith(NO_SCHEMA)]


@pytest.fixture
def trigger(sandbox: Sandbox) -> str:
    """What a form is opened with."""
    return sandbox.platform.triggers.issue(sandbox.person("alice").id)


async def post(client: AsyncWebClient, *blocks: Json) -> AsyncSlackResponse:
    """Post these blocks."""
    return await client.chat_postMessage(channel="#general", text="x", blocks=list(blocks))


@pytest.mark.parametrize("place", STANDS)
async def test_an_element_stands_where_slack_lets_it_and_nowhere_else(
    client: AsyncWebClient, sandbox: Sandbox, place: str
):
    for kind, element in ELEMENTS.items():
        block, inside = holding(place, element)
        if place == "input":
            trigger = sandbox.platform.triggers.issue(sandbox.person("alice").id)
            call, at = client.views_open(trigger_id=trigger, view=modal(block)), f"/view/blocks/0{inside}/type"
        else:
            call, at = post(client, block), f"/blocks/0{inside}/type"
        if kind in STANDS[place].replace("SELECTS", SELECTS).split():
            await call
        else:
            assert faults(await refused(call)) == [f"[ERROR] unsupported type: {kind} [json-pointer:{at}]"]


@pytest.mark.parametrize("block", newer_blocks(), ids=lambda block: block["type"])
async def test_the_newer_blocks_are_for_messages(client: AsyncWebClient, trigger: str, block: Json):
    await post(client, block)
    opening = client.views_open(trigger_id=trigger, view=modal(block))
    if block["type"] in ("alert", "video"):
        await opening
    else:
        expected = f"[ERROR] unsupported type: {block['type']} [json-pointer:/view/blocks/0/type]"
        assert faults(await refused(opening)) == [expected]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            {**PICTURE, "image_url": "http://localhost:9000/a.png"},
            "downloading image failed [json-pointer:/blocks/0/image_url]",
        ),
        (
            context({**PICTURE, "image_url": "http://10.0.0.7/a.png"}),
            "downloading image failed [json-pointer:/blocks/0/elements/0/image_url]",
        ),
        (
            {**PICTURE, "slack_file": {"id": "F1"}},
            "must define either `image_url` or `slack_file` [json-pointer:/blocks/0/type]",
        ),
        (
            {"type": "image", "alt_text": "x", "slack_file": {}},
            "must define either `id` or `url` [json-pointer:/blocks/0/slack_file/type]",
        ),
        (
            question("Q", field("file_input"), "q"),
            "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
        ),
        (
            actions(field("conversations_select", response_url_enabled=True)),
            "invalid additional property: response_url_enabled [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions({**menu(options(1)), "option_groups": []}),
            "must provide at least 1 items [json-pointer:/blocks/0/elements/0/option_groups]",
        ),
        (
            actions({"type": "static_select", "action_id": "it"}),
            "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            actions(menu([option()], initial_option=option(description=plain("other")))),
            "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
        ),
        (
            actions(menu([option(text={"type": "mrkdwn", "text": "A"})])),
            "must be a valid enum value [json-pointer:/blocks/0/elements/0/options/0/text/type]",
        ),
        (actions(button("x", style="loud")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
        (actions(button("x", style=None)), "must provide a string [json-pointer:/blocks/0/elements/0/style]"),
        (
            actions(field("datepicker", initial_date="2026-13-01")),
            r"input must match regex pattern: \d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) "
            "[json-pointer:/blocks/0/elements/0/initial_date]",
        ),
        (
            actions(field("conversations_select", filter={})),
            "must define either `include` or `exclude_bot_users` or `exclude_external_shared_channels` "
            "[json-pointer:/blocks/0/elements/0/filter/type]",
        ),
        (
            question("Q", typed("number_input", is_decimal_allowed=True, min_value="9", max_value="10.5"), "q")
            | {"optional": "yes"},
            "must be a boolean [json-pointer:/blocks/0/optional]",
        ),
        (
            question("Q", typed("number_input", is_decimal_allowed=True, min_value="11", max_value="10.5"), "q"),
            "must be less than or equal to max_value [json-pointer:/blocks/0/element/min_value]",
        ),
        (
            rich("rich_text_list", style="square"),
            "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
        ),
        (
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "smile"}]}]},
            "unsupported type: smile [json-pointer:/blocks/0/elements/0/elements/0/type]",
        ),
        (
            container(child_blocks=[container()]),
            "unsupported type: container [json-pointer:/blocks/0/child_blocks/0/type]",
        ),
        (
            container(default_collapsed=True),
            "must define `is_collapsible` [json-pointer:/blocks/0/default_collapsed]",
        ),
        (
            data_table([table_cell("x")] * 2, [table_cell("x")]),
            "must provide 2 items [json-pointer:/blocks/0/rows/1]",
        ),
        (
            plotted(["A"], ["B"]),
            "must match the categories of the axis [json-pointer:/blocks/0/chart/series/0/data]",
        ),
        (
            table([{"type": "raw_number", "value": "1", "text": "1"}]),
            "must provide a number [json-pointer:/blocks/0/rows/0/0/value]",
        ),
        (
            video(title={"type": "mrkdwn", "text": "V"}),
            "must be a valid enum value [json-pointer:/blocks/0/title/type]",
        ),
        (
            {"type": "card"},
            "must define either `hero_image` or `title` or `actions` or `body` [json-pointer:/blocks/0/type]",
        ),
    ],
    ids=lambda value: value.split(" [")[0] if isinstance(value, str) else value["type"],
)
async def test_what_is_wrong_with_a_block_is_named_with_its_place(client: AsyncWebClient, block: Json, expected: str):
    assert faults(await refused(post(client, block))) == [f"[ERROR] {expected}"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (
            modal(question("Q", field("file_input"), "q", dispatch_action=True)),
            "invalid additional property: dispatch_action [json-pointer:/view/blocks/0]",
        ),
        (
            modal(*[question("Q", text_input(focus_on_load=True), block_id) for block_id in "ab"]),
            "only one element can have `focus_on_load` [json-pointer:/view/blocks/1/element/focus_on_load]",
        ),
        (
            {**modal(DIVIDER), "type": "home"},
            "unsupported type: home [json-pointer:/view/type]",
        ),
        (
            modal(question("Q", text_input(min_length=9, max_length=8), "q")),
            "must be less than or equal to max_length [json-pointer:/view/blocks/0/element/min_length]",
        ),
    ],
    ids=lambda value: value.split(" [")[0] if isinstance(value, str) else "",
)
async def test_what_is_wrong_with_a_form_is_named_with_its_place(
    client: AsyncWebClient, trigger: str, view: Json, expected: str
):
    answer = await refused(client.views_open(trigger_id=trigger, view=view))
    assert answer["error"] == "invalid_arguments"
    assert faults(answer) == [f"[ERROR] {expected}"]


async def test_a_form_may_ask_for_files_and_for_a_way_to_answer(client: AsyncWebClient, trigger: str):
    asking = field("conversations_select", response_url_enabled=True)
    view = modal(question("F", field("file_input"), "f"), question("C", asking, "c"))
    assert (await client.views_open(trigger_id=trigger, view=view))["ok"]


async def test_the_blocks_of_attachments_keep_the_same_rules(client: AsyncWebClient):
    sound = {"color": "#ff0000", "blocks": [section("x")]}
    posted = await client.chat_postMessage(channel="#general", text="x", attachments=[sound])
    assert posted["message"]["attachments"][0]["blocks"][0]["block_id"]
    faulty: list[Json] = [sound, {"blocks": [{"type": "header", "text": plain("")}]}]
    answer = await refused(client.chat_postMessage(channel="#general", text="x", attachments=faulty))
    assert answer["error"] == "invalid_attachments"
    assert faults(answer) == ["[ERROR] must be more than 0 characters [json-pointer:/attachments/1/blocks/0/text/text]"]
    answer = await refused(client.chat_postMessage(channel="#general", text="x", attachments="[1]"))
    assert answer["error"] == "invalid_attachments"


async def test_ids_must_not_repeat_in_blocks_that_stand_in_others(client: AsyncWebClient):
    inner = container(child_blocks=[{"type": "divider", "block_id": "same"}])
    answer = await refused(post(client, {"type": "divider", "block_id": "same"}, inner))
    expected = '`block_id` "same" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]'
    assert faults(answer) == [f"[ERROR] {expected}"]


async def test_a_markdown_block_loses_its_id_and_tables_do_not_count_to_the_size_of_a_message(client: AsyncWebClient):
    rows = [[table_cell("x" * 1000)] * 14]
    posted = await client.chat_postMessage(
        channel="#general", text="x", blocks=[{"type": "markdown", "text": "*x*", "block_id": "mine"}, table(*rows)]
    )
    assert posted["message"]["blocks"][0]["block_id"] != "mine"


async def test_a_form_opens_by_either_name_of_its_trigger_and_by_no_other(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str
):
    opened = await client.api_call(
        "views.open", json={"interactivity_pointer": trigger, "view": modal(DIVIDER, external_id="mine")}
    )
    assert opened["view"]["external_id"] == "mine"
    missing = await refused(client.api_call("views.open", json={"view": modal(DIVIDER)}))
    assert faults(missing) == ["[ERROR] missing required field: trigger_id"]
    bob = sandbox.platform.triggers.issue(sandbox.person("bob").id)
    taken = await refused(client.views_open(trigger_id=bob, view=modal(DIVIDER, external_id="mine")))
    assert taken["error"] == "duplicate_external_id"
    updated = await client.views_update(external_id="mine", view=modal(DIVIDER, title="New", external_id="mine"))
    assert updated["view"]["title"]["text"] == "New"


async def test_a_picture_shows_a_file_of_the_workspace_or_is_refused(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str
):
    def picture(**file: str) -> Json:
        return {"type": "image", "alt_text": "A curve", "slack_file": file}

    kept = upload(sandbox.workspace, sandbox.person("alice").user, "curve.png", b"png")
    await post(client, picture(id=kept["id"]), picture(url=f"https://acme.slack.com/files/U1/{kept['id']}/curve.png"))
    missing = await refused(post(client, DIVIDER, picture(id="F404")))
    assert faults(missing) == ["[ERROR] invalid slack file [json-pointer:/blocks/1/slack_file]"]
    missing = await refused(client.views_open(trigger_id=trigger, view=modal(picture(url="https://example.com/x.png"))))
    assert faults(missing) == ["[ERROR] invalid slack file [json-pointer:/view/blocks/0/slack_file]"]
