"""For each limit of Block Kit in bot/sandbox/limits.py how to reach it: a payload in which the limited thing counts `n`, and the
JSON pointer at which Slack would complain of it.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.given import actions, button, modal, plain, question, section, select, text_input

Json = dict[str, Any]
Send = Callable[[AsyncWebClient, Sandbox, int], Awaitable[object]]

DIVIDER = {"type": "divider"}
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A curve"}


@dataclass(frozen=True)
class Case:
    """How to send a payload of size `n`, and where the fault is when it is too large or too small ("" for nowhere)."""

    send: Send
    pointer: str = ""


def words(n: int) -> str:
    """A text of `n` characters, none of them in the basic plane: what counts is code points, not bytes or UTF-16."""
    return "🔥" * n


def url(n: int) -> str:
    """An address of `n` characters."""
    return "https://example.com/".ljust(n, "x")


def cell(text: str) -> Json:
    """A cell of a table."""
    return {"type": "raw_text", "text": text}


def labels(n: int) -> list[str]:
    """Labels of points, within the number that a chart may have."""
    return [f"L{index}" for index in range(max(1, min(n, 20)))]


def posted(build: Callable[[int], list[Json]], pointer: str = "") -> Case:
    """A limit of a message's blocks."""

    async def send(client: AsyncWebClient, sandbox: Sandbox, n: int) -> object:
        channel = sandbox.channel("#general").id
        return await client.chat_postMessage(channel=channel, text="x", blocks=build(n))

    return Case(send, pointer)


def block(build: Callable[[int], Json], inside: str) -> Case:
    """A limit of a block, where it stands in a message."""
    return posted(lambda n: [build(n)], f"/blocks/0{inside}")


def element(build: Callable[[int], Json], inside: str) -> Case:
    """A limit of an element of an actions block."""
    return block(lambda n: actions(build(n)), f"/elements/0{inside}")


def opened(build: Callable[[int], Json], pointer: str = "") -> Case:
    """A limit of a form."""

    async def send(client: AsyncWebClient, sandbox: Sandbox, n: int) -> object:
        trigger = sandbox.platform.triggers.issue(sandbox.person("alice").id)
        return await client.views_open(trigger_id=trigger, view=build(n))

    return Case(send, pointer)


def asked(build: Callable[[int], Json], inside: str) -> Case:
    """A limit of an element of an input block in a form."""
    return opened(lambda n: modal(question("Q", build(n), "q")), f"/view/blocks/0/element{inside}")


def attached(n: int) -> list[Json]:
    """`n` attachments."""
    return [{"text": "x"}] * n


async def send_attachments(client: AsyncWebClient, sandbox: Sandbox, n: int) -> object:
    """Post a message with `n` attachments."""
    return await client.chat_postMessage(channel=sandbox.channel("#general").id, text="x", attachments=attached(n))


async def send_stack(client: AsyncWebClient, sandbox: Sandbox, n: int) -> object:
    """Open a form, and push others until `n` lie on each other."""
    triggers, alice = sandbox.platform.triggers, sandbox.person("alice").id
    await client.views_open(trigger_id=triggers.issue(alice), view=modal(DIVIDER))
    for _ in range(n - 1):
        await client.views_push(trigger_id=triggers.issue(alice), view=modal(DIVIDER))
    return n


def view_of(n: int) -> Json:
    """A form whose JSON has `n` bytes, between 240,000 and 300,000."""
    view = modal(*[section("x" * 2400) for _ in range(100)])
    missing = n - len(json.dumps(view, separators=(",", ":")))
    for index, one in enumerate(view["blocks"]):
        one["text"]["text"] += "x" * (missing // 100 + (index < missing % 100))
    return view


def confirm(**fields: Json) -> Json:
    """A button with a confirm dialog."""
    dialog = {"title": plain("Sure?"), "text": plain("Really."), "confirm": plain("Yes"), "deny": plain("No")}
    return button("Go", confirm=dialog | fields)


def option(**fields: Any) -> Json:
    """An option."""
    return {"text": plain("A"), "value": "a", **fields}


def menu(options: list[Json], kind: str = "static_select", **fields: Any) -> Json:
    """A menu of these options."""
    return {"type": kind, "action_id": "pick", "options": options, **fields}


def options(n: int) -> list[Json]:
    """`n` options."""
    return [option(value=f"v{index}") for index in range(n)]


def groups(n: int) -> Json:
    """A menu of `n` groups of options."""
    offered = [{"label": plain("G"), "options": [option()]} for _ in range(n)]
    return {"type": "static_select", "action_id": "pick", "option_groups": offered}


def group(label: str = "G", count: int = 1) -> Json:
    """A menu with one group."""
    offered = {"label": plain(label), "options": options(count)}
    return {"type": "static_select", "action_id": "pick", "option_groups": [offered]}


def rich(kind: str, **fields: Any) -> Json:
    """A rich_text block of one part."""
    line = {"type": "text", "text": "x"}
    inner: list[Json] = [{"type": "rich_text_section", "elements": [line]}] if kind == "rich_text_list" else [line]
    style = {"style": "bullet"} if kind == "rich_text_list" else {}
    return {"type": "rich_text", "elements": [{"type": kind, "elements": inner, **style, **fields}]}


def video(**fields: Any) -> Json:
    """A video block."""
    address = "https://example.com/v"
    shown = {"title": plain("V"), "alt_text": "V", "video_url": address, "thumbnail_url": address}
    return {"type": "video", **shown, **fields}


def card(**fields: Any) -> Json:
    """A card."""
    return {"type": "card", "title": plain("T"), **fields}


def container(**fields: Any) -> Json:
    """A container."""
    return {"type": "container", "title": plain("T"), "child_blocks": [DIVIDER], **fields}


def table(*rows: list[Json], **fields: Any) -> Json:
    """A table."""
    return {"type": "table", "rows": list(rows), **fields}


def data_table(*rows: list[Json], **fields: Any) -> Json:
    """A data table."""
    return {"type": "data_table", "caption": "C", "rows": list(rows), **fields}


def pie(*segments: Json, title: str = "T") -> Json:
    """A pie chart."""
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": list(segments)}}


def plotted(points: list[str], categories: list[str], series: int = 1, **axes: str) -> Json:
    """A chart of one line or several."""
    lines = [
        {"name": f"S{index}", "data": [{"label": label, "value": 1} for label in points]} for index in range(series)
    ]
    chart = {"type": "line", "series": lines, "axis_config": {"categories": categories, **axes}}
    return {"type": "data_visualization", "title": "T", "chart": chart}


def points(n: int) -> list[str]:
    """The labels of exactly `n` points."""
    return [f"L{index}" for index in range(n)]


def context_button(**fields: Any) -> Json:
    """A context_actions block with an icon button."""
    pressed = {"type": "icon_button", "action_id": "go", "icon": "trash", "text": plain("Go"), **fields}
    return {"type": "context_actions", "elements": [pressed]}


def feedback(**fields: Any) -> Json:
    """A context_actions block with feedback buttons."""
    good = {"text": plain("Good"), "value": "good"}
    pressed = {
        "type": "feedback_buttons",
        "action_id": "say",
        "positive_button": good | fields,
        "negative_button": good,
    }
    return {"type": "context_actions", "elements": [pressed]}


def workflow(**fields: Any) -> Json:
    """A button that starts a workflow."""
    trigger = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
    return {"type": "workflow_button", "action_id": "run", "text": plain("Run"), "workflow": trigger, **fields}


def typed(kind: str, **fields: Any) -> Json:
    """An input element."""
    return {"type": kind, "action_id": "it", **fields}


def context(*elements: Json) -> Json:
    """A context block."""
    return {"type": "context", "elements": list(elements)}


MESSAGES = {
    "message.blocks": posted(lambda n: [DIVIDER] * n, "/blocks"),
    "message.characters": posted(
        lambda n: [section(words(n // 5)) for _ in range(4)] + [section(words(n - n // 5 * 4))]
    ),
    "message.attachments": Case(send_attachments),
    "message.tables": posted(lambda n: [table([cell("x")]) for _ in range(n)], "/blocks/1"),
    "message.markdown": posted(
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        "/blocks/1/text",
    ),
    "markdown.text": block(lambda n: {"type": "markdown", "text": words(n)}, "/text"),
}
VIEWS = {
    "view.blocks": opened(lambda n: modal(*[DIVIDER] * n), "/view/blocks"),
    "view.title": opened(lambda n: modal(DIVIDER, title=words(n)), "/view/title/text"),
    "view.submit": opened(lambda n: modal(DIVIDER, submit=plain(words(n))), "/view/submit/text"),
    "view.close": opened(lambda n: modal(DIVIDER, close=plain(words(n))), "/view/close/text"),
    "view.private_metadata": opened(lambda n: modal(DIVIDER, private_metadata=words(n)), "/view/private_metadata"),
    "view.callback_id": opened(lambda n: modal(DIVIDER, callback_id=words(n)), "/view/callback_id"),
    "view.external_id": opened(lambda n: modal(DIVIDER, external_id=words(n)), "/view/external_id"),
    "view.size": opened(view_of),
    "view.stack": Case(send_stack),
}
SHARED = {
    "block_id": block(lambda n: {"type": "divider", "block_id": words(n)}, "/block_id"),
    "action_id": element(lambda n: button("x", words(n)), "/action_id"),
    "text": block(lambda n: context(plain(words(n))), "/elements/0/text"),
    "placeholder": element(lambda n: select("A", placeholder=plain(words(n))), "/placeholder/text"),
    "url": block(lambda n: video(video_url=url(n)), "/video_url"),
    "confirm.title": element(lambda n: confirm(title=plain(words(n))), "/confirm/title/text"),
    "confirm.text": element(lambda n: confirm(text=plain(words(n))), "/confirm/text/text"),
    "confirm.confirm": element(lambda n: confirm(confirm=plain(words(n))), "/confirm/confirm/text"),
    "confirm.deny": element(lambda n: confirm(deny=plain(words(n))), "/confirm/deny/text"),
    "option.text": element(lambda n: menu([option(text=plain(words(n)))]), "/options/0/text/text"),
    "option.value": element(lambda n: menu([option(value=words(n))]), "/options/0/value"),
    "option.description": element(lambda n: menu([option(description=plain(words(n)))]), "/options/0/description/text"),
    "option.url": element(lambda n: menu([option(url=url(n))], "overflow"), "/options/0/url"),
    "option_group.label": element(lambda n: group(words(n)), "/option_groups/0/label/text"),
    "option_group.options": element(lambda n: group(count=n), "/option_groups/0/options"),
    "dispatch_action_config.trigger_actions_on": asked(
        lambda n: text_input(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * n}),
        "/dispatch_action_config/trigger_actions_on",
    ),
    "filter.include": element(
        lambda n: typed("conversations_select", filter={"include": ["im"] * n}), "/filter/include"
    ),
}
BLOCKS = {
    "section.text": block(lambda n: section(words(n)), "/text/text"),
    "section.fields": block(lambda n: {"type": "section", "fields": [plain("x")] * n}, "/fields"),
    "section.field": block(lambda n: {"type": "section", "fields": [plain(words(n))]}, "/fields/0/text"),
    "header.text": block(lambda n: {"type": "header", "text": plain(words(n))}, "/text/text"),
    "header.level": block(lambda n: {"type": "header", "text": plain("x"), "level": n}, "/level"),
    "context.elements": block(lambda n: context(*[plain("x")] * n), "/elements"),
    "actions.elements": block(lambda n: actions(*[button("x", f"a{index}") for index in range(n)]), "/elements"),
    "input.label": opened(lambda n: modal(question(words(n), text_input(), "q")), "/view/blocks/0/label/text"),
    "input.hint": opened(
        lambda n: modal(question("Q", text_input(), "q", hint=plain(words(n)))), "/view/blocks/0/hint/text"
    ),
    "image.image_url": block(lambda n: {**PICTURE, "image_url": url(n)}, "/image_url"),
    "image.alt_text": block(lambda n: {**PICTURE, "alt_text": words(n)}, "/alt_text"),
    "image.title": block(lambda n: {**PICTURE, "title": plain(words(n))}, "/title/text"),
    "rich_text_list.indent": block(lambda n: rich("rich_text_list", indent=n), "/elements/0/indent"),
    "rich_text_list.offset": block(lambda n: rich("rich_text_list", offset=n), "/elements/0/offset"),
    "rich_text_list.border": block(lambda n: rich("rich_text_list", border=n), "/elements/0/border"),
    "rich_text_quote.border": block(lambda n: rich("rich_text_quote", border=n), "/elements/0/border"),
    "rich_text_preformatted.border": block(lambda n: rich("rich_text_preformatted", border=n), "/elements/0/border"),
    "video.title": block(lambda n: video(title=plain(words(n))), "/title/text"),
    "video.author_name": block(lambda n: video(author_name=words(n)), "/author_name"),
    "video.alt_text": block(lambda n: video(alt_text=words(n)), "/alt_text"),
    "video.description": block(lambda n: video(description=plain(words(n))), "/description/text"),
    "video.provider_name": block(lambda n: video(provider_name=words(n)), "/provider_name"),
}
NEWER_BLOCKS = {
    "table.rows": block(lambda n: table(*[[cell("x")]] * n), "/rows"),
    "table.cells": block(lambda n: table([cell("x")] * n), "/rows/0"),
    "table.column_settings": block(lambda n: table([cell("x")], column_settings=[None] * n), "/column_settings"),
    "table.cell": block(lambda n: table([cell(words(n))]), "/rows/0/0/text"),
    "context_actions.elements": block(
        lambda n: {
            "type": "context_actions",
            "elements": [context_button(action_id=f"a{index}")["elements"][0] for index in range(n)],
        },
        "/elements",
    ),
    "alert.text": block(lambda n: {"type": "alert", "text": plain(words(n))}, "/text/text"),
    "card.title": block(lambda n: card(title=plain(words(n))), "/title/text"),
    "card.subtitle": block(lambda n: card(subtitle=plain(words(n))), "/subtitle/text"),
    "card.body": block(lambda n: card(body=plain(words(n))), "/body/text"),
    "card.subtext": block(lambda n: card(subtext=plain(words(n))), "/subtext/text"),
    "card.actions": block(lambda n: card(actions=[button("x", f"a{index}") for index in range(n)]), "/actions"),
    "carousel.elements": block(lambda n: {"type": "carousel", "elements": [card()] * n}, "/elements"),
    "container.title": block(lambda n: container(title=plain(words(n))), "/title/text"),
    "container.subtitle": block(lambda n: container(subtitle=plain(words(n))), "/subtitle/text"),
    "container.child_blocks": block(lambda n: container(child_blocks=[DIVIDER] * n), "/child_blocks"),
    "plan.tasks": block(
        lambda n: {"type": "plan", "title": "P", "tasks": [{"type": "task_card", "task_id": "t", "title": "T"}] * n},
        "/tasks",
    ),
    "data_table.rows": block(lambda n: data_table(*[[cell("x")]] * n), "/rows"),
    "data_table.columns": block(lambda n: data_table([cell("x")] * n, [cell("x")] * max(1, min(n, 20))), "/rows/0"),
    "data_table.page_size": block(lambda n: data_table([cell("x")], [cell("x")], page_size=n), "/page_size"),
    "data_table.row_header_column_index": block(
        lambda n: data_table([cell("x")], [cell("x")], row_header_column_index=n), "/row_header_column_index"
    ),
    "data_table.characters": block(lambda n: data_table([cell("x")], [cell(words(n - 1))]), "/rows"),
    "data_visualization.title": block(lambda n: pie({"label": "A", "value": 1}, title=words(n)), "/title"),
    "data_visualization.segments": block(lambda n: pie(*[{"label": "A", "value": 1}] * n), "/chart/segments"),
    "data_visualization.series": block(lambda n: plotted(["A"], ["A"], series=n), "/chart/series"),
    "data_visualization.points": block(lambda n: plotted(points(n), labels(n)), "/chart/series/0/data"),
    "data_visualization.categories": block(lambda n: plotted(labels(n), points(n)), "/chart/axis_config/categories"),
    "data_visualization.label": block(lambda n: pie({"label": words(n), "value": 1}), "/chart/segments/0/label"),
    "data_visualization.axis_label": block(
        lambda n: plotted(["A"], ["A"], x_label=words(n)), "/chart/axis_config/x_label"
    ),
}
ELEMENTS = {
    "button.text": element(lambda n: button(words(n)), "/text/text"),
    "button.value": element(lambda n: button("x", value=words(n)), "/value"),
    "button.url": element(lambda n: button("x", url=url(n)), "/url"),
    "button.accessibility_label": element(lambda n: button("x", accessibility_label=words(n)), "/accessibility_label"),
    "button.agent_prompt": element(lambda n: button("x", agent_prompt=words(n)), "/agent_prompt"),
    "icon_button.text": block(lambda n: context_button(text=plain(words(n))), "/elements/0/text/text"),
    "icon_button.value": block(lambda n: context_button(value=words(n)), "/elements/0/value"),
    "icon_button.accessibility_label": block(
        lambda n: context_button(accessibility_label=words(n)), "/elements/0/accessibility_label"
    ),
    "icon_button.visible_to_user_ids": block(
        lambda n: context_button(visible_to_user_ids=["U1"] * n), "/elements/0/visible_to_user_ids"
    ),
    "feedback_button.text": block(lambda n: feedback(text=plain(words(n))), "/elements/0/positive_button/text/text"),
    "feedback_button.value": block(lambda n: feedback(value=words(n)), "/elements/0/positive_button/value"),
    "feedback_button.accessibility_label": block(
        lambda n: feedback(accessibility_label=words(n)), "/elements/0/positive_button/accessibility_label"
    ),
    "workflow_button.text": element(lambda n: workflow(text=plain(words(n))), "/text/text"),
    "workflow_button.accessibility_label": element(
        lambda n: workflow(accessibility_label=words(n)), "/accessibility_label"
    ),
    "image_element.image_url": block(lambda n: context({**PICTURE, "image_url": url(n)}), "/elements/0/image_url"),
    "image_element.alt_text": block(lambda n: context({**PICTURE, "alt_text": words(n)}), "/elements/0/alt_text"),
    "select.options": element(lambda n: menu(options(n)), "/options"),
    "select.option_groups": element(groups, "/option_groups"),
    "select.min_query_length": element(lambda n: typed("external_select", min_query_length=n), "/min_query_length"),
    "multi_select.max_selected_items": element(
        lambda n: typed("multi_users_select", max_selected_items=n), "/max_selected_items"
    ),
    "overflow.options": element(lambda n: menu(options(n), "overflow"), "/options"),
    "radio_buttons.options": element(lambda n: menu(options(n), "radio_buttons"), "/options"),
    "checkboxes.options": element(lambda n: menu(options(n), "checkboxes"), "/options"),
    "datetimepicker.initial_date_time": element(
        lambda n: typed("datetimepicker", initial_date_time=n), "/initial_date_time"
    ),
    "plain_text_input.min_length": asked(lambda n: text_input(min_length=n), "/min_length"),
    "plain_text_input.max_length": asked(lambda n: text_input(max_length=n), "/max_length"),
    "plain_text_input.initial_value": asked(lambda n: text_input(initial_value=words(n)), "/initial_value"),
    "rich_text_input.min_lines": asked(lambda n: typed("rich_text_input", min_lines=n), "/min_lines"),
    "rich_text_input.max_lines": asked(lambda n: typed("rich_text_input", max_lines=n), "/max_lines"),
    "file_input.max_files": asked(lambda n: typed("file_input", max_files=n), "/max_files"),
    "file_input.filetypes": asked(lambda n: typed("file_input", filetypes=["pdf"] * n), "/filetypes"),
}
PAYLOADS = MESSAGES | VIEWS | SHARED | BLOCKS | NEWER_BLOCKS | ELEMENTS
