"""Which blocks, elements and composition objects are well formed: the limits of Slack's Block Kit reference, as data.
Checks nothing but shape.

Left out on purpose: blocks that a workspace may not have yet, and those that need files, calls or unfurls; they are
refused as unsupported.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.blocks.rich_text import RICH_TEXT
from bot.sandbox.blocks.schema import (
    Alternatives,
    Anything,
    Bool,
    ByType,
    Check,
    Int,
    Items,
    OneOf,
    Problem,
    Problems,
    Rule,
    Shape,
    Str,
)
from bot.sandbox.jsontypes import Json

MAX_ID = 255
_ID = Str(max=MAX_ID)
_URL = Str(max=3000, min=1, pattern=re.compile(r"https?://\S+|mailto:\S+"))
_DATE = Str(pattern=re.compile(r"\d{4}-\d\d-\d\d"))
_TIME = Str(pattern=re.compile(r"([01]\d|2[0-3]):[0-5]\d"))


def _type(name: str) -> Rule:
    """The `type` field of one kind of object."""
    return OneOf((name,))


def _plain(limit: int) -> Shape:
    """A plain_text object."""
    return Shape({"type": _type("plain_text"), "text": Str(max=limit, min=1), "emoji": Bool()}, ("type", "text"))


def _mrkdwn(limit: int) -> Shape:
    """A mrkdwn object; unlike plain text it takes no `emoji`."""
    return Shape({"type": _type("mrkdwn"), "text": Str(max=limit, min=1), "verbatim": Bool()}, ("type", "text"))


def _text(limit: int) -> Rule:
    """A text object of either kind."""
    return Alternatives(ByType({"plain_text": _plain(limit), "mrkdwn": _mrkdwn(limit)}))


def _either(*names: str) -> Check:
    """A check that exactly one of these fields is given."""
    quoted = " or ".join(f"`{name}`" for name in names)

    def check(value: Json, at: str) -> Problems:
        if sum(name in value for name in names) != 1:
            yield Problem(f"must define either {quoted}", f"{at}/type")

    return check


def _text_or_fields(value: Json, at: str) -> Problems:
    """A section has text, fields, or both."""
    if "text" not in value and "fields" not in value:
        yield Problem("must define either `text` or `fields`", f"{at}/type")


def _offered(initial: str) -> Check:
    """A check that the initial choice is among the options, equal in every field."""

    def check(value: Json, at: str) -> Problems:
        if initial not in value:
            return
        grouped = [option for group in value.get("option_groups", ()) for option in group["options"]]
        options = [*value.get("options", ()), *grouped]
        wanted = value[initial] if isinstance(value[initial], list) else [value[initial]]
        if any(option not in options for option in wanted):
            yield Problem("must be one of the provided options", f"{at}/{initial}")

    return check


def _ordered_lengths(value: Json, at: str) -> Problems:
    """min_length does not exceed max_length."""
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield Problem("must be less than or equal to max_length", f"{at}/min_length")


_PLACEHOLDER: dict[str, Rule] = {"placeholder": _plain(150), "focus_on_load": Bool()}
_CONFIRM = Shape(
    {
        "title": _plain(100),
        "text": _text(300),
        "confirm": _plain(30),
        "deny": _plain(30),
        "style": OneOf(("primary", "danger")),
    },
    ("title", "text", "confirm", "deny"),
)


def _option(text: Rule, *, url: bool = False) -> Shape:
    """An option of a select, overflow menu, checkbox or radio group."""
    fields: dict[str, Rule] = {
        "text": text,
        "value": Str(max=150, min=1),
        "description": _text(75) if not url else _plain(75),
    }
    return Shape(fields | ({"url": _URL} if url else {}), ("text", "value"))


_OPTION = _option(_plain(75))
_RICH_OPTION = _option(_text(75))
_OPTION_GROUP = Shape({"label": _plain(75), "options": Items(_OPTION, min=1, max=100)}, ("label", "options"))


def _element(
    name: str, fields: dict[str, Rule], required: tuple[str, ...] = (), *checks: Check, confirm: bool = True
) -> Shape:
    """An interactive element: its type, its action_id, a confirm dialog unless it has none, and its own fields."""
    common: dict[str, Rule] = {"type": _type(name), "action_id": _ID}
    return Shape(common | ({"confirm": _CONFIRM} if confirm else {}) | fields, ("type", *required), checks)


def _select(name: str, fields: dict[str, Rule], *checks: Check) -> Shape:
    """A select menu; a multi select may limit how many."""
    many: dict[str, Rule] = {"max_selected_items": Int(min=1)} if name.startswith("multi_") else {}
    return _element(name, _PLACEHOLDER | many | fields, (), *checks)


_OPTIONS: dict[str, Rule] = {
    "options": Items(_OPTION, min=1, max=100),
    "option_groups": Items(_OPTION_GROUP, min=1, max=100),
}
_TEN_OPTIONS: dict[str, Rule] = {"options": Items(_RICH_OPTION, min=1, max=10), "focus_on_load": Bool()}
_DISPATCH = Shape(
    {"trigger_actions_on": Items(OneOf(("on_enter_pressed", "on_character_entered")), min=1)}, ("trigger_actions_on",)
)
_TYPED: dict[str, Rule] = _PLACEHOLDER | {"dispatch_action_config": _DISPATCH}

_BUTTON = _element(
    "button",
    {
        "text": _plain(75),
        "value": Str(max=2000),
        "url": _URL,
        "style": OneOf(("primary", "danger")),
        "accessibility_label": Str(max=75),
    },
    ("text",),
)
_OVERFLOW = _element("overflow", {"options": Items(_option(_plain(75), url=True), min=1, max=5)}, ("options",))
_IMAGE_ELEMENT = Shape(
    {"type": _type("image"), "image_url": _URL, "slack_file": Anything(), "alt_text": Str(max=2000, min=1)},
    ("type", "alt_text"),
    (_either("image_url", "slack_file"),),
)
_PICKERS: dict[str, Rule] = {
    "static_select": _select(
        "static_select",
        _OPTIONS | {"initial_option": _OPTION},
        _either("options", "option_groups"),
        _offered("initial_option"),
    ),
    "multi_static_select": _select(
        "multi_static_select",
        _OPTIONS | {"initial_options": Items(_OPTION, min=1)},
        _either("options", "option_groups"),
        _offered("initial_options"),
    ),
    "external_select": _select("external_select", {"initial_option": _OPTION, "min_query_length": Int(min=0)}),
    "users_select": _select("users_select", {"initial_user": Str()}),
    "multi_users_select": _select("multi_users_select", {"initial_users": Items(Str())}),
    "channels_select": _select("channels_select", {"initial_channel": Str(), "response_url_enabled": Bool()}),
    "multi_channels_select": _select("multi_channels_select", {"initial_channels": Items(Str())}),
    "conversations_select": _select(
        "conversations_select", {"initial_conversation": Str(), "filter": Anything(), "response_url_enabled": Bool()}
    ),
    "multi_conversations_select": _select(
        "multi_conversations_select", {"initial_conversations": Items(Str()), "filter": Anything()}
    ),
    "datepicker": _element("datepicker", _PLACEHOLDER | {"initial_date": _DATE}),
    "timepicker": _element("timepicker", _PLACEHOLDER | {"initial_time": _TIME, "timezone": Str()}),
    "checkboxes": _element(
        "checkboxes",
        _TEN_OPTIONS | {"initial_options": Items(_RICH_OPTION, min=1)},
        ("options",),
        _offered("initial_options"),
    ),
    "radio_buttons": _element(
        "radio_buttons", _TEN_OPTIONS | {"initial_option": _RICH_OPTION}, ("options",), _offered("initial_option")
    ),
}
_DATETIME: dict[str, Rule] = {
    "datetimepicker": _element("datetimepicker", {"initial_date_time": Int(), "focus_on_load": Bool()})
}
_INPUTS: dict[str, Rule] = {
    "plain_text_input": _element(
        "plain_text_input",
        _TYPED
        | {
            "initial_value": Str(max=3000),
            "multiline": Bool(),
            "min_length": Int(max=3000),
            "max_length": Int(min=1, max=3000),
        },
        (),
        _ordered_lengths,
        confirm=False,
    ),
    "email_text_input": _element("email_text_input", _TYPED | {"initial_value": Str()}, confirm=False),
    "url_text_input": _element("url_text_input", _TYPED | {"initial_value": Str()}, confirm=False),
    "number_input": _element(
        "number_input",
        _TYPED | {"is_decimal_allowed": Bool(), "initial_value": Str(), "min_value": Str(), "max_value": Str()},
        ("is_decimal_allowed",),
        confirm=False,
    ),
}

_ACCESSORY = ByType(_PICKERS | {"button": _BUTTON, "overflow": _OVERFLOW, "image": _IMAGE_ELEMENT})
_ACTION = ByType(_PICKERS | _DATETIME | {"button": _BUTTON, "overflow": _OVERFLOW})
_INPUT = ByType(_PICKERS | _DATETIME | _INPUTS)


def _block(name: str, fields: dict[str, Rule], required: tuple[str, ...] = (), *checks: Check) -> Shape:
    """A block: its type, its block_id and its own fields."""
    return Shape({"type": _type(name), "block_id": _ID} | fields, ("type", *required), checks)


BLOCKS: dict[str, Rule] = {
    "section": _block(
        "section",
        {"text": _text(3000), "fields": Items(_text(2000), min=1, max=10), "accessory": _ACCESSORY, "expand": Bool()},
        (),
        _text_or_fields,
    ),
    "header": _block("header", {"text": _plain(150), "level": Int(min=1, max=4)}, ("text",)),
    "divider": _block("divider", {}),
    "context": _block(
        "context",
        {
            "elements": Items(
                ByType({"image": _IMAGE_ELEMENT, "plain_text": _plain(2000), "mrkdwn": _mrkdwn(2000)}), min=1, max=10
            )
        },
        ("elements",),
    ),
    "actions": _block("actions", {"elements": Items(_ACTION, min=1, max=25)}, ("elements",)),
    "input": _block(
        "input",
        {"label": _plain(2000), "hint": _plain(2000), "optional": Bool(), "dispatch_action": Bool(), "element": _INPUT},
        ("label", "element"),
    ),
    "image": _block(
        "image",
        {"image_url": _URL, "slack_file": Anything(), "alt_text": Str(max=2000, min=1), "title": _plain(2000)},
        ("alt_text",),
        _either("image_url", "slack_file"),
    ),
    "rich_text": _block("rich_text", {"elements": Items(RICH_TEXT)}, ("elements",)),
}

MESSAGE_BLOCKS = Items(ByType(BLOCKS), max=50)
_VIEW: dict[str, Rule] = {
    "blocks": Items(ByType(BLOCKS), min=1, max=100),
    "private_metadata": Str(max=3000),
    "callback_id": _ID,
    "external_id": _ID,
}
VIEW_FIELDS: dict[str, Any] = {
    "modal": Shape(
        _VIEW
        | {
            "type": _type("modal"),
            "title": _plain(24),
            "submit": _plain(24),
            "close": _plain(24),
            "clear_on_close": Bool(),
            "notify_on_close": Bool(),
            "submit_disabled": Bool(),
        },
        ("type", "title", "blocks"),
    ),
    "home": Shape(_VIEW | {"type": _type("home")}, ("type", "blocks")),
}
