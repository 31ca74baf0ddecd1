"""Which parts a rich_text block may have: the shapes of Slack's Block Kit reference, as data. The block is in block_kit.py."""

from __future__ import annotations

from bot.sandbox.blocks.bounded import integer, string
from bot.sandbox.blocks.composition import type_of
from bot.sandbox.blocks.schema import Bool, ByType, Int, Items, OneOf, Rule, Shape, Str

_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = Shape(dict.fromkeys(_STYLES, Bool()))
_RUNS: dict[str, dict[str, Rule]] = {
    "text": {"text": Str(min=1)},
    "user": {"user_id": Str(min=1)},
    "usergroup": {"usergroup_id": Str(min=1)},
    "channel": {"channel_id": Str(min=1)},
    "team": {"team_id": Str(min=1)},
    "broadcast": {"range": OneOf(("here", "channel", "everyone"))},
    "link": {"url": Str(min=1)},
    "emoji": {"name": Str(min=1)},
    "date": {"timestamp": Int(), "format": Str(min=1)},
    "color": {"value": Str(min=1)},
}
_RUN_EXTRAS: dict[str, dict[str, Rule]] = {
    "link": {"text": Str(), "unsafe": Bool()},
    "emoji": {"unicode": Str(), "url": Str()},
    "date": {"url": Str(), "fallback": Str()},
}
_INLINE = {
    name: Shape({"type": type_of(name), "style": _STYLE} | fields | _RUN_EXTRAS.get(name, {}), ("type", *fields))
    for name, fields in _RUNS.items()
}


def _part(name: str, content: Rule, **more: Rule) -> Shape:
    """A part of a rich_text block, made of elements that keep one rule."""
    fields: dict[str, Rule] = {"type": type_of(name), "elements": Items(content)}
    return Shape(fields | more, ("type", "elements"))


_SECTION = _part("rich_text_section", ByType(_INLINE))
_LIST = _part(
    "rich_text_list",
    _SECTION,
    style=OneOf(("bullet", "ordered")),
    indent=integer("rich_text_list.indent"),
    offset=integer("rich_text_list.offset"),
    border=integer("rich_text_list.border"),
)
_PREFORMATTED = _part(
    "rich_text_preformatted",
    ByType({name: _INLINE[name] for name in ("text", "link")}),
    border=integer("rich_text_preformatted.border"),
    language=Str(),
)
RICH_TEXT = ByType(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": _PREFORMATTED,
        "rich_text_quote": _part("rich_text_quote", ByType(_INLINE), border=integer("rich_text_quote.border")),
        "rich_text_list": Shape(_LIST.fields, ("type", "style", "elements")),
    }
)
RICH_TEXT_BLOCK = Shape(
    {"type": type_of("rich_text"), "block_id": string("block_id"), "elements": Items(RICH_TEXT)}, ("type", "elements")
)
"""A rich_text block inside something else: an initial value, a table cell, the details of a task."""
