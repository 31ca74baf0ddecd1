"""The lifecycle: declaring, the five phases in their only order, the gates between them, and the close."""

from bot.core.containment import passed, standing
from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.gates import missing
from bot.core.incident import End, Incident, Link, Phase
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import AlreadyDeclared, HasEnded, Lacks, NotInPolicy, NotNext, Refusal
from bot.core.router.promises import balance
from bot.core.severity import known
from bot.core.tracker.trials import carried_over
from bot.core.value import Typed


class DeclareIncident(Command):
    """Something is wrong. `severity` is a name of the policy or None; `earlier` the incident that the same person declared
    with the same words in the last two minutes, if any, and `again` says that another one is really meant. The facts in `then`
    are recorded right after. `follows`: it comes out of another incident, from which it has what is known (see `links.py`).
    `is_private`: only those in its room are to know of it. `labels` are those of the alert that told of it."""

    title: Typed
    labels: Typed | None = None
    severity: str | None = None
    is_drill: bool = False
    is_private: bool = False
    earlier: int | None = None
    again: bool = False
    follows: Link | None = None
    then: tuple[Command, ...] = ()


class AdvancePhase(Command):
    """Go on from the phase `leaving` (None: the one before `to`) to `to`, through every phase between, after the facts in `first`
    have been recorded."""

    act = Act.ADVANCE

    to: Phase
    leaving: Phase | None = None
    first: tuple[Command, ...] = ()

    @property
    def from_phase(self) -> Phase | None:
        """The phase that the incident is thought to be in; None before the first."""
        return self.leaving or self.to.former


class CloseIncident(Command):
    """End the incident, after the facts in `first` have been recorded."""

    act = Act.ADVANCE

    first: tuple[Command, ...] = ()


class IncidentDeclared(Event):
    """It began: number, title, severity if known, the hash of the policy it follows, whether it is a drill, and
    whether it is private; `labels` are those of the alert that told of it."""

    team: str
    number: int
    title: Typed
    labels: Typed | None = None
    severity: str | None
    policy: str
    is_drill: bool = False
    is_private: bool = False


class PhaseEntered(Event):
    """The incident is in this phase from now on."""

    phase: Phase


class IncidentClosed(Event):
    """It is over. So many promised updates came `due`, and so many of them were `kept`."""

    due: int = 0
    kept: int = 0


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
            labels=command.labels,
            severity=None if isinstance(severity, NotInPolicy) else severity,
            policy=policy.hash,
            is_drill=command.is_drill,
            is_private=command.is_private and policy.may_be_private,
        )
    )


def advance(incident: Incident, command: AdvancePhase, policy: Policy) -> Decision:
    """Enter `command.to`, and on the way there every phase between, each when its gate is satisfied; at the first that is not, say
    all that is missing. What was entered until then stands."""
    walked: list[Event] = [*passed(incident, command.at, policy)]
    incident = standing(incident, command.at, policy)
    while incident.phase is not command.to and incident.phase.next:
        if lacking := missing(incident, policy):
            stuck = refuse(command, Lacks(missing=lacking))
            return stuck.but(events=(*walked, *stuck.events))
        step = PhaseEntered(at=command.at, actor=command.actor, phase=incident.phase.next)
        walked.append(step)
        incident = entered(incident, step)
        if step.phase is Phase.POSTMORTEM:
            walked += carried_over(incident, command)
    return accept(*walked)


def close(incident: Incident, command: CloseIncident, policy: Policy) -> Decision:
    """End it, from POSTMORTEM, when its gate is satisfied; otherwise say all that is missing."""
    if lacking := missing(incident, policy):
        return refuse(command, Lacks(missing=lacking))
    promised = balance(incident, command.at)
    return accept(IncidentClosed(at=command.at, actor=command.actor, due=promised.due, kept=promised.kept))


def barred(incident: Incident, command: Command) -> Refusal | None:
    """Why nothing of this command is considered, if so: the incident is over, or it is a step out of turn. Then the facts that
    come along are not recorded either: they were given for another phase, and whoever was faster has given newer ones."""
    if not incident.is_open and not (command.is_report or command.follows_up):
        return HasEnded(end=incident.end or End.CLOSED)
    if isinstance(command, AdvancePhase) and not _is_onward(incident, command):
        return stands_at(incident)
    if isinstance(command, CloseIncident) and incident.phase is not Phase.POSTMORTEM:
        return stands_at(incident)
    return None


def _is_onward(incident: Incident, command: AdvancePhase) -> bool:
    """Whether it starts where the incident stands, and goes on from there."""
    phases = list(Phase)
    return command.from_phase is incident.phase and phases.index(command.to) > phases.index(incident.phase)


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
        labels=event.labels,
        policy=event.policy,
        declared_by=event.actor,
        declared_at=event.at,
        phase=Phase.DETECTION,
        phase_since=event.at,
        phase_by=event.actor,
        severity=event.severity,
        severities=(event.severity,),
        is_drill=event.is_drill,
        is_private=event.is_private,
    )


def entered(incident: Incident, event: PhaseEntered) -> Incident:
    """It stands in the phase."""
    return incident.but(phase=event.phase, phase_since=event.at, phase_by=event.actor)


DECIDE = {AdvancePhase: advance, CloseIncident: close}
EVOLVE = {
    PhaseEntered: entered,
    IncidentClosed: lambda incident, event: incident.but(end=End.CLOSED, ended_at=event.at, undrafted_until={}),
}
