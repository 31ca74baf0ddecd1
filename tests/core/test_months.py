"""When a monthly digest is due, and what it says: by the clock on the wall, and of nobody by name."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from bot.core.action_item import ActionItem, ActionState
from bot.core.incident import Incident, Phase
from bot.core.months import Monthly, latest_month, month_before
from bot.metrics.month import Oldest, month_of
from bot.slack.messages.monthly import monthly
from tests.core.given import BOB, in_phase

BERLIN = Monthly.model_validate(
    {"channel": "#payments", "team": "@payments-oncall", "day": 1, "hour": 9, "zone": "Europe/Berlin"}
)
UNTIL = datetime(2026, 12, 1, 8, tzinfo=UTC)
SINCE = datetime(2026, 11, 1, 8, tzinfo=UTC)


def utc(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """A moment."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(12, 1, 8), utc(12, 1, 8)),
        (utc(12, 1, 7, 59), utc(11, 1, 8)),
        (utc(1, 1, 7, 59), utc(12, 1, 8, year=2025)),
        (utc(4, 20, 0), utc(4, 1, 7)),  # summer time
        (utc(4, 1, 6, 59), utc(3, 1, 8)),
    ],
)
def test_a_digest_is_due_when_the_clock_on_the_wall_says_so_and_months_join(now, due):
    assert latest_month(BERLIN, now) == due
    assert latest_month(BERLIN, due - timedelta(seconds=1)) == month_before(BERLIN, due)


@pytest.mark.parametrize("wrong", [{"day": 0}, {"day": 29}, {"zone": "Europe/Atlantis"}, {"team": "payments"}])
def test_a_day_that_some_month_lacks_is_none_and_a_team_is_a_group(wrong):
    with pytest.raises(ValidationError):
        Monthly.model_validate(BERLIN.model_dump() | wrong)


def item(state: ActionState, added: int, since: int, due: date = date(2027, 1, 1)) -> ActionItem:
    """One that was added and came to this state so many days before the digest."""
    then, now = UNTIL - timedelta(days=added), UNTIL - timedelta(days=since)
    return ActionItem(what="Test every card", assignee=BOB, due=due, state=state, added_at=then, since=now)


def with_all(*items: ActionItem) -> Incident:
    """An incident with these action items."""
    return in_phase(Phase.POSTMORTEM).but(action_items=items)


def every(*incidents: Incident) -> list[tuple[Incident, int]]:
    """All their action items."""
    return [(one, number) for one in incidents for number in range(1, len(one.action_items) + 1)]


def test_it_counts_what_is_open_overdue_and_was_verified_in_that_month():
    one = with_all(
        item(ActionState.ACCEPTED, 40, 30),
        item(ActionState.STARTED, 70, 60, due=date(2026, 11, 20)),
        item(ActionState.DONE, 90, 1, due=date(2026, 11, 20)),
        item(ActionState.VERIFIED, 50, 5),
        item(ActionState.VERIFIED, 50, 31),
        item(ActionState.DROPPED, 50, 5),
    )
    hidden = [with_all(item(ActionState.ACCEPTED, 400, 30)).but(**{name: True}) for name in ("is_private", "is_drill")]
    month = month_of(every(one, *hidden), SINCE, UNTIL)
    assert (month.open, month.overdue, month.verified) == (3, 1, 1), (
        "what is done waits to be verified, and is not late"
    )
    assert month.oldest == Oldest("INC-1", 3, UNTIL - timedelta(days=90))
    said = monthly(month, BERLIN).text
    assert said == (
        "Action items of @payments-oncall, 1 November to 1 December: 3 are open, 1 of them overdue. The oldest, *A3* of INC-1, "
        "has been open for 90 days. 1 was verified. `/incident actions team` shows them."
    )
    assert "Test every card" not in said and BOB not in said


def test_where_there_are_none_it_says_so():
    assert monthly(month_of([], SINCE, UNTIL), BERLIN.but(team=None)).text == (
        "Action items, 1 November to 1 December: None is open. None was verified."
    )
