"""What a person can do with each interactive element: which state it holds, how a choice becomes that state, what the
app is told. Pure.

From Slack's documentation, "Block elements" and "state.values". Whether an element is well formed is decided in
block_kit.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.jsontypes import Json


@dataclass(frozen=True, slots=True)
class ElementState:
    """Where the state of one kind of element lives, where it starts, and whether it is a list; `options` when chosen
    from options.
    """

    key: str
    initial: str
    many: bool = False
    options: bool = False


STATEFUL: dict[str, ElementState] = {
    "plain_text_input": ElementState("value", "initial_value"),
    "email_text_input": ElementState("value", "initial_value"),
    "url_text_input": ElementState("value", "initial_value"),
    "number_input": ElementState("value", "initial_value"),
    "static_select": ElementState("selected_option", "initial_option", options=True),
    "radio_buttons": ElementState("selected_option", "initial_option", options=True),
    "checkboxes": ElementState("selected_options", "initial_options", many=True, options=True),
    "multi_static_select": ElementState("selected_options", "initial_options", many=True, options=True),
    "external_select": ElementState("selected_option", "initial_option", options=True),
    "users_select": ElementState("selected_user", "initial_user"),
    "multi_users_select": ElementState("selected_users", "initial_users", many=True),
    "channels_select": ElementState("selected_channel", "initial_channel"),
    "multi_channels_select": ElementState("selected_channels", "initial_channels", many=True),
    "conversations_select": ElementState("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ElementState("selected_conversations", "initial_conversations", many=True),
    "datepicker": ElementState("selected_date", "initial_date"),
    "timepicker": ElementState("selected_time", "initial_time"),
    "datetimepicker": ElementState("selected_date_time", "initial_date_time"),
}
_OVERFLOW = ElementState("selected_option", "initial_option", options=True)
_FORMATS = {"datepicker": re.compile(r"\d{4}-\d\d-\d\d"), "timepicker": re.compile(r"([01]\d|2[0-3]):[0-5]\d")}


@dataclass(frozen=True, slots=True)
class Placed:
    """An interactive element, and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The id of its block."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Its own id."""
        return str(self.element["action_id"])


def interactive(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element of some blocks, in reading order."""
    for block in blocks:
        for element in _elements_of(block):
            if "action_id" in element:
                yield Placed(block, element)


def _elements_of(block: Json) -> list[Json]:
    """The elements that a block holds."""
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    return [block["accessory"]] if "accessory" in block else []


def find(blocks: list[Json], block_id: str, action_id: str) -> Placed | None:
    """The element with these ids."""
    return next(
        (placed for placed in interactive(blocks) if (placed.block_id, placed.action_id) == (block_id, action_id)), None
    )


def initial_values(blocks: list[Json]) -> dict[str, Json]:
    """state.values as a form shows them first: every stateful element with its initial choice or with nothing."""
    values: dict[str, Json] = {}
    for placed in interactive(blocks):
        if placed.element["type"] in STATEFUL:
            values.setdefault(placed.block_id, {})[placed.action_id] = initial_state(placed.element)
    return values


def initial_state(element: Json) -> Json:
    """The state of an element nobody touched."""
    kind = STATEFUL[element["type"]]
    return _state(element, element.get(kind.initial))


def _state(element: Json, value: Any) -> Json:
    """The state value of an element that holds `value`."""
    kind = STATEFUL[element["type"]]
    if kind.many:
        value = list(value or [])
    return {"type": element["type"], kind.key: value}


def options_of(element: Json) -> list[Json]:
    """The options of an element, those of its groups included."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def chosen(element: Json, choice: Any) -> Json:
    """The state value after a person chose: an option's value or text (or several), an id, a date, a text, or a ready
    state value.

    ValueError in words for that person when the element does not offer this choice.
    """
    kind = STATEFUL[element["type"]]
    if isinstance(choice, dict) and choice.get("type") == element["type"] and kind.key in choice:
        choice = choice[kind.key]
    if kind.many:
        picked = [] if choice is None else choice if isinstance(choice, list) else [choice]
        if len(picked) > element.get("max_selected_items", len(picked)):
            raise ValueError(f"Please choose at most {element['max_selected_items']}.")
        return _state(element, [_option(element, one) for one in picked] if kind.options else picked)
    if choice in (None, ""):
        return _state(element, None)
    return _state(element, _option(element, choice) if kind.options else _plain(element, choice))


def _plain(element: Json, choice: Any) -> Any:
    """A choice that is a text, an id, a date or a number."""
    pattern = _FORMATS.get(element["type"])
    if pattern is not None and not pattern.fullmatch(str(choice)):
        raise ValueError(
            f"{choice!r} is not a {'date (YYYY-MM-DD)' if element['type'] == 'datepicker' else 'time (HH:MM)'}."
        )
    return int(choice) if element["type"] == "datetimepicker" else str(choice)


def _option(element: Json, choice: Any) -> Json:
    """The option that a person means by its value, its text or the whole option."""
    wanted = choice.get("value") if isinstance(choice, dict) else choice
    offered = options_of(element)
    for option in offered:
        if option.get("value") == wanted:
            return option
    for option in offered:
        if option["text"]["text"] == wanted:
            return option
    names = ", ".join(option["text"]["text"] for option in offered)
    raise ValueError(f"{wanted!r} is not offered. There is: {names}.")


def is_empty(state: Json) -> bool:
    """Whether a state value holds nothing."""
    return not state.get(STATEFUL[state["type"]].key)


def action_item(placed: Placed, *, action_ts: str, state: Json | None, choice: Any) -> Json:
    """One item of `actions`: what a person did with this element. `state` is its state afterwards, for elements that
    have one.
    """
    element = placed.element
    item: Json = {
        "type": element["type"],
        "action_id": placed.action_id,
        "block_id": placed.block_id,
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        item |= {key: element[key] for key in ("text", "value", "url", "style", "confirm") if key in element}
    elif element["type"] == "overflow":
        item[_OVERFLOW.key] = _option(element, choice)
    if state is not None:
        item |= state
        initial = STATEFUL[element["type"]].initial
        item |= {key: element[key] for key in (initial, "placeholder", "confirm") if key in element}
    return item


def length_problem(element: Json, state: Json) -> str | None:
    """What Slack's client says about a text that is too short or too long, if it is."""
    text = state.get("value")
    if element["type"] != "plain_text_input" or not isinstance(text, str):
        return None
    if len(text) < element.get("min_length", 0):
        return f"Please write at least {element['min_length']} characters."
    if len(text) > element.get("max_length", 3000):
        return f"Please write at most {element.get('max_length', 3000)} characters."
    return None
