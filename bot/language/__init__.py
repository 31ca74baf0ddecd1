"""What makes an update plain: rules about its words, and what could stand there instead. Knows words, and nothing of incidents,
Slack or time.

`check` finds, `apply` puts chosen replacements in place. `rules` has the table of the rules; `english`, `german`, `spanish` and
`japanese` have the wordings that some of them look for.
"""

from bot.language.checking import apply, check, errors
from bot.language.finding import Facts, Finding, Language, Level, NextUpdate, Style
from bot.language.glossary import Glossary, Term
from bot.language.record import share
from bot.language.rules import broken, named

__all__ = [
    "Facts",
    "Finding",
    "Glossary",
    "Language",
    "Level",
    "NextUpdate",
    "Style",
    "Term",
    "apply",
    "broken",
    "check",
    "errors",
    "named",
    "share",
]
