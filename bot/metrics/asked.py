"""Which incidents somebody asks about: of how many days, which severity, which boundary; and the time before, to compare with."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.metrics.measured import Measured

DAYS = 90
MOST_DAYS = 3650
BY_CHANGE = "change"
"""The word for those to which a change contributed. A boundary of this name comes before it."""
_SPAN = re.compile(r"(\d{1,4})(d|w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Incidents that were declared in the last `days`, of this severity and with this boundary affected (None: any); `by_change`:
    only those to which a change contributed."""

    days: int = DAYS
    severity: str | None = None
    boundary: str | None = None
    by_change: bool = False

    def since(self, now: datetime) -> datetime:
        """When the time asked about begins."""
        return now - timedelta(days=self.days)

    def before(self, now: datetime) -> datetime:
        """When as long a time before it begins."""
        return now - timedelta(days=2 * self.days)

    def written(self) -> str:
        """As it is typed."""
        return " ".join(
            filter(None, (f"{self.days}d", self.severity, self.boundary, BY_CHANGE if self.by_change else None))
        )

    @property
    def narrowed(self) -> str:
        """By what it is narrowed, in words: `SEV1, checkout, with a change`; nothing when it is not."""
        return ", ".join(filter(None, (self.severity, self.boundary, "with a change" if self.by_change else None)))

    def chosen(self, found: Iterable[Measured], since: datetime, until: datetime) -> list[Measured]:
        """Those that are meant and were declared from `since` on and before `until`."""
        return [one for one in found if since <= one.declared < until and self._means(one)]

    def _means(self, one: Measured) -> bool:
        is_hit = self.boundary is None or self.boundary in one.boundaries
        return is_hit and self.severity in (None, one.severity) and (one.is_by_change or not self.by_change)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A word that is no time, no severity and no boundary; `severities` and `boundaries` are those that there are."""

    word: str
    severities: tuple[str, ...]
    boundaries: tuple[str, ...]


def read(text: str, severities: Sequence[str], boundaries: Sequence[str]) -> Asked | NotUnderstood:
    """What is asked in a few words in any order: `90d` or `12w`, a severity, the id of a boundary, or `change`."""
    asked = Asked()
    for word in text.split():
        folded = word.casefold()
        severity = next((name for name in severities if name.casefold() == folded), None)
        boundary = next((id for id in boundaries if id.casefold() == folded), None)
        if (days := days_of(word)) is not None:
            asked = replace(asked, days=days)
        elif severity:
            asked = replace(asked, severity=severity)
        elif boundary:
            asked = replace(asked, boundary=boundary)
        elif folded == BY_CHANGE:
            asked = replace(asked, by_change=True)
        else:
            return NotUnderstood(word, tuple(severities), tuple(boundaries))
    return asked


def days_of(word: str) -> int | None:
    """How many days `90d` or `12w` are, from 1 to ten years; None for anything else."""
    found = _SPAN.fullmatch(word)
    days = int(found[1]) * (7 if found[2].lower() == "w" else 1) if found else 0
    return days if 0 < days <= MOST_DAYS else None
