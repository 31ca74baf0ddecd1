"""What people and things can do to a run, and why they are refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from bot.core.phases import Phase
from bot.core.playbooks.facts import Answered, Fact, Lock
from bot.core.playbooks.judging import Series
from bot.core.value import Typed, Value


class Person(Value):
    """Who acts: the roles they hold, and those that nobody holds. What only a role may do anybody may while nobody holds it."""

    user: str
    roles: frozenset[str] = frozenset()
    vacant: frozenset[str] = frozenset()

    def may_act_as(self, *roles: str) -> bool:
        """Whether they hold one of these roles, or nobody holds any of them."""
        return bool(self.roles.intersection(roles)) or self.vacant.issuperset(roles)


class Act(Value):
    """Something done to a run. `phase` is the incident's; None: it is not known, and nothing counts as early."""

    at: AwareDatetime
    phase: Phase | None = None


class Start(Act):
    """Begin. `beside`: other runs that are going on and touch the same part of the system; only the incident commander can allow
    that, with `allows_beside`."""

    run: str
    who: Person
    inputs: Mapping[str, str] = {}
    beside: tuple[str, ...] = ()
    allows_beside: bool = False


class ByPerson(Act):
    """Something that a person does."""

    who: Person


class OnStep(ByPerson):
    """Something about the step whose turn it is, as they saw it: a button from before does nothing."""

    step: str
    visit: int


class Answer(OnStep):
    """Done, failed, skipped; yes, no; an option of a decision, by its id. `note`: a word or a link."""

    answer: Literal["done", "failed", "skip", "yes", "no", "choose"]
    option: str | None = None
    note: Typed | None = None


class Unlock(OnStep):
    """What must happen before the step has happened: it is approved, a second person agrees, evidence is saved (`note` links to
    it)."""

    lock: Lock
    note: Typed | None = None


class Settle(OnStep):
    """Whether a call whose fate was not known arrived. If not, it is made again."""

    arrived: bool


Came = Literal["success", "failure", "unknown"]
"""What is known of something that Lockstep carried out."""


class Report(Act):
    """What a step came to that Lockstep carries out: a call, a message, another playbook. `unknown`: a call may have arrived or
    not, and was sent again as often as it may be. `is_held_up`: the run waits for a decision about another that it is part of."""

    step: str
    visit: int
    result: Came
    note: Typed | None = None
    answer: Answered | None = None
    is_held_up: bool = False


class Readings(Act):
    """What was measured: for a criterion, or for the step whose turn it is, by the text of each query."""

    subject: str
    series: Mapping[str, Series]


class Tick(Act):
    """Time has passed."""


class SayWorse(ByPerson):
    """It got worse: stop, and offer the undo. Anybody may, and need not say why first."""


class RollBackNow(ByPerson):
    """Undo what was done; or, while an undo waits for a person, let it go on."""


class UndoDone(ByPerson):
    """A person has undone a step, or could not."""

    step: str
    is_done: bool
    note: Typed | None = None


class SettleUndo(ByPerson):
    """Whether a call that undoes a step arrived, whose fate was not known. If not, it is made again."""

    step: str
    arrived: bool


class UndoReport(Act):
    """What the call came to that undoes a step; `unknown` as in `Report`."""

    step: str
    result: Came
    note: Typed | None = None
    answer: Answered | None = None


class Hold(ByPerson):
    """Do not begin by yourself."""

    why: Typed


class Override(ByPerson):
    """Go on although a criterion holds."""

    why: Typed


class CallOff(ByPerson):
    """End the run."""

    why: Typed


class Why(StrEnum):
    """Why something is refused."""

    OVER = "the run is over"
    ANOTHER_STEP = "another step's turn"
    LOCKED = "something must happen first"
    OTHER_ROLE = "another role's to do"
    SAME_PERSON = "a second person is needed"
    NEEDS_WORDS = "words are needed"
    NOT_AN_ANSWER = "no answer to this step"
    NO_SKIPPING = "cannot be skipped"
    STOPPED = "a criterion has stopped the run"
    NOTHING_TO_DECIDE = "nothing waits for that"
    BESIDE = "another run touches the same part"
    BAD_INPUT = "an input is missing or not of its type"
    RETIRED = "the playbook is retired"


class No(Value):
    """It is refused. `names` are the roles that may, the runs in the way, or the inputs that do not fit."""

    why: Why
    names: tuple[str, ...] = ()


Facts = tuple[Fact, ...]
Decided = Facts | No
