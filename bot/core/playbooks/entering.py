"""Coming to a step: its locks, how long it has, and where it goes on when it has been come to too often."""

from datetime import datetime, timedelta

from bot.core.phases import Phase
from bot.core.playbooks.acts import Act, Facts
from bot.core.playbooks.facts import Lock, RunEnded, StepEnded, StepEntered, UndoBegun, UndoEntered
from bot.core.playbooks.flow import role_of, timeout_of
from bot.core.playbooks.model import ROOM, Playbook
from bot.core.playbooks.part import filled
from bot.core.playbooks.run import Run, evolve
from bot.core.playbooks.steps import Acting, Base, Confirm, Decision, Manual, Notify, Rollback, Snapshot, Stop

PEOPLES = Manual | Confirm | Decision | Snapshot
"""The steps that a person does."""
_MOST = 500
"""No step is come to more often than this, whatever its playbook says: a playbook that was checked never gets there."""


def go(run: Run, playbook: Playbook, to: str | None, act: Act) -> Facts:
    """What happens when the run comes to this step. A step that is come to more often than it may sends on by `then`; where that
    leads nowhere, the run ends, as it does at a step that is not there."""
    seen = set[str]()
    while to is not None and to in playbook.steps and _is_used_up(run, playbook.steps[to], to):
        seen.add(to)
        to = None if playbook.steps[to].then in seen else playbook.steps[to].then
    if to is None or to not in playbook.steps:
        return (RunEnded(at=act.at, end="stuck", left=run.undoable),)
    step = playbook.steps[to]
    entered = _entered(run, playbook, to, act)
    if isinstance(step, Stop):
        ended = StepEnded(at=act.at, step=to, visit=entered.visit, outcome="success")
        end = RunEnded(at=act.at, end=step.outcome, reason=step.reason, hands_over_to=step.hands_over_to)
        return entered, ended, end
    if isinstance(step, Rollback):
        return (entered, *_roll_back(evolve(run, entered), playbook, step, act))
    return (entered,)


def _is_used_up(run: Run, step: Base, id: str) -> bool:
    """Whether it has been come to as often as it may."""
    return run.times(id) >= (step.at_most or _MOST)


def _roll_back(run: Run, playbook: Playbook, step: Rollback, act: Act) -> Facts:
    visit = run.visits[-1]
    steps = run.undoable if step.undoes == "all" else run.undoable[:1]
    if begun := begin_undo(run, playbook, act.at, steps, then=step.on_success, step=visit.step):
        return begun
    ended = StepEnded(at=act.at, step=visit.step, visit=visit.entered.visit, outcome="success")
    return (ended, *go(evolve(run, ended), playbook, step.on_success, act))


def begin_undo(
    run: Run,
    playbook: Playbook,
    at: datetime,
    steps: tuple[str, ...],
    *,
    then: str | None,
    by: str | None = None,
    step: str | None = None,
) -> Facts:
    """The undo of these steps, in this order; nothing when there are none. Without a person (`by`) only what is safe goes on by
    itself."""
    if not steps:
        return ()
    begun = UndoBegun(at=at, by=by, steps=steps, then=then, step=step)
    return begun, enter_undo(evolve(run, begun), playbook, steps[0], at)


def enter_undo(run: Run, playbook: Playbook, step: str, at: datetime) -> UndoEntered:
    """This step's undo's turn. It goes on if a person let the undo begin, or if it may do so by itself and the step had ended
    well: what may be half done is not touched without a person."""
    is_open = run.undoing is not None and (run.undoing.by is not None or is_auto_safe(run, step))
    done = playbook.steps[step]
    undo = done.undo if isinstance(done, Acting) else None
    return UndoEntered(
        at=at,
        step=step,
        until=at + undo_time(playbook, step),
        is_open=is_open,
        do=undo.do if undo else "",
        role=None if undo and undo.call else undo_role(playbook, step),
    )


def undo_role(playbook: Playbook, id: str) -> str:
    """Who undoes this step."""
    step = playbook.steps[id]
    own = step.undo.role if isinstance(step, Acting) and step.undo else None
    return own or role_of(playbook, step)


def is_auto_safe(run: Run, step: str) -> bool:
    """Whether the undo of this step may begin by itself."""
    visit = next(visit for visit in reversed(run.visits) if visit.step == step and visit.can_undo)
    return visit.entered.auto_safe and visit.is_done


def undo_time(playbook: Playbook, step: str) -> timedelta:
    """How long the undo of this step may take."""
    done = playbook.steps[step]
    own = done.undo.timeout_minutes if isinstance(done, Acting) and done.undo else None
    return timedelta(minutes=own or timeout_of(playbook, done) or playbook.decide_within_minutes)


def time_of(playbook: Playbook, step: Base) -> timedelta | None:
    """How long this step may take; None when it takes no time."""
    minutes = timeout_of(playbook, step)
    if minutes is None and not isinstance(step, Stop | Rollback):
        minutes = playbook.decide_within_minutes
    return timedelta(minutes=minutes) if minutes else None


def _entered(run: Run, playbook: Playbook, id: str, act: Act) -> StepEntered:
    step, time = playbook.steps[id], time_of(playbook, playbook.steps[id])
    acting = step if isinstance(step, Acting) else None
    return StepEntered(
        at=act.at,
        step=id,
        visit=run.times(id) + 1,
        until=act.at + time if time else None,
        locks=_locks(run, playbook, step),
        is_early=is_early(step.phase, act.phase),
        can_undo=acting is not None and acting.undo is not None,
        auto_safe=acting is not None and acting.auto_safe,
        is_final=acting is not None and acting.point_of_no_return is not None,
        title=step.title,
        does=getattr(step, "kind", ""),
        role=role_of(playbook, step) if isinstance(step, PEOPLES) else None,
        says=filled(step.message, run.started.inputs) if isinstance(step, Notify) and step.audience == ROOM else None,
    )


def is_early(meant: Phase | None, phase: Phase | None) -> bool:
    """Whether this is before the phase it is meant for."""
    phases = list(Phase)
    return meant is not None and phase is not None and phases.index(phase) < phases.index(meant)


def _locks(run: Run, playbook: Playbook, step: Base) -> tuple[Lock, ...]:
    """What must happen before this step: evidence before it is destroyed, approval, and a second person where there is no way
    back."""
    if not isinstance(step, Acting):
        return ()
    saved = any(isinstance(playbook.steps.get(id), Snapshot) for id in run.passed)
    found = [Lock.EVIDENCE] if step.destroys_evidence and not saved else []
    if step.needs_approval or step.point_of_no_return:
        found.append(Lock.APPROVAL)
    return (*found, Lock.SECOND) if step.point_of_no_return else tuple(found)
