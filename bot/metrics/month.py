"""How the action items of a team stand, and what a month came to. Pure, and never about a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.action_item import ActionState
from bot.core.incident import Incident
from bot.core.learning.action_checks import is_overdue


@dataclass(frozen=True, slots=True)
class Oldest:
    """The action item that has been open for longest: its incident's name, its number there, and since when."""

    incident: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """From when until when; how many are open at its end and how many of them overdue; the oldest of them; how many were verified
    meanwhile."""

    since: datetime
    until: datetime
    open: int
    overdue: int
    oldest: Oldest | None
    verified: int


def month_of(items: Iterable[tuple[Incident, int]], since: datetime, until: datetime) -> Month:
    """What became of these. Those of drills and of private incidents are none of the channel's business."""
    found = [(incident, number) for incident, number in items if not (incident.is_drill or incident.is_private)]
    open_ones = [(incident, number) for incident, number in found if incident.action(number).state.is_open]
    ages = [_aged(incident, number) for incident, number in open_ones]
    return Month(
        since=since,
        until=until,
        open=len(open_ones),
        overdue=sum(is_overdue(incident, incident.action(number), until) for incident, number in open_ones),
        oldest=min(ages, key=lambda one: (one.since, one.incident, one.number), default=None),
        verified=sum(_was_verified(incident, number, since, until) for incident, number in found),
    )


def _aged(incident: Incident, number: int) -> Oldest:
    return Oldest(incident.name, number, incident.action(number).added_at or incident.declared_at)


def _was_verified(incident: Incident, number: int, since: datetime, until: datetime) -> bool:
    item = incident.action(number)
    return item.state is ActionState.VERIFIED and item.since is not None and since <= item.since < until
