"""What a text is held against the record for: whether it can go out at all (U1), and whether it says something new that agrees with
what is known (U14)."""

import re
from collections.abc import Iterator

from bot.language.draft import Draft
from bot.language.finding import Hit
from bot.language.tongue import Tongue

_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_SHARE = re.compile(
    r"\b(\d{1,3}(?:\.\d+)?)\s?(?:%|percent)(?=\s(?:of\s)?(?:all\s|our\s)?(?:customers|users|people|shops|members))"
)
_START = re.compile(r"\b(?:since|(?:began|started) at|from)\s(?:about\s|around\s)?(\d{1,2}:\d{2})")


def share(text: str) -> float | None:
    """Which percentage of the customers a text says; None where it says none."""
    found = _SHARE.search(text)
    return float(found[1]) if found else None


def missing(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """What every update must be able to say, by what the record knows; not by what the text says."""
    if draft.facts.has_impact is False:
        yield Hit(0, 0, "Nobody has said who cannot do what. Fill in the impact first.")
    if promise := draft.facts.next_update:
        if promise.in_minutes is None:
            yield Hit(0, 0, "It names no time of the next update. Set one.")
        elif promise.in_minutes <= 0:
            yield Hit(0, 0, "The time it names for the next update has passed. Set a later one.")
        elif promise.at_most is not None and promise.in_minutes > promise.at_most:
            yield Hit(0, 0, f"The next update is to come within {promise.at_most} minutes. Set an earlier time.")


def contradictions(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """What was said already, and numbers that are others in the record."""
    facts = draft.facts
    if facts.previous and _bare(facts.previous) == _bare(draft.text):
        yield Hit(0, 0, "The last update said the same. “No change” says so in fewer words, and truthfully.")
    yield from _severities(draft)
    if facts.percent is not None:
        for match in _SHARE.finditer(draft.plain):
            if float(match[1]) != facts.percent:
                yield Hit(*match.span(), f"The record says {facts.percent:g}%. Correct whichever is wrong.")
    if facts.started is not None:
        for match in _START.finditer(draft.plain):
            if match[1].zfill(5) != facts.started.zfill(5):
                yield Hit(*match.span(1), f"By the record it began at {facts.started}. Correct whichever is wrong.")


def _severities(draft: Draft) -> Iterator[Hit]:
    """Names of other severities, unless the right one is named too, as when it has changed."""
    facts = draft.facts
    if facts.severity is None or _named(facts.severity, draft.plain):
        return
    for other in facts.severities:
        for match in _named(other, draft.plain):
            yield Hit(*match.span(), f"The record says {facts.severity}. Correct whichever is wrong.")


def _named(severity: str, plain: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w){re.escape(severity)}(?!\w)", plain))


def _bare(text: str) -> str:
    """The text without times, case and blanks, in which two that say the same are the same."""
    return " ".join(_CLOCK.sub("", text).casefold().split())
