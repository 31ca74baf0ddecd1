"""The kinds of steps that a playbook is made of, and what each can say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.core.phases import Phase
from bot.core.playbooks.calls import HttpCall
from bot.core.playbooks.criteria import Measure, Trigger
from bot.core.playbooks.part import Id, Line, Minutes, Name, Part, Text, Title

Times = Annotated[int, Field(ge=1, le=50)]
Triggers = Annotated[tuple[Trigger, ...], Field(max_length=20)]


class Exit(StrEnum):
    """How a step can be left, under the name of the key that says where to."""

    SUCCESS = "on_success"
    FAILURE = "on_failure"
    TIMEOUT = "on_timeout"
    NO_DATA = "on_no_data"


class Undo(Part):
    """How what a step did is undone."""

    do: Text = Field(examples=["Turn the flag on again."])
    """What the role does, in at most three lines."""
    call: HttpCall | None = None
    """What Lockstep does by itself instead."""
    role: Name | None = None
    """Who does it; without it, the role of the step."""
    timeout_minutes: Minutes | None = None
    """How long it may take; without it, as long as the step."""


class Base(Part):
    """What every step says."""

    title: Title = Field(examples=["Turn the flag off"])
    """What is done, beginning with a verb."""
    why: Line | None = None
    """What it is good for."""
    phase: Phase | None = None
    """The phase in which it is usually done. It may be done earlier; the record then says so."""
    gates: Phase | None = None
    """The phase that cannot be left before this is done."""
    at_most: Times | None = None
    """How often it may be come to. Every loop needs one step with this."""
    then: Id | None = None
    """Where it goes instead when it has been come to so often."""
    role: Name | None = None
    """Who does it, or is asked when it cannot be done; without it, that of `defaults`."""


class Acting(Base):
    """What every step says that somebody or something has to carry out."""

    timeout_minutes: Minutes | None = None
    """How long it may take; without it, that of `defaults`."""
    on_success: Id = Field(examples=["next-step"])
    """The step after it."""
    on_failure: Id | None = None
    """The step after it when it did not work; without it, that of `defaults`."""
    on_timeout: Id | None = None
    """The step after it when it took too long; without it, that of `defaults`."""
    needs_approval: bool = False
    """Whether the incident commander must approve it first."""
    destroys_evidence: bool = False
    """Whether traces are gone afterwards. Then a snapshot must be there first."""
    reversible: bool = False
    """Whether it changes something that can be undone."""
    undo: Undo | None = None
    """How it is undone."""
    auto_safe: bool = False
    """Whether the undo may begin by itself when a rollback criterion holds and nobody stops it."""
    point_of_no_return: Line | None = None
    """What cannot be taken back from here on. The incident commander and a second person must confirm it first."""
    rollback_when: Triggers = ()
    """When it has to be undone; looked at from the beginning of this step on."""


class Manual(Acting):
    """A person does something and says so."""

    kind: Literal["manual"]
    do: Text = Field(examples=["In the flag service, set new-cart to off."])
    """What to do, in at most three lines."""
    asks_for: Literal["nothing", "note", "link"] = "nothing"
    """What must be written down with it."""
    can_be_skipped: bool = True
    """Whether the role may go on without it, with a reason."""


class Confirm(Acting):
    """A person says yes or no; with `two_people`, two different ones say yes."""

    kind: Literal["confirm"]
    question: Line = Field(examples=["Is the copy less than 30 s behind?"])
    """What is asked."""
    two_people: bool = False
    """Whether a second person must say yes too."""
    second_role: Name | None = None
    """Who the second one is; without it, anybody else."""


class Option(Part):
    """One way to go on."""

    label: Title = Field(examples=["Undo the release"])
    """What the button says."""
    when: Line = Field(examples=["The release is less than two hours old and changed no data."])
    """When to choose it, as plainly as possible."""
    goes_to: Id = Field(examples=["undo-release"])
    """The step after it."""


class Decision(Base):
    """A person chooses a way."""

    kind: Literal["decision"]
    question: Line = Field(examples=["What is the fastest way back?"])
    """What is asked."""
    options: Annotated[Mapping[Id, Option], Field(min_length=2, max_length=10)]
    """The ways, by their ids."""
    default: Id = Field(examples=["stop"])
    """The option that is taken when nobody has chosen in time: the safest, or one that stops."""
    timeout_minutes: Minutes | None = None
    """How long there is to choose; without it, that of `defaults`."""


class Wait(Base):
    """Time passes, or a number becomes good before that."""

    kind: Literal["wait"]
    minutes: Minutes = Field(examples=[10])
    """How long."""
    until: Measure | None = None
    """What ends it earlier."""
    on_success: Id = Field(examples=["check-again"])
    """The step after it."""
    can_be_skipped: bool = True
    """Whether the role may go on at once, with a reason."""
    rollback_when: Triggers = ()
    """When what was done before has to be undone; looked at from the beginning of this step on."""


class CheckMetric(Base):
    """A number is good, is not, or cannot be told."""

    kind: Literal["check_metric"]
    measure: Measure
    """What must hold."""
    timeout_minutes: Minutes | None = None
    """How long there is to tell; without it, that of `defaults`."""
    on_success: Id = Field(examples=["go-on"])
    """The step after it when it holds."""
    on_failure: Id | None = None
    """The step after it when it does not; without it, that of `defaults`."""
    on_no_data: Id | None = None
    """The step after it when it could not be told; without it, as when it does not hold."""


class Http(Acting):
    """Lockstep calls another system."""

    kind: Literal["http"]
    call: HttpCall
    """The call."""


class Notify(Acting):
    """Lockstep tells an audience of the policy, or the room."""

    kind: Literal["notify"]
    audience: Name = Field(examples=["room"])
    """Whom: an audience of the policy, or `room`."""
    message: Text = Field(examples=["We have turned the new cart off. Errors should fall within five minutes."])
    """What they read. `${name}` stands for an input."""


class SubPlaybook(Acting):
    """Another playbook is run; this one goes on when that one has ended."""

    kind: Literal["sub_playbook"]
    playbook: Id = Field(examples=["data-loss"])
    """Which."""
    inputs: Mapping[Name, Line] = {}
    """What it is given."""


class Snapshot(Acting):
    """A person saves evidence and links to it."""

    kind: Literal["snapshot"]
    do: Text = Field(examples=["Save the list of running queries and link to it."])
    """What to save, and how, in at most three lines."""


class Rollback(Base):
    """What was done is undone, the latest first."""

    kind: Literal["rollback"]
    undoes: Literal["all", "last"] = "all"
    """Whether everything that can be undone is, or only what was done last."""
    on_success: Id = Field(examples=["check-again"])
    """The step after it: the check whether it helped."""
    on_failure: Id | None = None
    """The step after it when something could not be undone; without it, that of `defaults`."""


class Stop(Base):
    """The playbook ends here."""

    kind: Literal["stop"]
    outcome: Literal["done", "stopped", "handed over"] = Field(examples=["done"])
    """How: the work is done; it goes no further; or something else goes on from here."""
    reason: Line = Field(examples=["Errors are back to normal."])
    """What is true now, and what to do next."""
    hands_over_to: Id | None = None
    """The playbook that goes on."""


Step = Annotated[
    Manual | Confirm | Decision | Wait | CheckMetric | Http | Notify | SubPlaybook | Snapshot | Rollback | Stop,
    Field(discriminator="kind"),
]
