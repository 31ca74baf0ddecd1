"""What the check of a policy file has to say: where, what is wrong there, and what to write instead."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import yaml

_ALIKE = 0.6
_SHOWN = 40


class Finding(NamedTuple):
    """One thing about one place of the file; line and column count from 1. A policy with a fatal one cannot be used."""

    line: int
    column: int
    words: str
    is_fatal: bool = True

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {'' if self.is_fatal else 'warning: '}{self.words}"


def at(node: yaml.Node, words: str, *, is_fatal: bool = True) -> Finding:
    """A finding about the place where a node begins."""
    return Finding(node.start_mark.line + 1, node.start_mark.column + 1, words, is_fatal)


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that this one was probably meant to be; the first of several equally near ones."""
    likeness = {name: SequenceMatcher(None, word[:100].casefold(), name[:100].casefold()).ratio() for name in known}
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= _ALIKE else None


def shown(word: str) -> str:
    """Somebody's text within a sentence: on one line, not too long, and without what a terminal would obey."""
    line = " ".join("".join(char if char.isprintable() else " " for char in word[: _SHOWN * 4]).split())
    return f"{line[:_SHOWN]}…" if len(line) > _SHOWN else line or "nothing"
