"""What is known about the fault: title, impact, start, boundaries, recovery. Facts can be stated in any phase."""

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident
from bot.core.plain import anew, names_somebody
from bot.core.policy import Policy
from bot.core.refusal import NotInPolicy, NotYet, SaysNothing
from bot.core.tracker.boundaries import looked_at
from bot.core.value import Typed


class Retitle(Command):
    """The incident is better called this."""

    title: Typed


class StateImpact(Command):
    """Who cannot do what, in one sentence; `names` are those of the incident's people."""

    impact: Typed
    names: tuple[str, ...] = ()


class StateStart(Command):
    """The harm began at this time, exactly or by estimate."""

    started: AwareDatetime
    is_estimated: bool = False


class StateDetection(Command):
    """It was noticed at this time, exactly or by estimate."""

    detected: AwareDatetime
    is_estimated: bool = False


class CorrectFacts(Command):
    """Several facts at once: they are recorded together, and the first that is refused ends it."""

    facts: tuple[Command, ...]


class MarkBoundaries(Command):
    """These boundaries of the system map, by id, are affected, and no other; `working` are those that were seen to work. None:
    those that were before."""

    boundaries: tuple[str, ...] | None = None
    working: tuple[str, ...] | None = None


class VerifyRecovery(Command):
    """This is how we know that service is back to normal."""

    how: Typed


class TitleChanged(Event):
    """It is called this from now on."""

    title: Typed


class ImpactStated(Event):
    """Who cannot do what, as known from now on. `is_naming`: it names one of the incident's people."""

    impact: Typed
    is_naming: bool = False


class StartStated(Event):
    """When the harm began, as known from now on."""

    started: AwareDatetime
    is_estimated: bool = False


class DetectionStated(Event):
    """When it was noticed, as known from now on."""

    detected: AwareDatetime
    is_estimated: bool = False


class BoundariesMarked(Event):
    """These boundaries are affected, and these work, as known from now on."""

    boundaries: tuple[str, ...]
    working: tuple[str, ...] = ()


class RecoveryVerified(Event):
    """How recovery was verified."""

    how: Typed


def retitle(incident: Incident, command: Retitle, policy: Policy) -> Decision:
    """Change the title, unless the new one is empty."""
    if not command.title:
        return refuse(command, SaysNothing(what="title"))
    if command.title == incident.title:
        return accept()
    return accept(TitleChanged(at=command.at, actor=command.actor, title=command.title))


def state_impact(incident: Incident, command: StateImpact, policy: Policy) -> Decision:
    """Keep the sentence, unless it is empty or already the one that stands."""
    if not command.impact:
        return refuse(command, SaysNothing(what="impact"))
    if command.impact == incident.impact:
        return accept()
    is_naming = names_somebody(command.impact, command.names)
    return accept(ImpactStated(at=command.at, actor=command.actor, impact=command.impact, is_naming=is_naming))


def state_start(incident: Incident, command: StateStart, policy: Policy) -> Decision:
    """Keep the time, unless it has not come yet or already stands."""
    if command.started > command.at:
        return refuse(command, NotYet(given=command.started))
    if (command.started, command.is_estimated) == (incident.started, incident.is_start_estimated):
        return accept()
    return accept(
        StartStated(at=command.at, actor=command.actor, started=command.started, is_estimated=command.is_estimated)
    )


def state_detection(incident: Incident, command: StateDetection, policy: Policy) -> Decision:
    """Keep the time, if it has come. A later statement replaces it."""
    if command.detected > command.at:
        return refuse(command, NotYet(given=command.detected))
    if (command.detected, command.is_estimated) == (incident.detected, incident.is_detection_estimated):
        return accept()
    return accept(
        DetectionStated(
            at=command.at, actor=command.actor, detected=command.detected, is_estimated=command.is_estimated
        )
    )


def mark_boundaries(incident: Incident, command: MarkBoundaries, policy: Policy) -> Decision:
    """Keep the sets, in the map's order, when the map knows every one of them. What is affected does not work."""
    known = tuple(boundary.id for boundary in policy.boundaries)
    for given in (*(command.boundaries or ()), *(command.working or ())):
        if given not in known:
            return refuse(command, NotInPolicy(what="boundary", given=given, known=known))
    affected = incident.boundaries if command.boundaries is None else command.boundaries
    seen_to_work = incident.working if command.working is None else command.working
    marked = tuple(id for id in known if id in affected)
    working = tuple(id for id in known if id in seen_to_work and id not in marked)
    if (marked, working) == (incident.boundaries, incident.working):
        return accept()
    return accept(BoundariesMarked(at=command.at, actor=command.actor, boundaries=marked, working=working))


def verify_recovery(incident: Incident, command: VerifyRecovery, policy: Policy) -> Decision:
    """Keep how it was verified."""
    if not command.how:
        return refuse(command, SaysNothing(what="how recovery was verified"))
    if command.how == incident.recovery:
        return accept()
    return accept(RecoveryVerified(at=command.at, actor=command.actor, how=command.how))


DECIDE = {
    Retitle: retitle,
    StateImpact: state_impact,
    StateStart: state_start,
    StateDetection: state_detection,
    MarkBoundaries: mark_boundaries,
    VerifyRecovery: verify_recovery,
}
EVOLVE = {
    TitleChanged: lambda incident, event: incident.but(title=event.title),
    ImpactStated: lambda incident, event: anew(incident, "impact", is_naming=event.is_naming).but(impact=event.impact),
    StartStated: lambda incident, event: incident.but(started=event.started, is_start_estimated=event.is_estimated),
    DetectionStated: lambda incident, event: incident.but(
        detected=event.detected, is_detection_estimated=event.is_estimated
    ),
    BoundariesMarked: lambda incident, event: incident.but(
        boundaries=event.boundaries,
        working=event.working,
        checks=looked_at(incident, event, event.boundaries, event.working),
    ),
    RecoveryVerified: lambda incident, event: incident.but(recovery=event.how, recovered_at=event.at),
}
