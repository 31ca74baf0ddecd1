"""The blocks for messages alone that Slack has added of late: tables, charts, cards, alerts, tasks, containers. Decides
what is well formed.

From Slack's documentation, "Blocks". Where NEW lists a block, a real workspace may not have it yet and answers
"unsupported type"; the sandbox takes it, and an app had better not depend on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.sandbox.blocks.bounded import integer, items, string
from bot.sandbox.blocks.composition import IMAGE_ELEMENT, URL, any_of, plain, text, type_of
from bot.sandbox.blocks.element_rules import BUTTON, elements_in
from bot.sandbox.blocks.rich_text import RICH_TEXT_BLOCK
from bot.sandbox.blocks.schema import (
    Anything,
    Bool,
    ByType,
    Check,
    Items,
    Nullable,
    Number,
    OneOf,
    Problem,
    Problems,
    Rule,
    Shape,
    Str,
)
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most

NEW = frozenset(
    {"alert", "card", "carousel", "container", "data_table", "data_visualization", "markdown", "plan", "task_card"}
)
"""Blocks that a workspace, or a surface of it, may refuse."""


def block(name: str, fields: Mapping[str, Rule], required: tuple[str, ...] = (), *checks: Check) -> Shape:
    """A block: its type, its block_id and its own fields."""
    return Shape({"type": type_of(name), "block_id": string("block_id"), **fields}, ("type", *required), checks)


_RAW_TEXT = Shape({"type": type_of("raw_text"), "text": string("table.cell")}, ("type", "text"))
_RAW_NUMBER = Shape({"type": type_of("raw_number"), "value": Number(), "text": string("table.cell")}, ("type", "value"))
_CELL = ByType({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT_BLOCK})
_COLUMN = Nullable(Shape({"align": OneOf(("left", "center", "right")), "is_wrapped": Bool()}))


def _as_wide_as_the_first(value: Json, at: str) -> Problems:
    """Every row of a data table has as many cells as its header (wording inferred)."""
    width = len(value["rows"][0])
    for index, row in enumerate(value["rows"]):
        if len(row) != width:
            yield Problem(f"must provide {width} items", f"{at}/rows/{index}")


def _short_enough(value: Json, at: str) -> Problems:
    """All cells of a data table together (wording and pointer inferred)."""
    limit = most("data_table.characters")
    if sum(len(cell.get("text", "")) for row in value["rows"] for cell in row) > limit:
        yield Problem(f"must be less than {limit + 1} characters", f"{at}/rows")


TABLES: dict[str, Rule] = {
    "table": block(
        "table",
        {
            "rows": items("table.rows", items("table.cells", _CELL)),
            "column_settings": items("table.column_settings", _COLUMN),
        },
        ("rows",),
    ),
    "data_table": block(
        "data_table",
        {
            "caption": Str(min=1),
            "rows": items("data_table.rows", items("data_table.columns", _CELL)),
            "page_size": integer("data_table.page_size"),
            "row_header_column_index": integer("data_table.row_header_column_index"),
        },
        ("caption", "rows"),
        _as_wide_as_the_first,
        _short_enough,
    ),
}

_LABEL = string("data_visualization.label")
_SEGMENT = Shape({"label": _LABEL, "value": Number(positive=True)}, ("label", "value"))
_POINT = Shape({"label": _LABEL, "value": Number()}, ("label", "value"))
_SERIES = Shape({"name": _LABEL, "data": items("data_visualization.points", _POINT)}, ("name", "data"))
_AXES = Shape(
    {
        "categories": items("data_visualization.categories", _LABEL),
        "x_label": string("data_visualization.axis_label"),
        "y_label": string("data_visualization.axis_label"),
    },
    ("categories",),
)


def _matching_series(value: Json, at: str) -> Problems:
    """Series have names of their own and a point for each category (wording inferred)."""
    names = Counter(series["name"] for series in value["series"])
    for index, series in enumerate(value["series"]):
        if names[series["name"]] > 1:
            yield Problem("must have a unique name", f"{at}/series/{index}/name")
        if [point["label"] for point in series["data"]] != value["axis_config"]["categories"]:
            yield Problem("must match the categories of the axis", f"{at}/series/{index}/data")


def _plotted(name: str) -> Shape:
    """A chart with axes."""
    fields: dict[str, Rule] = {
        "type": type_of(name),
        "series": items("data_visualization.series", _SERIES),
        "axis_config": _AXES,
    }
    return Shape(fields, ("type", "series", "axis_config"), (_matching_series,))


_PIE = Shape({"type": type_of("pie"), "segments": items("data_visualization.segments", _SEGMENT)}, ("type", "segments"))
_CHART = ByType({"pie": _PIE, **{name: _plotted(name) for name in ("bar", "area", "line")}})

_CARD = block(
    "card",
    {
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "slack_icon": Shape({"type": Str(), "name": Str(min=1)}, ("name",)),
        "title": text("card.title"),
        "subtitle": text("card.subtitle"),
        "body": text("card.body"),
        "subtext": text("card.subtext"),
        "actions": items("card.actions", ByType({"button": BUTTON})),
    },
    (),
    any_of("hero_image", "title", "actions", "body"),
)
_SOURCE = Shape({"type": type_of("url"), "url": string("url", URL), "text": Str()}, ("type", "url", "text"))
_TASK_CARD = block(
    "task_card",
    {
        "task_id": Str(min=1),
        "title": Str(min=1),
        "details": RICH_TEXT_BLOCK,
        "output": RICH_TEXT_BLOCK,
        "sources": Items(_SOURCE),
        "status": OneOf(("pending", "in_progress", "complete", "error")),
    },
    ("task_id", "title"),
)

MESSAGE_ONLY: dict[str, Rule] = {
    **TABLES,
    "markdown": block("markdown", {"text": string("markdown.text")}, ("text",)),
    "file": block("file", {"source": OneOf(("remote",)), "external_id": Str(min=1)}, ("source", "external_id")),
    "call": block(
        "call", {"call_id": Str(min=1), "api_decoration_available": Bool(), "call": Anything()}, ("call_id",)
    ),
    "context_actions": block(
        "context_actions",
        {"elements": items("context_actions.elements", elements_in("context_actions", "message"))},
        ("elements",),
    ),
    "data_visualization": block(
        "data_visualization", {"title": string("data_visualization.title"), "chart": _CHART}, ("title", "chart")
    ),
    "task_card": _TASK_CARD,
    "plan": block(
        "plan", {"title": Str(min=1), "tasks": items("plan.tasks", ByType({"task_card": _TASK_CARD}))}, ("title",)
    ),
    "card": _CARD,
    "carousel": block("carousel", {"elements": items("carousel.elements", ByType({"card": _CARD}))}, ("elements",)),
}

ALERT = block(
    "alert",
    {"text": text("alert.text"), "level": OneOf(("default", "info", "warning", "error", "success"))},
    ("text",),
)
"""Messages have it, and other surfaces too."""

VIDEO = block(
    "video",
    {
        "alt_text": string("video.alt_text"),
        "title": plain("video.title"),
        "video_url": string("url", URL),
        "thumbnail_url": string("url", URL),
        "title_url": string("url", URL),
        "description": plain("video.description"),
        "author_name": string("video.author_name"),
        "provider_name": string("video.provider_name"),
        "provider_icon_url": string("url", URL),
    },
    ("alt_text", "title", "video_url", "thumbnail_url"),
)


def _divided_or_folded(value: Json, at: str) -> Problems:
    """A container that folds has no line below its header, and only one that folds starts folded (wording inferred)."""
    if value.get("is_collapsible") and value.get("has_header_divider"):
        yield Problem("cannot be set when `is_collapsible` is true", f"{at}/has_header_divider")
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield Problem("must define `is_collapsible`", f"{at}/default_collapsed")


def container(children: Mapping[str, Rule]) -> Rule:
    """A container, which groups blocks but no containers. Its titles are text objects (seen: Slack refuses bare strings)."""
    return block(
        "container",
        {
            "title": plain("container.title"),
            "rich_text_title": RICH_TEXT_BLOCK,
            "subtitle": text("container.subtitle"),
            "icon": IMAGE_ELEMENT,
            "child_blocks": items("container.child_blocks", ByType(children)),
            "width": OneOf(("narrow", "standard", "wide", "full")),
            "is_collapsible": Bool(),
            "default_collapsed": Bool(),
            "has_header_divider": Bool(),
        },
        ("child_blocks",),
        any_of("title", "rich_text_title"),
        _divided_or_folded,
    )
