"""Which parts a rich_text block may have: the shapes of Slack's Block Kit reference, as data. The block is in block_kit.py."""

from __future__ import annotations

from bot.sandbox.blocks.schema import Anything, Bool, ByType, Int, Items, OneOf, Rule, Shape, Str


def _type(name: str) -> Rule:
    """The `type` field of one kind of object."""
    return OneOf((name,))


_RUNS: dict[str, dict[str, Rule]] = {
    "text": {"text": Str(min=1)},
    "user": {"user_id": Str(min=1)},
    "usergroup": {"usergroup_id": Str(min=1)},
    "channel": {"channel_id": Str(min=1)},
    "broadcast": {"range": OneOf(("here", "channel", "everyone"))},
    "link": {"url": Str(min=1)},
    "emoji": {"name": Str(min=1)},
    "date": {"timestamp": Int(), "format": Str(min=1)},
}
_RUN_EXTRAS: dict[str, dict[str, Rule]] = {
    "link": {"text": Str(), "unsafe": Bool()},
    "emoji": {"unicode": Str()},
    "date": {"url": Str(), "fallback": Str()},
}
_INLINE = ByType(
    {
        name: Shape({"type": _type(name), "style": Anything()} | fields | _RUN_EXTRAS.get(name, {}), ("type", *fields))
        for name, fields in _RUNS.items()
    }
)
_SECTION_OF_RICH_TEXT = Shape({"type": _type("rich_text_section"), "elements": Items(_INLINE)}, ("type", "elements"))
RICH_TEXT = ByType(
    {
        "rich_text_section": _SECTION_OF_RICH_TEXT,
        "rich_text_preformatted": Shape(
            {"type": _type("rich_text_preformatted"), "elements": Items(_INLINE), "border": Int(), "language": Str()},
            ("type", "elements"),
        ),
        "rich_text_quote": Shape(
            {"type": _type("rich_text_quote"), "elements": Items(_INLINE), "border": Int()}, ("type", "elements")
        ),
        "rich_text_list": Shape(
            {
                "type": _type("rich_text_list"),
                "style": OneOf(("bullet", "ordered")),
                "elements": Items(_SECTION_OF_RICH_TEXT),
                "indent": Int(),
                "offset": Int(),
                "border": Int(),
            },
            ("type", "style", "elements"),
        ),
    }
)
