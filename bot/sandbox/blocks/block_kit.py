"""Which blocks and views are well formed on each surface, by the limits of Slack's Block Kit reference. Checks nothing but
shape; what is wrong with a payload as a whole is decided in validation.py.

From Slack's documentation, "Blocks", "Modals" and "App Home". The newest blocks are in newer_blocks.py.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.blocks.bounded import integer, items, string
from bot.sandbox.blocks.composition import IMAGE_ELEMENT, any_of, mrkdwn, picture, plain, text, type_of
from bot.sandbox.blocks.element_rules import Surface, elements_in
from bot.sandbox.blocks.newer_blocks import ALERT, MESSAGE_ONLY, VIDEO, block, container
from bot.sandbox.blocks.rich_text import RICH_TEXT
from bot.sandbox.blocks.schema import Bool, ByType, Items, Problem, Problems, Rule, Shape
from bot.sandbox.jsontypes import Json

_PICTURE_FIELDS, _PICTURE_CHECKS = picture("image")


def _no_dispatching_files(value: Json, at: str) -> Problems:
    """A file input tells the app nothing until the form is sent (wording inferred)."""
    if "dispatch_action" in value and value["element"]["type"] == "file_input":
        yield Problem("invalid additional property: dispatch_action", at)


def _everywhere(surface: Surface) -> dict[str, Rule]:
    """The blocks that every surface has."""
    return {
        "section": block(
            "section",
            {
                "text": text("section.text"),
                "fields": items("section.fields", text("section.field")),
                "accessory": elements_in("section", surface),
                "expand": Bool(),
            },
            (),
            any_of("text", "fields"),
        ),
        "header": block("header", {"text": plain("header.text"), "level": integer("header.level")}, ("text",)),
        "divider": block("divider", {}),
        "context": block(
            "context",
            {
                "elements": items(
                    "context.elements",
                    ByType({"image": IMAGE_ELEMENT, "plain_text": plain("text"), "mrkdwn": mrkdwn("text")}),
                )
            },
            ("elements",),
        ),
        "actions": block(
            "actions", {"elements": items("actions.elements", elements_in("actions", surface))}, ("elements",)
        ),
        "input": block(
            "input",
            {
                "label": plain("input.label"),
                "hint": plain("input.hint"),
                "optional": Bool(),
                "dispatch_action": Bool(),
                "element": elements_in("input", surface),
            },
            ("label", "element"),
            _no_dispatching_files,
        ),
        "image": block("image", {**_PICTURE_FIELDS, "title": plain("image.title")}, ("alt_text",), *_PICTURE_CHECKS),
        "rich_text": block("rich_text", {"elements": Items(RICH_TEXT)}, ("elements",)),
        "video": VIDEO,
        "alert": ALERT,
    }


_IN_MESSAGES = _everywhere("message") | MESSAGE_ONLY
MESSAGE_BLOCK = ByType(_IN_MESSAGES | {"container": container(_IN_MESSAGES)})
MESSAGE_BLOCKS = items("message.blocks", MESSAGE_BLOCK)


def _view(surface: Surface) -> dict[str, Rule]:
    """The fields of every view."""
    return {
        "type": type_of(surface),
        "blocks": items("view.blocks", ByType(_everywhere(surface))),
        "private_metadata": string("view.private_metadata"),
        "callback_id": string("view.callback_id"),
        "external_id": string("view.external_id"),
    }


VIEW_FIELDS: dict[str, Any] = {
    "modal": Shape(
        {
            **_view("modal"),
            "title": plain("view.title"),
            "submit": plain("view.submit"),
            "close": plain("view.close"),
            "clear_on_close": Bool(),
            "notify_on_close": Bool(),
            "submit_disabled": Bool(),
        },
        ("type", "title", "blocks"),
    ),
    "home": Shape(_view("home"), ("type", "blocks")),
}
