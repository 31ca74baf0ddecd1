"""A walk through a playbook as lines for people to read: when what happened, who was asked, and how it ended. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.core.playbooks.facts import (
    AlarmOverridden,
    AlarmRaised,
    CalledAgain,
    DataMissed,
    Fact,
    FirstYes,
    LeftUnsure,
    LockOpened,
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
from bot.core.playbooks.flow import role_of
from bot.core.playbooks.judging import Verdict
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.steps import Base, Decision, Stop
from bot.core.playbooks.walk import Walk

_INDENT = "  "


def lines(playbook: Playbook, walk: Walk) -> Iterator[str]:
    """The walk, a line for each thing that happened; at the end why it ended."""
    yield f"{playbook.title} ({playbook.id} {playbook.version}, {playbook.hash[:12]})"
    begun = walk.facts[0].at if walk.facts else None
    for fact in walk.facts:
        if begun and (said := _said(playbook, fact, begun)):
            yield f"{clock(begun, fact.at):>6}  {said}"
    if walk.problem:
        yield f"Stopped: {walk.problem}"


def clock(begun: datetime, at: datetime) -> str:
    """Hours and minutes since the beginning; with seconds where there are some."""
    seconds = round((at - begun).total_seconds())
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def _said(playbook: Playbook, fact: Fact, begun: datetime) -> str | None:
    """What is said of a fact; None for what needs no word."""
    if isinstance(fact, StepEntered):
        return _entered(playbook, fact, begun)
    if isinstance(fact, AlarmRaised):
        return _alarm(playbook, fact, begun)
    if isinstance(fact, StepEnded):
        return _ended(playbook, fact)
    if isinstance(fact, UndoEntered):
        return _undo(playbook, fact)
    if isinstance(fact, RunEnded):
        return _over(fact)
    return _started(fact) if isinstance(fact, RunStarted) else _small(fact)


def _small(fact: Fact) -> str | None:
    """What is said of what happens within a step or an undo."""
    if isinstance(fact, LockOpened):
        return f"{_INDENT}{fact.lock}: given by {fact.by}"
    if isinstance(fact, UndoEnded):
        return f"{_INDENT}→ {'undone' if fact.is_done else 'could not be undone'}"
    if isinstance(fact, UndoBegun):
        who = f", by {fact.by}" if fact.by else "" if fact.step else " by itself"
        return f"{_INDENT}undo begins{who}" if fact.steps else None
    words = _WORDS.get(type(fact))
    return f"{_INDENT}{words}" if words else None


_WORDS: Mapping[type[Fact], str] = {
    FirstYes: "the first yes; a second person is asked",
    LeftUnsure: "nobody knows whether the call arrived; the role is asked",
    CalledAgain: "it did not arrive, and is made again",
    ResultKept: "the result is kept until somebody decides",
    DataMissed: "a criterion cannot be told; the room is told",
    UndoHeld: "held by the incident commander",
    AlarmOverridden: "overridden by the incident commander: it goes on",
    UndoOpened: "a person lets the undo go on",
    UndoLeftUnsure: "nobody knows whether the call arrived that undoes it; the role is asked",
    UndoCalledAgain: "it did not arrive, and is made again",
}


def _entered(playbook: Playbook, fact: StepEntered, begun: datetime) -> str:
    step = playbook.steps[fact.step]
    again = f" (time {fact.visit})" if fact.visit > 1 else ""
    until = f", until {clock(begun, fact.until)}" if fact.until else ""
    who = "" if isinstance(step, Stop) else f" · {role_of(playbook, step)}{until}"
    locks = f" · needs {' and '.join(fact.locks)} first" if fact.locks else ""
    return f"{fact.step}{again}: {step.title}{who}{locks}"


def _alarm(playbook: Playbook, fact: AlarmRaised, begun: datetime) -> str:
    bad = "holds" if fact.verdict is Verdict.YES else "cannot be told"
    begins = f"; the undo begins at {clock(begun, fact.begins_at)} unless it is held" if fact.begins_at else ""
    return f"{_INDENT}! {fact.criterion} {bad}: nothing goes on{begins}; {playbook.rollback_role} decides"


def _ended(playbook: Playbook, fact: StepEnded) -> str | None:
    step: Base = playbook.steps[fact.step]
    if isinstance(step, Stop):
        return None
    if isinstance(step, Decision) and fact.option:
        late = " (nobody chose in time)" if fact.outcome == "timeout" else ""
        return f"{_INDENT}→ {fact.option}: {step.options[fact.option].label}{late}"
    return f"{_INDENT}→ {fact.outcome}"


def _over(fact: RunEnded) -> str:
    left = f" Not undone: {', '.join(fact.left)}." if fact.left else ""
    other = f" Goes on with {fact.hands_over_to}." if fact.hands_over_to else ""
    return f"End: {fact.end}.{f' {fact.reason}' if fact.reason else ''}{other}{left}"


def _started(fact: RunStarted) -> str:
    inputs = ", ".join(f"{name} = {value}" for name, value in fact.inputs.items())
    return f"Begins{f' with {inputs}' if inputs else ''}."


def _undo(playbook: Playbook, fact: UndoEntered) -> str:
    step = playbook.steps[fact.step]
    own = getattr(step, "undo", None)
    wait = "" if fact.is_open else " · waits for a person"
    return f"undo {fact.step}: {own.do if own else step.title}{wait}"
