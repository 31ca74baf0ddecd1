"""What happened in the run of a playbook, in words: plain, in the past tense, to follow the name of whoever did it. Pure. How words
and times are written is up to whoever shows it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.core.playbooks.acts import Why
from bot.core.playbooks.facts import (
    WORSE,
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
from bot.core.playbooks.judging import Verdict
from bot.core.run_offers import PlaybooksOffered
from bot.core.runs import PlaybookStarted, RunAdvanced


class Style(NamedTuple):
    """How something is written: words of a file, words that somebody typed, and times."""

    plain: Callable[[str], str]
    typed: Callable[[str], str]
    time: Callable[[datetime], str]


def offered(event: PlaybooksOffered, style: Style) -> str:
    """The room was told which playbooks fit."""
    what = "the playbook" if len(event.fits) == 1 else "the playbooks"
    return f"offered {what} {', '.join(style.plain(fit.title) for fit in event.fits)}"


def started(event: PlaybookStarted, style: Style) -> str:
    """A playbook began."""
    early = ", earlier than it is meant for" if event.is_early else ""
    beside = ", beside another that touches the same part" if event.beside else ""
    part = " as a step of another" if event.part_of else ""
    given = f", with {style.typed(' · '.join(event.inputs.splitlines()))}" if event.inputs else ""
    return f"started the playbook {style.plain(event.title)}{part}{early}{beside}{given}"


def went_on(event: RunAdvanced, style: Style) -> str:
    """A fact of a run."""
    said = _SAID[type(event.fact)](event.whole, style, style.plain(event.step or ""))
    return f"{said} ({style.plain(event.title)})"


def is_quiet(event: object) -> bool:
    """Whether another line says it: that a step began, unless it was too early, and the end, which is a step of its own."""
    if not isinstance(event, RunAdvanced):
        return False
    fact = event.fact
    if isinstance(fact, StepEntered):
        return not fact.is_early
    return isinstance(fact, StepEnded) and fact.outcome == "success" and event.is_stop


def _ended(fact: StepEnded, style: Style, step: str) -> str:
    note = f": {style.typed(fact.note)}" if fact.note else ""
    if fact.chosen:
        late = ", since nobody chose in time" if fact.outcome == "timeout" else ""
        return f"decided at {step}: {style.plain(fact.chosen)}{late}{note}"
    return f"{_CAME[fact.outcome].format(step=step)}{note}"


_CAME = {
    "success": "finished {step}",
    "failure": "found that {step} did not work",
    "timeout": "went on without {step}, which was not done in time",
    "no data": "went on without {step}, for which there was no data",
    "skipped": "skipped {step}",
    "interrupted": "broke {step} off",
}


def _raised(fact: AlarmRaised, style: Style, step: str) -> str:
    if fact.criterion == WORSE:
        return "said that it got worse: nothing goes on"
    unknown = "" if fact.verdict is Verdict.YES else ", as far as anybody can tell without data"
    return f"stopped it: {style.plain(fact.says)}{unknown}"


def _over(fact: RunEnded, style: Style, step: str) -> str:
    why = f": {style.typed(fact.why)}" if fact.why else ""
    reason = f". {style.plain(fact.reason)}" if fact.reason else ""
    left = f" Not undone: {style.plain(', '.join(fact.left))}" if fact.left else ""
    return f"ended the playbook, {_END[fact.end]}{why}{reason}{left}"


_END = {
    "done": "which is done",
    "stopped": "which goes no further",
    "handed over": "from which something else goes on",
    "rolled back": "rolled back",
    "undo failed": "which could not be undone",
    "nobody decided": "since nobody decided in time",
    "called off": "called off",
    "stuck": "which leads nowhere from there",
    "incident over": "with the incident",
}
_OPENED = {"approval": "approved", "second person": "agreed, as the second, to", "evidence": "saved evidence before"}

_SAID: Mapping[type[Fact], Callable[[Any, Style, str], str]] = {
    RunStarted: lambda fact, style, step: "started it",
    StepEntered: lambda fact, style, step: (
        f"came to {step}, earlier than it is meant for" if fact.is_early else f"came to {step}"
    ),
    LockOpened: lambda fact, style, step: (
        f"{_OPENED[fact.lock.value]} {step}" + (f": {style.typed(fact.note)}" if fact.note else "")
    ),
    FirstYes: lambda fact, style, step: f"said yes to {step}, as the first of two",
    LeftUnsure: lambda fact, style, step: f"did not learn whether the call of {step} arrived",
    CalledAgain: lambda fact, style, step: f"said that the call of {step} did not arrive: it was made again",
    ResultKept: lambda fact, style, step: f"kept what came of {step}, while it was stopped",
    StepEnded: _ended,
    AlarmRaised: _raised,
    DataMissed: lambda fact, style, step: f"had no data to tell whether this is so: {style.plain(fact.says)}",
    UndoHeld: lambda fact, style, step: f"held the undo: {style.typed(fact.why or '')}",
    AlarmOverridden: lambda fact, style, step: f"let it go on all the same: {style.typed(fact.why or '')}",
    UndoBegun: lambda fact, style, step: (
        f"began to undo {style.plain(', '.join(fact.steps))}" if fact.steps else "found nothing to undo"
    ),
    UndoEntered: lambda fact, style, step: f"came to the undo of {step}",
    UndoOpened: lambda fact, style, step: "let the undo go on",
    UndoLeftUnsure: lambda fact, style, step: f"did not learn whether the call arrived that undoes {step}",
    UndoCalledAgain: lambda fact, style, step: f"said that {step} is not undone: the call was made again",
    UndoEnded: lambda fact, style, step: (
        f"{'undid' if fact.is_done else 'could not undo'} {step}" + (f": {style.typed(fact.note)}" if fact.note else "")
    ),
    RunEnded: _over,
}

REFUSED: Mapping[Why, str] = {
    Why.OVER: "the playbook was over",
    Why.ANOTHER_STEP: "it was another step's turn",
    Why.LOCKED: "something had to happen first",
    Why.OTHER_ROLE: "it was for somebody else to do",
    Why.SAME_PERSON: "a second person was needed",
    Why.NEEDS_WORDS: "a word about it was needed",
    Why.NOT_AN_ANSWER: "it was no answer to that step",
    Why.NO_SKIPPING: "that step cannot be skipped",
    Why.STOPPED: "the playbook was stopped",
    Why.NOTHING_TO_DECIDE: "nothing waited for that",
    Why.BESIDE: "another playbook touched the same part of the system",
    Why.BAD_INPUT: "an answer was missing or not of its kind",
    Why.RETIRED: "the playbook was retired",
}
"""Why something was refused, to follow "but"."""
