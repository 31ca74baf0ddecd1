"""What a person reads: messages and views as plain text, with names for ids and moments in that person's time zone.
Pure.

From Slack's documentation, "Formatting message text". Formatting marks disappear, as on the screen; buttons and menus
stand in [brackets].
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.blocks.elements import STATEFUL, options_of
from bot.sandbox.jsontypes import Json

_ANGLE = re.compile(r"<([^<>]+)>")
_TOKEN = re.compile(r"\{(\w+)\}")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_MARKS = [re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^\n]*?\S){mark}(?![\w{mark}])") for mark in (r"\*", "_", "~")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom something is rendered: the zone and the moment of reading, and what an id is called ("@alice",
    "#general"), None if unknown.
    """

    zone: ZoneInfo
    now: float
    name_of: Callable[[str], str | None]


def message_text(message: Json, reader: Reader) -> str:
    """A message: its blocks if it has any, else its text; then the names of its files."""
    blocks = message.get("blocks")
    said = blocks_text(blocks, reader) if blocks else mrkdwn_text(message.get("text", ""), reader)
    return "\n".join(line for line in (said, *(f"(file: {file['name']})" for file in message.get("files", ()))) if line)


def blocks_text(blocks: list[Json], reader: Reader, values: Json | None = None) -> str:
    """Blocks, one line or more each; `values` is state.values for forms."""
    return "\n".join(line for block in blocks for line in _block_lines(block, reader, values or {}) if line)


def _block_lines(block: Json, reader: Reader, values: Json) -> Iterator[str]:
    """The lines of one block."""
    state = values.get(block.get("block_id", ""), {})
    kind = block["type"]
    if kind in ("section", "header"):
        yield _text(block.get("text"), reader)
        yield from (_text(field, reader) for field in block.get("fields", ()))
        if "accessory" in block:
            yield _element(block["accessory"], reader, state)
    elif kind in ("context", "actions"):
        yield " ".join(_element(element, reader, state) for element in block["elements"])
    elif kind == "input":
        yield f"{_text(block['label'], reader)}: {_element(block['element'], reader, state)}"
        yield _text(block.get("hint"), reader)
    elif kind == "image":
        yield _text(block.get("title"), reader)
        yield f"(image: {block['alt_text']})"
    elif kind == "rich_text":
        yield from (_rich(element, reader) for element in block["elements"])


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
    if kind == "button":
        return f"[{label(element)}]"
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
    """One chosen option, id, date or text."""
    if isinstance(item, dict):
        return str(item["text"]["text"])
    return reader.name_of(str(item)) or str(item)


def mrkdwn_text(text: str, reader: Reader) -> str:
    """mrkdwn as it looks: marks gone, code kept, mentions, links and dates resolved, entities decoded."""
    pieces = _CODE.split(text)
    shown = [piece.strip("`") if index % 2 else _without_marks(piece) for index, piece in enumerate(pieces)]
    resolved = _ANGLE.sub(lambda match: _resolve(match.group(1), reader), "".join(shown))
    return resolved.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _without_marks(text: str) -> str:
    """Text without the marks of bold, italic and strike."""
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return text


def _resolve(inside: str, reader: Reader) -> str:
    """What stands for <inside> on the screen."""
    target, _, shown = inside.partition("|")
    if target.startswith("!date^"):
        return date_text(target, shown, reader)
    if target.startswith("!subteam^"):
        return reader.name_of(target.removeprefix("!subteam^")) or shown or "@a user group"
    if target.startswith("!"):
        return f"@{target.removeprefix('!')}"
    if target.startswith(("@", "#")):
        return reader.name_of(target[1:]) or (f"{target[0]}{shown}" if shown else target)
    return shown or target.removeprefix("mailto:")


def date_text(token: str, fallback: str, reader: Reader) -> str:
    """A date token (!date^EPOCH^FORMAT^LINK) in the reader's zone; the fallback when it is malformed."""
    parts = token.split("^")
    try:
        moment = datetime.fromtimestamp(int(parts[1]), reader.zone)
        form = parts[2]
    except (IndexError, ValueError, OverflowError, OSError):
        return fallback
    now = datetime.fromtimestamp(reader.now, reader.zone)
    return _TOKEN.sub(lambda match: _date_part(match.group(1), moment, now) or match.group(), form)


def _date_part(name: str, moment: datetime, now: datetime) -> str | None:
    """One part of a date format; None when Slack knows no such part."""
    name, pretty = name.removesuffix("_pretty"), name.endswith("_pretty")
    if pretty and (near := {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - now.date()).days)):
        return near
    ordinal = f"{moment.day}{_suffix(moment.day)}"
    return {
        "date_num": f"{moment:%Y-%m-%d}",
        "date": f"{moment:%B} {ordinal}, {moment.year}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "date_long": f"{moment:%A}, {moment:%B} {ordinal}, {moment.year}",
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
        "ago": _ago(now - moment),
    }.get(name)


def _suffix(day: int) -> str:
    """The ending of an English ordinal."""
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _ago(span: timedelta) -> str:
    """How long ago, or in how long, in the largest unit that fits."""
    seconds = int(abs(span.total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            amount = f"{seconds // size} {unit}{'' if seconds // size == 1 else 's'}"
            return f"{amount} ago" if span > timedelta() else f"in {amount}"
    return "now"


def _rich(element: Json, reader: Reader) -> str:
    """One part of a rich_text block."""
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_rich(item, reader)}" for item in element["elements"])
    return "".join(_inline(item, reader) for item in element["elements"])


def _inline(item: Json, reader: Reader) -> str:
    """One run of rich text."""
    kind = item["type"]
    if kind == "link":
        return str(item.get("text") or item["url"])
    if kind == "emoji":
        return f":{item['name']}:"
    if kind == "broadcast":
        return f"@{item['range']}"
    if kind == "date":
        return date_text(f"!date^{item['timestamp']}^{item['format']}", item.get("fallback", ""), reader)
    if kind in ("user", "usergroup", "channel"):
        return reader.name_of(item[f"{kind}_id"]) or item[f"{kind}_id"]
    return str(item.get("text", ""))
