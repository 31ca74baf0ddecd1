"""Charts of many incidents in words: what a screen reader says of each. Never about a person."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from bot.metrics.asked import Asked
from bot.metrics.follow_up import COHORTS
from bot.metrics.summary import FEWEST
from bot.pictures.kinds import Kind
from bot.pictures.statistics import Statistics
from bot.slack import words
from bot.slack.ids import COMMAND, Verb
from bot.slack.messages.metrics import span
from bot.slack.text import escape

TITLES = {
    Kind.DURATIONS: "How long incidents took from noticed until contained and until recovered, a dot each",
    Kind.MONTHS: "Incidents a month, by their worst severity",
    Kind.LATENESS: "How late updates to audiences were",
    Kind.PHASES: "Time in each phase, a bar for each incident",
    Kind.QUARTERS: "What share of incidents was contained within a time, a line for each quarter",
    Kind.ACTIONS: "Action items that were added and verified",
    Kind.SOURCES: "How incidents were noticed",
    Kind.FACTORS: "What contributed to incidents",
    Kind.FRICTION: "What gates asked for in vain",
}
"""What each chart is called."""


def in_words(kind: Kind, shown: Statistics) -> str:
    """What the chart shows."""
    start = f"{TITLES[kind]}: {words.count(len(shown.dots), 'incident', 'incidents')} of the {shown.span}."
    said = _SAY[kind](shown) if shown.dots else ""
    return f"{start} {said}".strip()


def chart_comment(kind: Kind, asked: Asked) -> str:
    """What stands above a chart that somebody asked for, escaped: what it is, and how to ask for it again."""
    return f"{TITLES[kind]}: `{escape(f'{COMMAND} {Verb.METRICS} {asked.written()}')}`"


def _half(name: str, took: Iterable[float | None]) -> str:
    known = [one for one in took if one is not None]
    if len(known) < FEWEST:
        return f"{name}: too few to say ({len(known)})"
    return f"{name}: half within {span(timedelta(seconds=statistics.median(known)))} (n = {len(known)})"


def _durations(shown: Statistics) -> str:
    contained = _half("Contained", (dot.contained for dot in shown.dots))
    return f"{contained}. {_half('Recovered', (dot.recovered for dot in shown.dots))}."


def _months(shown: Statistics) -> str:
    counted = Counter(dot.severity for dot in shown.dots)
    return f"{_listed((name, counted[name]) for name in shown.severities if counted[name])}."


def _lateness(shown: Statistics) -> str:
    late = sum(one > 0 for one in shown.late)
    return f"{len(shown.late) - late} in time, {late} late, {shown.missed} never sent."


def _phases(shown: Statistics) -> str:
    names = dict.fromkeys(name for dot in shown.dots for name in dot.phases)
    halves = (_half(name.capitalize(), (dot.phases.get(name) for dot in shown.dots)) for name in names)
    return f"{'. '.join(halves)}."


def _quarters(shown: Statistics) -> str:
    by_quarter: dict[str, list[float]] = {}
    for dot in shown.dots:
        if dot.contained is not None:
            by_quarter.setdefault(dot.quarter, []).append(dot.contained)
    return f"{'. '.join(_half(name, by_quarter[name]) for name in sorted(by_quarter))}."


def _actions(shown: Statistics) -> str:
    kept = [item for item in shown.items if not item.is_dropped]
    verified = sum(item.verified is not None for item in kept)
    said = [f"{len(kept)} added, {verified} of them verified, and {len(shown.items) - len(kept)} dropped."]
    for days in COHORTS:
        part, of = shown.verified_within(days)
        share = f"{100 * part / of:.0f} % of {of}" if of >= FEWEST else f"too few to say ({of})"
        said.append(f"Verified within {days} days: {share}.")
    return " ".join(said)


def _sources(shown: Statistics) -> str:
    counted = Counter(dot.source for dot in shown.dots if dot.source)
    return f"Of {counted.total()} of which somebody said: {_listed(counted.most_common())}."


def _factors(shown: Statistics) -> str:
    counted = Counter(factor for dot in shown.dots for factor in dot.factors)
    tagged = sum(bool(dot.factors) for dot in shown.dots)
    return f"Of {tagged} that were tagged, several each: {_listed(counted.most_common())}."


def _friction(shown: Statistics) -> str:
    lacked, waived = Counter(shown.lacked), Counter(shown.waived)
    missing = f"Missing when a step was refused: {_listed(lacked.most_common())}"
    return f"{missing}. Waived: {_listed(waived.most_common())}."


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts) or "nothing"


_SAY: Mapping[Kind, Callable[[Statistics], str]] = {
    Kind.DURATIONS: _durations,
    Kind.MONTHS: _months,
    Kind.LATENESS: _lateness,
    Kind.PHASES: _phases,
    Kind.QUARTERS: _quarters,
    Kind.ACTIONS: _actions,
    Kind.SOURCES: _sources,
    Kind.FACTORS: _factors,
    Kind.FRICTION: _friction,
}
