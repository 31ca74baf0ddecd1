"""What Slack's client complains about before it sends a form: fields left empty, texts too short or too long, numbers,
addresses and links that are none. Pure.

From Slack's documentation, "Modals" and "Block elements". The sentences are the sandbox's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from bot.sandbox.blocks.elements import interactive, is_empty
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+")
_WEB_ADDRESS = re.compile(r"https?://[^\s/.]\S*")


def incomplete(blocks: list[Json], values: Mapping[str, Json]) -> dict[str, str]:
    """The complaints about a form that holds these state.values, by block_id; none when it may be sent."""
    errors: dict[str, str] = {}
    for placed in interactive(blocks):
        if placed.block["type"] != "input":
            continue
        state = values[placed.block_id][placed.action_id]
        if is_empty(state):
            if not placed.block.get("optional"):
                errors[placed.block_id] = REQUIRED
        elif problem := problem_of(placed.element, state):
            errors[placed.block_id] = problem
    return errors


def problem_of(element: Json, state: Json) -> str | None:
    """What is wrong with a field that is filled in, if something is."""
    check = _CHECKS.get(element["type"])
    return None if check is None else check(element, state)


def _length(element: Json, state: Json) -> str | None:
    """A text that is too short or too long, counted in code points."""
    text = state["value"]
    longest = element.get("max_length", most("plain_text_input.max_length"))
    if len(text) < element.get("min_length", 0):
        return f"Please write at least {element['min_length']} characters."
    return f"Please write at most {longest} characters." if len(text) > longest else None


def _number(element: Json, state: Json) -> str | None:
    """What is no number, has decimals although it should not, or is out of bounds."""
    try:
        number = Decimal(state["value"])
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None


def _email(element: Json, state: Json) -> str | None:
    """What is no address."""
    return None if _EMAIL.fullmatch(state["value"]) else "Please enter an email address."


def _link(element: Json, state: Json) -> str | None:
    """What is no link."""
    return (
        None if _WEB_ADDRESS.fullmatch(state["value"]) else "Please enter a link that begins with http:// or https://."
    )


def _files(element: Json, state: Json) -> str | None:
    """Files of a kind that is not asked for."""
    wanted = [kind.lower().lstrip(".") for kind in element.get("filetypes", ())]
    others = [file["name"] for file in state["files"] if file["name"].lower().rpartition(".")[2] not in wanted]
    return f"Please choose files of these types: {', '.join(wanted)}." if wanted and others else None


_CHECKS: dict[str, Callable[[Json, Json], str | None]] = {
    "plain_text_input": _length,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _link,
    "file_input": _files,
}
