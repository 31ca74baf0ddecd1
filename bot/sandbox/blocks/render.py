"""What a person reads: messages and views as plain text, with names for ids and moments in that person's time zone.
Pure.

From Slack's documentation, "Formatting message text". Formatting marks disappear, as on the screen; buttons and menus
stand in [brackets].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.blocks.elements import PRESSED, STATEFUL, feedback_texts, options_of
from bot.sandbox.blocks.words import Reader, mrkdwn_text, rich
from bot.sandbox.jsontypes import Json

_Lines = Callable[[Json, Reader, Json], Iterator[str]]
"""How one kind of block reads: block, reader, state.values → lines."""


def message_text(message: Json, reader: Reader) -> str:
    """A message: its blocks if it has any, else its text; then the names of its files."""
    blocks = message.get("blocks")
    said = blocks_text(blocks, reader) if blocks else mrkdwn_text(message.get("text", ""), reader)
    return "\n".join(
        line
        for line in (said, *(f"(file: {file.get('name', 'deleted')})" for file in message.get("files", ())))
        if line
    )


def blocks_text(blocks: list[Json], reader: Reader, values: Json | None = None) -> str:
    """Blocks, one line or more each; `values` is state.values for forms."""
    return "\n".join(line for block in blocks for line in _block_lines(block, reader, values or {}) if line)


def _block_lines(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """The lines of one block."""
    lines = _LINES.get(block["type"])
    if lines is not None:
        yield from lines(block, reader, values)
    else:
        yield f"({block['type']})" if block["type"] != "divider" else ""


def _prose(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A section, header or alert: its texts, then what stands beside them."""
    yield _text(block.get("text"), reader)
    yield from (_text(field, reader) for field in block.get("fields", ()))
    if "accessory" in block:
        yield _element(block["accessory"], reader, values.get(block.get("block_id", ""), {}))


def _row(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A row of elements."""
    state = values.get(block.get("block_id", ""), {})
    yield " ".join(_element(element, reader, state) for element in block["elements"])


def _field(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A field of a form: its label, what it holds, and its hint."""
    state = values.get(block.get("block_id", ""), {})
    yield f"{_text(block['label'], reader)}: {_element(block['element'], reader, state)}"
    yield _text(block.get("hint"), reader)


def _picture(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A picture or a video: its title, and its words for those who cannot see it."""
    yield _text(block.get("title"), reader)
    yield f"({block['type']}: {block['alt_text']})"


def _rich_text(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A rich_text block."""
    yield from (rich(element, reader) for element in block["elements"])


def _table(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A table, its cells apart by bars."""
    yield block.get("caption", "")
    yield from (" | ".join(_cell(cell, reader) for cell in row) for row in block["rows"])


def _cell(cell: Json, reader: Reader) -> str:
    """One cell of a table."""
    if cell["type"] == "rich_text":
        return " ".join(_rich_text(cell, reader, {}))
    return str(cell.get("text") or cell.get("value"))


def _chart(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A chart: its title, and every point with its number."""
    yield block["title"]
    chart = block["chart"]
    for series in chart.get("series", [{"data": chart.get("segments", [])}]):
        points = ", ".join(f"{point['label']} {point['value']:g}" for point in series["data"])
        yield f"{series['name']}: {points}" if "name" in series else points


def _card(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A card: its texts, then its buttons."""
    yield from (_text(block.get(name), reader) for name in ("title", "subtitle", "body", "subtext"))
    yield " ".join(_element(element, reader, {}) for element in block.get("actions", ()))


def _task(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """A task: its title and how far it is, what is said of it, and its sources."""
    yield f"{block['title']} ({block.get('status', 'pending').replace('_', ' ')})"
    for name in ("details", "output"):
        yield from _rich_text(block.get(name, {"elements": []}), reader, values)
    yield from (source["text"] for source in block.get("sources", ()))


def _group(*inner: str) -> _Lines:
    """Blocks inside a block, below its title."""

    def lines(block: Json, reader: Reader, values: Json) -> Iterator[str]:
        title = block.get("title")
        yield title if isinstance(title, str) else _text(title, reader)
        yield from _rich_text(block.get("rich_text_title", {"elements": []}), reader, values)
        yield from (blocks_text(block.get(name, []), reader, values) for name in inner)

    return lines


_LINES: dict[str, _Lines] = {
    **dict.fromkeys(("section", "header", "alert"), _prose),
    **dict.fromkeys(("context", "actions", "context_actions"), _row),
    **dict.fromkeys(("table", "data_table"), _table),
    **dict.fromkeys(("image", "video"), _picture),
    "input": _field,
    "rich_text": _rich_text,
    "markdown": lambda block, reader, values: iter([block["text"]]),
    "data_visualization": _chart,
    "card": _card,
    "task_card": _task,
    "plan": _group("tasks"),
    "carousel": _group("elements"),
    "container": _group("child_blocks"),
}


def _text(text: Json | None, reader: Reader) -> str:
    """A text object; plain text is shown as it is."""
    if text is None:
        return ""
    return str(text["text"]) if text["type"] == "plain_text" else mrkdwn_text(text["text"], reader)


def label(element: Json) -> str:
    """What a button says, or an element's placeholder."""
    return str((element.get("text") or element.get("placeholder") or {}).get("text", ""))


def _element(element: Json, reader: Reader, state: Json) -> str:
    """An element of a block."""
    kind = element["type"]
    if kind in ("plain_text", "mrkdwn"):
        return _text(element, reader)
    if kind == "image":
        return f"(image: {element['alt_text']})"
    if kind in PRESSED or kind == "workflow_button":
        return " ".join(
            f"[{text}]" for text in (feedback_texts(element) if kind == "feedback_buttons" else [label(element)])
        )
    if kind in STATEFUL:
        shown = state_text(element, state.get(element.get("action_id", "")), reader)
        return f"[{shown}]"
    return "[" + " | ".join(option["text"]["text"] for option in options_of(element)) + "]"


def state_text(element: Json, state: Json | None, reader: Reader) -> str:
    """What an element shows: what was chosen, else what it started with, else its placeholder or its options."""
    kind = STATEFUL[element["type"]]
    value = element.get(kind.initial) if state is None else state.get(kind.key)
    if not value:
        return label(element) or " | ".join(option["text"]["text"] for option in options_of(element))
    return ", ".join(_chosen(item, reader) for item in (value if isinstance(value, list) else [value]))


def _chosen(item: Any, reader: Reader) -> str:
    """One chosen option, file, formatted text, id, date or text."""
    if isinstance(item, dict) and item.get("type") == "rich_text":
        return "\n".join(_rich_text(item, reader, {}))
    if isinstance(item, dict):
        return str(item["name"] if "name" in item else item["text"]["text"])
    return reader.name_of(str(item)) or str(item)
