"""What is known about the fault: impact, affected boundaries, containment, recovery. Facts can be stated in any phase."""

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, NotInPolicy, NotYet, SaysNothing, accept, refuse
from bot.core.incident import Containment, ContainmentResult, Incident
from bot.core.policy import Policy
from bot.core.value import Typed


class Retitle(Command):
    """The incident is better called this."""

    title: Typed


class StateImpact(Command):
    """Who cannot do what, in one sentence."""

    impact: Typed


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
    """These boundaries of the system map, by id, are affected; any other is not."""

    boundaries: tuple[str, ...]


class RecordContainment(Command):
    """This was done to stop the harm from growing, with this result."""

    action: Typed
    result: ContainmentResult


class VerifyRecovery(Command):
    """This is how we know that service is back to normal."""

    how: Typed


class TitleChanged(Event):
    """It is called this from now on."""

    title: Typed


class ImpactStated(Event):
    """Who cannot do what, as known from now on."""

    impact: Typed


class StartStated(Event):
    """When the harm began, as known from now on."""

    started: AwareDatetime
    is_estimated: bool = False


class DetectionStated(Event):
    """When it was noticed, as known from now on."""

    detected: AwareDatetime
    is_estimated: bool = False


class BoundariesMarked(Event):
    """These boundaries are affected, as known from now on."""

    boundaries: tuple[str, ...]


class ContainmentRecorded(Event):
    """A containment action and its result."""

    action: Typed
    result: ContainmentResult


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
    return accept(ImpactStated(at=command.at, actor=command.actor, impact=command.impact))


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
    """Keep the set, in the map's order, when the map knows every one of them."""
    known = tuple(boundary.id for boundary in policy.boundaries)
    for given in command.boundaries:
        if given not in known:
            return refuse(command, NotInPolicy(what="boundary", given=given, known=known))
    marked = tuple(id for id in known if id in command.boundaries)
    if marked == incident.boundaries:
        return accept()
    return accept(BoundariesMarked(at=command.at, actor=command.actor, boundaries=marked))


def record_containment(incident: Incident, command: RecordContainment, policy: Policy) -> Decision:
    """Keep what was done and what came of it."""
    if not command.action:
        return refuse(command, SaysNothing(what="containment action"))
    return accept(ContainmentRecorded(at=command.at, actor=command.actor, action=command.action, result=command.result))


def verify_recovery(incident: Incident, command: VerifyRecovery, policy: Policy) -> Decision:
    """Keep how it was verified."""
    if not command.how:
        return refuse(command, SaysNothing(what="how recovery was verified"))
    if command.how == incident.recovery:
        return accept()
    return accept(RecoveryVerified(at=command.at, actor=command.actor, how=command.how))


def contained(incident: Incident, event: ContainmentRecorded) -> Incident:
    """One more containment action is known."""
    done = Containment(action=event.action, result=event.result, at=event.at)
    return incident.but(containments=(*incident.containments, done))


DECIDE = {
    Retitle: retitle,
    StateImpact: state_impact,
    StateStart: state_start,
    StateDetection: state_detection,
    MarkBoundaries: mark_boundaries,
    RecordContainment: record_containment,
    VerifyRecovery: verify_recovery,
}
EVOLVE = {
    TitleChanged: lambda incident, event: incident.but(title=event.title),
    ImpactStated: lambda incident, event: incident.but(impact=event.impact),
    StartStated: lambda incident, event: incident.but(started=event.started, is_start_estimated=event.is_estimated),
    DetectionStated: lambda incident, event: incident.but(
        detected=event.detected, is_detection_estimated=event.is_estimated
    ),
    BoundariesMarked: lambda incident, event: incident.but(boundaries=event.boundaries),
    ContainmentRecorded: contained,
    RecoveryVerified: lambda incident, event: incident.but(recovery=event.how),
}
