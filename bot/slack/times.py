"""Reads the times that people type. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

LONGEST_AGO = timedelta(days=366)
"""What lies farther back is a slip of the finger."""

_TIME = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[ T]+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?: ?(?P<half>[ap])(?:\.?m\.?)?)?", re.I
)


_ABOUT = re.compile(r"(?:about|around|approximately|approx\.?|circa|ca\.?|~)\s*", re.I)


def read_estimate(text: str) -> tuple[bool, str]:
    """Whether somebody says that a time is estimated, as in `about 14:05` or `~14:05`; and what is left without that word."""
    found = _ABOUT.match(text.strip())
    return (found is not None, text.strip()[found.end() :] if found else text)


def read_past_time(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The time that somebody in this zone means by `14:05`, `2:05 pm` or `2026-11-23 14:05`, in UTC; None when it is none.
    Without a day it is the latest such time that is not in the future; with one it may be. A time that the clocks skipped that
    day is none."""
    found = _TIME.fullmatch(text.strip())
    clock = _clock(found) if found else None
    if found is None or clock is None:
        return None
    if found["day"]:
        moments = [at for at in _at(_day(found["day"]), clock, zone) if at > now - LONGEST_AGO]
        return max((at for at in moments if at <= now), default=max(moments, default=None))
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in range(3))
    return max((at for day in days for at in _at(day, clock, zone) if at <= now), default=None)


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _at(day: date | None, clock: time, zone: tzinfo) -> list[datetime]:
    """The moments at which this zone's clocks show this time on this day: one, two when they are set back, none when they skip
    it."""
    if day is None:
        return []
    local = [datetime.combine(day, clock, zone).replace(fold=fold) for fold in (0, 1)]
    try:
        moments = {at.astimezone(UTC) for at in local}
        return [at for at in moments if at.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, clock)]
    except OverflowError:  # the first and the last day there are
        return []


def written_day(day: date) -> str:
    """1 December 2026: a day as people read it, whatever their zone."""
    return f"{day.day} {day:%B} {day.year}"
