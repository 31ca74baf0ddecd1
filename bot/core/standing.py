"""Standing subscriptions: what people asked for before there was an incident: all of a severity and worse, or all that affect a
part of the system map. They are facts of no incident until one turns out to be of that kind. `store/subscriptions.py` keeps them.
"""

from collections.abc import Iterable
from enum import StrEnum

from bot.core.decision import Event
from bot.core.facts import BoundariesMarked
from bot.core.incident import Incident
from bot.core.lifecycle import IncidentDeclared
from bot.core.policy import Policy
from bot.core.severity import SeverityChanged
from bot.core.value import Value

REACHED: tuple[type[Event], ...] = (IncidentDeclared, SeverityChanged, BoundariesMarked)
"""The events by which an incident can become one that somebody asked for."""


class Kind(StrEnum):
    """What a standing subscription goes by."""

    SEVERITY = "severity"
    BOUNDARY = "boundary"


class Standing(Value):
    """This person wants to hear of every incident of this severity and worse, or that affects this part, by its id."""

    person: str
    kind: Kind
    value: str


def of_kind(incident: Incident, asked: Iterable[Standing], policy: Policy) -> tuple[str, ...]:
    """Who of those asked for an incident like this. Without a severity it counts as the policy has it; private ones never do."""
    if incident.is_private or not incident.is_open:
        return ()
    return tuple(dict.fromkeys(one.person for one in asked if _fits(incident, one, policy)))


def _fits(incident: Incident, asked: Standing, policy: Policy) -> bool:
    if asked.kind is Kind.BOUNDARY:
        return asked.value in incident.boundaries
    order = [one.name for one in policy.severities]
    here = policy.severity(incident.severity).name
    return asked.value in order and order.index(here) <= order.index(asked.value)
