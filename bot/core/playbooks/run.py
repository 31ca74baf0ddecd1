"""The state of a run of a playbook, folded from what happened in it."""

from collections.abc import Iterable, Mapping

from pydantic import AwareDatetime

from bot.core.playbooks.facts import (
    WORSE,
    AlarmOverridden,
    AlarmRaised,
    CalledAgain,
    DataMissed,
    Fact,
    FirstYes,
    LeftUnsure,
    Lock,
    LockOpened,
    OfStep,
    ResultKept,
    RunEnded,
    RunStarted,
    StepEnded,
    StepEntered,
    UndoBegun,
    UndoCalledAgain,
    UndoEnded,
    UndoEntered,
    UndoHeld,
    UndoLeftUnsure,
    UndoOpened,
)
from bot.core.value import Value


class Visit(Value):
    """One time that a step was come to."""

    entered: StepEntered
    locks: tuple[Lock, ...] = ()
    opened_by: Mapping[Lock, str] = {}
    opened_at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    first_yes: str | None = None
    second_role: str | None = None
    is_unsure: bool = False
    attempt: int = 1
    result: ResultKept | None = None
    ended: StepEnded | None = None
    is_undone: bool = False
    undo_attempt: int = 1
    """How often the call that undoes it has been wanted."""

    @property
    def step(self) -> str:
        """The step's id."""
        return self.entered.step

    @property
    def is_done(self) -> bool:
        """Whether it ended well."""
        return self.ended is not None and self.ended.outcome == "success"

    @property
    def can_undo(self) -> bool:
        """Whether there may be something to undo: it was open, was not skipped, and is not undone yet."""
        was_skipped = self.ended is not None and self.ended.outcome == "skipped"
        return self.entered.can_undo and self.opened_at is not None and not was_skipped and not self.is_undone


class Undoing(Value):
    """An undo that is under way: what is left of it, the first now; whether a person let it go on; who does it, None where
    Lockstep does. While it `is_unsure` whether its call arrived, `role` is asked."""

    steps: tuple[str, ...]
    then: str | None
    step: str | None
    by: str | None
    until: AwareDatetime | None = None
    is_open: bool = False
    do: str = ""
    role: str | None = None
    is_unsure: bool = False


class Run(Value):
    """The state of a run."""

    started: RunStarted
    visits: tuple[Visit, ...] = ()
    alarm: AlarmRaised | None = None
    is_held: bool = False
    undoing: Undoing | None = None
    overridden: frozenset[str] = frozenset()
    missed: frozenset[str] = frozenset()
    ended: RunEnded | None = None
    due: AwareDatetime | None = None
    """When time by itself changes something next."""

    @property
    def current(self) -> Visit | None:
        """The step whose turn it is; None when there is none, as after the end."""
        return self.visits[-1] if self.visits and self.visits[-1].ended is None and self.ended is None else None

    def times(self, step: str) -> int:
        """How often this step has been come to."""
        return sum(visit.step == step for visit in self.visits)

    def visit_of(self, step: str) -> Visit:
        """The last time that this step was come to."""
        return next(visit for visit in reversed(self.visits) if visit.step == step)

    @property
    def passed(self) -> frozenset[str]:
        """The steps that have ended well."""
        return frozenset(visit.step for visit in self.visits if visit.is_done)

    @property
    def undoable(self) -> tuple[str, ...]:
        """What could be undone, the latest first, each once; nothing from before a point of no return that was passed."""
        found: list[str] = []
        for visit in reversed(self.visits):
            if visit.entered.is_final and visit.opened_at is not None:
                break
            if visit.can_undo and visit.step not in found:
                found.append(visit.step)
        return tuple(found)


def fold(facts: Iterable[Fact], run: Run | None = None) -> Run | None:
    """The state after these facts."""
    for fact in facts:
        run = Run(started=fact) if isinstance(fact, RunStarted) else evolve(run, fact) if run else None
    return run


def evolve(run: Run, fact: Fact) -> Run:
    """The state after this fact."""
    if isinstance(fact, StepEntered):
        opened = None if fact.locks else fact.at
        visit = Visit(entered=fact, locks=fact.locks, until=fact.until, opened_at=opened)
        return run.but(visits=(*run.visits, visit))
    if isinstance(fact, OfStep):
        return _latest(run, _visited(run.visits[-1], fact))
    if isinstance(fact, UndoEnded):
        return _undone(run, fact)
    return _altered(run, fact)


def _visited(visit: Visit, fact: OfStep) -> Visit:
    if isinstance(fact, LockOpened):
        locks = tuple(lock for lock in visit.locks if lock is not fact.lock)
        by = {**visit.opened_by, fact.lock: fact.by or ""}
        at = None if locks else fact.at
        return visit.but(locks=locks, opened_by=by, opened_at=at, until=fact.until or visit.until)
    if isinstance(fact, FirstYes):
        return visit.but(first_yes=fact.by, second_role=fact.role)
    if isinstance(fact, LeftUnsure):
        return visit.but(is_unsure=True)
    if isinstance(fact, CalledAgain):
        return visit.but(is_unsure=False, attempt=visit.attempt + 1)
    if isinstance(fact, ResultKept):
        return visit.but(result=fact)
    return visit.but(ended=fact) if isinstance(fact, StepEnded) else visit


def _latest(run: Run, visit: Visit) -> Run:
    return run.but(visits=(*run.visits[:-1], visit))


def _altered(run: Run, fact: Fact) -> Run:
    if isinstance(fact, AlarmRaised):
        return run.but(alarm=fact, is_held=False)
    if isinstance(fact, DataMissed):
        return run.but(missed=run.missed | {fact.criterion})
    if isinstance(fact, UndoHeld):
        return run.but(is_held=True)
    if isinstance(fact, AlarmOverridden):
        return _overridden(run, fact)
    if isinstance(fact, UndoBegun):
        undoing = Undoing(steps=fact.steps, then=fact.then, step=fact.step, by=fact.by) if fact.steps else None
        return run.but(undoing=undoing, alarm=None, is_held=False)
    if isinstance(fact, UndoEntered | UndoOpened | UndoLeftUnsure | UndoCalledAgain) and run.undoing:
        going_on = run.but(undoing=_undoing(run.undoing, fact))
        return _wanted_again(going_on, fact.step) if isinstance(fact, UndoCalledAgain) else going_on
    return run.but(ended=fact, alarm=None, undoing=None) if isinstance(fact, RunEnded) else run


def _undoing(undoing: Undoing, fact: Fact) -> Undoing:
    """The undo, after something in it that does not end it."""
    if isinstance(fact, UndoEntered):
        return undoing.but(until=fact.until, is_open=fact.is_open, do=fact.do, role=fact.role)
    if isinstance(fact, UndoOpened):
        return undoing.but(until=fact.until, is_open=True, by=fact.by)
    if isinstance(fact, UndoLeftUnsure):
        return undoing.but(is_unsure=True, role=fact.role)
    return undoing.but(is_unsure=False, role=None)


def _overridden(run: Run, fact: AlarmOverridden) -> Run:
    criterion = run.alarm.criterion if run.alarm else WORSE
    disarmed = run.overridden | ({criterion} - {WORSE})  # a person may find it worse again
    going_on = run.but(alarm=None, is_held=False, overridden=disarmed)
    return _latest(going_on, run.visits[-1].but(until=fact.until)) if run.current else going_on


def _undone(run: Run, fact: UndoEnded) -> Run:
    visits = run.visits
    if fact.is_done:
        visits = tuple(visit.but(is_undone=True) if visit.step == fact.step else visit for visit in visits)
    undoing = run.undoing
    if undoing:
        left = undoing.steps[1:] if fact.is_done else ()
        undoing = (
            undoing.but(steps=left, until=None, is_open=False, do="", role=None, is_unsure=False) if left else None
        )
    after = run.but(visits=visits, undoing=undoing)
    return after if fact.is_done else _wanted_again(after, fact.step)


def _wanted_again(run: Run, step: str) -> Run:
    """The next call that undoes this step is another than the one before."""
    last = run.visit_of(step)
    again = last.but(undo_attempt=last.undo_attempt + 1)
    return run.but(visits=tuple(again if visit is last else visit for visit in run.visits))


def unsettled(run: Run, phase: str) -> tuple[str, ...]:
    """The steps that must be done, or skipped, before this phase is left, and are not. None once the run is over: what ended
    without them is said in its end, and holds nobody up."""
    if run.ended:
        return ()
    settled = {visit.step for visit in run.visits if visit.ended and visit.ended.outcome in ("success", "skipped")}
    return tuple(id for id, gated in run.started.gates.items() if gated == phase and id not in settled)
