"""Weekly summaries: when one is due by the clock on the wall of a time zone, and which week it tells of. Pure."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from bot.core.value import Value

A_WEEK = timedelta(days=7)
NOT_LATER_THAN = timedelta(days=2)
"""A summary that could not be posted for so long is not posted any more."""


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone") from error
    return name


Zone = Annotated[str, Field(max_length=60), AfterValidator(_known)]
Channel = Annotated[str, Field(pattern=r"^(#[^\s#A-Z]{1,80}|[CG][A-Z0-9]{6,})$")]


class Weekly(Value):
    """This channel reads a summary of the week, each week on this day at this hour of this time zone."""

    channel: Channel
    day: Weekday
    hour: Annotated[int, Field(ge=0, le=23)]
    zone: Zone


def latest_due(plan: Weekly, now: datetime) -> datetime:
    """When the last summary was due at `now`: on the day and at the hour that the clock on the wall shows. An hour that the clock
    leaps over is the one after it, and of one that comes twice it is the first."""
    here = now.astimezone(ZoneInfo(plan.zone))
    back = (here.weekday() - list(Weekday).index(plan.day)) % 7
    due = _at(plan, here, back)
    return due if due <= now else _at(plan, here, back + 7)


def week_before(plan: Weekly, due: datetime) -> datetime:
    """When the week began of which the summary tells that is due then: a week ago by the calendar, whatever clocks did."""
    return _at(plan, due.astimezone(ZoneInfo(plan.zone)), 7)


def _at(plan: Weekly, here: datetime, days_ago: int) -> datetime:
    day = here.date() - timedelta(days=days_ago)
    return datetime.combine(day, time(plan.hour), ZoneInfo(plan.zone)).astimezone(UTC)
