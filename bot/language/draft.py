"""A text as the rules look at it: links, mentions and code blotted out, in sentences and words. Offsets are those of the text."""

import re
from typing import NamedTuple

from bot.language.finding import Facts, Language, Style
from bot.language.glossary import Glossary

BLOT = "·"
"""Stands for each character of what is not prose."""

_NOT_PROSE = re.compile(
    r"""
    <[@\#!][^>\n]*>                 # Slack's mentions, channels and dates
    | <(?:https?://|mailto:)[^>\n]*>
    | https?://[^\s<>]+
    | [\w.+-]{1,64}@[\w-]+\.[\w.-]*\w     # addresses for email
    | ```.*?``` | `[^`\n]+`
    """,
    re.VERBOSE | re.DOTALL,
)
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "‑": "-"})
_SHORTENED = re.compile(
    r"\b(?:e\.g|i\.e|z\.B|d\.h|bzw|ca|approx|max|min|no|nr|vs|etc|mr|mrs|ms|dr|p\.ej|sr|sra|[A-Z])\.$", re.IGNORECASE
)
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[。！？]|\n+")
_LETTER = re.compile(r"\w")


class Draft(NamedTuple):
    """A text, and all that it is held against. `plain` is as long as `text`: straight quotes, and blots for what is no prose."""

    text: str
    plain: str
    style: Style
    facts: Facts
    names: tuple[str, ...]
    glossary: Glossary
    language: Language


class Sentence(NamedTuple):
    """A sentence by its offsets, and its words."""

    start: int
    end: int
    words: tuple[str, ...]


def plain(text: str) -> str:
    """The text with what is no prose blotted out, character by character."""
    return _NOT_PROSE.sub(lambda found: BLOT * len(found[0]), text.translate(_STRAIGHT))


def sentences(draft: Draft) -> list[Sentence]:
    """The sentences in their order. A line that ends ends a sentence too."""
    found, start = [], 0
    for end in [*(one.end() for one in _END.finditer(draft.plain)), len(draft.plain)]:
        written = draft.plain[start:end]
        if _SHORTENED.search(written):
            continue
        if of_it := words(written):
            before = len(written) - len(written.lstrip())
            found.append(Sentence(start + before, start + len(written.rstrip()), tuple(of_it)))
        start = end
    return found


def words(written: str) -> list[str]:
    """What stands between blanks and has a letter or a digit."""
    return [word for word in written.split() if _LETTER.search(word)]


def begins_sentence(draft: Draft, start: int) -> bool:
    """Whether a sentence begins at this offset."""
    before = draft.plain[:start].rstrip(" \t*_>-•(\"'")
    return not before or before[-1] in ".!?:\n"
