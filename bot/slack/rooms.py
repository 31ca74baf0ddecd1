"""What a room is called. Pure."""

import re
import unicodedata
from collections.abc import Iterator

MOST = 80
"""Slack's longest channel name."""

TRIES = 20


def room_names(number: int, title: str) -> Iterator[str]:
    """Names for the room of an incident, best first: inc-7-checkout-is-failing, then the same with -2, -3 … in case it is taken.
    Always lower-case ASCII letters, digits and hyphens, at most 80 characters."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_title).strip("-")
    stem = f"inc-{number}-{words}".rstrip("-")
    for attempt in range(1, TRIES + 1):
        suffix = f"-{attempt}" if attempt > 1 else ""
        yield stem[: MOST - len(suffix)].rstrip("-") + suffix
