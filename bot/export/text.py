"""How texts, people and times stand in Markdown that is read raw or rendered. Knows Slack's ids, which are all a record has of
people and channels: their names are Slack's.
"""

import re
from datetime import UTC, datetime

from bot.slack.words import NAMELESS

_NAMED = re.compile(r"<[@#!]([A-Za-z0-9_^|@.-]+)>")
"""A person, channel or group by id, as Slack writes it into a text."""
_OBEYED = re.compile(r"[\\`*<\[~]|(?<![^\W_])_|_(?![^\W_])|&(?=#|\w)|#+$")
"""What Markdown takes for markup within a line. An underscore within a word is none, nor an ampersand before a space."""
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\\`\"]+")


def code(id: str) -> str:
    """An id or a name from outside, such as `U1`, as it is."""
    return f"`{id.replace('`', '')}`"


def person(actor: str) -> str:
    """Whoever did something, by Slack's id, or in words where there is none."""
    return NAMELESS.get(actor) or code(actor)


def plain(text: str) -> str:
    """Text on one line that shows as it was typed and does nothing else; whom it mentions by id is named by id."""
    parts = _NAMED.split(" ".join(text.split()))
    return "".join(code(part) if place % 2 else _OBEYED.sub(r"\\\g<0>", part) for place, part in enumerate(parts))


def typed(text: str) -> str:
    """What somebody typed, in quotation marks."""
    return f"“{plain(text)}”"


def link(label: str, address: str | None) -> str:
    """A link, unless the address is none."""
    return f"[{label}]({address})" if address and _ADDRESS.fullmatch(address) else label


def day(at: datetime) -> str:
    """Monday 23 November 2026, in UTC."""
    at = at.astimezone(UTC)
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def clock(at: datetime) -> str:
    """14:05:20, in UTC."""
    return f"{at.astimezone(UTC):%H:%M:%S}"


def moment(at: datetime) -> str:
    """23 November 2026 at 14:05 UTC."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B} {at.year} at {at:%H:%M} UTC"


def count(number: int, what: str) -> str:
    """1 event, 2 events."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def about(at: datetime, is_estimated: bool) -> str:
    """A moment, with a word before it when it was estimated."""
    return f"about {moment(at)}" if is_estimated else moment(at)
