"""Reads and writes Slack's message timestamps ("1700000000.000100"), which are also message ids; never handles them as
floats.
"""

from __future__ import annotations

import re

_TS = re.compile(r"(\d{1,12})(?:\.(\d{1,6}))?")
_MICROS = 1_000_000


def micros(ts: str) -> int:
    """Microseconds since 1970 of a ts or of plain epoch seconds. ValueError when it is neither."""
    match = _TS.fullmatch(ts.strip())
    if match is None:
        raise ValueError(f"{ts!r} is not a timestamp")
    seconds, fraction = match.groups(default="")
    return int(seconds) * _MICROS + int(fraction.ljust(6, "0"))


def format_ts(value: int) -> str:
    """The ts of so many microseconds since 1970."""
    seconds, fraction = divmod(value, _MICROS)
    return f"{seconds}.{fraction:06d}"
