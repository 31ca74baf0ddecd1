"""The undo of what a playbook did, step by step, the latest first: by a person, or by a call of Lockstep's."""

from bot.core.playbooks.acts import Act, Decided, Facts, No, SettleUndo, UndoDone, UndoReport, Why
from bot.core.playbooks.answering import end
from bot.core.playbooks.calls import HttpCall
from bot.core.playbooks.entering import enter_undo, go, undo_role
from bot.core.playbooks.facts import Answered, RunEnded, UndoCalledAgain, UndoEnded, UndoLeftUnsure
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run, evolve
from bot.core.playbooks.steps import Acting


def undone(run: Run, playbook: Playbook, act: UndoDone) -> Decided:
    """A person has undone a step, or could not."""
    if no := _not_now(run, playbook, act):
        return no
    return undo_ended(run, playbook, act, is_done=act.is_done, by=act.who.user, note=act.note)


def settle_undo(run: Run, playbook: Playbook, act: SettleUndo) -> Decided:
    """Whether the call had arrived that undoes a step: then it is undone, else the call is made again."""
    if no := _not_now(run, playbook, act):
        return no
    if run.undoing is None or not run.undoing.is_unsure:
        return No(why=Why.NOTHING_TO_DECIDE)
    if act.arrived:
        return undo_ended(run, playbook, act, is_done=True, by=act.who.user)
    return (UndoCalledAgain(at=act.at, by=act.who.user, step=act.step),)


def undo_reported(run: Run, playbook: Playbook, act: UndoReport) -> Facts:
    """What the call came to that undoes a step; nothing when it is not its turn, or people are asked about it. A call of which
    nobody knows whether it arrived is for people to say; one that only reads has failed, since nothing hangs on it."""
    undoing, call = run.undoing, undo_call(playbook, act.step)
    if undoing is None or undoing.steps[0] != act.step or not undoing.is_open or undoing.is_unsure or call is None:
        return ()
    if act.result == "unknown" and not call.only_reads:
        return (UndoLeftUnsure(at=act.at, step=act.step, role=undo_role(playbook, act.step)),)
    return undo_ended(run, playbook, act, is_done=act.result == "success", note=act.note, answer=act.answer)


def undo_call(playbook: Playbook, id: str) -> HttpCall | None:
    """The call by which Lockstep undoes this step; None where people do."""
    step = playbook.steps.get(id)
    return step.undo.call if isinstance(step, Acting) and step.undo else None


def undo_ended(
    run: Run,
    playbook: Playbook,
    act: Act,
    *,
    is_done: bool,
    by: str | None = None,
    note: str | None = None,
    answer: Answered | None = None,
) -> Facts:
    """The undo whose turn it was has ended, and what comes next: the undo of the step before, or, when one could not be undone, no
    other, since they are undone in their order."""
    undoing = run.undoing
    if undoing is None:
        return ()
    ended = UndoEnded(at=act.at, by=by, step=undoing.steps[0], is_done=is_done, note=note, answer=answer)
    after = evolve(run, ended)
    if after.undoing:
        return ended, enter_undo(after, playbook, after.undoing.steps[0], act.at)
    if undoing.step is not None:
        return (ended, *end(after, playbook, act, "success" if is_done else "failure"))
    if not is_done:
        return ended, RunEnded(at=act.at, end="undo failed", left=undoing.steps)
    return (ended, *after_undo(after, playbook, undoing.then, act))


def after_undo(run: Run, playbook: Playbook, then: str | None, act: Act) -> Facts:
    """Where the run goes when all is undone: to the step that the criterion names, or to its end."""
    if then is None:
        return (RunEnded(at=act.at, end="rolled back"),)
    return go(run, playbook, then, act)


def over(run: Run) -> No | None:
    """The answer to whoever does something to a run that has ended."""
    return No(why=Why.OVER) if run.ended else None


def _not_now(run: Run, playbook: Playbook, act: UndoDone | SettleUndo) -> No | None:
    if no := over(run):
        return no
    if run.undoing is None or run.undoing.steps[0] != act.step:
        return No(why=Why.ANOTHER_STEP)
    role = undo_role(playbook, act.step)
    if not act.who.may_act_as(role):
        return No(why=Why.OTHER_ROLE, names=(role,))
    return None if run.undoing.is_open else No(why=Why.LOCKED)
