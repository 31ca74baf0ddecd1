"""Whether the secondary attachments of a message are acceptable. Their blocks keep the rules of any message's blocks; of
their older fields only the shape counts.

From Slack's documentation, chat.postMessage. That faults inside are reported as `invalid_attachments`, in the form that
`invalid_blocks` has, is inferred.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.blocks.block_kit import MESSAGE_BLOCKS
from bot.sandbox.blocks.validation import faulty, with_ids
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most


def attachments(value: Any) -> list[Json]:
    """The attachments of a message, checked, with the ids that Slack generates. SlackError invalid_attachments,
    too_many_attachments.
    """
    if not isinstance(value, list) or not all(isinstance(attachment, dict) for attachment in value):
        raise SlackError("invalid_attachments")
    if len(value) > most("message.attachments"):
        raise SlackError("too_many_attachments")
    return [_checked(attachment, f"/attachments/{index}") for index, attachment in enumerate(value)]


def _checked(attachment: Json, at: str) -> Json:
    """One attachment, whose blocks are sound."""
    if "blocks" not in attachment:
        return attachment
    problems = list(MESSAGE_BLOCKS.problems(attachment["blocks"], f"{at}/blocks"))
    if problems:
        raise faulty("invalid_attachments", problems)
    return {**attachment, "blocks": with_ids(attachment["blocks"])}
