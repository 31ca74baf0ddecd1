"""What a week or a month came to, read from the journal, and which summaries are to be posted. Drills and private incidents are no
part of it: everybody in the channel reads it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.clock import Clock, wire
from bot.core.months import Monthly, latest_month, month_before
from bot.core.weeks import A_WEEK, NOT_LATER_THAN, Weekly, latest_due, week_before
from bot.follow_ups import FollowUps
from bot.measuring import Measuring
from bot.metrics.month import Month
from bot.metrics.week import Week, week_of
from bot.store import summaries
from bot.store.database import Database

HELD_SECONDS = 60.0
"""So long nobody else posts what one bot is posting."""
BEGAN_BEFORE = 8 * A_WEEK
"""So long before the week an incident may have begun whose updates count in it."""


Plan = Weekly | Monthly


def named(plan: Plan) -> str:
    """By what it is known which summary was posted: a channel may read several."""
    return plan.channel if isinstance(plan, Weekly) else f"{plan.channel} {plan.team or 'all'}"


class Summaries:
    """The weekly summaries and monthly digests of one workspace."""

    def __init__(
        self, database: Database, clock: Clock, team: str, measuring: Measuring, follow_ups: FollowUps
    ) -> None:
        self._database, self._clock, self._team = database, clock, team
        self._measuring, self._follow_ups = measuring, follow_ups
        self._settled: set[tuple[str, datetime]] = set()

    async def due(self, plans: Sequence[Plan]) -> list[tuple[Plan, datetime]]:
        """Those that are due and were not posted, each with its time. Raises what the database raises."""
        now = self._clock.now()
        times = [(plan, _latest(plan, now)) for plan in plans]
        open_ones = [
            (plan, at) for plan, at in times if now - at <= NOT_LATER_THAN and (named(plan), at) not in self._settled
        ]
        if not open_ones:
            return []
        async with self._database.read() as tx:
            done = [await summaries.is_settled(tx, self._team, named(plan), at) for plan, at in open_ones]
        self._settled |= {(named(plan), at) for (plan, at), is_done in zip(open_ones, done, strict=True) if is_done}
        return [one for one, is_done in zip(open_ones, done, strict=True) if not is_done]

    async def take(self, plan: Plan, due: datetime) -> bool:
        """Whether it is ours to post now."""
        async with self._database.write() as tx:
            return await summaries.take(tx, self._team, named(plan), due, wire(), HELD_SECONDS)

    async def release(self, plan: Plan, due: datetime) -> None:
        """It could not be posted now."""
        async with self._database.write() as tx:
            await summaries.release(tx, self._team, named(plan), due)

    async def settle(self, plan: Plan, due: datetime, ts: str) -> None:
        """It was posted; with an empty timestamp, given up."""
        async with self._database.write() as tx:
            await summaries.settle(tx, self._team, named(plan), due, ts)

    async def week(self, plan: Weekly, due: datetime) -> Week:
        """What the week came to that ended then."""
        since = week_before(plan, due)
        found = await self._measuring.measured(since - BEGAN_BEFORE, viewer="", with_private=False)
        return week_of(found, since, due)

    async def month(self, plan: Monthly, due: datetime, people: Collection[str] | None) -> Month:
        """How the action items of these people (None: of all) stand, and what the month came to that ended then."""
        return await self._follow_ups.month(people, month_before(plan, due), due)


def _latest(plan: Plan, now: datetime) -> datetime:
    return latest_due(plan, now) if isinstance(plan, Weekly) else latest_month(plan, now)
