"""When somebody is at work: in their own time zone, on days that are no weekend there. Pure: the zone is given by its name, and
what the tz database says of it is that of the `tzdata` package. Nothing that is folded from events hangs on it."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.core.policy import Policy

_DAY = timedelta(days=1)


@cache
def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of this name; UTC when there is none, or nobody knows it."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def opening(day: date, zone: str | None, policy: Policy) -> datetime:
    """When work begins on this day there, in UTC. A day on which clocks are set has its own offset."""
    return _at(day, policy.work_from_hour, zone)


def _at(day: date, hour: int, zone: str | None) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone_of(zone)).astimezone(UTC)


def is_working_day(day: date, policy: Policy) -> bool:
    """Whether people work on this day of the week."""
    return f"{day:%A}" not in policy.weekend


def working_day_until(day: date, policy: Policy) -> date:
    """This day, or the last one before it on which people work."""
    while not is_working_day(day, policy):
        day -= _DAY
    return day


def working_day_from(day: date, policy: Policy) -> date:
    """This day, or the next one on which people work."""
    while not is_working_day(day, policy):
        day += _DAY
    return day


def at_work_from(at: datetime, zone: str | None, policy: Policy) -> datetime:
    """The first time from `at` on at which somebody there is at work."""
    day = at.astimezone(zone_of(zone)).date()
    if is_working_day(day, policy):
        begins, ends = opening(day, zone, policy), _at(day, policy.work_to_hour, zone)
        if at < ends:
            return max(at, begins)
        day += _DAY
    return opening(working_day_from(day, policy), zone, policy)


def day_there(at: datetime, zone: str | None) -> date:
    """Which day it is there."""
    return at.astimezone(zone_of(zone)).date()
