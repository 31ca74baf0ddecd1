"""Whether the app's blocks and views are acceptable as a whole, and what Slack answers when not. The shapes are in
block_kit.py, the numbers in limits.py.

From Slack's documentation, chat.postMessage and views.open: faults of blocks are `invalid_blocks`, faults of views
`invalid_arguments`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Literal

from bot.sandbox.blocks.block_kit import MESSAGE_BLOCKS, VIEW_FIELDS
from bot.sandbox.blocks.elements import elements_of, interactive, walk
from bot.sandbox.blocks.newer_blocks import TABLES
from bot.sandbox.blocks.schema import Alternatives, ByType, Problem, Problems
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.ids import short_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most

_VIEW = {kind: Alternatives(ByType({kind: shape})) for kind, shape in VIEW_FIELDS.items()}


def message_blocks(value: Any) -> list[Json]:
    """The blocks of a message, checked, with the ids that Slack generates. SlackError invalid_blocks,
    invalid_attachments (for a second table) or msg_blocks_too_long.
    """
    if problems := list(MESSAGE_BLOCKS.problems(value, "/blocks")):
        raise faulty("invalid_blocks", problems)
    if problems := list(chain(_repeated_ids(value, "/blocks"), _long_markdown(value))):
        raise faulty("invalid_blocks", problems)
    if problems := list(_further_tables(value)):
        raise faulty("invalid_attachments", problems)
    if sum(len(text) for text in _texts(value)) > most("message.characters"):
        raise SlackError("msg_blocks_too_long")
    return with_ids(value)


def faulty(error: str, problems: Iterable[Problem]) -> SlackError:
    """The refusal of blocks that names each fault twice, once as Slack's log would."""
    errors = [str(problem) for problem in problems]
    return SlackError(error, errors=errors, response_metadata={"messages": [f"[ERROR] {fault}" for fault in errors]})


def view(value: Any, kind: Literal["modal", "home"]) -> Json:
    """A view, checked, with the ids that Slack generates. SlackError invalid_arguments or view_too_large."""
    problems = list(_VIEW[kind].problems(value, "/view"))
    if not problems:
        problems = list(chain(_repeated_ids(value["blocks"], "/view/blocks"), _second_focus(value["blocks"])))
    if not problems and kind == "modal":
        problems = list(_submit_problems(value))
    if problems:
        raise invalid_arguments(*(str(problem) for problem in problems))
    if len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()) > most("view.size"):
        raise SlackError("view_too_large")
    return {**value, "blocks": with_ids(value["blocks"])}


def _repeated_ids(blocks: list[Json], at: str) -> Problems:
    """A block_id that occurs twice in the payload, an action_id twice in its block (the words for the latter were seen)."""
    seen: set[str] = set()
    for pointer, block in walk(blocks, at):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            yield Problem(f'`block_id` "{block_id}" already exists', f"{pointer}/block_id")
        seen.add(block_id or "")
        yield from _repeated_actions(block, pointer)


def _repeated_actions(block: Json, at: str) -> Problems:
    """An action_id that occurs twice in one block."""
    seen: set[str] = set()
    for pointer, element in elements_of(block):
        action_id = element.get("action_id")
        if action_id and action_id in seen:
            yield Problem(f'`action_id` "{action_id}" already exists', f"{at}{pointer}/action_id")
        seen.add(action_id or "")


def _long_markdown(blocks: list[Json]) -> Problems:
    """Markdown that, all blocks together, is too long: at the block with which it gets so (words and place inferred)."""
    limit, total = most("message.markdown"), 0
    for pointer, block in walk(blocks, "/blocks"):
        before, total = total, total + (len(block["text"]) if block["type"] == "markdown" else 0)
        if before <= limit < total:
            yield Problem(f"must be less than {limit + 1} characters", f"{pointer}/text")


def _further_tables(blocks: list[Json]) -> Problems:
    """Tables beyond the one that a message may have, of whichever kind (the form of the answer is inferred)."""
    tables = [pointer for pointer, block in walk(blocks, "/blocks") if block["type"] in TABLES]
    return (Problem("only_one_table_allowed", pointer) for pointer in tables[most("message.tables") :])


def _second_focus(blocks: list[Json]) -> Problems:
    """Elements beyond the one that may have the focus first (from memory, wording included)."""
    focused = [
        f"/view/blocks{pointer}{inside}"
        for pointer, block in walk(blocks)
        for inside, element in elements_of(block)
        if element.get("focus_on_load")
    ]
    return (Problem("only one element can have `focus_on_load`", f"{place}/focus_on_load") for place in focused[1:])


def _submit_problems(value: Json) -> Problems:
    """A form with an input needs a submit button."""
    for index, block in enumerate(value["blocks"]):
        if block["type"] == "input" and "submit" not in value:
            yield Problem("must define `submit` to use an `input` block in modals", f"/view/blocks/{index}/input")


def _texts(value: Any) -> Iterator[str]:
    """Every text in some blocks that counts to a message's size. Tables do not, since they go as attachments (inferred)."""
    if isinstance(value, dict) and value.get("type") not in TABLES:
        for key, content in value.items():
            if key == "text" and isinstance(content, str):
                yield content
            else:
                yield from _texts(content)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks in which every block and every element that can act has an id; markdown loses its own."""
    blocks = copy.deepcopy(blocks)
    for _, block in walk(blocks):
        if not block.get("block_id") or block["type"] == "markdown":
            block["block_id"] = short_id()
        for _, element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = short_id()
    return blocks


def error_targets(blocks: list[Json]) -> set[str]:
    """The block ids under which a submission may report errors: those of input blocks."""
    return {placed.block_id for placed in interactive(blocks) if placed.block["type"] == "input"}
