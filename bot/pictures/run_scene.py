"""The playbooks that were run, as the picture of an incident shows them: how long each went on, was stopped, and was rolled back. A
playbook is called by its id, which nobody typed into the incident."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby, pairwise
from operator import itemgetter

from pydantic import AwareDatetime

from bot.core.decision import Event
from bot.core.playbooks.facts import AlarmOverridden, AlarmRaised, End, RunEnded, StepEntered, UndoBegun
from bot.core.runs import OfRun, PlaybookStarted, RunAdvanced
from bot.core.value import Value

GOES_ON, STOPPED, UNDONE = "goes on", "stopped", "rolled back"


class Span(Value):
    """Something that had this name from then until then."""

    name: str
    begin: AwareDatetime
    end: AwareDatetime


class Routine(Value):
    """One run: what it was doing one after the other, and how it ended; None: it goes on."""

    name: str
    spans: tuple[Span, ...]
    end: End | None = None


def routines(events: Sequence[Event], end: datetime) -> list[Routine]:
    """Each run that began before the picture ends."""
    found = []
    for first in (event for event in events if isinstance(event, PlaybookStarted) and event.at < end):
        own = [event for event in events if isinstance(event, OfRun) and event.run == first.run]
        last = own[-1]
        ended = last.fact.end if isinstance(last, RunAdvanced) and isinstance(last.fact, RunEnded) else None
        moves = [(GOES_ON, first.at), *((name, one.at) for one in own if (name := _becomes(one)))]
        changes = [next(alike) for _, alike in groupby(moves, key=itemgetter(0))]
        changes.append(("", last.at if ended else end))
        spans = [
            Span(name=name, begin=at, end=min(until, end))
            for (name, at), (_, until) in pairwise(changes)
            if at < end and at < until
        ]
        is_seen = ended is not None and last.at <= end
        found.append(Routine(name=first.playbook, spans=tuple(spans), end=ended if is_seen else None))
    return found


def _becomes(event: OfRun) -> str | None:
    """What the run does from then on; None where that stays as it was."""
    fact = event.fact if isinstance(event, RunAdvanced) else None
    if isinstance(fact, StepEntered | AlarmOverridden):
        return GOES_ON
    if isinstance(fact, AlarmRaised):
        return STOPPED
    return UNDONE if isinstance(fact, UndoBegun) and fact.steps else None
