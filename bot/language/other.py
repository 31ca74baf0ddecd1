"""A language of which nothing is known here: only what looks the same everywhere is found, such as mentions, machines and times."""

from bot.language.phrases import NONE
from bot.language.tongue import Times, Tongue

OTHER = Tongue(
    times=Times(
        clock=r"(?<![\d:.,/+])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])",
        zone=r"(?:[A-Z]{3,5}|Z)(?:\s?[+-]\s?\d{1,2})?(?![A-Za-z])",
        joins=r"(?:[^\W\d]{1,6}|[,/–—-]|\s)+",
        relative=NONE,
    )
)
