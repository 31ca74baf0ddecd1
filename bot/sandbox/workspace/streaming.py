"""What a message looks like that is streamed piece by piece; pure.

From Slack's documentation, chat.startStream and chat.appendStream: pieces are text, updates of tasks, updates of the plan
and blocks; a task that is told of again changes in place. The blocks that come of them are Slack's own business: those
here have their types and stand in the order of the pieces [inferred].
"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.jsontypes import Json


def joined(pieces: list[Json], more: list[Json]) -> list[Json]:
    """The pieces so far and those that come, with text run together, and tasks and plan brought up to date."""
    result = [dict(piece) for piece in pieces]
    for piece in more:
        known = next((one for one in result if _same(one, piece)), None)
        if piece["type"] == "markdown_text" and result and result[-1]["type"] == "markdown_text":
            result[-1]["text"] += piece["text"]
        elif known is not None:
            known.update(piece | _details(known, piece))
        else:
            result.append(dict(piece))
    return result


def _same(known: Json, piece: Json) -> bool:
    """Whether a piece is news of something told before: of a task with this id, or of the plan."""
    return known["type"] == piece["type"] in ("task_update", "plan_update") and known.get("id") == piece.get("id")


def _details(known: Json, piece: Json) -> Json:
    """The details of a task, which add up while title and status are replaced [seen by others, in no documentation]."""
    both = str(known.get("details") or "") + str(piece.get("details") or "")
    return {"details": both} if both else {}


def text_of(pieces: list[Json]) -> str:
    """All of the text, as the message's `text` has it."""
    return "".join(piece["text"] for piece in pieces if piece["type"] == "markdown_text")


def blocks_of(pieces: list[Json], *, plan: bool) -> list[Json]:
    """The blocks of the message so far; with `plan` its tasks stand together, in one block at the end."""
    tasks = [_task_card(piece) for piece in pieces if piece["type"] == "task_update"] if plan else []
    title = next((piece["title"] for piece in pieces if piece["type"] == "plan_update"), "")
    together = [{"type": "plan", "title": title, "tasks": tasks}] if plan and (tasks or title) else []
    single = [piece for piece in pieces if not (plan and piece["type"] == "task_update")]
    blocks = [block for piece in single for block in _BLOCKS[piece["type"]](piece)] + together
    return [{"block_id": f"stream{index}"} | block for index, block in enumerate(blocks)]


def _rich_text(piece: Json) -> Json:
    """Text as a block."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": piece["text"]}]}
    return {"type": "rich_text", "elements": [section]}


def _task_card(piece: Json) -> Json:
    """A task as a block."""
    rest = {name: value for name, value in piece.items() if name not in ("type", "id")}
    return {"type": "task_card", "task_id": piece["id"], **rest}


_BLOCKS: dict[str, Callable[[Json], list[Json]]] = {
    "markdown_text": lambda piece: [_rich_text(piece)],
    "task_update": lambda piece: [_task_card(piece)],
    "plan_update": lambda piece: [],
    "blocks": lambda piece: list(piece["blocks"]),
}
