"""One step after the other: what an act does to a run. The same acts on the same playbook always give the same facts.

Nothing is run twice, nothing is begun while something must happen first, and everything ends: each step has its time, each loop
its bound, each decision of people its end.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.phases import Phase
from bot.core.playbooks import alarms, answering, undoing
from bot.core.playbooks.acts import (
    Act,
    Answer,
    CallOff,
    Decided,
    Facts,
    Hold,
    No,
    Override,
    Readings,
    Report,
    RollBackNow,
    SayWorse,
    Settle,
    SettleUndo,
    Start,
    Tick,
    UndoDone,
    UndoReport,
    Unlock,
    Why,
)
from bot.core.playbooks.entering import go, is_early
from bot.core.playbooks.facts import RunEnded, RunStarted
from bot.core.playbooks.judging import Evidence, Verdict, measured
from bot.core.playbooks.model import APPROVER, Playbook, fits
from bot.core.playbooks.run import Run, Visit
from bot.core.playbooks.steps import CheckMetric, Decision, Wait


def start(playbook: Playbook, act: Start) -> Decided:
    """The run begins, unless an input is missing or not of its type, or another run touches the same part of the system and the
    incident commander has not allowed that."""
    if playbook.status == "retired":
        return No(why=Why.RETIRED)
    inputs = {one.name: one.default for one in playbook.inputs if one.default is not None} | dict(act.inputs)
    wrong = [one.name for one in playbook.inputs if not fits(one, inputs.get(one.name, ""))]
    if wrong or len(inputs) > len(playbook.inputs):
        known = {one.name for one in playbook.inputs}
        return No(why=Why.BAD_INPUT, names=(*wrong, *(name for name in inputs if name not in known)))
    if act.beside and not (act.allows_beside and act.who.may_act_as(APPROVER)):
        return No(why=Why.BESIDE, names=act.beside)
    earliest = min(playbook.phases, key=list(Phase).index)
    started = RunStarted(
        at=act.at,
        by=act.who.user,
        run=act.run,
        playbook=playbook.id,
        hash=playbook.hash,
        inputs=inputs,
        is_early=is_early(earliest, act.phase),
        beside=act.beside,
        title=playbook.title,
        gates={id: step.gates.value for id, step in playbook.steps.items() if step.gates},
    )
    return (started, *go(Run(started=started), playbook, playbook.start, act))


def decide(run: Run, playbook: Playbook, act: Act) -> Decided:
    """What this act does to the run: facts to be written down in this order, or why it is refused. What comes too late and was
    asked of nobody gives no facts."""
    return _DECIDE[type(act)](run, playbook, act)


def next_due(run: Run, playbook: Playbook) -> datetime | None:
    """When time by itself changes something next; None after the end."""
    if run.ended:
        return None
    if run.undoing:
        return run.undoing.until
    if run.alarm:
        begins = None if run.is_held else run.alarm.begins_at
        return begins or run.alarm.until
    if run.current and run.current.result:
        return run.current.result.at
    times = [run.current.until] if run.current else []
    times += [one.falls_due(run) for one in alarms.armed(run, playbook)]
    return min((time for time in times if time), default=None)


def _tick(run: Run, playbook: Playbook, act: Tick) -> Facts:
    """What is due: one thing at a time; the next tick brings the next."""
    if run.ended:
        return ()
    if run.undoing:
        is_late = run.undoing.until is not None and act.at >= run.undoing.until
        return undoing.undo_ended(run, playbook, act, is_done=False) if is_late else ()
    if run.alarm:
        return _decide_without(run, playbook, act)
    if run.current and (kept := run.current.result):
        return answering.end(run, playbook, act, kept.outcome, note=kept.note, answer=kept.answer)
    if raised := alarms.look(run, playbook, act):
        return raised
    visit = run.current
    if visit is None or visit.until is None or act.at < visit.until:
        return ()
    return _too_late(run, playbook, visit, act)


def _decide_without(run: Run, playbook: Playbook, act: Tick) -> Facts:
    """Nobody has decided: the undo begins by itself where it may, or the run ends with everything as it is."""
    alarm = run.alarm
    if alarm and alarm.begins_at and act.at >= alarm.begins_at and not run.is_held:
        return alarms.begin(run, playbook, act, by=None)
    if alarm and act.at >= alarm.until:
        return (RunEnded(at=act.at, end="nobody decided", left=alarms.to_undo(run, playbook, alarm)),)
    return ()


def _too_late(run: Run, playbook: Playbook, visit: Visit, act: Act) -> Facts:
    step = playbook.steps[visit.step]
    if isinstance(step, Decision):
        return answering.end(run, playbook, act, "timeout", option=step.default)
    if isinstance(step, Wait):
        return answering.end(run, playbook, act, "success")
    return answering.end(run, playbook, act, "no data" if isinstance(step, CheckMetric) else "timeout")


def _readings(run: Run, playbook: Playbook, act: Readings) -> Facts:
    """A criterion, or the step whose turn it is, is judged anew. What is not known leaves a check as it is, until its time is
    over."""
    if run.ended or run.alarm or run.undoing:
        return ()
    visit = run.current
    if visit is None or visit.step != act.subject:
        return alarms.look(run, playbook, act)
    step = playbook.steps[visit.step]
    measure = step.measure if isinstance(step, CheckMetric) else step.until if isinstance(step, Wait) else None
    if measure is None:
        return ()
    verdict = measured(measure, Evidence(at=act.at, since=visit.entered.at, series=act.series))
    if verdict is Verdict.YES:
        return answering.end(run, playbook, act, "success")
    is_failed = verdict is Verdict.NO and isinstance(step, CheckMetric)
    return answering.end(run, playbook, act, "failure") if is_failed else ()


def _call_off(run: Run, playbook: Playbook, act: CallOff) -> Decided:
    if run.ended:
        return No(why=Why.OVER)
    if not act.who.may_act_as(APPROVER, playbook.rollback_role):
        return No(why=Why.OTHER_ROLE, names=(APPROVER, playbook.rollback_role))
    if not act.why:
        return No(why=Why.NEEDS_WORDS)
    return (RunEnded(at=act.at, by=act.who.user, end="called off", why=act.why, left=run.undoable),)


_DECIDE: Mapping[type[Act], Callable[..., Decided]] = {
    Answer: answering.answer,
    Unlock: answering.unlock,
    Settle: answering.settle,
    Report: answering.report,
    Readings: _readings,
    Tick: _tick,
    SayWorse: alarms.say_worse,
    RollBackNow: alarms.roll_back,
    UndoDone: undoing.undone,
    UndoReport: undoing.undo_reported,
    SettleUndo: undoing.settle_undo,
    Hold: alarms.hold,
    Override: alarms.override,
    CallOff: _call_off,
}
