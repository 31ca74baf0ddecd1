"""In which order hypotheses are worked on: what is likely and cheap to test comes first."""

from bot.core.incident import Hypothesis, Incident, Status
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.tracker.boundaries import named, off_the_middle

FIRST = 3
"""So many are shown before all others."""
_SET_ASIDE = (Status.INCONCLUSIVE, Status.PARKED)


def score(one: Hypothesis) -> int:
    """1 to 9: likelihood times how little its test costs."""
    return one.likelihood * (4 - one.cost)


def board(incident: Incident, policy: Policy) -> tuple[Hypothesis, ...]:
    """Those that are open, what is to be tested first at the top, and last what was set aside. Of two with one score that goes
    first whose test only reads, that lies where something changed lately, that splits the map nearest the middle, and that is
    older."""
    changed = named(incident.answers.get(Need.CHANGES, ""), policy)

    def place(one: Hypothesis) -> tuple[bool, int, bool, bool, int, int]:
        changes_production = bool(one.plan and one.plan.changes_production)
        middle = off_the_middle(one.boundary, policy)
        set_aside = one.status in _SET_ASIDE
        return set_aside, -score(one), changes_production, one.boundary not in changed, middle, one.number

    return tuple(sorted((one for one in incident.hypotheses if one.status.is_open), key=place))


def leading(incident: Incident, policy: Policy) -> Hypothesis | None:
    """The one that comes first; None when all are set aside."""
    return next((one for one in board(incident, policy) if one.status not in _SET_ASIDE), None)
