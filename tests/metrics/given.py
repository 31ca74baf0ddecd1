"""Figures that tests start from."""

from bot.core.lifecycle import DeclareIncident
from bot.core.vocabulary import decide
from bot.metrics.measured import measure
from bot.metrics.summary import Summary, summarize
from tests.core.given import POLICY, at, origin


def of_one_incident() -> Summary:
    """Of one incident that was just declared."""
    events = decide(None, DeclareIncident(origin=origin(), title="x"), POLICY, number=1).events
    return summarize([measure(events, {POLICY.hash: POLICY}, at(1))], {})
