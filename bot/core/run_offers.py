"""Which playbooks fit an incident, by what is known of it. From TRIAGE on the room is offered those that fit best, each once: what
becomes known later can bring others. The first offer belongs to TRIAGE; whatever comes later is within the budget of all prompts.
"""

from datetime import datetime

from pydantic import AwareDatetime

from bot.core.decision import Decision, Event, accept
from bot.core.incident import Incident, Phase
from bot.core.labels import read_labels
from bot.core.needs import Need
from bot.core.playbooks.matching import Fit, Situation, best
from bot.core.playbooks.shelf import Shelf
from bot.core.policy import Policy
from bot.core.prompts import prompted, within_budget
from bot.core.runs import Shelved
from bot.core.tracker.hints import ROOM

_OFFERED_IN = (Phase.TRIAGE, Phase.CONTAINMENT, Phase.RECOVERY)


class OfferPlaybooks(Shelved):
    """The time has come to say which playbooks fit."""

    is_report = True

    due: AwareDatetime


class PlaybooksOffered(Event):
    """The room was told that these fit, and why. `is_first`: it is what TRIAGE brings, and not asked besides."""

    fits: tuple[Fit, ...]
    is_first: bool = False


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


def _unoffered(incident: Incident, shelf: Shelf) -> tuple[Fit, ...]:
    """Those of the best that nobody was offered yet, or has started."""
    known = {*incident.playbooks_offered, *(run.started.playbook for run in incident.runs)}
    return tuple(fit for fit in fits(shelf, incident) if fit.playbook not in known)


def playbooks_due(incident: Incident, shelf: Shelf) -> datetime | None:
    """When the room is told of what fits; None when there is nothing to say."""
    if not incident.is_open or incident.phase not in _OFFERED_IN or not _unoffered(incident, shelf):
        return None
    is_first = not incident.playbooks_offered
    return incident.phase_since if is_first else within_budget(incident, ROOM, incident.phase_since)


def offer(incident: Incident, command: OfferPlaybooks, policy: Policy) -> Decision:
    """Say which fit, if this is still due."""
    if playbooks_due(incident, command.shelf) != command.due:
        return accept()
    found, is_first = _unoffered(incident, command.shelf), not incident.playbooks_offered
    return accept(PlaybooksOffered(at=command.at, actor=command.actor, fits=found, is_first=is_first))


def offered(incident: Incident, event: PlaybooksOffered) -> Incident:
    """They are not offered again."""
    after = incident if event.is_first else prompted(incident, ROOM, event.at)
    names = (fit.playbook for fit in event.fits)
    return after.but(playbooks_offered=(*incident.playbooks_offered, *names))


DECIDE = {OfferPlaybooks: offer}
EVOLVE = {PlaybooksOffered: offered}
