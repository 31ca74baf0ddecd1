"""Text as a person reads it: mrkdwn and rich text without marks, with names for ids and moments in that person's time zone.
Pure.

From Slack's documentation, "Formatting message text".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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


def rich(element: Json, reader: Reader) -> str:
    """One part of a rich_text block: a list has a line for each item."""
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {rich(item, reader)}" for item in element["elements"])
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
