"""A playbook, as its file says it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.core.phases import COMMANDER, Phase
from bot.core.playbooks.criteria import misfit
from bot.core.playbooks.part import INPUT, VERSION, Id, Line, Minutes, Name, Part, Title
from bot.core.playbooks.steps import Step, Triggers

Labels = Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]


class Input(Part):
    """Something that is asked when the playbook is started."""

    name: Annotated[str, Field(pattern=INPUT)] = Field(examples=["service"])
    """How the steps name it: as `${name}`."""
    asks: Line = Field(examples=["Which service?"])
    """What is asked."""
    type: Literal["word", "text", "number", "yes or no", "choice"] = "word"
    """What the answer is. A word has letters, digits and - _ . : only, so that it may stand in a query or an address; a text may
    not."""
    choices: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    """What there is to choose from."""
    default: Line | None = None
    """The answer if nobody gives one. Without it, somebody must."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise misfit("choices", "choices go with `type: choice`, and that needs them.", "type: choice")
        if self.default is not None and not fits(self, self.default):
            raise misfit("default", f"this is no answer of the type {self.type}.", f"default: {_EXAMPLES[self.type]}")
        return self


_EXAMPLES = {"word": "checkout", "text": "any text", "number": "5", "yes or no": "yes", "choice": "one of choices"}


def fits(asked: Input, answer: str) -> bool:
    """Whether this is an answer to what is asked."""
    if asked.type == "word":
        return answer != "" and all(char.isalnum() or char in "-_.:" for char in answer)
    if asked.type == "number":
        return answer.removeprefix("-").replace(".", "", 1).isdecimal()
    if asked.type == "yes or no":
        return answer in ("yes", "no")
    return answer in asked.choices if asked.type == "choice" else bool(answer.strip())


class AppliesTo(Part):
    """Which incidents it is for. What is left out fits all."""

    boundaries: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    """Ids of the policy's system map."""
    symptoms: Annotated[tuple[Line, ...], Field(max_length=30)] = ()
    """What people say when this happens, in their words."""
    severities: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    """Severities of the policy."""
    alert_labels: Mapping[Name, Labels] = {}
    """Labels of alerts, each with the values that fit."""


class NotFor(Part):
    """What it does not help with, and what does."""

    when: Line = Field(examples=["Data was changed by a migration"])
    """The case."""
    use: Id | None = None
    """The playbook that helps."""


class Defaults(Part):
    """What holds for every step that does not say otherwise."""

    role: Name | None = None
    """Who does it."""
    timeout_minutes: Minutes | None = None
    """How long it may take."""
    on_failure: Id | None = None
    """The step after one that did not work."""
    on_timeout: Id | None = None
    """The step after one that took too long."""


class Playbook(Part):
    """One way to deal with one kind of incident, step by step."""

    id: Id = Field(examples=["bad-release"])
    """Its name for ever, and that of its file. `/incident playbook` takes it."""
    title: Title = Field(examples=["Undo a bad release"])
    """What it does."""
    version: Annotated[str, Field(pattern=VERSION)] = Field(examples=["1.0.0"])
    """Raise it with every change: the last number for wording, the middle one for steps, the first for a new way."""
    status: Literal["draft", "active", "retired"] = Field(examples=["active"])
    """Only an active one is offered. A draft can be started by its name."""
    owner: Name = Field(examples=["platform team"])
    """The team that keeps it true."""
    last_reviewed: date = Field(examples=["2026-11-29"])
    """When somebody last went through it, as year-month-day."""
    review_every_days: Annotated[int, Field(gt=0, le=730)] = 90
    """How often somebody should."""
    summary: Line = Field(examples=["For errors that began with a release."])
    """When to take it, in a line."""
    applies_to: AppliesTo = AppliesTo()
    """Which incidents it is for."""
    not_for: Annotated[tuple[NotFor, ...], Field(max_length=10)] = ()
    """What it does not help with."""
    prerequisites: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    """What somebody needs before they start: access, tools."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] = (Phase.CONTAINMENT, Phase.RECOVERY)
    """The phases in which it is usually run."""
    takes_minutes: Minutes = Field(examples=[45])
    """How long it usually takes."""
    risk: Line | None = None
    """What can go wrong with it."""
    inputs: Annotated[tuple[Input, ...], Field(max_length=20)] = ()
    """What is asked when it is started."""
    defaults: Defaults = Defaults()
    """What holds for every step that does not say otherwise."""
    rollback_role: Name = "operations lead"
    """Who is asked to roll back when a criterion holds. The incident commander may too."""
    hold_seconds: Annotated[int, Field(ge=10, le=3600)] = 60
    """So long the incident commander can stop an undo that would begin by itself."""
    decide_within_minutes: Minutes = 30
    """When nobody has decided so long after a criterion held, the playbook ends, and the record says what is left to undo."""
    rollback_when: Triggers = ()
    """When what was done has to be undone; looked at from the start on."""
    start: Id = Field(examples=["first-step"])
    """The first step."""
    steps: Annotated[Mapping[Id, Step], Field(min_length=1, max_length=200)]
    """The steps, by their ids."""

    @property
    def hash(self) -> str:
        """The content hash that a run pins: comments, layout and the order of keys do not count."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


ROOM = "room"
"""The audience of a notify step that is the incident's own room."""
APPROVER = COMMANDER
"""The role that approves, holds and overrides."""
