"""Many incidents together: medians and ninth deciles with how many they stand for, shares, and counts.

Durations of incidents are few and skewed, so that most that could be said of them would mislead: nothing is said of fewer than
`FEWEST`, and two sides are not compared unless there are `ENOUGH_TO_COMPARE` on each (domain rules, "Caveats"). Drills, cancelled
and merged incidents are left out, and those whose times contradict each other, which are counted.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.core.incident import Phase
from bot.core.questions import Source
from bot.metrics.follow_up import FollowUp, summed_up
from bot.metrics.measured import Measured, Standing
from bot.metrics.moments import Time

One = TypeVar("One")

FEWEST = 5
ENOUGH_TO_COMPARE = 20
RECURS_WITHIN = timedelta(days=30)

DURATIONS: Mapping[str, tuple[Time, Time]] = {
    "TTD": (Time.STARTED, Time.DETECTED),
    "TTA": (Time.DETECTED, Time.ACKNOWLEDGED),
    "TT-triage": (Time.ACKNOWLEDGED, Time.TRIAGED),
    "TTC": (Time.DETECTED, Time.CONTAINED),
    "uncontrolled impact": (Time.STARTED, Time.CONTAINED),
    "TTR": (Time.DETECTED, Time.RECOVERED),
    "restore": (Time.STARTED, Time.RECOVERED),
    "first update": (Time.DECLARED, Time.FIRST_UPDATE),
    "postmortem": (Time.RESOLVED, Time.PUBLISHED),
}
"""What is measured from when to when. The start is part of each, since others measure the same names from elsewhere."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, over `n` times: the median and what nine of ten stayed within, both None when there are too few;
    `estimated` of them rest on an estimate. The mean is for exports, where it is called what it is."""

    n: int
    median: timedelta | None = None
    p90: timedelta | None = None
    mean: timedelta | None = None
    estimated: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """So many `of` these. `value` is None when there are too few."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1."""
        return self.part / self.of if self.of >= FEWEST else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is known of many incidents. `left_out` says how many do not count, and why; `promises` also by audience and severity;
    `prompts_an_hour` is per responder and hour from noticing to resolving, a mere proxy of load."""

    incidents: int
    open: int
    left_out: Mapping[Standing, int]
    durations: Mapping[str, Spread]
    phases: Mapping[Phase, Spread]
    promises: Share
    promises_by: Mapping[tuple[str, str], Share]
    lateness: Spread
    silence: timedelta | None
    relapses: Share
    relapsed: Spread
    recurrences: Share
    customers_first: Share
    tests: Share
    unpredicted: Share
    results: Spread
    refused: int
    waived: int
    prompts: int
    answered: int
    snoozed: int
    prompts_an_hour: float | None
    most_roles: int | None
    most_tasks: int | None
    actions: FollowUp
    actions_in_time: Share
    actions_within: Mapping[int, Share]


def summarize(found: Sequence[Measured], ended: Mapping[int, datetime]) -> Summary:
    """All of it over these incidents. `ended` says of those that recurred, which may be others, since when they seemed over."""
    counted = [one for one in found if one.standing is Standing.COUNTED]
    owed = [owed for one in counted for owed in one.owed]
    tests = [test for one in counted for test in one.tests]
    actions = summed_up(item for one in counted for item in one.actions)
    left_out = Counter[Standing](one.standing for one in found if one.standing is not Standing.COUNTED)
    return Summary(
        incidents=len(counted),
        open=sum(one.is_open for one in counted),
        left_out=dict(left_out),
        durations={name: _duration(counted, *ends) for name, ends in DURATIONS.items()},
        phases={phase: spread([one.in_phase[phase] for one in counted if phase in one.in_phase]) for phase in Phase},
        promises=_share(owed, lambda one: one.is_kept),
        promises_by={
            key: _share([one for one in owed if (one.audience, one.severity or "") == key], lambda one: one.is_kept)
            for key in sorted({(one.audience, one.severity or "") for one in owed})
        },
        lateness=spread([one.lateness for one in owed if one.lateness is not None]),
        silence=max((one.silence for one in counted if one.silence), default=None),
        relapses=_share([one for one in counted if Time.CONTAINED in one.times], lambda one: one.relapses > 0),
        relapsed=spread([one.relapsed_for for one in counted if one.relapses]),
        recurrences=_share(counted, lambda one: _recurs(one, ended)),
        customers_first=_share([one for one in counted if one.source], lambda one: one.source is Source.CUSTOMER),
        tests=_share(tests, lambda one: one.took is not None),
        unpredicted=_share(tests, lambda one: not one.is_predicted),
        results=spread([one.took for one in tests if one.took is not None]),
        refused=sum(one.friction.refused for one in counted),
        waived=sum(one.friction.waived for one in counted),
        prompts=sum(one.friction.prompts for one in counted),
        answered=sum(one.friction.answered for one in counted),
        snoozed=sum(one.friction.snoozed for one in counted),
        prompts_an_hour=_prompts_an_hour(counted),
        most_roles=_most(one.most_roles for one in counted),
        most_tasks=_most(one.most_tasks for one in counted),
        actions=actions,
        actions_in_time=Share(*actions.in_time),
        actions_within={days: Share(*one) for days, one in actions.within.items()},
    )


def spread(times: Sequence[timedelta], estimated: int = 0) -> Spread:
    """Median, ninth decile (between two values in proportion, as spreadsheets do) and mean, unless there are too few."""
    if len(times) < FEWEST:
        return Spread(len(times), estimated=estimated)
    seconds = [time.total_seconds() for time in times]
    median, p90 = statistics.median(seconds), statistics.quantiles(seconds, n=10, method="inclusive")[-1]
    mean = statistics.fmean(seconds)
    found = [timedelta(seconds=value) for value in (median, p90, mean)]
    return Spread(len(times), median=found[0], p90=found[1], mean=found[2], estimated=estimated)


def comparable(one: Spread, other: Spread) -> bool:
    """Whether there are enough on both sides to be set against each other."""
    return min(one.n, other.n) >= ENOUGH_TO_COMPARE


def _duration(counted: Sequence[Measured], start: Time, end: Time) -> Spread:
    known = [(one, took) for one in counted if (took := one.between(start, end)) is not None]
    return spread([took for _, took in known], sum(one.is_estimated(start, end) for one, _ in known))


def _share(of: Sequence[One], is_part: Callable[[One], bool]) -> Share:
    return Share(sum(is_part(one) for one in of), len(of))


def _recurs(one: Measured, ended: Mapping[int, datetime]) -> bool:
    return any(number in ended and one.declared - ended[number] <= RECURS_WITHIN for number in one.recurs)


def _prompts_an_hour(counted: Sequence[Measured]) -> float | None:
    known = [(one, took) for one in counted if (took := one.between(Time.DETECTED, Time.RESOLVED)) and one.responders]
    hours = sum(one.responders * took.total_seconds() / 3600 for one, took in known)
    return sum(one.friction.prompts for one, _ in known) / hours if len(known) >= FEWEST and hours else None


def over_since(found: Iterable[Measured]) -> dict[int, datetime]:
    """Since when each of these seemed over: resolved, else ended, else (an open one) declared."""
    return {one.number: one.over_since for one in found}


def _most(each: Iterable[int]) -> int | None:
    """The most of one number for each incident, where there are enough of them."""
    known = list(each)
    return max(known) if len(known) >= FEWEST else None
