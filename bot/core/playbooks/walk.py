"""A run on prepared answers, without Slack: for those who write a playbook and want to see where it goes. Everything is answered by
whom it is asked of, a minute later; what is waited for passes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field

from bot.core.playbooks import alarms
from bot.core.playbooks.acts import (
    Act,
    Answer,
    Facts,
    Hold,
    No,
    Override,
    Person,
    Readings,
    Report,
    RollBackNow,
    Settle,
    SettleUndo,
    Start,
    Tick,
    UndoDone,
    UndoReport,
    Unlock,
)
from bot.core.playbooks.criteria import Measure, Sign
from bot.core.playbooks.entering import undo_role
from bot.core.playbooks.executor import decide, next_due, start
from bot.core.playbooks.facts import Fact, RunEnded
from bot.core.playbooks.flow import role_of
from bot.core.playbooks.judging import Sample, Series, Verdict
from bot.core.playbooks.model import APPROVER, Playbook
from bot.core.playbooks.part import Id, Line, Part
from bot.core.playbooks.run import Run, Undoing, Visit, fold
from bot.core.playbooks.steps import (
    Acting,
    Base,
    CheckMetric,
    Confirm,
    Decision,
    Http,
    Manual,
    Notify,
    Snapshot,
    SubPlaybook,
    Wait,
)
from bot.core.value import Value

_STARTS = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_MOST = 10_000
LATE = "late"
GOOD = "good"
_NOTE = "https://example.com/evidence"

Word = str
Words = Word | tuple[Word, ...]


class Script(Part):
    """The answers to a playbook, as their file says them."""

    inputs: Mapping[str, Line] = {}
    """What is asked at the start."""
    answers: Mapping[Id, Words] = {}
    """For each step what is answered, or a list of that for the first time, the second and so on: done, failed, skip; yes, no; the
    id of an option; pass, fail, no data; arrived, lost; late."""
    rest: Literal["good", "asked"] = "asked"
    """Steps that have no answer: `good`, they end well; `asked`, the walk ends there and says what is asked."""
    criteria: Mapping[Id, Id] = {}
    """Criteria that hold, each with the step at which they begin to."""
    no_data: tuple[Id, ...] = ()
    """Those of them of which nothing is known."""
    alarms: tuple[Literal["roll back", "hold", "override", "wait"], ...] = ()
    """What is done about them, one after the other; after that, nothing."""
    undos: Mapping[Id, Literal["done", "failed", "late", "arrived", "lost"]] = Field(default={})
    """How the undo of a step ends, where it does not end well; `arrived` and `lost` for a call whose fate is not known."""


class Walk(Value):
    """What happened, and where it ended: at the end of the run, or with a problem."""

    facts: tuple[Fact, ...]
    ended: RunEnded | None = None
    problem: str | None = None
    """What stopped the walk: a sentence for whoever wrote the answers."""


class _Unanswered(Exception):
    """The walk cannot go on. Its text is for whoever wrote the answers."""


def walk(playbook: Playbook, script: Script) -> Walk:
    """The whole way. It ends where an answer is missing or none, and says so."""
    beginner = Person(user=APPROVER, roles=frozenset({APPROVER}))
    begun = start(playbook, Start(at=_STARTS, run="walk", who=beginner, inputs=script.inputs))
    if isinstance(begun, No):
        return Walk(facts=(), problem=f"It cannot start: {begun.why}: {', '.join(begun.names)}.")
    facts, run, walker = list(begun), fold(begun), _Walker(playbook, script)
    try:
        while run and not run.ended and len(facts) < _MOST:
            moved = walker.move(run, facts[-1].at)
            facts += moved
            run = fold(moved, run)
    except _Unanswered as missing:
        return Walk(facts=tuple(facts), problem=str(missing))
    return Walk(facts=tuple(facts), ended=run.ended if run else None)


class _Walker:
    """Gives the answers of a script, one after the other."""

    def __init__(self, playbook: Playbook, script: Script) -> None:
        self._playbook = playbook
        self._script = script
        self._alarms = list(script.alarms)
        self._criteria = dict(script.criteria)

    def move(self, run: Run, at: datetime) -> Facts:
        """What happens next."""
        if run.undoing:
            return self._undo(run, at + _MINUTE)
        if run.alarm:
            return self._alarm(run, at + timedelta(seconds=10))
        visit = run.current
        if visit is None:
            raise _Unanswered("The playbook has no step to go on with.")
        return self._criterion(run, visit, at) or self._step(run, visit, at)

    def _criterion(self, run: Run, visit: Visit, at: datetime) -> Facts:
        """The criterion that begins to hold at this step, once."""
        for id in [id for id, step in self._criteria.items() if step == visit.step and not visit.locks]:
            del self._criteria[id]
            trigger = next((one.trigger for one in alarms.armed(run, self._playbook) if one.trigger.id == id), None)
            if trigger is None:
                raise _Unanswered(f"The criterion {id} does not count at the step {visit.step}.")
            verdict = Verdict.UNKNOWN if id in self._script.no_data else Verdict.YES
            return (alarms.raised(run, self._playbook, trigger, at + _MINUTE, verdict),)
        return ()

    def _alarm(self, run: Run, at: datetime) -> Facts:
        done = self._alarms.pop(0) if self._alarms else "wait"
        why = "as the answers say"
        if done == "roll back":
            return self._do(run, RollBackNow(at=at, who=self._holder(self._playbook.rollback_role)))
        if done == "hold":
            return self._do(run, Hold(at=at, who=self._holder(APPROVER), why=why))
        if done == "override":
            return self._do(run, Override(at=at, who=self._holder(APPROVER), why=why))
        return self._pass(run)

    def _undo(self, run: Run, at: datetime) -> Facts:
        undoing, playbook = run.undoing, self._playbook
        if undoing is None:
            return ()
        if not undoing.is_open:
            if self._alarms and self._alarms[0] == "wait":
                return self._pass(run)
            return self._do(run, RollBackNow(at=at, who=self._holder(playbook.rollback_role)))
        id = undoing.steps[0]
        how = self._script.undos.get(id, "done")
        step = playbook.steps[id]
        if how == LATE:
            return self._pass(run)
        if isinstance(step, Acting) and step.undo and step.undo.call:
            return self._do(run, self._undo_call(run, undoing, how, at))
        who = self._holder(undo_role(playbook, id))
        return self._do(run, UndoDone(at=at, who=who, step=id, is_done=how == "done"))

    def _undo_call(self, run: Run, undoing: Undoing, how: str, at: datetime) -> Act:
        """What the call came to that undoes a step, or what its role says of that."""
        id = undoing.steps[0]
        if undoing.is_unsure:
            who = self._holder(undo_role(self._playbook, id))
            return SettleUndo(at=at, who=who, step=id, arrived=how == "arrived")
        is_lost = how in ("arrived", "lost") and run.visit_of(id).undo_attempt == 1
        return UndoReport(at=at, step=id, result="unknown" if is_lost else "failure" if how == "failed" else "success")

    def _step(self, run: Run, visit: Visit, at: datetime) -> Facts:
        step, word = self._playbook.steps[visit.step], self._word(visit)
        if word == LATE:
            return self._pass(run)
        if visit.locks:
            return self._unlock(run, visit, at + _MINUTE)
        reads = next(reads for kind, reads in _READS.items() if isinstance(step, kind))
        act = reads(self, visit, step, word, at + _MINUTE)
        return self._do(run, act) if act else self._pass(run)

    def _unlock(self, run: Run, visit: Visit, at: datetime) -> Facts:
        lock = visit.locks[0]
        who = self._holder(APPROVER) if lock.value == "approval" else Person(user="a second person")
        id, number = visit.step, visit.entered.visit
        return self._do(run, Unlock(at=at, who=who, step=id, visit=number, lock=lock, note=_NOTE))

    def _word(self, visit: Visit) -> Word:
        """The answer for this time; the last one of a list counts for all later times too."""
        step = self._playbook.steps[visit.step]
        words = self._script.answers.get(visit.step)
        if words is not None and words != ():
            return words if isinstance(words, str) else words[min(visit.entered.visit, len(words)) - 1]
        if isinstance(step, Wait | Notify) or (self._script.rest == GOOD and not isinstance(step, Decision)):
            return GOOD
        choices = ", ".join(step.options) if isinstance(step, Decision) else ", ".join(_WORDS[type(step)])
        raise _Unanswered(f"There is no answer for the step {visit.step}. Write one of: {choices}, late.")

    def _do(self, run: Run, act: Act) -> Facts:
        decided = decide(run, self._playbook, act)
        if isinstance(decided, No):
            id = run.current.step if run.current else "the undo"
            raise _Unanswered(f"The answer at {id} is refused: {decided.why}.")
        if not decided:
            raise _Unanswered("The answer changes nothing.")
        return decided

    def _pass(self, run: Run) -> Facts:
        """Time passes until it changes something."""
        if due := next_due(run, self._playbook):
            return self._do(run, Tick(at=due))
        raise _Unanswered("Nothing happens any more.")

    def _holder(self, role: str) -> Person:
        return Person(user=role, roles=frozenset({role}))

    def answers(self, visit: Visit, step: Base, word: Word, at: datetime) -> Act:
        """A person's answer; to a confirm by two the second time by another."""
        answer = _GOOD.get(type(step), word) if word == GOOD else word
        role = role_of(self._playbook, step)
        who = self._holder(role)
        if visit.first_yes:
            second = step.second_role if isinstance(step, Confirm) and step.second_role else "a second person"
            who = Person(user=f"{second}, not {role}", roles=frozenset({second}))
        place = {"at": at, "who": who, "step": visit.step, "visit": visit.entered.visit, "note": _NOTE}
        if isinstance(step, Decision):
            return Answer.model_validate({**place, "answer": "choose", "option": word})
        if answer not in _WORDS[type(step)]:
            raise _Unanswered(f"{word} is no answer to {visit.step}. Write one of: {', '.join(_WORDS[type(step)])}.")
        return Answer.model_validate({**place, "answer": answer})

    def reports(self, visit: Visit, step: Base, word: Word, at: datetime) -> Act:
        """What a call, a message or another playbook came to."""
        id, number = visit.step, visit.entered.visit
        if word not in (GOOD, "done", "failed", "arrived", "lost"):
            raise _Unanswered(f"{word} is no answer to {id}. Write one of: done, failed, arrived, lost.")
        if visit.is_unsure:
            who = self._holder(role_of(self._playbook, step))
            return Settle(at=at, who=who, step=id, visit=number, arrived=word == "arrived" or visit.attempt > 1)
        if word in ("arrived", "lost") and visit.attempt == 1:
            return Report(at=at, step=id, visit=number, result="unknown")
        return Report(at=at, step=id, visit=number, result="failure" if word == "failed" else "success")

    def measures(self, visit: Visit, step: Base, word: Word, at: datetime) -> Act | None:
        """What a check measured; None when it measured nothing and its time passes."""
        if not isinstance(step, CheckMetric) or word == "no data":
            return None
        if word not in (GOOD, "pass", "fail"):
            raise _Unanswered(f"{word} is no answer to {visit.step}. Write one of: pass, fail, no data.")
        measure = step.measure
        at = max(at, visit.entered.at + timedelta(seconds=measure.every_seconds) * measure.of)
        return Readings(
            at=at, subject=visit.step, series={measure.query: _samples(measure, at, is_good=word != "fail")}
        )

    def waits(self, visit: Visit, step: Base, word: Word, at: datetime) -> Act | None:
        """A wait that is skipped, or passes."""
        if word != "skip":
            return None
        who = self._holder(role_of(self._playbook, step))
        return Answer(at=at, who=who, step=visit.step, visit=visit.entered.visit, answer="skip", note=_NOTE)


def _samples(measure: Measure, at: datetime, *, is_good: bool) -> Series:
    """So many samples as it wants, all good or all bad."""
    off = {Sign.BELOW: -1, Sign.AT_MOST: -1, Sign.ABOVE: 1, Sign.AT_LEAST: 1, Sign.IS: 0, Sign.IS_NOT: 1}[measure.op]
    bad = {Sign.IS: 1, Sign.IS_NOT: 0}.get(measure.op, -off)
    value = measure.threshold + (off if is_good else bad)
    times = [at - timedelta(seconds=measure.every_seconds) * back for back in range(measure.of)]
    return Series(samples=tuple(Sample(at=time, value=value) for time in reversed(times)))


_WORDS: Mapping[type[Base], tuple[Word, ...]] = {
    Manual: ("done", "failed", "skip"),
    Snapshot: ("done", "failed"),
    Confirm: ("yes", "no"),
    CheckMetric: ("pass", "fail", "no data"),
    Http: ("done", "failed", "arrived", "lost"),
    SubPlaybook: ("done", "failed"),
    Notify: ("done", "failed"),
}
"""What can be answered, besides that it comes too late."""
_GOOD: Mapping[type[Base], Word] = {Manual: "done", Snapshot: "done", Confirm: "yes"}
_READS: Mapping[type[Base], Callable[[_Walker, Visit, Base, Word, datetime], Act | None]] = {
    Manual: _Walker.answers,
    Snapshot: _Walker.answers,
    Confirm: _Walker.answers,
    Decision: _Walker.answers,
    Http: _Walker.reports,
    Notify: _Walker.reports,
    SubPlaybook: _Walker.reports,
    CheckMetric: _Walker.measures,
    Wait: _Walker.waits,
}
