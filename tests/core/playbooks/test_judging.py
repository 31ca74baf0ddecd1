"""Whether a criterion holds, does not, or cannot be told: what is missing is never taken for good."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.core.playbooks.criteria import Criterion, Measure, queries
from bot.core.playbooks.judging import Evidence, Sample, Series, Verdict, falls_due, judge, measured
from tests.core.playbooks.given import NOON, minutes

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
CRITERION: TypeAdapter[Criterion] = TypeAdapter(Criterion)


def criterion(**data: Any) -> Criterion:
    """The criterion that this data says."""
    return CRITERION.validate_python(data)


def series(*values: float, until: float = 10) -> Series:
    """A number a minute, the last of them so many minutes after noon."""
    times = [minutes(until) - timedelta(minutes=back) for back in reversed(range(len(values)))]
    return Series(samples=tuple(Sample(at=at, value=value) for at, value in zip(times, values, strict=True)))


def seen(after: float = 10, since: float = 0, passed: tuple[str, ...] = (), **found: Series) -> Evidence:
    """What was measured so many minutes after noon."""
    return Evidence(at=minutes(after), since=minutes(since), series=found, passed=frozenset(passed))


HIGH = {"kind": "metric", "query": "e", "op": ">", "threshold": 5, "every_seconds": 60, "at_least": 2, "of": 3}


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((9, 9, 9), YES),
        ((1, 9, 9), YES),
        ((9, 9), YES),  # whatever the third would be
        ((1, 1), NO),  # whatever the third would be
        ((1, 9), UNKNOWN),
        ((9,), UNKNOWN),
        ((), UNKNOWN),
        ((9, 9, 1, 1, 1), NO),  # only the last three count
        ((5, 5, 5), NO),
    ],
)
def test_so_many_of_the_last_samples(values, verdict):
    assert judge(criterion(**HIGH), seen(e=series(*values))) is verdict


def test_samples_from_before_the_step_and_out_of_the_window_do_not_count():
    before = seen(since=9.5, e=series(9, 9, 9))
    assert judge(criterion(**HIGH), before) is UNKNOWN
    old = seen(after=20, e=series(9, 9, 9, until=10))
    assert judge(criterion(**HIGH), old) is UNKNOWN


def test_times_within_a_millisecond_are_one_since_samples_know_no_less():
    just_now = criterion(**{**HIGH, "at_least": 1, "of": 1})
    later, whole = timedelta(microseconds=900), minutes(10)
    first = Evidence(at=whole + later, since=whole + later / 2, series={"e": series(9)})
    assert judge(just_now, first) is YES, "the first look, at once after the step began"
    ending = first.but(series={"e": series(9, until=8)}, since=minutes(0))
    assert judge(just_now, ending) is YES, "two looks ago still counts"
    oldest = {"window_minutes": 2, "at_least": 3, "of": 3}
    assert judge(criterion(**{**HIGH, **oldest}), first.but(series={"e": series(9, 9, 9)}, since=minutes(0))) is YES


def test_what_has_stopped_coming_does_not_say_how_things_are_now():
    good = criterion(**{**HIGH, "op": "<"})
    assert judge(good, seen(after=12, e=series(1, 1, 1, until=10))) is YES
    assert judge(good, seen(after=12.1, e=series(1, 1, 1, until=10))) is UNKNOWN
    assert judge(criterion(**WORSE), seen(after=11, e=series(5, until=11), b=series(2), t=series(50))) is YES
    assert judge(criterion(**WORSE), seen(after=12, e=series(5, until=12), b=series(2), t=series(50))) is UNKNOWN


def test_a_query_that_was_not_answered_says_nothing():
    unanswered = series(9, 9, 9).but(was_answered=False)
    assert judge(criterion(**HIGH), seen(e=unanswered)) is UNKNOWN
    assert judge(criterion(**HIGH), seen()) is UNKNOWN


@given(st.lists(st.booleans(), max_size=4), st.integers(1, 4))
def test_it_is_certain_only_if_no_missing_sample_could_change_it(good, at_least):
    measure = Measure.model_validate(
        {"query": "e", "op": "<", "threshold": 1, "every_seconds": 60, "at_least": at_least, "of": 4}
    )
    outcomes = {sum((*good, *rest)) >= at_least for rest in product([True, False], repeat=4 - len(good))}
    expected = UNKNOWN if len(outcomes) == 2 else YES if True in outcomes else NO
    assert measured(measure, seen(e=series(*(0 if one else 2 for one in good)))) is expected


WORSE = {"kind": "baseline", "query": "e", "baseline": "b", "ratio": 2, "traffic": "t", "floor": 10}


@pytest.mark.parametrize(
    ("now", "before", "traffic", "verdict"),
    [
        (5, 2, 50, YES),
        (4, 2, 50, NO),
        (5, 2, 9, UNKNOWN),  # too little traffic to say
        (5, 0, 50, UNKNOWN),  # no ratio to nothing
    ],
)
def test_worse_than_before(now, before, traffic, verdict):
    evidence = seen(e=series(now), b=series(before), t=series(traffic))
    assert judge(criterion(**WORSE), evidence) is verdict


@pytest.mark.parametrize("missing", ["e", "b", "t"])
def test_a_comparison_with_something_missing_says_nothing(missing):
    found: dict[str, Any] = {"e": series(9), "b": series(1), "t": series(50), missing: Series()}
    assert judge(criterion(**WORSE), seen(**found)) is UNKNOWN


def test_so_much_more_than_before():
    more = criterion(kind="baseline", query="e", baseline="b", more_by=0.02)
    assert judge(more, seen(e=series(0.05), b=series(0))) is YES
    assert judge(more, seen(e=series(0.02), b=series(0))) is NO


def test_a_deadline():
    late = criterion(kind="deadline", passed="check", minutes=10)
    assert judge(late, seen(after=9.9)) is NO
    assert judge(late, seen(after=10)) is YES
    assert judge(late, seen(after=10, passed=("check",))) is NO


def test_a_signal_that_is_missing_and_one_that_could_not_be_asked_for():
    gone = criterion(kind="absence", query="s", minutes=5)
    assert judge(gone, seen(s=Series())) is YES
    assert judge(gone, seen(s=series(1, until=6))) is NO
    assert judge(gone, seen(s=series(1, until=5))) is YES
    assert judge(gone, seen(s=Series(was_answered=False))) is UNKNOWN
    assert judge(gone, seen(since=6, s=Series())) is NO  # it has not been looked for that long


SAYS = {YES: series(9), NO: series(1), UNKNOWN: Series()}
LEAF = {"kind": "metric", "op": ">", "threshold": 5}


@pytest.mark.parametrize(("first", "second"), list(product(SAYS, repeat=2)))
def test_any_and_all(first, second):
    both = [{**LEAF, "query": "a"}, {**LEAF, "query": "b"}]
    evidence = seen(a=SAYS[first], b=SAYS[second])
    either = YES if YES in (first, second) else UNKNOWN if UNKNOWN in (first, second) else NO
    each = NO if NO in (first, second) else UNKNOWN if UNKNOWN in (first, second) else YES
    assert judge(criterion(kind="any_of", of=both), evidence) is either
    assert judge(criterion(kind="all_of", of=both), evidence) is each


def test_what_a_person_judges_never_holds_by_itself():
    assert judge(criterion(kind="manual", look_for="it is worse"), seen()) is NO


def test_what_has_to_be_measured():
    both = criterion(kind="any_of", of=[HIGH, WORSE, {"kind": "absence", "query": "s", "minutes": 5}, HIGH])
    assert queries(both) == ("e", "b", "t", "s")


def test_when_deadlines_hold_by_the_passing_of_time():
    early, late = ({"kind": "deadline", "passed": step, "minutes": after} for step, after in (("a", 5), ("b", 9)))
    either, each = criterion(kind="any_of", of=[early, late]), criterion(kind="all_of", of=[early, late])
    nothing: frozenset[str] = frozenset()
    assert falls_due(either, NOON, nothing) == minutes(5)
    assert falls_due(each, NOON, nothing) == minutes(9)
    assert falls_due(either, NOON, frozenset({"a"})) == minutes(9)
    assert falls_due(each, NOON, frozenset({"a"})) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {**HIGH, "at_least": 4},
        {**HIGH, "of": 20, "window_minutes": 2},
        {"kind": "baseline", "query": "e", "baseline": "b"},
        {**WORSE, "more_by": 1},
        {"kind": "baseline", "query": "e", "baseline": "b", "ratio": 2, "traffic": "t"},
        {"kind": "any_of", "of": []},
    ],
)
def test_what_could_never_be_judged_is_no_criterion(wrong):
    with pytest.raises(ValidationError):
        criterion(**wrong)
