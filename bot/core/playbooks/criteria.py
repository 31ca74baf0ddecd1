"""When a change has to be undone: a number that is bad, or worse than before; a deadline; a signal that is missing; any or all of
these. `judging` decides whether one of them holds."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.core.playbooks.part import MISFIT, Id, Line, Minutes, Number, Part, Seconds

Samples = Annotated[int, Field(ge=1, le=100)]


class Sign(StrEnum):
    """How a number is compared with another."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    IS = "=="
    IS_NOT = "!="


class Sampled(Part):
    """How often, and for how long, a number is looked at."""

    every_seconds: Seconds = 30
    """A sample is taken every so many seconds."""
    window_minutes: Minutes = 5
    """Only samples of the last so many minutes count, and none from before the step began."""
    at_least: Samples = 1
    """It holds when it holds for so many samples …"""
    of: Samples = 1
    """… of the last so many. A sample that is missing counts for neither side."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.at_least > self.of:
            raise misfit("at_least", f"{self.at_least} of {self.of} samples can never be.", f"at_least: {self.of}")
        if (self.of - 1) * self.every_seconds > self.window_minutes * 60:
            fitting = -(-(self.of - 1) * self.every_seconds // 60)
            wrong = f"{self.of} samples, one every {self.every_seconds} s, do not fit in {self.window_minutes} min."
            raise misfit("of", wrong, f"window_minutes: {fitting}")
        return self


class Measure(Sampled):
    """A number and what it is compared with."""

    query: Line = Field(examples=["sum(rate(http_errors_total[1m]))"])
    """What to measure, in PromQL. It must give one number. `${name}` stands for an input."""
    op: Sign = Field(examples=["<"])
    """How the number is compared with the threshold."""
    threshold: Number = Field(examples=[0.01])
    """The number it is compared with."""


class MetricCompare(Measure):
    """A number is bad."""

    kind: Literal["metric"]


class BaselineCompare(Sampled):
    """A number is worse than it was: more than so many times as much, or so much more."""

    kind: Literal["baseline"]
    query: Line = Field(examples=["sum(rate(http_errors_total[5m]))"])
    """What to measure, in PromQL: one number, of which more is worse."""
    baseline: Line = Field(examples=["sum(rate(http_errors_total[5m] offset 1w))"])
    """The same before the change, or a week ago."""
    ratio: Annotated[Number, Field(gt=0)] | None = None
    """It holds above so many times the baseline."""
    more_by: Number | None = None
    """It holds above the baseline plus so much."""
    traffic: Line | None = None
    """How much traffic there is, in PromQL."""
    floor: Number | None = None
    """With less traffic than this nothing can be said."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ratio is None) == (self.more_by is None):
            raise misfit("ratio", "a baseline needs either ratio or more_by.", "ratio: 1.2")
        if (self.traffic is None) != (self.floor is None):
            raise misfit("traffic", "traffic and floor go together.", "floor: 1")
        return self


class Deadline(Part):
    """Something has not been passed in time."""

    kind: Literal["deadline"]
    passed: Id = Field(examples=["check-errors"])
    """The step that should have ended well."""
    minutes: Minutes = Field(examples=[10])
    """So many minutes after this began to count."""


class Absence(Part):
    """A signal that should be there has been missing."""

    kind: Literal["absence"]
    query: Line = Field(examples=["up{job='checkout'}"])
    """What should give a number, in PromQL."""
    minutes: Minutes = Field(examples=[5])
    """For so long."""
    every_seconds: Seconds = 30
    """It is looked for every so many seconds."""


class Judged(Part):
    """A person judges it. The button for that is always there; a criterion of this kind only says what to look for."""

    kind: Literal["manual"]
    look_for: Line = Field(examples=["support reports customers who are locked out"])
    """What the role looks for."""


class AnyOf(Part):
    """At least one of these holds."""

    kind: Literal["any_of"]
    of: Annotated[tuple["Criterion", ...], Field(min_length=1, max_length=10)]
    """What may hold."""


class AllOf(Part):
    """All of these hold."""

    kind: Literal["all_of"]
    of: Annotated[tuple["Criterion", ...], Field(min_length=1, max_length=10)]
    """What must hold."""


Criterion = Annotated[
    MetricCompare | BaselineCompare | Deadline | Absence | Judged | AnyOf | AllOf, Field(discriminator="kind")
]


class Trigger(Part):
    """A criterion by its id, and what happens when it holds: nothing new is done, and what was done is offered to be undone."""

    id: Id = Field(examples=["errors-up"])
    """How the record names it."""
    says: Line = Field(examples=["Errors are higher than before the change"])
    """What the room is told when it holds."""
    when: Criterion
    """The criterion."""
    undoes: Literal["all", "this", "last"] = "all"
    """What is undone of what can be: everything; this step and whatever was done after it; or only what was done last."""
    then: Id | None = None
    """The step after the undo. Without it the playbook ends."""
    no_data: Literal["stop", "tell"] = "stop"
    """What missing data means: the same, except that nothing is ever undone without a person; or only a word in the room."""


def misfit(key: str, wrong: str, write: str) -> PydanticCustomError:
    """The error about keys that do not go together: at which key, what is wrong, and what to write."""
    return PydanticCustomError(MISFIT, "{wrong}", {"key": key, "wrong": wrong, "write": write})


def leaves(criterion: Criterion) -> tuple[Criterion, ...]:
    """The simple criteria that it is made of."""
    if isinstance(criterion, AnyOf | AllOf):
        return tuple(leaf for one in criterion.of for leaf in leaves(one))
    return (criterion,)


def queries(criterion: Criterion) -> tuple[str, ...]:
    """Everything that has to be measured for it, each once."""
    found: list[str | None] = []
    for leaf in leaves(criterion):
        if isinstance(leaf, MetricCompare | BaselineCompare | Absence):
            found.append(leaf.query)
        if isinstance(leaf, BaselineCompare):
            found += [leaf.baseline, leaf.traffic]
    return tuple(dict.fromkeys(query for query in found if query))
