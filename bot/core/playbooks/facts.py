"""What happens in a run of a playbook, as facts. A fact carries all that the state needs, so that a journal of them can be read
without the playbook."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from bot.core.playbooks.judging import Verdict
from bot.core.value import Typed, Value

Outcome = Literal["success", "failure", "timeout", "no data", "skipped", "interrupted"]
End = Literal["done", "stopped", "handed over", "rolled back", "undo failed", "nobody decided", "called off", "stuck"]
WORSE = "worse"
"""The criterion that is a person's own judgement."""


class Lock(StrEnum):
    """What must happen before a step is open."""

    APPROVAL = "approval"
    SECOND = "second person"
    EVIDENCE = "evidence"


class Fact(Value):
    """Something that happened in a run. `by` is the person who did it; None: nobody, it came about by itself."""

    at: AwareDatetime
    by: str | None = None


class RunStarted(Fact):
    """It began, from this content of the playbook. `is_early`: in an earlier phase than it is meant for. `beside`: runs that touch
    the same part of the system, which the incident commander allowed."""

    run: str
    playbook: str
    hash: str
    inputs: Mapping[str, str] = {}
    is_early: bool = False
    beside: tuple[str, ...] = ()


class OfStep(Fact):
    """A fact about a step that was come to for the `visit`th time."""

    step: str
    visit: int


class StepEntered(OfStep):
    """It is this step's turn, until then; None for steps that take no time. `is_early`: before its phase. `can_undo`: it changes
    something that can be undone, unless it is skipped; `is_final`: nothing before it can be undone once it is done."""

    until: AwareDatetime | None
    locks: tuple[Lock, ...] = ()
    is_early: bool = False
    can_undo: bool = False
    auto_safe: bool = False
    is_final: bool = False


class LockOpened(OfStep):
    """What had to happen before the step happened. `until`: the step's time counts from now when it was the last."""

    lock: Lock
    note: Typed | None = None
    until: AwareDatetime | None = None


class FirstYes(OfStep):
    """One of two people has said yes."""


class LeftUnsure(OfStep):
    """Nobody knows whether the call arrived: its role is asked."""


class CalledAgain(OfStep):
    """It did not arrive, and is made again."""


class ResultKept(OfStep):
    """What the step came to, while the run was held up by a criterion."""

    outcome: Outcome
    note: Typed | None = None


class StepEnded(OfStep):
    """It is over, and this is what it came to. `option`: what was chosen."""

    outcome: Outcome
    note: Typed | None = None
    option: str | None = None


class AlarmRaised(Fact):
    """A criterion holds, or nobody can tell: nothing goes on. `begins_at`: the undo begins by itself then; None: it waits for a
    person. `until`: the run ends then if nobody has decided."""

    criterion: str
    verdict: Verdict
    undoes: Literal["all", "this", "last"]
    then: str | None
    begins_at: AwareDatetime | None
    until: AwareDatetime


class DataMissed(Fact):
    """Nobody can tell whether a criterion holds, and the room is told."""

    criterion: str


class UndoHeld(Fact):
    """The incident commander does not want it to begin by itself."""

    why: Typed


class AlarmOverridden(Fact):
    """The incident commander lets the run go on; the criterion counts no more in it. `until`: what time is left to the step."""

    why: Typed
    until: AwareDatetime | None


class UndoBegun(Fact):
    """What these steps did is undone, in this order; with none there was nothing to undo. `step`: the rollback step that asked for
    it; None: a criterion did."""

    steps: tuple[str, ...]
    then: str | None
    step: str | None = None


class UndoEntered(Fact):
    """It is this step's undo's turn. `is_open`: it goes on; else it waits until somebody lets it."""

    step: str
    until: AwareDatetime
    is_open: bool


class UndoOpened(Fact):
    """Somebody lets the undo go on, and all after it."""

    until: AwareDatetime


class UndoEnded(Fact):
    """A step is undone, or could not be."""

    step: str
    is_done: bool
    note: Typed | None = None


class RunEnded(Fact):
    """It is over. `left`: steps that could have been undone and were not, where that was wanted."""

    end: End
    reason: str = ""
    left: tuple[str, ...] = ()
    hands_over_to: str | None = None
