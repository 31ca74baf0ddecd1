"""How much Slack takes: every number that calls, messages, blocks and views are held to, with where it comes from. Data
only; the rules that read it are where such things are checked. How often Slack takes it is in rate_limits.py.

The numbers are those of Slack's documentation of the methods, of Block Kit and of modals, or of what was seen of Slack.
A new line here needs a payload in tests/sandbox/limit_payloads.py, or a call in limit_calls.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Source(Enum):
    """How we know a number."""

    VERIFIED = "read in Slack's documentation or SDKs, or in recorded answers"
    INFERRED = "concluded from those"
    MEMORY = "from memory"


class Unit(Enum):
    """What a number counts; Slack has words of its own for each."""

    CHARACTERS = "Unicode code points of a text"
    ITEMS = "entries of a list"
    NUMBER = "the value of a whole number"
    BYTES = "bytes of JSON, of Markdown or of a file"
    FORMS = "forms that lie on each other"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; None is no bound. `error` is what Slack answers when a breach is more than a fault of shape."""

    name: str
    unit: Unit
    least: int | None
    most: int | None
    source: Source = Source.VERIFIED
    error: str | None = None


_CHARACTERS, _ITEMS, _NUMBER = Unit.CHARACTERS, Unit.ITEMS, Unit.NUMBER
_INFERRED, _MEMORY = Source.INFERRED, Source.MEMORY

LIMITS = {
    limit.name: limit
    for limit in (
        # Messages as a whole. About 13,200 characters was seen (slackapi/bolt-js#2509); that texts are counted is inferred.
        Limit("message.blocks", _ITEMS, None, 50),
        Limit("message.characters", _CHARACTERS, None, 13_200, _INFERRED, "msg_blocks_too_long"),
        Limit("message.attachments", _ITEMS, None, 100, error="too_many_attachments"),
        Limit("message.tables", _ITEMS, None, 1, error="invalid_attachments"),
        Limit("markdown.text", _CHARACTERS, 1, 12_000),
        Limit("message.markdown", _CHARACTERS, None, 12_000),
        # What methods take besides.
        Limit("markdown_text", _CHARACTERS, None, 12_000, error="msg_too_long"),
        Limit("ephemeral.text", _CHARACTERS, None, 40_000, _INFERRED, "msg_too_long"),
        Limit("update.text", _CHARACTERS, None, 4_000, error="msg_too_long"),
        Limit("metadata", Unit.BYTES, None, 8_000, _INFERRED, "metadata_too_large"),
        Limit("stream.title", _CHARACTERS, None, 256, _MEMORY, "invalid_chunks"),
        Limit("message.emoji_of_one_user", _ITEMS, None, 23, _MEMORY, "too_many_emoji"),
        Limit("channel.name", _CHARACTERS, None, 80, error="invalid_name_maxlength"),
        Limit("channel.topic", _CHARACTERS, None, 250, error="too_long"),
        Limit("channel.invited", _ITEMS, None, 100, _INFERRED),
        Limit("channel.pins", _ITEMS, None, 100, _MEMORY, "too_many_pins"),
        Limit("channel.bookmarks", _ITEMS, None, 100, _MEMORY, "too_many_bookmarks"),
        Limit("bookmark.title", _CHARACTERS, None, 256),
        Limit("bookmark.link", _CHARACTERS, None, 2048, error="invalid_link"),
        Limit("direct.users", _ITEMS, None, 8, error="too_many_users"),
        Limit("page.limit", _NUMBER, None, 999, error="invalid_limit"),
        Limit("replies.limit", _NUMBER, None, 1000, error="invalid_limit"),
        Limit("file.size", Unit.BYTES, None, 1_000_000_000, _MEMORY, "file_upload_size_restricted"),
        Limit("file.alt_text", _CHARACTERS, None, 1000, error="alt_txt_too_large"),
        Limit("file.channels", _ITEMS, None, 100, error="channels_limit_exceeded"),
        Limit("snippet.size", Unit.BYTES, None, 1_000_000, _INFERRED, "snippet_too_large"),
        Limit("canvas.size", Unit.BYTES, None, 1024 * 1024, error="canvas_too_large"),
        Limit("canvas.section_types", _ITEMS, None, 3),
        # Views.
        Limit("view.blocks", _ITEMS, 1, 100),
        Limit("view.title", _CHARACTERS, 1, 24),
        Limit("view.submit", _CHARACTERS, 1, 24),
        Limit("view.close", _CHARACTERS, 1, 24),
        Limit("view.private_metadata", _CHARACTERS, None, 3000),
        Limit("view.callback_id", _CHARACTERS, None, 255),
        Limit("view.external_id", _CHARACTERS, None, 255),
        Limit("view.size", Unit.BYTES, None, 250_000, error="view_too_large"),
        Limit("view.stack", Unit.FORMS, None, 3, error="push_limit_reached"),
        # What many blocks and elements share.
        Limit("block_id", _CHARACTERS, None, 255),
        Limit("action_id", _CHARACTERS, None, 255),
        Limit("text", _CHARACTERS, 1, 3000),
        Limit("placeholder", _CHARACTERS, 1, 150),
        Limit("url", _CHARACTERS, None, 3000),
        Limit("confirm.title", _CHARACTERS, 1, 100),
        Limit("confirm.text", _CHARACTERS, 1, 300),
        Limit("confirm.confirm", _CHARACTERS, 1, 30),
        Limit("confirm.deny", _CHARACTERS, 1, 30),
        Limit("option.text", _CHARACTERS, 1, 75),
        Limit("option.value", _CHARACTERS, 1, 150),
        Limit("option.description", _CHARACTERS, 1, 75),
        Limit("option.url", _CHARACTERS, None, 3000),
        Limit("option_group.label", _CHARACTERS, 1, 75),
        Limit("option_group.options", _ITEMS, 1, 100),
        Limit("dispatch_action_config.trigger_actions_on", _ITEMS, 1, 2),
        Limit("filter.include", _ITEMS, 1, None),
        # Blocks.
        Limit("section.text", _CHARACTERS, 1, 3000),
        Limit("section.fields", _ITEMS, 1, 10),
        Limit("section.field", _CHARACTERS, 1, 2000),
        Limit("header.text", _CHARACTERS, 1, 150),
        Limit("header.level", _NUMBER, 1, 4),
        Limit("context.elements", _ITEMS, 1, 10),
        Limit("actions.elements", _ITEMS, 1, 25),
        Limit("input.label", _CHARACTERS, 1, 2000),
        Limit("input.hint", _CHARACTERS, 1, 2000),
        Limit("image.image_url", _CHARACTERS, None, 3000),
        Limit("image.alt_text", _CHARACTERS, 1, 2000),
        Limit("image.title", _CHARACTERS, 1, 2000),
        Limit("rich_text_list.indent", _NUMBER, 0, 8),
        Limit("rich_text_list.offset", _NUMBER, 0, None),
        Limit("rich_text_list.border", _NUMBER, 0, 1),
        Limit("rich_text_quote.border", _NUMBER, 0, 1),
        Limit("rich_text_preformatted.border", _NUMBER, 0, 1),
        Limit("table.rows", _ITEMS, 1, 100),
        Limit("table.cells", _ITEMS, 1, 20),
        Limit("table.column_settings", _ITEMS, None, 20),
        Limit("table.cell", _CHARACTERS, 1, None),
        Limit("video.title", _CHARACTERS, 1, 199),
        Limit("video.author_name", _CHARACTERS, None, 49),
        Limit("video.alt_text", _CHARACTERS, 1, 200),
        Limit("video.description", _CHARACTERS, 1, 200),
        Limit("video.provider_name", _CHARACTERS, None, 50),
        Limit("context_actions.elements", _ITEMS, 1, 5),
        Limit("alert.text", _CHARACTERS, 1, 200),
        Limit("card.title", _CHARACTERS, 1, 150),
        Limit("card.subtitle", _CHARACTERS, 1, 150),
        Limit("card.body", _CHARACTERS, 1, 200),
        Limit("card.subtext", _CHARACTERS, 1, 200),
        Limit("card.actions", _ITEMS, 1, 3),
        Limit("carousel.elements", _ITEMS, 1, 10),
        Limit("container.title", _CHARACTERS, 1, 150),
        Limit("container.subtitle", _CHARACTERS, 1, 150),
        Limit("container.child_blocks", _ITEMS, 1, 10),
        Limit("plan.tasks", _ITEMS, None, 50),
        Limit("data_table.rows", _ITEMS, 2, 201),
        Limit("data_table.columns", _ITEMS, 1, 20),
        Limit("data_table.page_size", _NUMBER, 1, 100),
        Limit("data_table.row_header_column_index", _NUMBER, 0, None),
        Limit("data_table.characters", _CHARACTERS, None, 20_000),
        Limit("data_visualization.title", _CHARACTERS, 1, 50),
        Limit("data_visualization.segments", _ITEMS, 1, 12),
        Limit("data_visualization.series", _ITEMS, 1, 12),
        Limit("data_visualization.points", _ITEMS, 1, 20),
        Limit("data_visualization.categories", _ITEMS, 1, 20),
        Limit("data_visualization.label", _CHARACTERS, 1, 20),
        Limit("data_visualization.axis_label", _CHARACTERS, None, 50),
        # Elements.
        Limit("button.text", _CHARACTERS, 1, 75),
        Limit("button.value", _CHARACTERS, None, 2000),
        Limit("button.url", _CHARACTERS, None, 3000),
        Limit("button.accessibility_label", _CHARACTERS, None, 75),
        Limit("button.agent_prompt", _CHARACTERS, None, 4000),
        Limit("icon_button.text", _CHARACTERS, 1, 75),
        Limit("icon_button.value", _CHARACTERS, None, 2000),
        Limit("icon_button.accessibility_label", _CHARACTERS, None, 75),
        Limit("icon_button.visible_to_user_ids", _ITEMS, None, 10),
        Limit("feedback_button.text", _CHARACTERS, 1, 75),
        Limit("feedback_button.value", _CHARACTERS, None, 2000),
        Limit("feedback_button.accessibility_label", _CHARACTERS, None, 75),
        Limit("workflow_button.text", _CHARACTERS, 1, 75),
        Limit("workflow_button.accessibility_label", _CHARACTERS, None, 75),
        Limit("image_element.image_url", _CHARACTERS, None, 3000),
        Limit("image_element.alt_text", _CHARACTERS, 1, 2000),
        Limit("select.options", _ITEMS, 1, 100),
        Limit("select.option_groups", _ITEMS, 1, 100),
        Limit("select.min_query_length", _NUMBER, 0, None, _INFERRED),
        Limit("multi_select.max_selected_items", _NUMBER, 1, None),
        Limit("overflow.options", _ITEMS, 1, 5),
        Limit("radio_buttons.options", _ITEMS, 1, 10),
        Limit("checkboxes.options", _ITEMS, 1, 10),
        Limit("datetimepicker.initial_date_time", _NUMBER, 0, 9_999_999_999, _INFERRED),
        Limit("plain_text_input.min_length", _NUMBER, 0, 3000),
        Limit("plain_text_input.max_length", _NUMBER, 1, 3000),
        Limit("plain_text_input.initial_value", _CHARACTERS, None, 3000, _INFERRED),
        Limit("rich_text_input.min_lines", _NUMBER, 1, 100),
        Limit("rich_text_input.max_lines", _NUMBER, 1, 100),
        Limit("file_input.max_files", _NUMBER, 1, 10),
        Limit("file_input.filetypes", _ITEMS, 1, None, _MEMORY),
    )
}

CUT_TEXT = 40_000
"""Characters after which the text of a new message is cut, rather than refused."""


def most(name: str) -> int:
    """The upper bound of a limit. KeyError for an unknown one, ValueError for one without."""
    bound = LIMITS[name].most
    if bound is None:
        raise ValueError(f"{name} has no upper bound")
    return bound
