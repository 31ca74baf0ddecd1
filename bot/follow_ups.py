"""The reads behind lists of action items across incidents, and behind what concerns one person. Raises StoreUnavailable."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.core.incident import Incident
from bot.core.learning.action_checks import is_overdue
from bot.core.policy import Policy
from bot.metrics.month import Month, month_of
from bot.store import journal, queries
from bot.store.actions import Line, listed_actions
from bot.store.database import Transaction

_AHEAD = timedelta(days=1)
"""Somewhere it is tomorrow already."""

Reading = Callable[[], AbstractAsyncContextManager[Transaction]]


class FollowUps:
    """Finds action items of one workspace, and reads what they say from their incidents."""

    def __init__(
        self, reading: Reading, policy: Callable[[Transaction, str], Awaitable[Policy]], clock: Clock, team: str
    ) -> None:
        self._reading, self._policy, self._clock, self._team = reading, policy, clock, team

    async def listed(self, *, viewer: str, of: Collection[str] | None = None, overdue: bool = False) -> list[Line]:
        """The open action items of these people (None: of all) that this person may see, the soonest due first; only those whose
        day has passed where their assignee is, if that is asked for."""
        now = self._clock.now()
        async with self._reading() as tx:
            until = (now + _AHEAD).date() if overdue else None
            found = await listed_actions(tx, self._team, viewer, of=of, due_until=until)
            if not overdue:
                return found
            there = {number: await self._load(tx, number) for number in {one.incident for one in found}}
        return [one for one in found if is_overdue(there[one.incident], there[one.incident].action(one.number), now)]

    async def month(self, of: Collection[str] | None, since: datetime, until: datetime) -> Month:
        """How the action items of these people (None: of all) stand, and what this time came to."""
        async with self._reading() as tx:
            found = await listed_actions(tx, self._team, "", of=of, also_verified=True)
            there = {number: await self._load(tx, number) for number in {one.incident for one in found}}
        return month_of([(there[one.incident], one.number) for one in found], since, until)

    async def shown(self, lines: Sequence[Line]) -> list[tuple[Incident, int, Policy]]:
        """The incident, number and policy of each of these."""
        async with self._reading() as tx:
            there = {number: await self._load(tx, number) for number in {one.incident for one in lines}}
            policies = {number: await self._policy(tx, incident.policy) for number, incident in there.items()}
        return [(there[one.incident], one.number, policies[one.incident]) for one in lines]

    async def incidents_of(self, person: str, most: int) -> list[tuple[Incident, Policy]]:
        """The open incidents in which this person has a role, or which they declared, the newest first."""
        async with self._reading() as tx:
            numbers = [one.number for one in await queries.open_incidents(tx, self._team, person)]
            found = list[tuple[Incident, Policy]]()
            for number in reversed(numbers):
                incident = await self._load(tx, number)
                holds = any(seat.user == person for seat in incident.seats.values())
                if (holds or incident.declared_by == person) and len(found) < most:
                    found.append((incident, await self._policy(tx, incident.policy)))
        return found

    async def _load(self, tx: Transaction, number: int) -> Incident:
        incident = await journal.load(tx, self._team, number)
        assert incident is not None, f"an action item of {number}, which does not exist"
        return incident
