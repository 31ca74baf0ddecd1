"""Times as people type them: read in their own zone, as the latest such time that is not in the future."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.times import read_past_time

PARIS, NEW_YORK, TOKYO = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
ZONES = st.sampled_from(
    [PARIS, NEW_YORK, TOKYO, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Auckland")]
)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Paris: 02:00 to 03:00
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Paris: 03:00 to 02:00
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York: 02:00 to 03:00
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York: 02:00 to 01:00
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-3000, 3000)
    ),
)
"""Any moment, with those around a change of the clocks as likely as all others."""
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def written(clock: time, style: str) -> str:
    """A time of day as somebody would type it."""
    return clock.strftime(style).lstrip("0") if style.startswith("%I") else clock.strftime(style)


def shows(zone: ZoneInfo, clock: time, *, since: datetime, until: datetime) -> list[datetime]:
    """Every full minute after `since` and not after `until` at which this zone's clocks show this time, found by looking."""
    minutes = int((until - since).total_seconds() // 60) + 1
    start = until.replace(second=0, microsecond=0)
    looked_at = (start - timedelta(minutes=back) for back in range(minutes))
    return [at for at in looked_at if at > since and at.astimezone(zone).time() == clock]


@given(CLOCKS, MOMENTS, ZONES, st.sampled_from(["%H:%M", "%I:%M %p", "%I:%M%p", "%H.%M"]))
@example(time(2, 30), datetime(2026, 10, 25, 0, 45, tzinfo=UTC), PARIS, "%H:%M")
@example(time(2, 30), datetime(2026, 3, 29, 12, 0, tzinfo=UTC), PARIS, "%H:%M")
@example(time(1, 30), datetime(2026, 11, 1, 6, 15, tzinfo=UTC), NEW_YORK, "%H:%M")
def test_a_time_of_day_is_the_latest_such_time_that_is_not_in_the_future(
    clock: time, now: datetime, zone: ZoneInfo, style: str
) -> None:
    read = read_past_time(written(clock, style), now, zone)
    assert read is not None
    assert read <= now
    assert read.astimezone(zone).time() == clock
    assert now - read < timedelta(hours=49)  # an hour more than a day, and a day more where the clocks skipped it
    assert read == max(shows(zone, clock, since=now - timedelta(hours=49), until=now))


@given(st.dates(date(2000, 1, 1), date(2037, 1, 1)), CLOCKS, ZONES, st.sampled_from([" ", "T", "  "]))
def test_a_time_with_its_day_is_that_time_or_none_when_the_clocks_skipped_it(
    day: date, clock: time, zone: ZoneInfo, between: str
) -> None:
    now = datetime.combine(day, time(0), UTC) + timedelta(days=300)
    read = read_past_time(f"{day.isoformat()}{between}{clock:%H:%M}", now, zone)
    noon = datetime.combine(day, time(12), zone).astimezone(UTC)
    such = shows(zone, clock, since=noon - timedelta(hours=14), until=noon + timedelta(hours=14))
    such = [at for at in such if at.astimezone(zone).date() == day]
    assert read == max(such, default=None)


@pytest.mark.parametrize(
    ("typed", "zone", "read"),
    [
        ("14:05", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        (" 14:05 ", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("16:00", PARIS, datetime(2026, 11, 23, 15, 0, tzinfo=UTC)),  # this very minute
        ("16:01", PARIS, datetime(2026, 11, 22, 15, 1, tzinfo=UTC)),  # yesterday
        ("9:05", NEW_YORK, datetime(2026, 11, 23, 14, 5, tzinfo=UTC)),
        ("09:05", NEW_YORK, datetime(2026, 11, 23, 14, 5, tzinfo=UTC)),
        ("23:50", TOKYO, datetime(2026, 11, 23, 14, 50, tzinfo=UTC)),
        ("00:00", TOKYO, datetime(2026, 11, 23, 15, 0, tzinfo=UTC)),  # there it is the 24th already
        ("2:05 pm", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("2:05PM", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("2:05 p.m.", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("2:05p", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("12:00 am", PARIS, datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),
        ("12:30 pm", PARIS, datetime(2026, 11, 23, 11, 30, tzinfo=UTC)),
        ("14.05", PARIS, datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("2026-11-20 23:50", PARIS, datetime(2026, 11, 20, 22, 50, tzinfo=UTC)),
        ("2026-11-20T23:50", PARIS, datetime(2026, 11, 20, 22, 50, tzinfo=UTC)),
        ("2026-11-20 11:50 pm", PARIS, datetime(2026, 11, 20, 22, 50, tzinfo=UTC)),
        ("2026-12-24 20:00", PARIS, datetime(2026, 12, 24, 19, 0, tzinfo=UTC)),  # the core refuses what has not come
    ],
)
def test_times_are_read_as_people_write_them(typed: str, zone: ZoneInfo, read: datetime) -> None:
    assert read_past_time(typed, NOW, zone) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "now",
        "1405",
        "14",
        "2 pm",
        "24:00",
        "12:60",
        "14:5",
        "14:05:30",
        "-1:05",
        "13:05 pm",
        "0:05 am",
        "14:05 am",
        "2:05 m",
        "14:05 UTC",
        "yesterday 14:05",
        "23 November 14:05",
        "2026-11-23",
        "2026-02-30 14:05",
        "2026-13-01 14:05",
        "2026-11-23T14:05Z",
        "14:05 14:06",
        "<!channel>",
        "9" * 3000,
    ],
)
def test_what_is_no_time_is_none(typed: str) -> None:
    assert read_past_time(typed, NOW, PARIS) is None


@given(st.text(max_size=30))
def test_nothing_that_anybody_types_breaks_it(typed: str) -> None:
    read = read_past_time(typed, NOW, PARIS)
    assert read is None or read.tzinfo is UTC


@given(st.integers(1, 9999), st.sampled_from([(1, 1), (12, 31)]), st.sampled_from(["00:00", "23:59"]), ZONES)
@example(1, (1, 1), "00:00", PARIS)
@example(9999, (12, 31), "23:59", NEW_YORK)
def test_no_day_there_is_breaks_it(year: int, day: tuple[int, int], clock: str, zone: ZoneInfo) -> None:
    read = read_past_time(f"{year:04}-{day[0]:02}-{day[1]:02} {clock}", NOW, zone)
    assert read is None or f"{read.astimezone(zone):%H:%M}" == clock


def test_a_time_that_the_clocks_skipped_today_is_that_of_the_day_before() -> None:
    after_the_change = datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert read_past_time("02:30", after_the_change, PARIS) == datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    assert read_past_time("2026-03-29 02:30", after_the_change, PARIS) is None
    assert read_past_time("2026-03-08 02:30", after_the_change, NEW_YORK) is None


@pytest.mark.parametrize(
    ("now", "read"),
    [
        (datetime(2026, 10, 25, 0, 29, tzinfo=UTC), datetime(2026, 10, 24, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 15, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_twice_is_read_as_the_one_that_was_last(now: datetime, read: datetime) -> None:
    assert read_past_time("02:30", now, PARIS) == read


def test_an_hour_that_comes_twice_is_not_taken_for_the_one_to_come_when_its_day_is_given() -> None:
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45 for the first time
    assert read_past_time("2026-10-25 02:30", between, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
