"""Monthly digests of action items: when one is due by the clock on the wall of a time zone, and which month it tells of. Pure."""

from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.core.value import Value
from bot.core.weeks import Channel, Zone

LAST_DAY = 28
"""Every month has this one."""


class Monthly(Value):
    """This channel reads, on this day of each month at this hour of this time zone, how the action items stand of this team: the
    handle or id of a user group. Without a team: all of them."""

    channel: Channel
    day: Annotated[int, Field(ge=1, le=LAST_DAY)]
    hour: Annotated[int, Field(ge=0, le=23)]
    zone: Zone
    team: Annotated[str, Field(pattern=r"^(@\S+|S[A-Z0-9]{6,})$", max_length=100)] | None = None


def latest_month(plan: Monthly, now: datetime) -> datetime:
    """When the last digest was due at `now`, on the day and at the hour that the clock on the wall shows."""
    here = now.astimezone(ZoneInfo(plan.zone)).date()
    due = _at(plan, here)
    return due if due <= now else _at(plan, _month_before(here))


def month_before(plan: Monthly, due: datetime) -> datetime:
    """When the month began of which the digest tells that is due then."""
    return _at(plan, _month_before(due.astimezone(ZoneInfo(plan.zone)).date()))


def _month_before(day: date) -> date:
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def _at(plan: Monthly, month: date) -> datetime:
    """An hour that the clock leaps over is the one after it, and of one that comes twice it is the first."""
    return datetime.combine(month.replace(day=plan.day), time(plan.hour), ZoneInfo(plan.zone)).astimezone(UTC)
