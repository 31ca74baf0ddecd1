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
    "users_select": ElementState("selected_user", "initial_user"),
    "multi_users_select": ElementState("selected_users", "initial_users", many=True),
    "channels_select": ElementState("selected_channel", "initial_channel"),
    "multi_channels_select": ElementState("selected_channels", "initial_channels", many=True),
    "conversations_select": ElementState("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ElementState("selected_conversations", "initial_conversations", many=True),
    "datepicker": ElementState("selected_date", "initial_date"),
    "timepicker": ElementState("selected_time", "initial_time"),
    "datetimepicker": ElementState("selected_date_time", "initial_date_time"),
    "external_select": ElementState("selected_option", "initial_option", options=True),
    "multi_external_select": ElementState("selected_options", "initial_options", many=True, options=True),
    "rich_text_input": ElementState("rich_text_value", "initial_value"),
    "file_input": ElementState("files", "initial_files", many=True),
}
EXTERNAL = frozenset({"external_select", "multi_external_select"})
"""Selects whose options the app gives when somebody types into them."""
PRESSED = frozenset({"button", "icon_button", "feedback_buttons"})
"""Elements that are pressed and hold nothing."""
_FEEDBACK = ("positive_button", "negative_button")
_PASSIVE = frozenset({"image", "workflow_button"})
"""Elements whose use the app is not told of."""
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


def walk(blocks: list[Json], at: str = "") -> Iterator[tuple[str, Json]]:
    """Every block with its JSON pointer, those inside containers, carousels and plans after the one around them."""
    for index, block in enumerate(blocks):
        yield f"{at}/{index}", block
        for field in _INNER_BLOCKS.get(block["type"], ()):
            yield from walk(block.get(field, []), f"{at}/{index}/{field}")


_INNER_BLOCKS = {"container": ("child_blocks",), "carousel": ("elements",), "plan": ("tasks",)}
_ELEMENT_LISTS = {"actions": "elements", "context_actions": "elements", "card": "actions"}


def elements_of(block: Json) -> Iterator[tuple[str, Json]]:
    """The elements of a block that tell the app something, each with its JSON pointer inside the block."""
    if field := _ELEMENT_LISTS.get(block["type"]):
        found = [(f"/{field}/{index}", element) for index, element in enumerate(block.get(field, ()))]
    else:
        found = [(f"/{field}", block[field]) for field in ("element", "accessory") if field in block]
    return ((pointer, element) for pointer, element in found if element["type"] not in _PASSIVE)


def interactive(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element of some blocks, in reading order."""
    for _, block in walk(blocks):
        for _, element in elements_of(block):
            if "action_id" in element:
                yield Placed(block, element)


def find(blocks: list[Json], block_id: str, action_id: str) -> Placed | None:
    """The element with these ids."""
    return next(
        (placed for placed in interactive(blocks) if (placed.block_id, placed.action_id) == (block_id, action_id)), None
    )


def initial_values(blocks: list[Json], *, conversation: str | None = None) -> dict[str, Json]:
    """state.values as a form shows them first: every stateful element with its initial choice or with nothing.
    `conversation` is where the person is, for selects that start there.
    """
    values: dict[str, Json] = {}
    for placed in interactive(blocks):
        if placed.element["type"] in STATEFUL:
            values.setdefault(placed.block_id, {})[placed.action_id] = initial_state(placed.element, conversation)
    return values


def initial_state(element: Json, conversation: str | None = None) -> Json:
    """The state of an element nobody touched. Where the person is goes before an initial conversation."""
    kind = STATEFUL[element["type"]]
    initial = element.get(kind.initial)
    if element.get("default_to_current_conversation") and conversation is not None:
        initial = [conversation] if kind.many else conversation
    return _state(element, initial)


def _state(element: Json, value: Any) -> Json:
    """The state value of an element that holds `value`; a time comes with its zone, if it has one."""
    kind = STATEFUL[element["type"]]
    if kind.many:
        value = list(value or [])
    zone = {"timezone": element["timezone"]} if "timezone" in element else {}
    return {"type": element["type"], kind.key: value, **zone}


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
        most = int(element.get("max_selected_items") or element.get("max_files") or len(picked))
        if len(picked) > most:
            raise ValueError(f"Please choose at most {most}.")
        return _state(element, [_option(element, one) for one in picked] if kind.options else picked)
    if choice in (None, ""):
        return _state(element, None)
    return _state(element, _option(element, choice) if kind.options else _single(element, choice))


def _single(element: Json, choice: Any) -> Any:
    """A choice that is a text, an id, a date or a number. ValueError when it has another form."""
    kind = element["type"]
    if kind in _FORMATS and not _FORMATS[kind].fullmatch(str(choice)):
        raise ValueError(f"{choice!r} is not a {'date (YYYY-MM-DD)' if kind == 'datepicker' else 'time (HH:MM)'}.")
    if kind == "rich_text_input":
        return choice if isinstance(choice, dict) else rich_text(str(choice))
    return int(choice) if kind == "datetimepicker" else str(choice)


def rich_text(text: str) -> Json:
    """What somebody typed into a rich text input, without any formatting, as a block."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


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
    have one. ValueError in words for that person when the element does not offer this choice.
    """
    element = placed.element
    item: Json = {
        "type": element["type"],
        "action_id": placed.action_id,
        "block_id": placed.block_id,
        "action_ts": action_ts,
    }
    if state is not None:
        initial = STATEFUL[element["type"]].initial
        return item | state | {key: element[key] for key in (initial, "placeholder", "confirm") if key in element}
    if element["type"] == "overflow":
        return item | {_OVERFLOW.key: _option(element, choice)}
    pressed = _feedback(element, choice) if element["type"] == "feedback_buttons" else element
    return item | {key: pressed[key] for key in ("text", "value", "url", "style", "confirm", "icon") if key in pressed}


def feedback_texts(element: Json) -> list[str]:
    """What the two buttons of a feedback element say."""
    return [str(element[name]["text"]["text"]) for name in _FEEDBACK]


def _feedback(element: Json, choice: Any) -> Json:
    """The one of two feedback buttons that was pressed, meant by its text or value (that the app is told its text and
    value is inferred).
    """
    for name in _FEEDBACK:
        button: Json = element[name]
        if choice in (button["text"]["text"], button["value"]):
            return button
    raise ValueError(f"{choice!r} is not offered. There is: {', '.join(feedback_texts(element))}.")
