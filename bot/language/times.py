"""U16: a time without its zone, and words that mean another time whenever they are read."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.language.draft import Draft
from bot.language.finding import Hit
from bot.language.phrases import matches
from bot.language.tongue import Times, Tongue

_REACH = 40
"""So many characters before a time are looked at for what makes it none."""


class _Compiled(NamedTuple):
    clock: re.Pattern[str]
    zone: re.Pattern[str]
    joins: re.Pattern[str]
    zone_before: re.Pattern[str]
    not_behind: re.Pattern[str]
    not_before: re.Pattern[str]


def find(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Every time of day with no zone, and everything relative."""
    yield from _bare(draft.plain, _compiled(tongue.times))
    yield from matches(tongue.times.relative, draft)


def _bare(plain: str, how: _Compiled) -> Iterator[Hit]:
    """From the last to the first: a time that only joins parts from the next one shares its zone."""
    has_zone, following = False, len(plain)
    for clock in reversed(list(how.clock.finditer(plain))):
        shares = has_zone and bool(how.joins.fullmatch(plain, clock.end(), following))
        has_zone = shares or _is_zoned(plain, clock, how)
        following = clock.start()
        if not has_zone and not _is_none(plain, clock, how):
            yield Hit(clock.start(), clock.end())


def _is_zoned(plain: str, clock: re.Match[str], how: _Compiled) -> bool:
    before = plain[max(0, clock.start() - _REACH) : clock.start()]
    return bool(how.zone.match(plain, clock.end()) or how.zone_before.search(before))


def _is_none(plain: str, clock: re.Match[str], how: _Compiled) -> bool:
    """Whether these digits only look like a time."""
    before = plain[max(0, clock.start() - _REACH) : clock.start()]
    return bool(how.not_before.match(plain, clock.end()) or how.not_behind.search(before))


@cache
def _compiled(times: Times) -> _Compiled:
    return _Compiled(
        clock=re.compile(times.clock, re.IGNORECASE),
        zone=re.compile(rf"(?:\s?[-–,])?\s?[(\[]?(?:{times.zone})"),
        joins=re.compile(times.joins),
        zone_before=re.compile(times.zone_before),
        not_behind=re.compile(times.not_behind, re.IGNORECASE),
        not_before=re.compile(times.not_before, re.IGNORECASE),
    )
