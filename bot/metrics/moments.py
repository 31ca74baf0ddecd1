"""When what happened in one incident: the times between which everything is measured (domain rules, "Timestamps").

What people state of the past (when the harm began, when it was noticed) may be an estimate; all others are the times of events.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from bot.core.containment import HoldPassed, ImpactReturned
from bot.core.decision import Event
from bot.core.facts import DetectionStated, RecoveryVerified, StartStated
from bot.core.incident import Phase
from bot.core.learning.postmortem import PostmortemMoved
from bot.core.lifecycle import IncidentClosed, IncidentDeclared, PhaseEntered
from bot.core.review import Stage
from bot.core.roles import RoleTaken
from bot.core.router.promises import UpdateSent
from bot.core.router.updates import Occasion, UpdateIssued


class Time(StrEnum):
    """What happened, in the order in which it usually does."""

    STARTED = "started"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    CONTAINED = "contained"
    RECOVERED = "recovered"
    RESOLVED = "resolved"
    PUBLISHED = "published"
    CLOSED = "closed"
    FIRST_UPDATE = "first update"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, in UTC, and whether it is only an estimate; `is_assumed`: nobody stated any, and this is what we go by."""

    at: datetime
    is_estimated: bool = False
    is_assumed: bool = False


Moments = Mapping[Time, Moment]
"""The times that are known of an incident."""

ORDER: tuple[tuple[Time, ...], ...] = (
    (Time.STARTED, Time.DETECTED, Time.CONTAINED, Time.RECOVERED, Time.RESOLVED, Time.PUBLISHED, Time.CLOSED),
    (Time.DETECTED, Time.DECLARED, Time.ACKNOWLEDGED, Time.TRIAGED, Time.RESOLVED),
)
"""Within each of these none comes before the one before it. There are two, since gates block declaring and never doing: harm may
be contained before anybody has said that triage is over."""


def moments(events: Sequence[Event]) -> Moments:
    """All times that the journal tells; `events` are all there are of one incident, in order."""
    found = {time: look(events) for time, look in _TIMES.items()}
    return {time: moment for time, moment in found.items() if moment is not None}


def out_of_order(known: Moments) -> tuple[tuple[Time, Time], ...]:
    """Which times contradict each other: the first of each pair is later than the second and cannot be. When the harm began is left
    out where that is an estimate, and what is only assumed."""
    exempt = {
        time for time, moment in known.items() if moment.is_assumed or (time is Time.STARTED and moment.is_estimated)
    }
    found: list[tuple[Time, Time]] = []
    for chain in ORDER:
        there = [time for time in chain if time in known and time not in exempt]
        found += [(early, late) for early, late in pairwise(there) if known[early].at > known[late].at]
    return tuple(found)


def _started(events: Sequence[Event]) -> Moment | None:
    """The start of the harm as it was last stated."""
    stated = [event for event in events if isinstance(event, StartStated)]
    return Moment(stated[-1].started, stated[-1].is_estimated) if stated else None


def _detected(events: Sequence[Event]) -> Moment | None:
    """The first signal as it was last stated; by estimate when it was declared, as long as nobody states anything else."""
    stated = [event for event in events if isinstance(event, DetectionStated)]
    if stated:
        return Moment(stated[-1].detected, stated[-1].is_estimated)
    declared = _declared(events)
    return Moment(declared.at, is_estimated=True, is_assumed=True) if declared else None


def _declared(events: Sequence[Event]) -> Moment | None:
    return _first(events, IncidentDeclared)


def _acknowledged(events: Sequence[Event]) -> Moment | None:
    """Somebody accepted it: took a role, whichever."""
    return _first(events, RoleTaken)


def _triaged(events: Sequence[Event]) -> Moment | None:
    return _entered(events, Phase.CONTAINMENT)


def _contained(events: Sequence[Event]) -> Moment | None:
    """The start of the first hold that passed; harm that came back later is counted apart."""
    passed = next((event for event in events if isinstance(event, HoldPassed)), None)
    return Moment(passed.since) if passed else None


def _recovered(events: Sequence[Event]) -> Moment | None:
    """Recovery was verified, for the first time after the harm last came back, before RECOVERY was left."""
    found: Moment | None = None
    for event in events:
        if isinstance(event, RecoveryVerified) and found is None:
            found = Moment(event.at)
        elif isinstance(event, ImpactReturned):
            found = None
        elif isinstance(event, PhaseEntered) and event.phase is Phase.POSTMORTEM:
            break
    return found


def _resolved(events: Sequence[Event]) -> Moment | None:
    return _entered(events, Phase.POSTMORTEM)


def _published(events: Sequence[Event]) -> Moment | None:
    """The postmortem was published, for the last time, and not taken back since."""
    moved = [event for event in events if isinstance(event, PostmortemMoved)]
    return Moment(moved[-1].at) if moved and moved[-1].to is Stage.PUBLISHED else None


def _closed(events: Sequence[Event]) -> Moment | None:
    return _first(events, IncidentClosed)


def _first_update(events: Sequence[Event]) -> Moment | None:
    """Slack accepted the first update that a person had worded."""
    written = {
        seq
        for seq, event in enumerate(events, start=1)
        if isinstance(event, UpdateIssued) and event.occasion is Occasion.WRITTEN
    }
    sent = (event.at for event in events if isinstance(event, UpdateSent) and event.update in written)
    first = min(sent, default=None)
    return Moment(first) if first else None


def _first(events: Sequence[Event], kind: type[Event]) -> Moment | None:
    return next((Moment(event.at) for event in events if isinstance(event, kind)), None)


def _entered(events: Sequence[Event], phase: Phase) -> Moment | None:
    return next((Moment(one.at) for one in events if isinstance(one, PhaseEntered) and one.phase is phase), None)


_TIMES: dict[Time, Callable[[Sequence[Event]], Moment | None]] = {
    Time.STARTED: _started,
    Time.DETECTED: _detected,
    Time.DECLARED: _declared,
    Time.ACKNOWLEDGED: _acknowledged,
    Time.TRIAGED: _triaged,
    Time.CONTAINED: _contained,
    Time.RECOVERED: _recovered,
    Time.RESOLVED: _resolved,
    Time.PUBLISHED: _published,
    Time.CLOSED: _closed,
    Time.FIRST_UPDATE: _first_update,
}
