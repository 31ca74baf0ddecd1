"""What the picture of one incident shows, read from its journal. Pure, and small enough to be handed to the process that draws.

It carries nothing that anybody typed: a picture that was posted cannot be edited, so that a redaction would not reach it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from pydantic import AwareDatetime

from bot.core.containment import HoldPassed, ImpactReturned
from bot.core.decision import Event
from bot.core.incident import End, Phase, Status
from bot.core.lifecycle import IncidentDeclared, PhaseEntered
from bot.core.policy import Policy
from bot.core.severity import SeverityChanged
from bot.core.tracker.hypotheses import (
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisProposed,
    HypothesisRefuted,
    TestStarted,
)
from bot.core.tracker.predictions import HypothesisReady
from bot.core.tracker.trials import HypothesesCarriedOver, HypothesisDuplicate, HypothesisInconclusive
from bot.core.value import Value
from bot.metrics.measured import walked
from bot.metrics.moments import Time, moments
from bot.metrics.punctuality import Owed, obligations
from bot.pictures.run_scene import Routine, Span, routines

MOST_HYPOTHESES = 12
MOST_AUDIENCES = 8
MOST_RUNS = 6
"""So many rows are legible; of more the picture says how many it leaves out."""

_STATUSES: Mapping[type[Event], Status] = {
    HypothesisProposed: Status.PROPOSED,
    HypothesisReady: Status.READY,
    TestStarted: Status.TESTING,
    HypothesisInconclusive: Status.INCONCLUSIVE,
    HypothesisParked: Status.PARKED,
    HypothesisConfirmed: Status.CONFIRMED,
    HypothesisRefuted: Status.REFUTED,
    HypothesisDuplicate: Status.DUPLICATE,
    HypothesesCarriedOver: Status.CARRIED_OVER,
}


class Outcome(StrEnum):
    """What became of an update that was owed."""

    IN_TIME = "in time"
    LATE = "late"
    MISSED = "never sent"


class Update(Value):
    """An update that was due, and when it was sent if it was."""

    due: AwareDatetime
    sent: AwareDatetime | None
    outcome: Outcome


class Row(Value):
    """What one audience was owed."""

    audience: str
    updates: tuple[Update, ...]


class Thought(Value):
    """One hypothesis: its statuses one after the other. The last one is how it stands at the end of the picture."""

    name: str
    spans: tuple[Span, ...]
    stands: Status


class Mark(Value):
    """Something that happened at a moment."""

    name: str
    at: AwareDatetime


class Scene(Value):
    """One incident from `begin` to `end`, where the picture ends: its phases, severities, audiences, hypotheses, playbooks,
    and marks. `ranking` are all severities there are, the worst first."""

    name: str
    is_drill: bool
    severity: str | None
    end_of_it: End | None
    begin: AwareDatetime
    end: AwareDatetime
    phases: tuple[Span, ...]
    severities: tuple[Span, ...]
    ranking: tuple[str, ...]
    rows: tuple[Row, ...]
    more_audiences: int
    thoughts: tuple[Thought, ...]
    more_thoughts: int
    routines: tuple[Routine, ...] = ()
    more_routines: int = 0
    marks: tuple[Mark, ...]


def scene(events: Sequence[Event], policies: Mapping[str, Policy], now: datetime) -> Scene:
    """The incident whose events these are, as it stands at `now`. The picture ends when service was restored: the postmortem takes
    days, which would squeeze the hours before it."""
    walk = walked(events)
    incident = walk[-1][1]
    times = moments(events)
    resolved = times[Time.RESOLVED].at if Time.RESOLVED in times else None
    end = resolved or incident.ended_at or now
    end = max(end, incident.declared_at + timedelta(minutes=1))
    begin = _begin(times[Time.STARTED].at if Time.STARTED in times else None, incident.declared_at, end)
    owed = obligations(walk, policies, now)
    audiences = list(dict.fromkeys(one.audience for one in owed))
    thoughts, runs = _thoughts(events, end), routines(events, end)
    return Scene(
        name=incident.name,
        is_drill=incident.is_drill,
        severity=incident.severity,
        end_of_it=incident.end,
        begin=begin,
        end=end,
        phases=_phases(walk[0][0].at, events, end),
        severities=_severities(events, end),
        ranking=tuple(one.name for one in policies[incident.policy].severities),
        rows=tuple(_row(name, owed) for name in audiences[:MOST_AUDIENCES]),
        more_audiences=max(0, len(audiences) - MOST_AUDIENCES),
        thoughts=tuple(thoughts[:MOST_HYPOTHESES]),
        more_thoughts=max(0, len(thoughts) - MOST_HYPOTHESES),
        routines=tuple(runs[:MOST_RUNS]),
        more_routines=max(0, len(runs) - MOST_RUNS),
        marks=_marks(events, begin, end, times[Time.STARTED].at if Time.STARTED in times else None),
    )


def _begin(started: datetime | None, declared: datetime, end: datetime) -> datetime:
    """When the harm began, unless that was so long before that hardly anything else would be seen."""
    return max(min(started, declared), declared - (end - declared)) if started else declared


def _phases(declared: datetime, events: Sequence[Event], end: datetime) -> tuple[Span, ...]:
    entered = [(Phase.DETECTION, declared)]
    entered += [(event.phase, event.at) for event in events if isinstance(event, PhaseEntered)]
    return _spans([(phase.value, at) for phase, at in entered], end)


def _severities(events: Sequence[Event], end: datetime) -> tuple[Span, ...]:
    changes = [
        (event.severity or "not set", event.at)
        for event in events
        if isinstance(event, IncidentDeclared | SeverityChanged)
    ]
    return _spans(changes, end)


def _spans(changes: Sequence[tuple[str, datetime]], end: datetime) -> tuple[Span, ...]:
    """From each change to the next; what began after the end is left out."""
    last = (("", max(end, changes[-1][1])),)
    found = [
        Span(name=name, begin=at, end=min(until, end))
        for (name, at), (_, until) in pairwise([*changes, *last])
        if at < end
    ]
    return tuple(found)


def _row(audience: str, owed: Sequence[Owed]) -> Row:
    return Row(audience=audience, updates=tuple(_update(one) for one in owed if one.audience == audience))


def _update(one: Owed) -> Update:
    outcome = Outcome.IN_TIME if one.is_kept else Outcome.LATE if one.sent else Outcome.MISSED
    return Update(due=one.due, sent=one.sent, outcome=outcome)


def _thoughts(events: Sequence[Event], end: datetime) -> list[Thought]:
    changes: dict[int, list[tuple[str, datetime]]] = {}
    for event in events:
        if status := _STATUSES.get(type(event)):
            for number in _numbers(event):
                changes.setdefault(number, []).append((status.value, event.at))
    spans = {number: _spans(moves, end) for number, moves in sorted(changes.items())}
    return [
        Thought(name=f"H{number}", spans=each, stands=Status(each[-1].name)) for number, each in spans.items() if each
    ]


def _numbers(event: Event) -> tuple[int, ...]:
    """Which hypotheses this happened to."""
    if isinstance(event, HypothesesCarriedOver):
        return event.hypotheses
    return (dict(event)["hypothesis"],)


def _marks(events: Sequence[Event], begin: datetime, end: datetime, started: datetime | None) -> tuple[Mark, ...]:
    """When the harm began, was contained, and came back, as far as the picture shows that time."""
    found = [Mark(name="harm began", at=started)] if started else []
    for event in events:
        if isinstance(event, HoldPassed):
            found.append(Mark(name="contained", at=event.since))
        elif isinstance(event, ImpactReturned):
            found.append(Mark(name="harm back", at=event.at))
    return tuple(mark for mark in found if begin <= mark.at <= end)
