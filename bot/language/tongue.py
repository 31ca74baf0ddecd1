"""What the rules need to know of a language: its wordings, its ways to write a time, and its abbreviations and names."""

from typing import NamedTuple

from bot.language.phrases import NONE, Phrases


def listed(words: str) -> frozenset[str]:
    """The words of a list in which blanks and ends of lines stand between them."""
    return frozenset(words.split())


class Times(NamedTuple):
    """How a time of day is written. `clock` finds one; `zone` is what may stand right behind it and says for where, `zone_before`
    what may stand in front; `joins` stands between times that share a zone; `relative` is what hangs on when the text is read.
    Digits behind `not_behind`, or before `not_before`, only look like a time."""

    clock: str
    zone: str
    joins: str
    relative: Phrases
    zone_before: str = r"(?!)"
    not_behind: str = r"(?!)"
    not_before: str = r"(?!)"


class Tongue(NamedTuple):
    """A language: what is looked for by which rule. `known` are abbreviations that all who read it know, `loud` words that may
    stand in capitals for emphasis, `words` those that are names of people too. `has_blanks`: blanks stand between words."""

    times: Times
    causes: Phrases = NONE
    blame: Phrases = NONE
    speculation: Phrases = NONE
    promises: Phrases = NONE
    passive: Phrases = NONE
    tone: Phrases = NONE
    outage: Phrases = NONE
    preambles: Phrases = NONE
    known: frozenset[str] = frozenset()
    loud: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    has_blanks: bool = True
    is_read: bool = False
