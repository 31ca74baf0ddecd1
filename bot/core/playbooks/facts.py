"""What happens in a run of a playbook, as facts. A fact carries all that the state needs, so that a journal of them can be read
without the playbook."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.core.playbooks.judging import Verdict
from bot.core.value import Typed, Value, typed_fields

Outcome = Literal["success", "failure", "timeout", "no data", "skipped", "interrupted"]
End = Literal[
    "done",
    "stopped",
    "handed over",
    "rolled back",
    "undo failed",
    "nobody decided",
    "called off",
    "stuck",
    "incident over",
]
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


class Within(Value):
    """A step of a run, by the run's number, at one of the times that it was come to."""

    run: int
    step: str
    visit: int


class Answered(Value):
    """What is kept of another system's answer: its status, and the SHA-256 of what it said."""

    status: int
    digest: str


class RunStarted(Fact):
    """It began, from this content of the playbook. `is_early`: in an earlier phase than it is meant for. `beside`: runs that touch
    the same part of the system, which the incident commander allowed. `gates`: steps without which a phase is not left, each with
    that phase. `part_of`: the step of another run that it is."""

    kind: Literal["run started"] = "run started"
    run: str
    playbook: str
    hash: str
    inputs: Mapping[str, str] = {}
    is_early: bool = False
    beside: tuple[str, ...] = ()
    title: str = ""
    gates: Mapping[str, str] = {}
    part_of: Within | None = None


class OfStep(Fact):
    """A fact about a step that was come to for the `visit`th time."""

    step: str
    visit: int


class StepEntered(OfStep):
    """It is this step's turn, until then; None for steps that take no time. `is_early`: before its phase. `can_undo`: it changes
    something that can be undone, unless it is skipped; `is_final`: nothing before it can be undone once it is done. `does`: the
    kind of step; `role`: who is asked; `says`: what the room is told in it."""

    kind: Literal["step entered"] = "step entered"
    until: AwareDatetime | None
    locks: tuple[Lock, ...] = ()
    is_early: bool = False
    can_undo: bool = False
    auto_safe: bool = False
    is_final: bool = False
    title: str = ""
    does: str = ""
    role: str | None = None
    says: Typed | None = None


class LockOpened(OfStep):
    """What had to happen before the step happened. `until`: the step's time counts from now when it was the last."""

    kind: Literal["lock opened"] = "lock opened"
    lock: Lock
    note: Typed | None = None
    until: AwareDatetime | None = None


class FirstYes(OfStep):
    """One of two people has said yes. `role`: who the other one is; None: anybody else."""

    kind: Literal["first yes"] = "first yes"
    role: str | None = None


class LeftUnsure(OfStep):
    """Nobody knows whether the call arrived: its role is asked."""

    kind: Literal["left unsure"] = "left unsure"


class CalledAgain(OfStep):
    """It did not arrive, and is made again."""

    kind: Literal["called again"] = "called again"


class ResultKept(OfStep):
    """What the step came to, while the run was held up by a criterion."""

    kind: Literal["result kept"] = "result kept"
    outcome: Outcome
    note: Typed | None = None
    answer: Answered | None = None


class StepEnded(OfStep):
    """It is over, and this is what it came to. `option`: what was chosen, and `chosen` how it reads; `answer`: another system's."""

    kind: Literal["step ended"] = "step ended"
    outcome: Outcome
    note: Typed | None = None
    option: str | None = None
    chosen: str | None = None
    answer: Answered | None = None


class AlarmRaised(Fact):
    """A criterion holds, or nobody can tell: nothing goes on. `begins_at`: the undo begins by itself then; None: it waits for a
    person. `until`: the run ends then if nobody has decided. `says`: what it is, in the playbook's words; `role`: who decides."""

    kind: Literal["alarm raised"] = "alarm raised"
    criterion: str
    verdict: Verdict
    undoes: Literal["all", "this", "last"]
    then: str | None
    begins_at: AwareDatetime | None
    until: AwareDatetime
    says: str = ""
    role: str = ""


class DataMissed(Fact):
    """Nobody can tell whether a criterion holds, and the room is told. `says`: what it is, in the playbook's words."""

    kind: Literal["data missed"] = "data missed"
    criterion: str
    says: str = ""


class UndoHeld(Fact):
    """The incident commander does not want it to begin by itself."""

    kind: Literal["undo held"] = "undo held"
    why: Typed | None = None


class AlarmOverridden(Fact):
    """The incident commander lets the run go on; the criterion counts no more in it. `until`: what time is left to the step."""

    kind: Literal["alarm overridden"] = "alarm overridden"
    why: Typed | None = None
    until: AwareDatetime | None


class UndoBegun(Fact):
    """What these steps did is undone, in this order; with none there was nothing to undo. `step`: the rollback step that asked for
    it; None: a criterion did."""

    kind: Literal["undo begun"] = "undo begun"
    steps: tuple[str, ...]
    then: str | None
    step: str | None = None


class UndoEntered(Fact):
    """It is this step's undo's turn. `is_open`: it goes on; else it waits until somebody lets it. `do`: how it is undone;
    `role`: who is asked; None: Lockstep does it."""

    kind: Literal["undo entered"] = "undo entered"
    step: str
    until: AwareDatetime
    is_open: bool
    do: str = ""
    role: str | None = None


class UndoOpened(Fact):
    """Somebody lets the undo go on, and all after it."""

    kind: Literal["undo opened"] = "undo opened"
    until: AwareDatetime


class UndoLeftUnsure(Fact):
    """Nobody knows whether the call arrived that undoes this step. `role`: who is asked."""

    kind: Literal["undo left unsure"] = "undo left unsure"
    step: str
    role: str


class UndoCalledAgain(Fact):
    """The call that undoes this step did not arrive, and is made again."""

    kind: Literal["undo called again"] = "undo called again"
    step: str


class UndoEnded(Fact):
    """A step is undone, or could not be."""

    kind: Literal["undo ended"] = "undo ended"
    step: str
    is_done: bool
    note: Typed | None = None
    answer: Answered | None = None


class RunEnded(Fact):
    """It is over. `left`: steps that could have been undone and were not, where that was wanted. `why`: what a person gave as the
    reason."""

    kind: Literal["run ended"] = "run ended"
    end: End
    reason: str = ""
    left: tuple[str, ...] = ()
    hands_over_to: str | None = None
    why: Typed | None = None


AnyFact = Annotated[
    RunStarted
    | StepEntered
    | LockOpened
    | FirstYes
    | LeftUnsure
    | CalledAgain
    | ResultKept
    | StepEnded
    | AlarmRaised
    | DataMissed
    | UndoHeld
    | AlarmOverridden
    | UndoBegun
    | UndoEntered
    | UndoOpened
    | UndoLeftUnsure
    | UndoCalledAgain
    | UndoEnded
    | RunEnded,
    Field(discriminator="kind"),
]
"""All facts there are."""


def words_of(fact: Fact) -> str | None:
    """What was typed in it: no fact has more than one field for that."""
    return next((getattr(fact, name) for name in typed_fields(type(fact))), None)


def worded(fact: Fact, words: str | None) -> Fact:
    """The fact with these words in place of what was typed in it."""
    return fact.but(**dict.fromkeys(typed_fields(type(fact)), words))
