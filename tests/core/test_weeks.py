"""When a weekly summary is due: by the clock on the wall, also when that is set."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from bot.core.weeks import Weekly, latest_due, week_before

BERLIN = Weekly.model_validate({"channel": "#incidents", "day": "monday", "hour": 9, "zone": "Europe/Berlin"})


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(11, 23, 8), utc(11, 23, 8)),
        (utc(11, 23, 7, 59), utc(11, 16, 8)),
        (utc(11, 29, 23), utc(11, 23, 8)),
        (utc(3, 30, 7), utc(3, 30, 7)),  # summer time began the day before: nine o'clock comes an hour sooner
        (utc(3, 30, 6, 59), utc(3, 23, 8)),
        (utc(10, 26, 7, 59), utc(10, 19, 7)),  # and ended the day before
        (utc(10, 26, 8), utc(10, 26, 8)),
    ],
)
def test_a_summary_is_due_when_the_clock_on_the_wall_says_so(now, due):
    assert latest_due(BERLIN, now) == due


@pytest.mark.parametrize(("due", "hours"), [(utc(11, 23, 8), 168), (utc(3, 30, 7), 167), (utc(10, 26, 8), 169)])
def test_the_week_it_tells_of_is_one_of_the_calendar_and_weeks_join(due, hours):
    began = week_before(BERLIN, due)
    assert due - began == timedelta(hours=hours)
    assert latest_due(BERLIN, due - timedelta(seconds=1)) == began


@pytest.mark.parametrize(
    ("zone", "day", "hour", "now", "due"),
    [
        ("Europe/Berlin", "sunday", 2, utc(3, 29, 12), utc(3, 29, 1)),  # two o'clock is leapt over
        ("Europe/Berlin", "sunday", 2, utc(10, 25, 12), utc(10, 25, 0)),  # two o'clock comes twice: the first one
        ("Asia/Kolkata", "friday", 0, utc(11, 26, 18, 30), utc(11, 26, 18, 30)),
        ("Pacific/Kiritimati", "monday", 9, utc(11, 22, 19), utc(11, 22, 19)),
    ],
)
def test_an_hour_that_is_leapt_over_or_comes_twice_is_one_moment(zone, day, hour, now, due):
    plan = Weekly.model_validate({"channel": "#incidents", "day": day, "hour": hour, "zone": zone})
    assert latest_due(plan, now) == due


def test_a_zone_that_there_is_not_is_no_plan():
    with pytest.raises(ValidationError, match="no such time zone"):
        Weekly.model_validate({"channel": "#incidents", "day": "monday", "hour": 9, "zone": "Europe/Atlantis"})
