"""Reads arguments of a Web API call whichever way they came: as query or form strings, or as JSON values. Knows no
method.

From Slack's documentation, "Using the Slack Web API": nested values are JSON in a string unless the body is JSON; the
Python SDK sends "1" and "0" for booleans and comma lists for lists; an explicit null means the default.
"""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.blocks.attachments import attachments as checked_attachments
from bot.sandbox.blocks.validation import message_blocks
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.workspace.mrkdwn import linked
from bot.sandbox.workspace.posting import Content

_TRUE = {"1", "true", "True"}


class Args:
    """The arguments of one call; nulls are gone."""

    def __init__(self, values: Json) -> None:
        self.values = {name: value for name, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        """Whether an argument was given and is not an empty string."""
        return self.values.get(name) not in (None, "")

    def without(self, *names: str) -> Args:
        """The same arguments but these."""
        return Args({name: value for name, value in self.values.items() if name not in names})

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean: true, "true" or "1"."""
        return str(self.values.get(name, default)) in _TRUE

    def number(self, name: str, default: int, *, error: str) -> int:
        """A whole number. SlackError `error` when it is none."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            raise SlackError(error) from None

    def names(self, name: str) -> list[str]:
        """A list of strings, from a JSON list, one in a string as JavaScript's SDK sends it, or a comma list. SlackError
        invalid_arguments (inferred) for one that is begun but cannot be parsed.
        """
        value = self.values.get(name, "")
        if isinstance(value, str) and value.startswith("["):
            value = self.nested(name, error=invalid_arguments(f"must provide an array [json-pointer:/{name}]"))
        items = value if isinstance(value, list) else str(value).split(",")
        return [str(item).strip() for item in items if str(item).strip()]

    def nested(self, name: str, *, error: SlackError) -> Any:
        """A JSON value, parsed if it came as a string; None when not given. Raises `error` when it cannot be parsed."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise error from None


def content(args: Args) -> Content:
    """What a message is to say, checked; bare addresses in its text become links. SlackError invalid_blocks…,
    invalid_metadata…, invalid_attachments, too_many_attachments, msg_blocks_too_long, markdown_text_conflict, msg_too_long.
    """
    blocks = args.nested("blocks", error=SlackError("invalid_blocks_format"))
    attachments = args.nested("attachments", error=SlackError("invalid_attachments"))
    return Content(
        text=_text(args),
        blocks=None if blocks is None else message_blocks(blocks),
        attachments=None if attachments is None else checked_attachments(attachments),
        metadata=_metadata(args),
    )


def _text(args: Args) -> str | None:
    """The text, from either argument for it. SlackError markdown_text_conflict, msg_too_long."""
    if "markdown_text" in args:
        check_conflict(args)
        text = args.text("markdown_text")
        if len(text) > most("markdown_text"):
            raise SlackError("msg_too_long")  # the code is inferred
        return text
    if "text" not in args.values:
        return None
    return args.text("text") if args.text("parse") == "none" else linked(args.text("text"))


def check_conflict(args: Args) -> None:
    """Refuse two kinds of text at once. SlackError markdown_text_conflict."""
    if "markdown_text" in args and ("text" in args or "blocks" in args):
        raise SlackError("markdown_text_conflict")


def has_content(args: Args) -> bool:
    """Whether a call gives anything at all to say."""
    return any(
        args.values.get(name) not in (None, "", "[]", []) for name in ("text", "blocks", "attachments", "markdown_text")
    )


def _metadata(args: Args) -> Json | None:
    """Message metadata; an empty object means: remove it. SlackError invalid_metadata_format, invalid_metadata_schema,
    metadata_too_large.
    """
    value = args.nested("metadata", error=SlackError("invalid_metadata_format"))
    if value is None:
        return None
    if not isinstance(value, dict):
        raise SlackError("invalid_metadata_format")
    if not value:
        return value
    if not isinstance(value.get("event_type"), str) or not isinstance(value.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(value)) > most("metadata"):
        raise SlackError("metadata_too_large")
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}


def view_argument(args: Args) -> Any:
    """The `view` of a views.* call, not yet checked."""
    return args.nested("view", error=invalid_arguments("failed to parse view [json-pointer:/view]"))
