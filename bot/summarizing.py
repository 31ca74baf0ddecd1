"""What a week came to, read from the journal, and which summaries are to be posted. Drills and private incidents are no part of it:
everybody in the channel reads it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock, wire
from bot.core.weeks import A_WEEK, NOT_LATER_THAN, Weekly, latest_due, week_before
from bot.measuring import Measuring
from bot.metrics.measured import Standing
from bot.store import summaries
from bot.store.database import Database

HELD_SECONDS = 60.0
"""So long nobody else posts what one bot is posting."""
BEGAN_BEFORE = 8 * A_WEEK
"""So long before the week an incident may have begun whose updates count in it."""


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


class Summaries:
    """The weekly summaries of one workspace."""

    def __init__(self, database: Database, clock: Clock, team: str, measuring: Measuring) -> None:
        self._database, self._clock, self._team, self._measuring = database, clock, team, measuring
        self._settled: set[tuple[str, datetime]] = set()

    async def due(self, plans: tuple[Weekly, ...]) -> list[tuple[Weekly, datetime]]:
        """Those that are due and were not posted, each with its time. Raises what the database raises."""
        now = self._clock.now()
        times = [(plan, latest_due(plan, now)) for plan in plans]
        open_ones = [
            (plan, at) for plan, at in times if now - at <= NOT_LATER_THAN and (plan.channel, at) not in self._settled
        ]
        if not open_ones:
            return []
        async with self._database.read() as tx:
            done = [await summaries.is_settled(tx, self._team, plan.channel, at) for plan, at in open_ones]
        self._settled |= {(plan.channel, at) for (plan, at), is_done in zip(open_ones, done, strict=True) if is_done}
        return [one for one, is_done in zip(open_ones, done, strict=True) if not is_done]

    async def take(self, plan: Weekly, due: datetime) -> bool:
        """Whether it is ours to post now."""
        async with self._database.write() as tx:
            return await summaries.take(tx, self._team, plan.channel, due, wire(), HELD_SECONDS)

    async def settle(self, plan: Weekly, due: datetime, ts: str) -> None:
        """It was posted; with an empty timestamp, given up."""
        async with self._database.write() as tx:
            await summaries.settle(tx, self._team, plan.channel, due, ts)

    async def week(self, plan: Weekly, due: datetime) -> Week:
        """What the week came to that ended then."""
        since = week_before(plan, due)
        found = await self._measuring.measured(since - BEGAN_BEFORE, viewer="", with_private=False)
        real = [one for one in found if one.standing in (Standing.COUNTED, Standing.CONTRADICTORY)]
        began = [one for one in real if since <= one.declared < due]
        owed = [promise for one in real for promise in one.owed if since <= promise.due < due]
        return Week(
            since=since,
            until=due,
            began=Counter(one.severity for one in began),
            still_open=tuple(one.number for one in real if one.is_open and one.declared < due),
            promised=len(owed),
            kept=sum(promise.is_kept for promise in owed),
            late=sum(promise.sent is not None and not promise.is_kept for promise in owed),
        )
