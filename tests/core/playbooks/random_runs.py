"""Random playbooks of every kind of step, random answers to them, and what must hold whatever the two are."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.core.incident import COMMANDER
from bot.core.playbooks.acts import (
    Act,
    Answer,
    CallOff,
    Hold,
    No,
    Override,
    Person,
    Readings,
    Report,
    RollBackNow,
    SayWorse,
    Settle,
    SettleUndo,
    Tick,
    UndoDone,
    UndoReport,
    Unlock,
)
from bot.core.playbooks.alarms import armed
from bot.core.playbooks.executor import decide, next_due
from bot.core.playbooks.facts import (
    AlarmOverridden,
    AlarmRaised,
    Fact,
    Lock,
    LockOpened,
    RunEnded,
    RunStarted,
    StepEnded,
    StepEntered,
    UndoBegun,
    UndoEnded,
    UndoEntered,
)
from bot.core.playbooks.flow import endless
from bot.core.playbooks.judging import Sample, Series, Verdict
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run, fold
from bot.core.playbooks.steps import Confirm
from bot.core.playbooks.turns import Call, wishes
from tests.core.playbooks.given import ALICE, BOB, CARL, OPS, changing, check, errors_up, manual, playbook

PEOPLE = (ALICE, BOB, CARL, Person(user="dora", roles=frozenset({OPS, COMMANDER})))
IDS = [f"s{number}" for number in range(6)]
ANSWERS: tuple[Any, ...] = ("done", "failed", "skip", "yes", "no", "choose")
CALL = {"method": "POST", "url": "https://a.example.com"}
KEYED = {**CALL, "idempotency_header": "Idempotency-Key"}
READ = {**CALL, "method": "GET"}
TAKEN_BACK = {"reversible": True, "undo": {"do": "Take it back.", "call": CALL}}

targets = st.sampled_from([*IDS, "good", "bad"])
bounds = st.one_of(st.none(), st.tuples(st.integers(1, 3), targets))


def _confirm(to: str, **more: Any) -> dict[str, Any]:
    return {"kind": "confirm", "title": "Sure", "question": "Sure?", "two_people": True, "on_success": to, **more}


def _decision(to: str, **more: Any) -> dict[str, Any]:
    ways = {name: {"label": name, "when": "it is.", "goes_to": goal} for name, goal in (("a", to), ("b", "bad"))}
    kept = {key: value for key, value in more.items() if key in ("at_most", "then")}
    return {"kind": "decision", "title": "Choose", "question": "Which?", "options": ways, "default": "b", **kept}


def _only(to: str, more: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {"title": "It", "on_success": to, **{key: more[key] for key in keys if key in more}}


_KINDS: tuple[Callable[..., Any], ...] = (
    lambda to, **more: manual(to, **more),
    lambda to, **more: changing(to, **more, rollback_when=[errors_up("up")]),
    lambda to, **more: changing(to, **more, auto_safe=True, rollback_when=[errors_up("up", undoes="this")]),
    lambda to, **more: manual(to, **more, needs_approval=True, destroys_evidence=True),
    lambda to, **more: manual(to, **more, point_of_no_return="No way back."),
    _confirm,
    _decision,
    lambda to, **more: {"kind": "wait", "minutes": 5, **_only(to, more, "at_most", "then")},
    lambda to, **more: {**check(to), **_only(to, more, "at_most", "then", "on_failure")},
    lambda to, **more: {"kind": "http", "call": CALL, **_only(to, more, *more)},
    lambda to, **more: {"kind": "http", "call": KEYED, **_only(to, more, *more)},
    lambda to, **more: {"kind": "http", "call": READ, **_only(to, more, *more)},
    lambda to, **more: {"kind": "http", "call": KEYED, **TAKEN_BACK, **_only(to, more, *more)},
    lambda to, **more: {"kind": "snapshot", "do": "Save it.", **_only(to, more, *more)},
    lambda to, **more: {"kind": "rollback", **_only(to, more, "at_most", "then", "on_failure")},
)


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """A playbook that the check lets through, as far as its flow is concerned: it may loop, but not for ever."""
    steps = {}
    for id in IDS:
        to, failure, timeout = draw(targets), draw(targets), draw(targets)
        more: dict[str, Any] = {"on_failure": failure, "on_timeout": timeout}
        if bound := draw(bounds):
            more |= {"at_most": bound[0], "then": bound[1]}
        steps[id] = draw(st.sampled_from(_KINDS))(to, **more)
    given = playbook(steps, rollback_when=[errors_up("errors", then=draw(targets))] if draw(st.booleans()) else [])
    while around := endless(given):
        steps[around[0]] = {**steps[around[0]], "at_most": 2, "then": "bad"}
        given = playbook(steps, rollback_when=given.model_dump()["rollback_when"])
    return given


class Move:
    """One random thing done, aimed at whatever the run is at."""

    def __init__(self, kind: int, who: int, word: int, seconds: int) -> None:
        self.kind, self.who, self.word, self.seconds = kind, PEOPLE[who], word, seconds

    def __repr__(self) -> str:
        return f"Move({self.kind}, {self.who.user}, {self.word}, {self.seconds})"

    def act(self, run: Run, given: Playbook, at: datetime) -> Act:
        """The act, as it would be now."""
        at += timedelta(seconds=self.seconds)
        last = run.visits[-1]
        place: dict[str, Any] = {"at": at, "step": last.step, "visit": last.entered.visit}
        person: dict[str, Any] = {"at": at, "who": self.who}
        undo = run.undoing.steps[0] if run.undoing else last.step
        return (
            lambda: Answer(**place, who=self.who, answer=ANSWERS[self.word % 6], option="a", note="x"),
            lambda: Unlock(**place, who=self.who, lock=list(Lock)[self.word % 3], note="x"),
            lambda: Report(**place, result=("success", "failure", "unknown")[self.word % 3]),
            lambda: Settle(**place, who=self.who, arrived=self.word % 2 == 0),
            lambda: _readings(run, given, at, self.word),
            lambda: SayWorse(**person),
            lambda: RollBackNow(**person),
            lambda: UndoDone(**person, step=undo, is_done=self.word % 4 != 0),
            lambda: UndoReport(at=at, step=undo, result=("success", "success", "failure", "unknown")[self.word % 4]),
            lambda: Hold(**person, why="x"),
            lambda: Override(**person, why="x"),
            lambda: CallOff(**person, why="x"),
            lambda: Tick(at=at),
            lambda: Tick(at=max(at, next_due(run, given) or at)),
            lambda: SettleUndo(**person, step=undo, arrived=self.word % 2 == 0),
        )[self.kind]()


LIKELY = [0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 13, 14, 14]
moves = st.builds(
    Move, st.sampled_from(LIKELY), st.integers(0, 3), st.integers(0, 11), st.sampled_from([0, 20, 70, 400])
)


def _readings(run: Run, given: Playbook, at: datetime, word: int) -> Readings:
    subjects = [run.visits[-1].step, *(one.trigger.id for one in armed(run, given))]
    times = [at - timedelta(seconds=60 * back) for back in reversed(range(5))]
    value = (0.0, 9.0)[word % 2]
    samples = () if word > 8 else tuple(Sample(at=time, value=value) for time in times)
    subject = subjects[word % len(subjects)]
    return Readings(at=at, subject=subject, series={"errors": Series(samples=samples, was_answered=word != 11)})


def play(given: Playbook, begun: Sequence[Fact], done: Sequence[Move]) -> list[Fact]:
    """All that happens when this is done one after the other, and then nobody does anything any more. Each time the check is made
    that the state is what all facts fold into."""
    facts, run = list(begun), fold(begun)
    assert run is not None
    at, made = facts[0].at, set[str]()
    for move in done:
        act, before = move.act(run, given, at), _calls(run, given)
        at = act.at
        decided = decide(run, given, act)
        facts += () if isinstance(decided, No) else decided
        run = fold(() if isinstance(decided, No) else decided, run) or run
        if isinstance(act, Report | UndoReport) and decided:
            made |= before
        assert made.isdisjoint(_calls(run, given)), "what is known of a call, or for people to say, is made again"
    for _ in range(500):
        if run.ended:
            break
        due = next_due(run, given)
        assert due is not None, "nothing would ever happen again"
        decided = decide(run, given, Tick(at=max(at, due)))
        assert decided and not isinstance(decided, No), "what is due changes nothing"
        facts += decided
        run, at = fold(decided, run) or run, max(at, due)
    assert run.ended, "it never ends"
    assert fold(facts) == run
    return facts


def _calls(run: Run, given: Playbook) -> set[str]:
    """What Lockstep would call now, by its key."""
    return {wish.key for wish in wishes(run, given) if isinstance(wish, Call)}


def hold(given: Playbook, facts: Sequence[Fact]) -> None:
    """Everything that must be true of what happened in a run, whatever was answered."""
    run, stopped = None, False
    entered: Counter[str] = Counter()
    for fact in facts:
        assert not stopped or isinstance(fact, AlarmOverridden | UndoBegun | RunEnded | StepEnded) or _is_still(fact)
        if run is not None:
            _check(given, run, fact, entered)
        stopped = isinstance(fact, AlarmRaised) or (stopped and not isinstance(fact, AlarmOverridden | UndoBegun))
        run = fold([fact], run)
    assert isinstance(facts[-1], RunEnded) and sum(isinstance(fact, RunEnded) for fact in facts) == 1


def _is_still(fact: Fact) -> bool:
    """What may happen while a criterion has stopped the run: nothing that begins or ends a step."""
    return not isinstance(fact, StepEntered | UndoEntered | UndoEnded | RunStarted)


def _check(given: Playbook, run: Run, fact: Fact, entered: Counter[str]) -> None:
    assert run.ended is None
    if isinstance(fact, StepEntered):
        assert run.current is None and run.undoing is None
        entered[fact.step] += 1
        assert fact.visit == entered[fact.step] <= (given.steps[fact.step].at_most or 500)
    if isinstance(fact, LockOpened) and fact.lock is not Lock.EVIDENCE:
        others = {user for lock, user in run.visits[-1].opened_by.items() if lock is not Lock.EVIDENCE}
        assert fact.by not in others
    if isinstance(fact, StepEnded):
        _check_end(given, run, fact)
    if isinstance(fact, UndoEntered | UndoEnded | UndoBegun):
        _check_undo(given, run, fact)


def _check_end(given: Playbook, run: Run, fact: StepEnded) -> None:
    """A step that was locked is never done; two people are two; a step ends once."""
    visit = run.visits[-1]
    assert (visit.step, visit.entered.visit) == (fact.step, fact.visit) and visit.ended is None
    if fact.outcome not in ("timeout", "interrupted"):
        assert not visit.locks
    step = given.steps[fact.step]
    if isinstance(step, Confirm) and step.two_people and fact.outcome == "success":
        assert visit.first_yes is not None and visit.first_yes != fact.by


def _check_undo(given: Playbook, run: Run, fact: UndoEntered | UndoEnded | UndoBegun) -> None:
    """The latest first; each once; without a person only what is safe and was done well, and only on a criterion that holds."""
    if isinstance(fact, UndoBegun):
        last = [max(at for at, visit in enumerate(run.visits) if visit.step == step) for step in fact.steps]
        assert last == sorted(last, reverse=True) and len(set(fact.steps)) == len(fact.steps)
        if fact.by is None and fact.step is None:
            assert run.alarm is not None and run.alarm.verdict is Verdict.YES and not run.is_held
            assert run.alarm.begins_at is not None and fact.at >= run.alarm.begins_at
        return
    assert run.undoing is not None and run.undoing.steps[0] == fact.step
    if isinstance(fact, UndoEntered) and fact.is_open and run.undoing.by is None:
        visit = next(visit for visit in reversed(run.visits) if visit.step == fact.step)
        assert visit.entered.auto_safe and visit.is_done
    if isinstance(fact, UndoEnded) and fact.is_done:
        assert run.undoing.is_open
