"""The lifecycle: declaring, the five phases in their only order, the gates between them, and the close."""

from enum import StrEnum

from bot.core.decision import (
    AlreadyDeclared,
    Command,
    Decision,
    Event,
    HasEnded,
    Lacks,
    NotInPolicy,
    NotNext,
    Refusal,
    accept,
    refuse,
)
from bot.core.incident import End, Incident, Link, Phase
from bot.core.policy import Policy
from bot.core.severity import known
from bot.core.value import Typed


class Need(StrEnum):
    """What a gate can ask for."""

    COMMANDER = "commander"
    IMPACT = "impact"
    SEVERITY = "severity"
    BOUNDARY = "boundary"
    CONTAINMENT = "containment"
    RECOVERY = "recovery"
    ACTION_ITEM = "action item"


GATES: dict[Phase, tuple[Need, ...]] = {
    Phase.DETECTION: (Need.COMMANDER, Need.IMPACT),
    Phase.TRIAGE: (Need.SEVERITY, Need.BOUNDARY),
    Phase.CONTAINMENT: (Need.CONTAINMENT,),
    Phase.RECOVERY: (Need.RECOVERY,),
    Phase.POSTMORTEM: (Need.ACTION_ITEM,),
}
"""What must be known before a phase is left. A gate blocks declaring, never doing: what is learnt early counts."""


class DeclareIncident(Command):
    """Something is wrong. `severity` is a name of the policy or None; `earlier` the incident that the same person declared
    with the same words in the last two minutes, if any, and `again` says that another one is really meant. The facts in `then`
    are recorded right after. `follows`: it comes out of another incident, from which it has what is known (see `links.py`)."""

    title: Typed
    severity: str | None = None
    is_drill: bool = False
    earlier: int | None = None
    again: bool = False
    follows: Link | None = None
    then: tuple[Command, ...] = ()


class AdvancePhase(Command):
    """Leave the current phase for `to`, after the facts in `first` have been recorded."""

    to: Phase
    first: tuple[Command, ...] = ()


class CloseIncident(Command):
    """End the incident, after the facts in `first` have been recorded."""

    first: tuple[Command, ...] = ()


class IncidentDeclared(Event):
    """It began: number, title, severity if known, the hash of the policy it follows, and whether it is a drill."""

    team: str
    number: int
    title: Typed
    severity: str | None
    policy: str
    is_drill: bool = False


class PhaseEntered(Event):
    """The incident is in this phase from now on."""

    phase: Phase


class IncidentClosed(Event):
    """It is over."""


def meets(incident: Incident, need: Need) -> bool:
    """Whether the incident knows what this need asks for."""
    return {
        Need.COMMANDER: incident.commander is not None,
        Need.IMPACT: incident.impact is not None,
        Need.SEVERITY: incident.severity is not None,
        Need.BOUNDARY: bool(incident.boundaries),
        Need.CONTAINMENT: incident.contained_by is not None,
        Need.RECOVERY: incident.recovery is not None,
        Need.ACTION_ITEM: bool(incident.action_items) or incident.no_action is not None,
    }[need]


def missing(incident: Incident) -> tuple[Need, ...]:
    """Everything the gate of the current phase still asks for."""
    return tuple(need for need in GATES[incident.phase] if not meets(incident, need))


def declare(number: int, command: DeclareIncident, policy: Policy) -> Decision:
    """Begin incident `number`, unless the same was declared a moment ago. An unknown severity is left unset: never refuse an
    emergency for its spelling."""
    if command.earlier is not None and not command.again:
        return Decision(refusal=AlreadyDeclared(incident=command.earlier))
    severity = known(policy, command.severity) if command.severity else None
    return accept(
        IncidentDeclared(
            at=command.at,
            actor=command.actor,
            team=command.origin.team,
            number=number,
            title=command.title or "Something is wrong",
            severity=None if isinstance(severity, NotInPolicy) else severity,
            policy=policy.hash,
            is_drill=command.is_drill,
        )
    )


def advance(incident: Incident, command: AdvancePhase, policy: Policy) -> Decision:
    """Enter `command.to`, the next phase, when the gate is satisfied; otherwise say all that is missing."""
    if lacking := missing(incident):
        return refuse(command, Lacks(missing=lacking))
    return accept(PhaseEntered(at=command.at, actor=command.actor, phase=command.to))


def close(incident: Incident, command: CloseIncident, policy: Policy) -> Decision:
    """End it, from POSTMORTEM, when its gate is satisfied; otherwise say all that is missing."""
    if lacking := missing(incident):
        return refuse(command, Lacks(missing=lacking))
    return accept(IncidentClosed(at=command.at, actor=command.actor))


def barred(incident: Incident, command: Command) -> Refusal | None:
    """Why nothing of this command is considered, if so: the incident is over, or it is a step out of turn. Then the facts that
    come along are not recorded either: they were given for another phase, and whoever was faster has given newer ones."""
    if not incident.is_open and not command.is_report:
        return HasEnded(end=incident.end or End.CLOSED)
    if isinstance(command, AdvancePhase) and command.to is not incident.phase.next:
        return stands_at(incident)
    if isinstance(command, CloseIncident) and incident.phase is not Phase.POSTMORTEM:
        return stands_at(incident)
    return None


def stands_at(incident: Incident) -> NotNext:
    """The refusal that says where the incident stands, since when and by whom."""
    return NotNext(phase=incident.phase, since=incident.phase_since, by=incident.phase_by)


def declared(event: IncidentDeclared) -> Incident:
    """The incident at its first event."""
    return Incident(
        team=event.team,
        number=event.number,
        seq=0,
        title=event.title,
        policy=event.policy,
        declared_by=event.actor,
        declared_at=event.at,
        phase=Phase.DETECTION,
        phase_since=event.at,
        phase_by=event.actor,
        severity=event.severity,
        severities=(event.severity,),
        is_drill=event.is_drill,
    )


def entered(incident: Incident, event: PhaseEntered) -> Incident:
    """It stands in the phase."""
    return incident.but(phase=event.phase, phase_since=event.at, phase_by=event.actor)


DECIDE = {AdvancePhase: advance, CloseIncident: close}
EVOLVE = {
    PhaseEntered: entered,
    IncidentClosed: lambda incident, event: incident.but(end=End.CLOSED, ended_at=event.at, undrafted_until={}),
}
