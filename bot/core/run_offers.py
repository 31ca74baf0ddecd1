"""Which playbooks fit an incident, by what is known of it."""

from bot.core.incident import Incident
from bot.core.labels import read_labels
from bot.core.needs import Need
from bot.core.playbooks.matching import Fit, Situation, best
from bot.core.playbooks.shelf import Shelf


def situation(incident: Incident, labels: str | None = None) -> Situation:
    """What people and alerts have said of it, which parts are affected, how bad it is and where it stands; `labels` besides those
    that it was declared with."""
    ideas = (one.statement for one in incident.open_hypotheses)
    changes = incident.answers.get(Need.CHANGES)
    said = (incident.title, incident.impact, changes, *ideas)
    return Situation(
        text="\n".join(text for text in said if text),
        boundaries=incident.boundaries,
        severity=incident.severity,
        labels={**read_labels(incident.labels), **read_labels(labels)},
        phase=incident.phase,
    )


def fits(shelf: Shelf, incident: Incident, labels: str | None = None) -> tuple[Fit, ...]:
    """The best three, the best first; fewer, or none, when no more fit."""
    return best(shelf.offered.values(), situation(incident, labels))
