"""Which playbooks fit an incident, by what is known of it."""

from bot.core.incident import Incident
from bot.core.needs import Need
from bot.core.playbooks.matching import Fit, Situation, best
from bot.core.playbooks.shelf import Shelf


def situation(incident: Incident) -> Situation:
    """What people have said of it, which parts are affected, how bad it is and where it stands."""
    ideas = (one.statement for one in incident.open_hypotheses)
    changes = incident.answers.get(Need.CHANGES)
    said = (incident.title, incident.impact, changes, *ideas)
    return Situation(
        text="\n".join(text for text in said if text),
        boundaries=incident.boundaries,
        severity=incident.severity,
        phase=incident.phase,
    )


def fits(shelf: Shelf, incident: Incident) -> tuple[Fit, ...]:
    """The best three, the best first; fewer, or none, when no more fit."""
    return best(shelf.offered.values(), situation(incident))
