"""Rules of schema.py that keep the limits of limits.py, by name."""

from __future__ import annotations

import re

from bot.sandbox.blocks.schema import Int, Items, Rule, Str
from bot.sandbox.limits import LIMITS


def string(name: str, pattern: re.Pattern[str] | None = None) -> Str:
    """A string of as many characters as this limit allows, perhaps of one form."""
    limit = LIMITS[name]
    return Str(min=limit.least or 0, max=limit.most, pattern=pattern)


def items(name: str, item: Rule) -> Items:
    """A list of as many items as this limit allows, all keeping one rule."""
    limit = LIMITS[name]
    return Items(item, min=limit.least or 0, max=limit.most)


def integer(name: str) -> Int:
    """A whole number within this limit."""
    limit = LIMITS[name]
    return Int(min=limit.least or 0, max=limit.most)
