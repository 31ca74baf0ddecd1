"""A generated year of 300 incidents: every figure is what pandas makes of the same journals in another way."""

from datetime import timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest

from bot.core.decision import SYSTEM, Event
from bot.core.hint_rules import Hint
from bot.core.incident import Phase
from bot.core.learning.postmortem import PostmortemMoved
from bot.core.review import Stage
from bot.core.tracker.hints import HintAnswered, HintGiven
from bot.core.tracker.hypotheses import HypothesisProposed, HypothesisRefuted
from bot.core.tracker.predictions import HypothesisReady
from bot.core.trial import Answer
from bot.metrics.measured import Measured, Standing, measure
from bot.metrics.moments import Time
from bot.metrics.summary import (
    DURATIONS,
    ENOUGH_TO_COMPARE,
    FEWEST,
    RECURS_WITHIN,
    Spread,
    Summary,
    comparable,
    over_since,
    spread,
    summarize,
)
from tests.metrics import by_pandas
from tests.metrics.a_year import END, NEW_YEAR, a_year, policies

COLUMNS = {time: time.value.replace(" ", "_") for time in Time}
CLOSE = timedelta(microseconds=2)


@cache
def journals() -> list[list[Event]]:
    """What happened in each incident of the year."""
    return a_year()


@cache
def year() -> tuple[list[Measured], Summary, pd.DataFrame]:
    """The year, measured by us, summed up by us, and measured by pandas."""
    found = [measure(events, policies(), END) for events in journals()]
    return found, summarize(found, over_since(found)), by_pandas.measured(by_pandas.frame(journals()), END)


def stages(number: int) -> set[Stage]:
    """Those at which the postmortem of an incident ever was."""
    return {event.to for event in journals()[number - 1] if isinstance(event, PostmortemMoved)}


def counted() -> pd.DataFrame:
    """Those that count."""
    _, _, theirs = year()
    return theirs[theirs["standing"] == "counted"]


def agree(ours: Spread, theirs: pd.Series) -> None:
    """The same n, median, ninth decile and mean; nothing but n below the least number."""
    theirs = pd.to_timedelta(theirs.dropna())
    assert ours.n == len(theirs)
    if len(theirs) < FEWEST:
        assert (ours.median, ours.p90, ours.mean) == (None, None, None)
        return
    assert ours.median is not None and ours.p90 is not None and ours.mean is not None
    assert abs(ours.median - theirs.median()) < CLOSE
    assert abs(ours.p90 - theirs.quantile(0.9)) < CLOSE
    assert abs(ours.mean - theirs.mean()) < CLOSE


def test_the_year_has_something_of_everything():
    found, summary, _ = year()
    assert len(found) == 300
    assert set(summary.left_out) == set(Standing) - {Standing.COUNTED}
    assert summary.incidents > 150 and summary.open > 0
    assert min(figure.n for figure in summary.durations.values()) > 50
    assert 0 < summary.promises.part < summary.promises.of
    for share in (summary.relapses, summary.recurrences, summary.customers_first, summary.tests):
        assert 0 < share.part < share.of
    assert min(summary.refused, summary.waived, summary.prompts, summary.snoozed) > 0
    assert sum(one.is_by_change for one in found) > 20
    taken_back = [one for one in found if Time.PUBLISHED not in one.times and Stage.PUBLISHED in stages(one.number)]
    assert len(taken_back) > 5


def test_each_incident_counts_or_does_not_for_the_same_reason():
    found, _, theirs = year()
    assert [one.standing.value for one in found] == list(theirs["standing"])
    assert [one.severity for one in found] == list(theirs["severity"])
    assert [one.is_open for one in found] == list(theirs["is_open"])
    assert [one.is_by_change for one in found] == list(theirs["by_change"])


@pytest.mark.parametrize("time", Time)
def test_each_time_is_the_same(time: Time):
    found, _, theirs = year()
    ours = [one.times[time].at if time in one.times else None for one in found]
    assert ours == [None if pd.isna(at) else at for at in theirs[COLUMNS[time]]]


@pytest.mark.parametrize("name", DURATIONS)
def test_each_duration_is_the_same(name: str):
    _, summary, _ = year()
    start, end = (COLUMNS[time] for time in DURATIONS[name])
    theirs = counted()
    took = pd.to_datetime(theirs[end], utc=True) - pd.to_datetime(theirs[start], utc=True)
    took = took[took >= pd.Timedelta(0)]
    agree(summary.durations[name], took)
    guessed = pd.Series(False, took.index)
    for column in (start, end):
        if column in ("started", "detected"):
            guessed |= theirs.loc[took.index, f"{column}_guessed"].astype(bool)
    assert summary.durations[name].estimated == guessed.sum()


@pytest.mark.parametrize("phase", Phase)
def test_the_time_in_each_phase_is_the_same(phase: Phase):
    _, summary, _ = year()

    def took(row: Any) -> Any:
        entered = [*row["entered"].items(), ("", row["left"])]
        names = [name for name, _ in entered]
        if phase.value not in names:
            return None
        place = names.index(phase.value)
        return entered[place + 1][1] - entered[place][1]

    agree(summary.phases[phase], counted().apply(took, axis=1))


def test_the_same_promises_were_owed_and_kept():
    found, summary, theirs = year()
    for one, owed in zip(found, theirs["owed"], strict=True):
        mine = sorted((o.audience, o.due, o.severity or "", o.sent or END, o.is_kept) for o in one.owed)
        other = sorted(
            (
                o["audience"],
                o["due"],
                o["severity"] or "",
                o["sent"] or END,
                bool(o["sent"] and o["sent"] <= o["latest"]),
            )
            for o in owed
        )
        assert mine == other, one.number
    table = pd.DataFrame([owed for some in counted()["owed"] for owed in some])
    table["kept"] = table["sent"] <= table["latest"]
    assert (summary.promises.part, summary.promises.of) == (table["kept"].sum(), len(table))
    by = table.fillna({"severity": ""}).groupby(["audience", "severity"])["kept"]
    assert {key: (share.part, share.of) for key, share in summary.promises_by.items()} == {
        key: (kept, of) for key, kept, of in zip(by.sum().index, by.sum(), by.count(), strict=True)
    }
    agree(summary.lateness, (table["sent"] - table["due"]).dropna().clip(lower=pd.Timedelta(0)))


def test_the_longest_silence_is_the_same():
    found, summary, theirs = year()
    assert [one.silence for one in found] == [None if pd.isna(gap) else gap for gap in theirs["silence"]]
    assert summary.silence == counted()["silence"].dropna().max()


def test_relapses_and_recurrences_are_the_same():
    _, summary, theirs = year()
    mine = counted()
    contained = mine[mine["contained"].notna()]
    assert (summary.relapses.part, summary.relapses.of) == ((contained["relapses"] > 0).sum(), len(contained))
    agree(summary.relapsed, mine[mine["relapses"] > 0]["returned"])
    over = (
        theirs["resolved"]
        .fillna(theirs["left"])
        .where(theirs["resolved"].notna() | ~theirs["is_open"], theirs["declared"])
    )
    again = [
        any(number in over.index and row["declared"] - over[number] <= RECURS_WITHIN for number in row["recurs"])
        for _, row in mine.iterrows()
    ]
    assert (summary.recurrences.part, summary.recurrences.of) == (sum(again), len(mine))


def test_sources_tests_friction_and_load_are_the_same():
    _, summary, _ = year()
    mine = counted()
    known = mine["source"].dropna()
    assert (summary.customers_first.part, summary.customers_first.of) == ((known == "customer").sum(), len(known))
    took = pd.Series([took for some in mine["tests"] for took in some], dtype="timedelta64[us]")
    assert (summary.tests.part, summary.tests.of) == (took.notna().sum(), len(took))
    assert (summary.unpredicted.part, summary.unpredicted.of) == (mine["unpredicted"].sum(), len(took))
    agree(summary.results, took)
    for name in ("refused", "waived", "prompts", "snoozed"):
        assert getattr(summary, name) == mine[name].sum()
    done = mine[mine["resolved"].notna() & (mine["responders"] > 0)]
    hours = (pd.to_datetime(done["resolved"]) - pd.to_datetime(done["detected"])).dt.total_seconds() / 3600
    assert summary.prompts_an_hour == pytest.approx(done["prompts"].sum() / (hours * done["responders"]).sum())
    assert summary.most_roles == mine["most_roles"].max()
    assert summary.most_tasks == mine["most_tasks"].max() == 1


def test_hints_are_prompts_that_are_answered_or_put_off():
    """The policies of the year give none."""
    hint, later = Hint.NOTHING_TESTED, NEW_YEAR + timedelta(minutes=30)
    given = [HintGiven(at=NEW_YEAR, actor=SYSTEM, number=number, hint=hint, about=str(number)) for number in (1, 2, 3)]
    answers = [
        HintAnswered(at=NEW_YEAR, actor="UBOB", number=1, hint=hint, answer=Answer.DONE),
        HintAnswered(at=NEW_YEAR, actor="UBOB", number=2, hint=hint, answer=Answer.LATER, until=later),
    ]
    before = measure(journals()[0], policies(), END).friction
    after = measure([*journals()[0], *given, *answers], policies(), END).friction
    assert (after.prompts, after.answered, after.snoozed) == (before.prompts + 3, 1, before.snoozed + 1)


def test_what_one_person_has_to_test_counts_until_it_has_turned_out():
    """In the year each is tested by whoever has nothing else to test."""

    def proposed(number: int) -> Event:
        return HypothesisProposed(
            at=NEW_YEAR, actor="UBOB", hypothesis=number, statement=f"Idea {number}", boundary=None
        )

    def for_bob(number: int) -> Event:
        return HypothesisReady(at=NEW_YEAR, actor="UBOB", hypothesis=number, assignee="UBOB")

    refuted = HypothesisRefuted(at=NEW_YEAR, actor="UBOB", hypothesis=3, why="It is not")
    events = [*map(proposed, (1, 2, 3, 4)), for_bob(3), for_bob(1), refuted, for_bob(2), proposed(5)]
    assert measure([journals()[0][0], *events], policies(), END).most_tasks == 2
    assert measure([journals()[0][0], *events, for_bob(4)], policies(), END).most_tasks == 3


def test_nothing_is_said_of_four_and_something_of_five():
    minute = timedelta(minutes=1)
    four, five = spread([minute] * 4), spread([minute, minute, 2 * minute, 3 * minute, 9 * minute])
    assert (four.n, four.median, four.p90, four.mean) == (4, None, None, None)
    assert (five.n, five.median, five.p90) == (5, 2 * minute, 6.6 * minute)


def test_fewer_than_twenty_on_a_side_are_not_compared():
    assert not comparable(Spread(ENOUGH_TO_COMPARE), Spread(ENOUGH_TO_COMPARE - 1))
    assert comparable(Spread(ENOUGH_TO_COMPARE), Spread(ENOUGH_TO_COMPARE))


def test_what_became_of_action_items_is_the_same():
    _, summary, _ = year()
    items = pd.concat(list(counted()["to_do"]), ignore_index=True)
    kept = items[items["stands"] != "ActionDropped"]
    is_verified = kept["stands"] == "ActionVerified"
    due = kept[is_verified | (kept["today"] > kept["due"])]
    in_time = due[(due["stands"] == "ActionVerified") & (due["then"] <= due["due"])]
    assert (summary.actions_in_time.part, summary.actions_in_time.of) == (len(in_time), len(due))
    for days, share in summary.actions_within.items():
        old = kept[pd.to_datetime(kept["added"]) <= END - timedelta(days=days)]
        took = pd.to_datetime(old["verified"], utc=True) - pd.to_datetime(old["added"])
        assert (share.part, share.of) == ((took <= timedelta(days=days)).sum(), len(old))
    late = kept[(kept["stands"] == "proposed") & (kept["today"] > kept["due"])]
    age = pd.to_datetime(late["today"]) - pd.to_datetime(late["due"])
    assert (summary.actions.overdue, summary.actions.longest) == (len(late), age.max().to_pytimedelta())
    assert (summary.actions.items, summary.actions.dropped) == (len(items), len(items) - len(kept))
    assert summary.actions.slips == items["slips"].sum()
    assert min(len(in_time), len(due) - len(in_time), len(late), summary.actions.dropped, summary.actions.slips) > 10
