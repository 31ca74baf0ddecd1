"""Cursor pagination as Slack does it: `limit` and `cursor` in, `response_metadata.next_cursor` out, empty at the end."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from bot.sandbox.arguments import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most

T = TypeVar("T")

DEFAULT_LIMIT = 100


def limit_of(args: Args, *, bound: str = "page.limit") -> int:
    """How many items a page may hold, up to a limit of limits.py. SlackError invalid_limit when out of bounds."""
    limit = args.number("limit", DEFAULT_LIMIT, error="invalid_limit")
    if limit == 0:
        return DEFAULT_LIMIT
    if not 0 < limit <= most(bound):
        raise SlackError("invalid_limit")
    return limit


def encode(name: str, value: int) -> str:
    """A cursor that remembers one number."""
    return base64.b64encode(f"{name}:{value}".encode()).decode()


def decode(args: Args, name: str) -> int | None:
    """The number in the cursor that was given, None without one. SlackError invalid_cursor."""
    if "cursor" not in args:
        return None
    try:
        kind, _, value = base64.b64decode(args.text("cursor"), validate=True).decode().partition(":")
        if kind == name:
            return int(value)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")


def page(args: Args, items: Iterable[T]) -> tuple[list[T], Json]:
    """One page of `items`, and the response_metadata that leads to the next."""
    limit = limit_of(args)
    start = decode(args, "offset") or 0
    found = list(islice(items, start, start + limit + 1))
    cursor = encode("offset", start + limit) if len(found) > limit else ""
    return found[:limit], {"next_cursor": cursor}
