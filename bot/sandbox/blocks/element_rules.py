"""Which interactive elements are well formed, and where each may stand: the limits of Slack's Block Kit reference, as data.
What people do with them is in elements.py.

From Slack's documentation, "Block elements"; where each may stand is what the types of Slack's SDK for Node say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from bot.sandbox.blocks.bounded import integer, items, string
from bot.sandbox.blocks.composition import (
    COLOR_SCHEME,
    CONFIRM,
    DISPATCH,
    FILTER,
    IMAGE_ELEMENT,
    LINK,
    OPTION,
    OPTIONS,
    OVERFLOW_OPTION,
    RICH_OPTION,
    URL,
    either,
    offered,
    ordered,
    plain,
    type_of,
)
from bot.sandbox.blocks.rich_text import RICH_TEXT_BLOCK
from bot.sandbox.blocks.schema import Bool, ByType, Check, Items, Rule, Shape, Str

Place = Literal["section", "actions", "input", "context", "context_actions"]
Surface = Literal["message", "modal", "home"]

_DATE = Str(pattern=re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"))
_TIME = Str(pattern=re.compile(r"([01]\d|2[0-3]):[0-5]\d"))
_DECIMAL = Str(pattern=re.compile(r"-?\d+(\.\d+)?"))
_ID = Str(min=1)
_FOCUS: dict[str, Rule] = {"focus_on_load": Bool()}
_PLACEHOLDER: dict[str, Rule] = {"placeholder": plain("placeholder"), **_FOCUS}
_TYPED: dict[str, Rule] = {**_PLACEHOLDER, "dispatch_action_config": DISPATCH}
_CONFIRM: dict[str, Rule] = {"confirm": CONFIRM}
_RESPONSE_URL: dict[str, Rule] = {"response_url_enabled": Bool()}


def _element(name: str, fields: dict[str, Rule], required: tuple[str, ...] = (), *checks: Check) -> Shape:
    """An interactive element: its type, its action_id and its own fields."""
    return Shape({"type": type_of(name), "action_id": string("action_id"), **fields}, ("type", *required), checks)


def _selects(source: str, initial: str, one: Rule, fields: dict[str, Rule], *checks: Check) -> dict[str, Shape]:
    """The select and the multi select of one source; `initial` is the field of the first choice."""
    shared = {**_PLACEHOLDER, **_CONFIRM, **fields}
    several: dict[str, Rule] = {
        "max_selected_items": integer("multi_select.max_selected_items"),
        f"{initial}s": Items(one),
    }
    return {
        f"{source}_select": _element(
            f"{source}_select", {**shared, initial: one}, (), *checks, *_static(source, initial)
        ),
        f"multi_{source}_select": _element(
            f"multi_{source}_select", {**shared, **several}, (), *checks, *_static(source, f"{initial}s")
        ),
    }


def _static(source: str, initial: str) -> tuple[Check, ...]:
    """The check that only a menu with options of its own can have: that it offers what is chosen first."""
    return (offered(initial),) if source == "static" else ()


_SELECTS = {
    **_selects("static", "initial_option", OPTION, OPTIONS, either("options", "option_groups")),
    **_selects("external", "initial_option", OPTION, {"min_query_length": integer("select.min_query_length")}),
    **_selects("users", "initial_user", _ID, {}),
    **_selects("channels", "initial_channel", _ID, {}),
    **_selects(
        "conversations",
        "initial_conversation",
        _ID,
        {"default_to_current_conversation": Bool(), "filter": FILTER},
    ),
}
_BUTTONS = {
    "button": _element(
        "button",
        {
            **_CONFIRM,
            "text": plain("button.text"),
            "value": string("button.value"),
            "url": string("button.url", LINK),
            "style": COLOR_SCHEME,
            "accessibility_label": string("button.accessibility_label"),
            "agent_prompt": string("button.agent_prompt"),
        },
        ("text",),
    ),
    "overflow": _element("overflow", {**_CONFIRM, "options": items("overflow.options", OVERFLOW_OPTION)}, ("options",)),
    "workflow_button": _element(
        "workflow_button",
        {
            **_CONFIRM,
            "text": plain("workflow_button.text"),
            "workflow": Shape(
                {
                    "trigger": Shape(
                        {
                            "url": Str(pattern=URL),
                            "customizable_input_parameters": Items(
                                Shape({"name": _ID, "value": Str()}, ("name", "value"))
                            ),
                        },
                        ("url",),
                    )
                },
                ("trigger",),
            ),
            "style": COLOR_SCHEME,
            "accessibility_label": string("workflow_button.accessibility_label"),
        },
        ("text", "workflow"),
    ),
}
_FEEDBACK = Shape(
    {
        "text": plain("feedback_button.text"),
        "value": string("feedback_button.value"),
        "accessibility_label": string("feedback_button.accessibility_label"),
    },
    ("text", "value"),
)
_CONTEXT_BUTTONS = {
    "icon_button": _element(
        "icon_button",
        {
            **_CONFIRM,
            "icon": Str(min=1),
            "text": plain("icon_button.text"),
            "value": string("icon_button.value"),
            "accessibility_label": string("icon_button.accessibility_label"),
            "visible_to_user_ids": items("icon_button.visible_to_user_ids", _ID),
        },
        ("icon", "text"),
    ),
    "feedback_buttons": _element(
        "feedback_buttons",
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        ("positive_button", "negative_button"),
    ),
}
_MOMENTS = {
    "datepicker": _element("datepicker", {**_PLACEHOLDER, **_CONFIRM, "initial_date": _DATE}),
    "timepicker": _element("timepicker", {**_PLACEHOLDER, **_CONFIRM, "initial_time": _TIME, "timezone": Str()}),
    "datetimepicker": _element(
        "datetimepicker", {**_FOCUS, **_CONFIRM, "initial_date_time": integer("datetimepicker.initial_date_time")}
    ),
}


def _boxes(name: str, initial: str, first: Rule) -> Shape:
    """Checkboxes or radio buttons."""
    options = items(f"{name}.options", RICH_OPTION)
    return _element(name, {**_FOCUS, **_CONFIRM, "options": options, initial: first}, ("options",), offered(initial))


_BOXES = {
    "checkboxes": _boxes("checkboxes", "initial_options", Items(RICH_OPTION, min=1)),
    "radio_buttons": _boxes("radio_buttons", "initial_option", RICH_OPTION),
}
_INPUTS = {
    "plain_text_input": _element(
        "plain_text_input",
        {
            **_TYPED,
            "initial_value": string("plain_text_input.initial_value"),
            "multiline": Bool(),
            "min_length": integer("plain_text_input.min_length"),
            "max_length": integer("plain_text_input.max_length"),
        },
        (),
        ordered("min_length", "max_length"),
    ),
    "rich_text_input": _element(
        "rich_text_input",
        {
            **_TYPED,
            "initial_value": RICH_TEXT_BLOCK,
            "min_lines": integer("rich_text_input.min_lines"),
            "max_lines": integer("rich_text_input.max_lines"),
        },
        (),
        ordered("min_lines", "max_lines"),
    ),
    "email_text_input": _element("email_text_input", {**_TYPED, "initial_value": Str()}),
    "url_text_input": _element("url_text_input", {**_TYPED, "initial_value": Str()}),
    "number_input": _element(
        "number_input",
        {
            **_TYPED,
            "is_decimal_allowed": Bool(),
            "initial_value": _DECIMAL,
            "min_value": _DECIMAL,
            "max_value": _DECIMAL,
        },
        ("is_decimal_allowed",),
        ordered("min_value", "max_value"),
    ),
    "file_input": _element(
        "file_input",
        {
            "filetypes": items("file_input.filetypes", _ID),
            "max_files": integer("file_input.max_files"),
        },
    ),
}
_ELEMENTS = {**_SELECTS, **_BUTTONS, **_CONTEXT_BUTTONS, **_MOMENTS, **_BOXES, **_INPUTS, "image": IMAGE_ELEMENT}

_EVERYWHERE = (*_SELECTS, *_BOXES, "datepicker", "timepicker")
PLACES: dict[Place, tuple[str, ...]] = {
    "section": (*_EVERYWHERE, *_BUTTONS, "image"),
    "actions": (*_EVERYWHERE, *_BUTTONS, "datetimepicker", "rich_text_input"),
    "input": (*_EVERYWHERE, *_INPUTS, "datetimepicker"),
    "context": ("image",),
    "context_actions": tuple(_CONTEXT_BUTTONS),
}
"""The types of elements that may stand in each kind of block."""

_ANSWERING = ("conversations_select", "channels_select")


def elements_in(place: Place, surface: Surface) -> ByType:
    """The elements that a block of this kind may hold on this surface. Files, and response_urls, are for the inputs of
    forms alone (that the latter are an additional property elsewhere is inferred).
    """
    rules: dict[str, Rule] = {name: _ELEMENTS[name] for name in PLACES[place]}
    if surface != "modal":
        rules.pop("file_input", None)
    elif place == "input":
        rules |= {name: _answering(_ELEMENTS[name]) for name in _ANSWERING}
    return ByType(rules)


def _answering(select: Shape) -> Shape:
    """A select that may ask for a response_url."""
    return replace(select, fields={**select.fields, **_RESPONSE_URL})


BUTTON = _ELEMENTS["button"]
