"""Finding wordings: a table says what is found, and what looks like it and is spared."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bot.language.draft import Draft, begins_sentence
from bot.language.finding import Hit


class Phrase(NamedTuple):
    """A wording as a regular expression that takes no notice of case, in which a blank is any white space; what to do about it, and
    what could stand there instead. If it has a group `hit`, only that is found."""

    pattern: str
    suggestion: str | None = None
    instead: str | None = None


class Phrases(NamedTuple):
    """Wordings that are found, unless they touch one that is spared."""

    found: tuple[Phrase, ...]
    spared: tuple[str, ...] = ()


NONE = Phrases(())
_BLANK = re.compile(r" (?![?*+{])")


def matches(table: Phrases, draft: Draft) -> Iterator[Hit]:
    """Where the text has a wording of the table: of several that touch each other the first."""
    taken = _spared(table, draft.plain)
    for phrase in table.found:
        for match in _compiled(phrase.pattern).finditer(draft.plain):
            span = match.span("hit") if "hit" in match.re.groupindex else match.span()
            if not touches(span, taken):
                taken.append(span)
                yield Hit(*span, phrase.suggestion, fitted(phrase.instead, draft, span[0]))


def touches(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Whether a span has a character in common with one of the others."""
    return any(start < span[1] and span[0] < end for start, end in others)


def fitted(instead: str | None, draft: Draft, start: int) -> str | None:
    """The replacement with a capital where it begins a sentence."""
    return instead[:1].upper() + instead[1:] if instead and begins_sentence(draft, start) else instead


def _spared(table: Phrases, plain: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in table.spared for match in _compiled(pattern).finditer(plain)]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_BLANK.sub(r"\\s+", pattern), re.IGNORECASE)
