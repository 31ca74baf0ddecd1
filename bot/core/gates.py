"""Gates: what must be known before a phase is left. The policy chooses from the catalogue in `needs.py`, severity by severity.

A gate blocks declaring, never doing: what is learnt early counts when its gate comes. What the policy lets be waived, the incident
commander can let go with a reason.
"""

from collections.abc import Callable

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident, Phase, Waiver
from bot.core.learning.action_checks import are_accepted, are_checked, unclear
from bot.core.needs import ALWAYS, DONE_ELSEWHERE, Need
from bot.core.playbooks.run import unsettled
from bot.core.policy import Policy
from bot.core.policy_parts import Act, Guard
from bot.core.questions import UNKNOWN
from bot.core.refusal import NotWaivable, SaysNothing
from bot.core.review import Stage
from bot.core.severity import peak
from bot.core.value import Typed

_MET: dict[Need, Callable[[Incident], bool]] = {
    Need.COMMANDER: lambda incident: incident.commander is not None,
    Need.IMPACT: lambda incident: incident.impact is not None,
    Need.SOURCE: lambda incident: Need.SOURCE in incident.answers,
    Need.SEVERITY: lambda incident: incident.severity is not None,
    Need.BOUNDARY: lambda incident: bool(incident.boundaries),
    Need.WORKING: lambda incident: bool(incident.working),
    Need.SIZE: lambda incident: Need.SIZE in incident.answers,
    Need.WORKAROUND: lambda incident: Need.WORKAROUND in incident.answers,
    Need.CHANGES: lambda incident: Need.CHANGES in incident.answers,
    Need.COMMUNICATIONS: lambda incident: Need.COMMUNICATIONS in incident.seats,
    Need.OPERATIONS: lambda incident: Need.OPERATIONS in incident.seats,
    Need.CONTAINMENT: lambda incident: incident.contained_by is not None,
    Need.HOLD: lambda incident: incident.held_at is not None,
    Need.RECOVERY: lambda incident: incident.recovery is not None,
    Need.DATA: lambda incident: _is_answered(incident, Need.DATA),
    Need.BACKLOG: lambda incident: Need.BACKLOG in incident.answers,
    Need.MEASURES: lambda incident: not incident.unsettled,
    Need.PLAYBOOK: lambda incident: not unsettled_steps(incident),
    Need.ACTION_ITEM: lambda incident: bool(incident.action_items) or incident.no_action is not None,
    Need.ACCEPTED: are_accepted,
    Need.CHECKED: are_checked,
    Need.POSTMORTEM: lambda incident: incident.postmortem.stage is Stage.PUBLISHED,
}
_CONTAINED = (Need.CONTAINMENT, Need.HOLD)
"""What must hold again after a relapse."""


def _is_answered(incident: Incident, need: Need) -> bool:
    """Whether the answer is known, or somebody is assigned to find it out."""
    answer = incident.answers.get(need)
    return answer is not None and (answer != UNKNOWN or any(item.about == need for item in incident.action_items))


_RUNS = Guard(need=Need.PLAYBOOK, can_be_waived=True)
"""What a playbook that was started asks for, where the policy says nothing of it."""


def unsettled_steps(incident: Incident) -> tuple[tuple[int, str], ...]:
    """The steps without which the phase is not left and that are not done yet: the number of the run, and the step's id."""
    runs = enumerate(incident.runs, start=1)
    return tuple((number, step) for number, run in runs for step in unsettled(run, incident.phase))


class WaiveNeeds(Command):
    """This incident goes on without these, for this reason."""

    act = Act.WAIVE

    needs: tuple[Need, ...]
    reason: Typed


class NeedsWaived(Event):
    """These were let go, and why."""

    needs: tuple[Need, ...]
    reason: Typed


def guards(incident: Incident, policy: Policy) -> tuple[Guard, ...]:
    """What the gate of the current phase asks for at this severity, in the policy's order, each once. After a relapse that is what
    CONTAINMENT asked for as well; before the close the worst severity counts that it had."""
    counts = peak(incident, policy) if incident.phase is Phase.POSTMORTEM else incident.severity
    severity = policy.severity(counts).name
    always = (Guard(need=need) for need in ALWAYS.get(incident.phase, ()))
    here = [one for one in policy.gates if not one.at or severity in one.at]
    again = (one.but(can_be_waived=False) for one in here if one.need in _CONTAINED and _has_relapsed(incident))
    chosen = (one for one in here if one.phase is incident.phase)
    started = (_RUNS,) if unsettled_steps(incident) else ()
    first = dict[Need, Guard]()
    for guard in (*always, *again, *chosen, *started):
        first.setdefault(guard.need, guard)
    return tuple(first.values())


def _has_relapsed(incident: Incident) -> bool:
    return incident.phase is Phase.RECOVERY and incident.relapses > 0


def meets(incident: Incident, need: Need) -> bool:
    """Whether the incident knows what this need asks for."""
    return _MET[need](incident)


def can_be_filled_in(incident: Incident, need: Need) -> bool:
    """Whether saying something is enough. Otherwise something must be done elsewhere, or time must pass."""
    if need is Need.CHECKED:
        return unclear(incident) is not None
    return need is not Need.HOLD and need not in DONE_ELSEWHERE


def missing(incident: Incident, policy: Policy) -> tuple[Need, ...]:
    """Everything the gate of the current phase still asks for."""
    return tuple(guard.need for guard in guards(incident, policy) if not passes(incident, guard))


def passes(incident: Incident, guard: Guard) -> bool:
    """Whether what the guard asks for is known, or was waived and still may be."""
    return meets(incident, guard.need) or (guard.can_be_waived and waiver(incident, guard.need) is not None)


def waiver(incident: Incident, need: Need) -> Waiver | None:
    """That this need was let go, if it was."""
    return next((one for one in incident.waivers if one.need == need), None)


def waivable(incident: Incident, policy: Policy) -> tuple[Need, ...]:
    """What is missing and can be let go."""
    lacking = missing(incident, policy)
    return tuple(guard.need for guard in guards(incident, policy) if guard.can_be_waived and guard.need in lacking)


def waive(incident: Incident, command: WaiveNeeds, policy: Policy) -> Decision:
    """Let them go, when the policy lets each be waived here. What is known by now needs no waiver."""
    if not command.reason:
        return refuse(command, SaysNothing(what="reason"))
    lacking, allowed = missing(incident, policy), waivable(incident, policy)
    if refused := tuple(need for need in command.needs if need in lacking and need not in allowed):
        return refuse(command, NotWaivable(needs=refused))
    wanted = tuple(need for need in allowed if need in command.needs)
    if not wanted:
        return accept()
    return accept(NeedsWaived(at=command.at, actor=command.actor, needs=wanted, reason=command.reason))


def waived(incident: Incident, event: NeedsWaived) -> Incident:
    """They are let go."""
    new = tuple(Waiver(need=need, reason=event.reason, by=event.actor, at=event.at) for need in event.needs)
    return incident.but(waivers=(*incident.waivers, *new))


DECIDE = {WaiveNeeds: waive}
EVOLVE = {NeedsWaived: waived}
