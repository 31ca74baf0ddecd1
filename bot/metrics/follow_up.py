"""What became of action items (domain rules, §8.2): whether they were verified by the day on which they were due, how late those
are that were not, and how often they were moved. What was dropped stands apart, so that dropping makes no figure better. It is
never about a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.action_item import ActionItem, ActionState
from bot.core.incident import Incident
from bot.core.learning.working_hours import day_there

COHORTS = (30, 60, 90)
"""Days after which it is looked how many have been verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp:
    """One action item: when it was added, the day on which it is due, when it was verified, how often it was moved to a later day,
    and how long it is overdue. `is_due`: its day has passed where its assignee is, or it was verified. `ages`: of the days of
    `COHORTS`, those that have passed since it was added."""

    added: datetime
    due: date
    verified: datetime | None
    verified_in_time: bool
    is_dropped: bool
    is_due: bool
    slips: int
    overdue_for: timedelta | None
    ages: tuple[int, ...]

    @property
    def is_settled(self) -> bool:
        """Whether time changes nothing about it any more."""
        return self.is_dropped or (self.verified is not None and len(self.ages) == len(COHORTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Many of them: so many, of which so many were dropped; those that came due and were verified in time (`part`, `of`); by days,
    how many of those that are old enough were verified within that time; how many are overdue, the longest for how long; and how
    often days were moved."""

    items: int
    dropped: int
    in_time: tuple[int, int]
    within: Mapping[int, tuple[int, int]]
    overdue: int
    longest: timedelta | None
    slips: int


def followed_up(incident: Incident, now: datetime) -> tuple[FollowedUp, ...]:
    """The action items of an incident, as they stand at `now`. Those of journals that do not say when they were added count from
    the declaration."""
    return tuple(_one(incident, item, now) for item in incident.action_items)


def _one(incident: Incident, item: ActionItem, now: datetime) -> FollowedUp:
    zone = incident.zones.get(item.assignee)
    added = item.added_at or incident.declared_at
    verified = item.since if item.state is ActionState.VERIFIED else None
    late = day_there(now, zone) - item.due
    return FollowedUp(
        added=added,
        due=item.due,
        verified=verified,
        verified_in_time=verified is not None and day_there(verified, zone) <= item.due,
        is_dropped=item.state is ActionState.DROPPED,
        is_due=verified is not None or late > timedelta(),
        slips=item.slips,
        overdue_for=late if item.state.is_owed and late > timedelta() else None,
        ages=tuple(days for days in COHORTS if now - added >= timedelta(days=days)),
    )


def summed_up(items: Iterable[FollowedUp]) -> FollowUp:
    """All of them together."""
    found = list(items)
    kept = [one for one in found if not one.is_dropped]
    due = [one for one in kept if one.is_due]
    overdue = [one.overdue_for for one in kept if one.overdue_for]
    return FollowUp(
        items=len(found),
        dropped=len(found) - len(kept),
        in_time=(sum(one.verified_in_time for one in due), len(due)),
        within={days: _within(kept, days) for days in COHORTS},
        overdue=len(overdue),
        longest=max(overdue, default=None),
        slips=sum(one.slips for one in found),
    )


def _within(kept: list[FollowedUp], days: int) -> tuple[int, int]:
    old = [one for one in kept if days in one.ages]
    soon = [one for one in old if one.verified and one.verified - one.added <= timedelta(days=days)]
    return len(soon), len(old)
