"""What `lockstep outbox` prints: a block for each effect that waits or was given up, at most 96 columns wide. Pure."""

import html
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from bot.slack import words
from bot.store.pending import GivenUp, Waiting

WIDTH = 96
SHORTEST = 6
"""Characters of an id at the least."""

_NOTHING = "Nothing waits, nothing was given up."
_WHAT_TO_DO = (
    "`lockstep outbox retry` has all that was given up tried again, `lockstep outbox retry INC-7 ID` one thing, "
    '`lockstep outbox drop INC-7 ID --reason "…"` lets it be.'
)


def page(given_up: Sequence[GivenUp], waiting: Sequence[Waiting], now: datetime, wire: float) -> str:
    """All of it. `now` is the domain time, `wire` the same moment in wire time."""
    if not given_up and not waiting:
        return _NOTHING
    shown: list[GivenUp | Waiting] = [*given_up, *waiting]
    length = length_of_ids(one.effect_id for one in shown)
    column = max(len(f"INC-{one.incident}") for one in shown)
    blocks = [f"Given up: {len(given_up)}"] if given_up else []
    blocks += [_block(one, length, column, _fate(one, now)) for one in given_up]
    blocks += [_wrapped(_WHAT_TO_DO, "")] if given_up else []
    blocks += [f"Waiting: {len(waiting)}"] if waiting else []
    blocks += [_block(one, length, column, _state(one, now, wire)) for one in waiting]
    return "\n\n".join(blocks)


def length_of_ids(ids: Iterable[str]) -> int:
    """How many characters tell these ids apart."""
    known = set(ids)
    length = SHORTEST
    while len({id[:length] for id in known}) < len(known):
        length += 1
    return length


def what(effect: str) -> str:
    """An effect, given as its kind and lane, in plain words. One that this version does not know is named as well."""
    kind, _, lane = effect.partition(" ")
    said = _plain(html.unescape(words.effect(effect)).replace("*", ""))
    return said if words.knows_effect(kind) else f"{said} that this version does not know ({_plain(kind or lane)})"


def _block(one: GivenUp | Waiting, length: int, column: int, details: Iterable[str]) -> str:
    """Which incident, the short id and what it is; below, indented, the rest."""
    start = f"{f'INC-{one.incident}':{column}}  {one.effect_id[:length]}  "
    indent = " " * len(start)
    return "\n".join(
        [_wrapped(start + what(one.effect), indent), *(_wrapped(indent + line, indent) for line in details)]
    )


def _fate(one: GivenUp, now: datetime) -> Iterator[str]:
    """What became of something that was given up."""
    yield f"since {_moment(one.since)} ({_span(one.since, now)})"
    at = f" on {_moment(one.at)}" if one.at else ""
    yield f"given up{at}: {_plain(one.reason)}"
    for effect, often in Counter(map(what, one.along)).items():
        yield f"and with it: {effect}" + (f" ({often} times)" if often > 1 else "")


def _state(one: Waiting, now: datetime, wire: float) -> Iterator[str]:
    """How things stand with something that waits."""
    yield f"since {_moment(one.since)} ({_span(one.since, now)})"
    if one.needs:
        yield f"waits until this is done: {what(one.needs)}"
    elif one.is_behind:
        yield "waits for the one before it"
    else:
        yield _tries(one, wire)


def _tries(one: Waiting, wire: float) -> str:
    times = {0: "not tried yet", 1: "tried once"}.get(one.attempts, f"tried {one.attempts} times")
    seconds = one.not_before - wire
    if one.is_claimed:
        at = "a bot is at it" if seconds > 0 else "a bot was at it and did not end; the next one takes over"
    else:
        at = f"next try in {_seconds(seconds)}" if seconds > 0 else "its turn is now"
    if one.error and not one.attempts:  # nothing failed, and Slack asked us to wait
        return f"put off, {at}: {_plain(one.error)}"
    return f"{times}, {at}" + (f"; the last one: {_plain(one.error)}" if one.error else "")


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False, drop_whitespace=True)


def _plain(text: str) -> str:
    """On one line, and nothing that a terminal would obey."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _span(since: datetime, now: datetime) -> str:
    return _seconds((now - since).total_seconds())


def _seconds(seconds: float) -> str:
    """A length of time in at most two units: 40 s, 5 min, 3 h 20 min, 2 days."""
    minutes, days = int(seconds // 60), int(seconds // 86400)
    if seconds < 60:
        return f"{max(0, round(seconds))} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if days < 2 else f"{days} days"
