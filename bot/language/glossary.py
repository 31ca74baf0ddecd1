"""Words that not everybody knows, with plain ones: what a team's glossary says, and where a text uses such words.

The longest entry counts where several fit. Words are told apart by case only where the entry is an abbreviation, so that `IT` is
not found in `it`; an abbreviation is found with an `s` behind it too.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[\w&]+(?:['./+][\w&]+)*")
LONGEST = 8
"""So many words an entry may have."""
_ABBREVIATION = re.compile(r"[A-Z0-9/&]*[A-Z][A-Z0-9/&]+")


class Term(NamedTuple):
    """Words of one meaning, and how to say it plainly. `fits`: the plain words can stand in the place of the others; else they only
    explain. `is_external`: only people outside need them, as with the names of severities."""

    words: tuple[str, ...]
    plain: str
    fits: bool = True
    is_external: bool = False


class Use(NamedTuple):
    """Where a text uses a term, by offsets."""

    start: int
    end: int
    term: Term


class Entry(NamedTuple):
    """The words of a term, or of a product, as they are looked for."""

    words: tuple[str, ...]
    term: Term | None


class Glossary:
    """Terms; `products`, names that nothing is said of; `known` abbreviations; and `addresses`, the hosts that an update may link
    to and the @handles that it may name."""

    def __init__(
        self,
        terms: tuple[Term, ...] = (),
        products: tuple[str, ...] = (),
        known: tuple[str, ...] = (),
        addresses: tuple[str, ...] = (),
    ) -> None:
        self.terms, self.products = terms, products
        self.known, self.addresses = frozenset(known), frozenset(one.casefold() for one in addresses)

    @cached_property
    def entries(self) -> Mapping[str, list[Entry]]:
        """By the first word in lower case, the longest first. Products count before terms of the same length."""
        listed = [Entry(tuple(split(name)), None) for name in self.products]
        listed += [Entry(tuple(split(written)), term) for term in self.terms for written in term.words]
        found: dict[str, list[Entry]] = {}
        for entry in sorted((one for one in listed if one.words), key=lambda one: -len(one.words)):
            found.setdefault(entry.words[0].casefold(), []).append(entry)
            if _ABBREVIATION.fullmatch(entry.words[0]):
                found.setdefault(f"{entry.words[0].casefold()}s", []).append(entry)
        return found

    def uses(self, written: str) -> Iterator[Use]:
        """Where these words use a term, one after the other."""
        yield from (Use(start, end, term) for start, end, term in _matches(self, written) if term)

    def spared(self, written: str) -> list[tuple[int, int]]:
        """Where these words name a product."""
        return [(start, end) for start, end, term in _matches(self, written) if not term]

    def longest(self, words: list[str]) -> Entry | None:
        """The longest entry that these words begin with."""
        entries = self.entries.get(words[0].casefold(), ())
        return next((entry for entry in entries if _begins_with(words, entry.words)), None)


@lru_cache(maxsize=16)
def _matches(glossary: Glossary, written: str) -> tuple[tuple[int, int, Term | None], ...]:
    """Where the text has an entry, and which. Several rules ask for the same text."""
    words = [(one.start(), one.end(), one[0].removesuffix("'s")) for one in _WORD.finditer(written)]
    found, place = [], 0
    while place < len(words):
        is_first = words[place][2].casefold() in glossary.entries
        entry = glossary.longest(_run(written, words[place : place + LONGEST])) if is_first else None
        if entry:
            last = words[place + len(entry.words) - 1]
            found.append((words[place][0], last[0] + len(last[2]), entry.term))
        place += len(entry.words) if entry else 1
    return tuple(found)


def _run(written: str, found: list[tuple[int, int, str]]) -> list[str]:
    """The words up to the first sign between two of them that is no blank and no hyphen."""
    words = [found[0][2]]
    for (_, end, _), (start, _, word) in pairwise(found):
        if written[end:start].strip(" \t\n-"):
            break
        words.append(word)
    return words


def split(written: str) -> list[str]:
    """The words of an entry as they are looked for."""
    return [word.removesuffix("'s") for word in _WORD.findall(written)]


def _begins_with(words: list[str], entry: tuple[str, ...]) -> bool:
    return len(entry) <= len(words) and all(map(_is, words, entry))


def _is(word: str, entry: str) -> bool:
    """Whether this is the word of the entry; an abbreviation only as it is written there."""
    if _ABBREVIATION.fullmatch(entry):
        return word in (entry, f"{entry}s")
    return word.casefold() == entry.casefold()
