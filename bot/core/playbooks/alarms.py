"""Rollback criteria while a playbook runs: when one holds, nothing goes on; and who decides then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.core.playbooks.acts import (
    Act,
    ByPerson,
    Decided,
    Facts,
    Hold,
    No,
    Override,
    Readings,
    RollBackNow,
    SayWorse,
    Why,
)
from bot.core.playbooks.answering import end
from bot.core.playbooks.criteria import Trigger, queries
from bot.core.playbooks.entering import begin_undo, is_auto_safe, undo_time
from bot.core.playbooks.facts import (
    WORSE,
    AlarmOverridden,
    AlarmRaised,
    DataMissed,
    Fact,
    StepEnded,
    UndoBegun,
    UndoHeld,
    UndoOpened,
)
from bot.core.playbooks.judging import Evidence, Verdict, falls_due, judge, patience
from bot.core.playbooks.model import APPROVER, Playbook
from bot.core.playbooks.run import Run, evolve, fold
from bot.core.playbooks.undoing import after_undo, over


class Armed(NamedTuple):
    """A criterion that counts, and since when."""

    trigger: Trigger
    since: datetime

    def falls_due(self, run: Run) -> datetime | None:
        """When it holds by the passing of time alone; None when that says nothing."""
        return None if queries(self.trigger.when) else falls_due(self.trigger.when, self.since, run.passed)


def armed(run: Run, playbook: Playbook) -> Iterator[Armed]:
    """The criteria that count now: the playbook's from the start on, a step's from its beginning until it is undone; none that was
    overridden."""
    if run.ended or run.alarm or run.undoing:
        return
    found = [Armed(trigger, run.started.at) for trigger in playbook.rollback_when]
    for visit in run.visits:
        if visit.opened_at is not None and not visit.is_undone:
            own = getattr(playbook.steps[visit.step], "rollback_when", ())
            found += [Armed(trigger, visit.opened_at) for trigger in own]
    latest = {one.trigger.id: one for one in found}
    yield from (one for one in latest.values() if one.trigger.id not in run.overridden)


def look(run: Run, playbook: Playbook, act: Act) -> Facts:
    """What the criteria say to a measurement, or, when time has passed, those that need none."""
    series, subject = (act.series, act.subject) if isinstance(act, Readings) else ({}, None)
    for trigger, since in armed(run, playbook):
        if (trigger.id == subject) if subject is not None else not queries(trigger.when):
            evidence = Evidence(at=act.at, since=since, series=series, passed=run.passed)
            return _judged(run, playbook, trigger, evidence)
    return ()


def _judged(run: Run, playbook: Playbook, trigger: Trigger, evidence: Evidence) -> Facts:
    verdict = judge(trigger.when, evidence)
    if verdict is Verdict.YES:
        return (raised(run, playbook, trigger, evidence.at, verdict),)
    if verdict is Verdict.NO or evidence.at < evidence.since + patience(trigger.when):
        return ()
    if trigger.no_data == "tell":
        return (
            () if trigger.id in run.missed else (DataMissed(at=evidence.at, criterion=trigger.id, says=trigger.says),)
        )
    return (raised(run, playbook, trigger, evidence.at, verdict),)


def raised(run: Run, playbook: Playbook, trigger: Trigger, at: datetime, verdict: Verdict) -> AlarmRaised:
    """An undo begins by itself only where something is known to be bad, and the step to be undone first says that it may."""
    first = _wanted(run, playbook, trigger.id, trigger.undoes)[:1]
    is_safe = verdict is Verdict.YES and bool(first) and is_auto_safe(run, first[0])
    begins = at + timedelta(seconds=playbook.hold_seconds) if is_safe else None
    until = at + timedelta(minutes=playbook.decide_within_minutes)
    return AlarmRaised(
        at=at,
        criterion=trigger.id,
        verdict=verdict,
        undoes=trigger.undoes,
        then=trigger.then,
        begins_at=begins,
        until=until,
        says=trigger.says,
        role=playbook.rollback_role,
    )


def say_worse(run: Run, playbook: Playbook, act: SayWorse) -> Decided:
    """Somebody sees that it got worse. Nothing begins by itself: they may be wrong about the cause."""
    if no := over(run):
        return no
    if run.alarm or run.undoing:
        return No(why=Why.STOPPED)
    until = act.at + timedelta(minutes=playbook.decide_within_minutes)
    by = act.who.user
    verdict = Verdict.YES
    return (
        AlarmRaised(
            at=act.at,
            by=by,
            criterion=WORSE,
            verdict=verdict,
            undoes="all",
            then=None,
            begins_at=None,
            until=until,
            role=playbook.rollback_role,
        ),
    )


def roll_back(run: Run, playbook: Playbook, act: RollBackNow) -> Decided:
    """The undo begins, or goes on where it waited for a person."""
    if no := over(run) or _not_theirs(act, playbook.rollback_role, APPROVER):
        return no
    if run.alarm:
        return begin(run, playbook, act, by=act.who.user)
    if run.undoing and not run.undoing.is_open:
        time = undo_time(playbook, run.undoing.steps[0])
        return (UndoOpened(at=act.at, by=act.who.user, until=act.at + time),)
    return No(why=Why.NOTHING_TO_DECIDE)


def begin(run: Run, playbook: Playbook, act: Act, *, by: str | None) -> Facts:
    """Undo what the criterion wants undone. The step whose turn it was is interrupted. With nothing to undo the run goes where it
    goes after an undo."""
    if run.alarm is None:
        return ()
    alarm, facts = run.alarm, list[Fact]()
    undo = begin_undo(run, playbook, act.at, to_undo(run, playbook, alarm), then=alarm.then, by=by)
    if visit := run.current:
        facts.append(StepEnded(at=act.at, by=by, step=visit.step, visit=visit.entered.visit, outcome="interrupted"))
    if undo:
        return (*facts, *undo)
    facts.append(UndoBegun(at=act.at, by=by, steps=(), then=alarm.then))
    return (*facts, *after_undo(fold(facts, run) or run, playbook, alarm.then, act))


def to_undo(run: Run, playbook: Playbook, alarm: AlarmRaised) -> tuple[str, ...]:
    """What a criterion wants undone of what can be, the latest first."""
    return _wanted(run, playbook, alarm.criterion, alarm.undoes)


def _wanted(run: Run, playbook: Playbook, criterion: str, undoes: str) -> tuple[str, ...]:
    if undoes == "last":
        return run.undoable[:1]
    latest = {visit.step: place for place, visit in enumerate(run.visits)}
    owners = [latest[id] for id in latest if criterion in _own(playbook, id)]
    if undoes == "all" or not owners:
        return run.undoable
    return tuple(step for step in run.undoable if latest[step] >= min(owners))


def _own(playbook: Playbook, id: str) -> list[str]:
    """The criteria that count from this step on."""
    return [trigger.id for trigger in getattr(playbook.steps[id], "rollback_when", ())]


def hold(run: Run, playbook: Playbook, act: Hold) -> Decided:
    """It does not begin by itself; somebody still has to decide."""
    if no := over(run) or _not_theirs(act, APPROVER):
        return no
    if run.alarm is None or run.is_held:
        return No(why=Why.NOTHING_TO_DECIDE)
    return (UndoHeld(at=act.at, by=act.who.user, why=act.why),) if act.why else No(why=Why.NEEDS_WORDS)


def override(run: Run, playbook: Playbook, act: Override) -> Decided:
    """The run goes on, with the time that was left to its step; what came back meanwhile counts now."""
    if no := over(run) or _not_theirs(act, APPROVER):
        return no
    if run.alarm is None:
        return No(why=Why.NOTHING_TO_DECIDE)
    if not act.why:
        return No(why=Why.NEEDS_WORDS)
    visit = run.current
    until = visit.until + (act.at - run.alarm.at) if visit and visit.until else None
    overridden = AlarmOverridden(at=act.at, by=act.who.user, why=act.why, until=until)
    if visit is None or visit.result is None:
        return (overridden,)
    kept = visit.result
    return (overridden, *end(evolve(run, overridden), playbook, act, kept.outcome, note=kept.note, answer=kept.answer))


def _not_theirs(act: ByPerson, *roles: str) -> No | None:
    return None if act.who.may_act_as(*roles) else No(why=Why.OTHER_ROLE, names=roles)
