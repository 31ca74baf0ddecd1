"""What follows in an incident from what happened in its runs: playbooks that are steps of others, and updates that steps send. It
is decided with the command that led there, so that nothing can come between."""

from collections.abc import Sequence

from bot.core.decision import Command, Event
from bot.core.incident import Incident
from bot.core.playbooks import executor
from bot.core.playbooks.acts import No, Report
from bot.core.playbooks.facts import RunEnded, Within
from bot.core.playbooks.model import ROOM, Playbook
from bot.core.playbooks.part import filled
from bot.core.playbooks.run import Run, Visit
from bot.core.playbooks.steps import Notify, SubPlaybook
from bot.core.policy import Policy
from bot.core.router.updates import Occasion, is_drafted, issue, may_hear, speak
from bot.core.runs import Shelved, advanced, begin, is_paused, kept


def follow_runs(incident: Incident, command: Command, policy: Policy) -> tuple[Event, ...]:
    """The next thing that follows; nothing when all is settled, and for a command that knows no playbooks."""
    if not isinstance(command, Shelved) or not incident.is_open:
        return ()
    for number, run in enumerate(incident.runs, start=1):
        if run.ended:
            continue
        if _is_left(incident, run):
            return (kept(number, RunEnded(at=command.at, end="called off", left=run.undoable), run),)
        visit = run.current
        if visit is None or visit.locks or run.undoing or visit.result:
            continue
        if found := _of_step(incident, number, run, visit, command, policy):
            return tuple(found)
    return ()


def _is_left(incident: Incident, run: Run) -> bool:
    """Whether the step that it is has ended without it."""
    place = run.started.part_of
    if place is None:
        return False
    above = incident.run(place.run)
    visit = above.current
    return above.ended is not None or visit is None or (visit.step, visit.entered.visit) != (place.step, place.visit)


def _of_step(
    incident: Incident, number: int, run: Run, visit: Visit, command: Shelved, policy: Policy
) -> Sequence[Event]:
    playbook = command.shelf.of(run)
    step = playbook.steps[visit.step]
    if isinstance(step, SubPlaybook):
        return _sub_playbook(incident, number, run, visit, step, command, policy)
    is_held_up = run.alarm is not None or is_paused(incident, number)
    if isinstance(step, Notify) and step.audience != ROOM and not is_held_up:
        return _update(incident, number, run, visit, step, command, policy)
    return ()


def _sub_playbook(
    incident: Incident, number: int, run: Run, visit: Visit, step: SubPlaybook, command: Shelved, policy: Policy
) -> Sequence[Event]:
    """The other playbook begins, once; when it has ended, that is what the step came to."""
    place = Within(run=number, step=visit.step, visit=visit.entered.visit)
    there = next((one for one in incident.runs if one.started.part_of == place), None)
    if there is not None:
        result = "success" if there.ended and there.ended.end == "done" else "failure"
        return _report(incident, number, run, visit, command, result) if there.ended else ()
    if run.alarm or is_paused(incident, number):
        return ()
    other = command.shelf.offered.get(step.playbook)
    inputs = {name: filled(text, run.started.inputs) for name, text in step.inputs.items()}
    begun = begin(incident, other, command, policy, place, **inputs) if other else None
    if begun is None or isinstance(begun, No):
        return _report(incident, number, run, visit, command, "failure")
    return begun


def _update(
    incident: Incident, number: int, run: Run, visit: Visit, step: Notify, command: Shelved, policy: Policy
) -> Sequence[Event]:
    """The audience is told, or, where a person sends what it reads, an update is drafted for them; an audience that the policy does
    not have, or that may not know of this incident, cannot be."""
    if not may_hear(incident, step.audience, policy):
        return _report(incident, number, run, visit, command, "failure")
    if is_drafted(step.audience, policy):
        told: Event = speak(incident, step.audience, Occasion.DUE, command, policy)
    else:
        text = filled(step.message, run.started.inputs)
        told = issue(incident, step.audience, Occasion.WRITTEN, command, policy, text=text)
    return told, *_report(incident, number, run, visit, command, "success")


def _report(incident: Incident, number: int, run: Run, visit: Visit, command: Shelved, result: str) -> Sequence[Event]:
    playbook: Playbook = command.shelf.of(run)
    came = {
        "at": command.at,
        "phase": incident.phase,
        "step": visit.step,
        "visit": visit.entered.visit,
        "result": result,
    }
    facts = executor.decide(run, playbook, Report.model_validate(came))
    return () if isinstance(facts, No) else advanced(incident, number, playbook, facts)
