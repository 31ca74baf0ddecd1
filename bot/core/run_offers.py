"""What is known of an incident for which a playbook is looked for."""

from bot.core.incident import Incident
from bot.core.needs import Need
from bot.core.playbooks.matching import Situation


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
