"""What came of the tests of hypotheses in one incident: whether each had a clear result, and how long that took. A learning aid,
never about who tested."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.decision import Event
from bot.core.tracker.hypotheses import HypothesisConfirmed, HypothesisRefuted, TestStarted
from bot.core.tracker.predictions import PredictionStated

CLEAR = (HypothesisConfirmed, HypothesisRefuted)
"""What says how a hypothesis turned out."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A test: `took` is how long it was until its hypothesis turned out either way; None while it did not. `is_predicted`: when it
    began, somebody had said what would be seen if the hypothesis is true, and what if not."""

    hypothesis: int
    took: timedelta | None
    is_predicted: bool


def tests_of(events: Sequence[Event]) -> Iterator[Tested]:
    """Every test that was started. One that gave way to another of the same hypothesis had no clear result."""
    started: dict[int, tuple[datetime, bool]] = {}
    predicted = set[int]()
    for event in events:
        if isinstance(event, PredictionStated):
            predicted.add(event.hypothesis)
        elif isinstance(event, TestStarted):
            if event.hypothesis in started:
                yield Tested(event.hypothesis, None, started[event.hypothesis][1])
            started[event.hypothesis] = (event.at, event.hypothesis in predicted)
        elif isinstance(event, CLEAR) and event.hypothesis in started:
            at, is_predicted = started.pop(event.hypothesis)
            yield Tested(event.hypothesis, event.at - at, is_predicted)
    for hypothesis, (_, is_predicted) in started.items():
        yield Tested(hypothesis, None, is_predicted)
