"""Whether two hypotheses say nearly the same: the words they share, of those that mean something."""

import re
from functools import lru_cache

from bot.core.incident import Hypothesis, Incident
from bot.core.tracker.boundaries import where

_WORD = re.compile(r"\w+")
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s")
_SHORTEST = 4
"""So many letters of a word stay when an ending is taken off."""
SAYS_LITTLE = frozenset(
    (
        *(
            "a",
            "an",
            "and",
            "any",
            "are",
            "as",
            "at",
            "be",
            "been",
            "because",
            "but",
            "by",
            "can",
            "cannot",
            "could",
            "did",
        ),
        *(
            "do",
            "does",
            "for",
            "from",
            "had",
            "has",
            "have",
            "in",
            "is",
            "it",
            "its",
            "may",
            "maybe",
            "might",
            "more",
            "no",
        ),
        *(
            "not",
            "of",
            "on",
            "or",
            "our",
            "since",
            "so",
            "some",
            "that",
            "the",
            "their",
            "there",
            "they",
            "this",
            "to",
            "too",
        ),
        *(
            "was",
            "we",
            "were",
            "when",
            "which",
            "while",
            "will",
            "with",
            "would",
            "wrong",
            "something",
            "think",
            "probably",
        ),
    )
)
"""Words that stand in any statement."""


@lru_cache(maxsize=4096)
def meaning(statement: str) -> frozenset[str]:
    """The words of a statement that mean something, without endings."""
    return frozenset(_stem(word) for word in _WORD.findall(statement.casefold()) if word not in SAYS_LITTLE)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            stem = word.removesuffix(ending)
            return stem[:-1] if len(stem) > _SHORTEST and stem[-1] == stem[-2] else stem
    return word


def repeated(incident: Incident, one: Hypothesis) -> tuple[Hypothesis, ...]:
    """What this hypothesis may repeat: all others but duplicates, those that say most the same first, then the newest."""
    others = (other for other in incident.hypotheses if other.number != one.number and other.same_as is None)
    return tuple(sorted(others, key=lambda other: (-shared(one.statement, other.statement), -other.number)))


def alike(one: Hypothesis, other: Hypothesis) -> int:
    """How much two hypotheses say the same, in a hundred: 0 when they are about different places."""
    if where(one) and where(other) and where(one) != where(other):
        return 0
    return shared(one.statement, other.statement)


def tested_alike(one: Hypothesis, other: Hypothesis) -> int:
    """How much the tests of two hypotheses about one place look at the same thing, in a hundred; 0 where one has none."""
    if where(one) is None or where(one) != where(other) or not one.plan or not other.plan:
        return 0
    return shared(one.plan.how, other.plan.how)


@lru_cache(maxsize=8192)
def shared(one: str, other: str) -> int:
    """The words that both have, of all that either has, in a hundred."""
    first, second = meaning(one), meaning(other)
    return 100 * len(first & second) // len(first | second) if first and second else 0
