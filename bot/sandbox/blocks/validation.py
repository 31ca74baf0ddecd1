"""Whether the app's blocks and views are acceptable as a whole, and what Slack answers when not. The limits themselves
are in block_kit.py.

From Slack's documentation, chat.postMessage and views.open: faults of blocks are `invalid_blocks`, faults of views
`invalid_arguments`.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from bot.sandbox.blocks.block_kit import MESSAGE_BLOCKS, VIEW_FIELDS
from bot.sandbox.blocks.elements import interactive
from bot.sandbox.blocks.schema import Alternatives, ByType, Problem, Problems
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.ids import short_id
from bot.sandbox.jsontypes import Json

MAX_BLOCKS_TEXT = 13_200
MAX_VIEW_BYTES = 250_000
_VIEW = {kind: Alternatives(ByType({kind: shape})) for kind, shape in VIEW_FIELDS.items()}


def message_blocks(value: Any) -> list[Json]:
    """The blocks of a message, checked, with the ids that Slack generates. SlackError invalid_blocks or
    msg_blocks_too_long.
    """
    problems = [
        str(problem) for problem in _block_problems(MESSAGE_BLOCKS.problems(value, "/blocks"), value, "/blocks")
    ]
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": messages})
    if sum(len(text) for text in _texts(value)) > MAX_BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")
    return _with_ids(value)


def view(value: Any, kind: Literal["modal", "home"]) -> Json:
    """A view, checked, with the ids that Slack generates. SlackError invalid_arguments or view_too_large."""
    shape = list(_VIEW[kind].problems(value, "/view"))
    blocks = value.get("blocks") if isinstance(value, dict) else None
    problems = list(_block_problems(iter(shape), blocks, "/view/blocks"))
    if not problems and kind == "modal":
        problems = list(_submit_problems(value))
    if problems:
        raise invalid_arguments(*(str(problem) for problem in problems))
    if len(json.dumps(value, separators=(",", ":")).encode()) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**value, "blocks": _with_ids(value["blocks"])}


def _block_problems(shape: Problems, blocks: Any, at: str) -> Problems:
    """The faults of single blocks; when there are none, ids that occur twice."""
    sound = True
    for problem in shape:
        sound = False
        yield problem
    if sound:
        yield from _repeated_ids(blocks, at)


def _repeated_ids(blocks: list[Json], at: str) -> Problems:
    """A block_id that occurs twice in the payload, an action_id twice in its block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            yield Problem(f"`block_id` {block_id} already exists", f"{at}/{index}/block_id")
        seen.add(block_id or "")
        actions = Counter(element["action_id"] for element in block.get("elements", ()) if element.get("action_id"))
        for action_id, count in actions.items():
            if count > 1:
                yield Problem(f"`action_id` {action_id} already exists", f"{at}/{index}/elements")


def _submit_problems(value: Json) -> Problems:
    """A form with an input needs a submit button."""
    for index, block in enumerate(value["blocks"]):
        if block["type"] == "input" and "submit" not in value:
            yield Problem("must define `submit` to use an `input` block in modals", f"/view/blocks/{index}/input")


def _texts(value: Any) -> Iterator[str]:
    """Every text in some blocks."""
    if isinstance(value, dict):
        for key, content in value.items():
            if key == "text" and isinstance(content, str):
                yield content
            else:
                yield from _texts(content)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks in which every block and every element that can act has an id."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = short_id()
        for element in _able_to_act(block):
            if not element.get("action_id"):
                element["action_id"] = short_id()
    return blocks


def _able_to_act(block: Json) -> Iterable[Json]:
    """The elements of a block that carry an action_id."""
    if block["type"] == "actions":
        yield from block["elements"]
    elif block["type"] == "input":
        yield block["element"]
    elif "accessory" in block and block["accessory"]["type"] != "image":
        yield block["accessory"]


def error_targets(blocks: list[Json]) -> set[str]:
    """The block ids under which a submission may report errors: those of input blocks."""
    return {placed.block_id for placed in interactive(blocks) if placed.block["type"] == "input"}
