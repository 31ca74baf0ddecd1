"""What a week came to, read from the journal, and which summaries are to be posted. Drills and private incidents are no part of it:
everybody in the channel reads it."""

from datetime import datetime

from bot.clock import Clock, wire
from bot.core.weeks import A_WEEK, NOT_LATER_THAN, Weekly, latest_due, week_before
from bot.measuring import Measuring
from bot.metrics.week import Week, week_of
from bot.store import summaries
from bot.store.database import Database

HELD_SECONDS = 60.0
"""So long nobody else posts what one bot is posting."""
BEGAN_BEFORE = 8 * A_WEEK
"""So long before the week an incident may have begun whose updates count in it."""


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

    async def release(self, plan: Weekly, due: datetime) -> None:
        """It could not be posted now."""
        async with self._database.write() as tx:
            await summaries.release(tx, self._team, plan.channel, due)

    async def settle(self, plan: Weekly, due: datetime, ts: str) -> None:
        """It was posted; with an empty timestamp, given up."""
        async with self._database.write() as tx:
            await summaries.settle(tx, self._team, plan.channel, due, ts)

    async def week(self, plan: Weekly, due: datetime) -> Week:
        """What the week came to that ended then."""
        since = week_before(plan, due)
        found = await self._measuring.measured(since - BEGAN_BEFORE, viewer="", with_private=False)
        return week_of(found, since, due)
