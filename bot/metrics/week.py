"""What a week came to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.metrics.measured import Measured, Standing


@dataclass(frozen=True, slots=True)
class Week:
    """From when until when; how many incidents began by severity (None: never set), the numbers of those that are open still; how
    many updates were promised for this time, kept, and sent late, and how many never came."""

    since: datetime
    until: datetime
    began: Mapping[str | None, int]
    still_open: tuple[int, ...]
    promised: int
    kept: int
    late: int

    @property
    def missed(self) -> int:
        """How many updates were promised and never sent."""
        return self.promised - self.kept - self.late


def week_of(found: Iterable[Measured], since: datetime, until: datetime) -> Week:
    """What these incidents were in the time from `since` to before `until`. Drills, and what was cancelled or merged, are none."""
    real = [one for one in found if one.standing in (Standing.COUNTED, Standing.CONTRADICTORY)]
    owed = [promise for one in real for promise in one.owed if since <= promise.due < until]
    return Week(
        since=since,
        until=until,
        began=Counter(one.severity for one in real if since <= one.declared < until),
        still_open=tuple(one.number for one in real if one.is_open and one.declared < until),
        promised=len(owed),
        kept=sum(promise.is_kept for promise in owed),
        late=sum(promise.sent is not None and not promise.is_kept for promise in owed),
    )
