"""Whether a criterion holds, does not hold, or cannot be told. What is missing never counts as good: it holds only if that is
certain whatever the missing samples would have been, and so it does not hold."""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.playbooks.criteria import (
    Absence,
    AllOf,
    AnyOf,
    BaselineCompare,
    Criterion,
    Deadline,
    Judged,
    Measure,
    MetricCompare,
    Sampled,
    Sign,
    leaves,
)
from bot.core.playbooks.part import Number
from bot.core.value import Value


class Verdict(StrEnum):
    """What is known of a criterion."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "no data"


class Sample(Value):
    """One number, and when it was."""

    at: AwareDatetime
    value: Number


class Series(Value):
    """What a query gave: its samples, the oldest first. `was_answered` is False when it could not be asked, or gave no number where
    one was expected."""

    samples: tuple[Sample, ...] = ()
    was_answered: bool = True


class Evidence(Value):
    """What a criterion is judged by: the time, since when it counts, what was measured, and which steps have ended well."""

    at: AwareDatetime
    since: AwareDatetime
    series: Mapping[str, Series] = {}
    passed: frozenset[str] = frozenset()


_SIGNS: Mapping[Sign, Callable[[float, float], bool]] = {
    Sign.BELOW: operator.lt,
    Sign.AT_MOST: operator.le,
    Sign.ABOVE: operator.gt,
    Sign.AT_LEAST: operator.ge,
    Sign.IS: operator.eq,
    Sign.IS_NOT: operator.ne,
}


def judge(criterion: Criterion, evidence: Evidence) -> Verdict:
    """Whether it holds."""
    if isinstance(criterion, AnyOf):
        return any_holds(judge(one, evidence) for one in criterion.of)
    if isinstance(criterion, AllOf):
        return opposite(any_holds(opposite(judge(one, evidence)) for one in criterion.of))
    if isinstance(criterion, MetricCompare):
        return measured(criterion, evidence)
    if isinstance(criterion, BaselineCompare):
        return _worse(criterion, evidence)
    if isinstance(criterion, Deadline):
        return _late(criterion, evidence)
    return Verdict.NO if isinstance(criterion, Judged) else _absent(criterion, evidence)


def measured(measure: Measure, evidence: Evidence) -> Verdict:
    """Whether the number compares with the threshold as it says, for at least so many of the last samples."""
    holds = _SIGNS[measure.op]
    return _enough(measure, [holds(value, measure.threshold) for value in _recent(measure, measure.query, evidence)])


def patience(criterion: Criterion) -> timedelta:
    """How long after it began to count a criterion may be without data before that says anything."""
    return max((_settles(leaf) for leaf in leaves(criterion)), default=timedelta())


def falls_due(criterion: Criterion, since: datetime, passed: frozenset[str]) -> datetime | None:
    """When it will hold if nothing happens but time passing, for what is made of deadlines only; None: never."""
    if isinstance(criterion, Deadline):
        return None if criterion.passed in passed else since + timedelta(minutes=criterion.minutes)
    if not isinstance(criterion, AnyOf | AllOf):
        return None
    times = [falls_due(one, since, passed) for one in criterion.of]
    known = [time for time in times if time is not None]
    if isinstance(criterion, AllOf):
        return max(known) if len(known) == len(times) else None
    return min(known, default=None)


def any_holds(verdicts: Iterable[Verdict]) -> Verdict:
    """Yes if one is; no if all are not; else nobody knows."""
    found = set(verdicts)
    if Verdict.YES in found:
        return Verdict.YES
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.NO


def opposite(verdict: Verdict) -> Verdict:
    """Yes for no and no for yes; what is not known stays so."""
    return {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}.get(verdict, verdict)


def _settles(leaf: Criterion) -> timedelta:
    if isinstance(leaf, Sampled):
        return timedelta(minutes=leaf.window_minutes)
    return timedelta(minutes=leaf.minutes) if isinstance(leaf, Absence) else timedelta()


def _recent(sampled: Sampled, query: str, evidence: Evidence) -> list[float]:
    """The last samples of this query that count, the oldest first. None do when the latest is from more than two looks ago: what
    has stopped coming does not say how things are now."""
    series = evidence.series.get(query, Series(was_answered=False))
    at, since = _as_measured(evidence.at), _as_measured(evidence.since)
    start = max(since, at - timedelta(minutes=sampled.window_minutes))
    found = [sample for sample in series.samples if start <= sample.at <= at]
    stale = at - 2 * timedelta(seconds=sampled.every_seconds)
    if not series.was_answered or not found or found[-1].at < stale:
        return []
    return [sample.value for sample in found[-sampled.of :]]


def _as_measured(at: datetime) -> datetime:
    """The time as samples have it: they know no less than a millisecond, so that one of just now would seem to be from before."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _enough(sampled: Sampled, good: list[bool]) -> Verdict:
    missing = sampled.of - len(good)
    if sum(good) >= sampled.at_least:
        return Verdict.YES
    return Verdict.UNKNOWN if sum(good) + missing >= sampled.at_least else Verdict.NO


def _worse(criterion: BaselineCompare, evidence: Evidence) -> Verdict:
    """Nothing can be said with too little traffic, nor of how many times as much as nothing."""
    before = _recent(criterion, criterion.baseline, evidence)
    if not before or (criterion.ratio is not None and before[-1] <= 0):
        return Verdict.UNKNOWN
    if criterion.traffic is not None and criterion.floor is not None:
        traffic = _recent(criterion, criterion.traffic, evidence)
        if not traffic or traffic[-1] < criterion.floor:
            return Verdict.UNKNOWN
    limit = before[-1] * criterion.ratio if criterion.ratio is not None else before[-1] + (criterion.more_by or 0)
    return _enough(criterion, [value > limit for value in _recent(criterion, criterion.query, evidence)])


def _late(criterion: Deadline, evidence: Evidence) -> Verdict:
    is_late = evidence.at >= evidence.since + timedelta(minutes=criterion.minutes)
    return Verdict.YES if is_late and criterion.passed not in evidence.passed else Verdict.NO


def _absent(criterion: Absence, evidence: Evidence) -> Verdict:
    """A signal is absent when it was asked for and was not there; a query that could not be asked says nothing."""
    series = evidence.series.get(criterion.query, Series(was_answered=False))
    if not series.was_answered:
        return Verdict.UNKNOWN
    start: datetime = evidence.at - timedelta(minutes=criterion.minutes)
    seen = any(start < sample.at <= evidence.at for sample in series.samples)
    return Verdict.YES if not seen and evidence.since <= start else Verdict.NO
