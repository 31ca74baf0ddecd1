"""What a policy says of promises: how people are reminded of an update that they must send, and in which phases audiences hear less
often.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.core.incident import Phase
from bot.core.value import Value


class Step(StrEnum):
    """A step of the ladder by which people are reminded of an update that a person must send."""

    DRAFT = "draft"
    ROOM = "room"
    LEADER = "commander"
    NOTE = "note"
    MISSED = "missed"


class Rung(Value):
    """When a step is taken: a draft before the time that was promised, by a share of the interval and at most so many minutes; all
    others after it, by a share of the interval and at least so many minutes."""

    step: Step
    percent: Annotated[int, Field(ge=0, le=1000)]
    minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 0


LADDER = (
    Rung(step=Step.DRAFT, percent=33, minutes=5),
    Rung(step=Step.ROOM, percent=0),
    Rung(step=Step.LEADER, percent=20, minutes=3),
    Rung(step=Step.NOTE, percent=50, minutes=5),
    Rung(step=Step.MISSED, percent=100),
)
"""The steps of a policy that names none (domain, 4.6)."""


class Slower(Value):
    """In this phase audiences hear at intervals so many times as long."""

    phase: Phase
    times: Annotated[int, Field(gt=0, le=10)]
