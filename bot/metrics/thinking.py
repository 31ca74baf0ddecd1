"""What came of the tests of hypotheses in one incident: whether each had a clear result, and how long that took. A learning aid,
never about who tested."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.decision import Event
from bot.core.hypotheses import HypothesisConfirmed, HypothesisRefuted, TestStarted

CLEAR = (HypothesisConfirmed, HypothesisRefuted)
"""What says how a hypothesis turned out."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A test: `took` is how long it was until its hypothesis turned out either way; None while it did not."""

    hypothesis: int
    took: timedelta | None


def tests_of(events: Sequence[Event]) -> Iterator[Tested]:
    """Every test that was started. One that gave way to another of the same hypothesis had no clear result."""
    started: dict[int, datetime] = {}
    for event in events:
        if isinstance(event, TestStarted):
            if event.hypothesis in started:
                yield Tested(event.hypothesis, None)
            started[event.hypothesis] = event.at
        elif isinstance(event, CLEAR) and event.hypothesis in started:
            yield Tested(event.hypothesis, event.at - started.pop(event.hypothesis))
    for hypothesis in started:
        yield Tested(hypothesis, None)
