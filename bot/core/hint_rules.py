"""Which hints there are, and when each is given: the part of a policy that `conditions.py` and `hints.py` go by."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.core.value import Value

_WEEK = 7 * 24 * 60
_Minutes = Annotated[int, Field(gt=0, le=_WEEK)]


class Hint(StrEnum):
    """What Lockstep says of its own accord about how hypotheses are tested, by what it has seen. In the order in which they go
    before each other when not all can be said."""

    NOT_CONTAINED = "nothing done against the harm"
    NOTHING_TESTED = "nothing is tested"
    TWO_CHANGES = "two changes at once"
    UNANSWERED = "evidence against it unanswered"
    LEADS_NOWHERE = "tests lead nowhere"
    ALL_CLOSED = "no idea is left"
    ENOUGH_KNOWN = "cause known and service back"
    PLACE_REFUTED = "one place refuted"
    NOBODY_TESTS = "nobody tests it"
    ALIKE = "looks like another"
    ONE_PERSON = "one person has many"
    ONE_SIDED = "all in one place"
    CHANGE_IGNORED = "change not considered"
    TOO_MANY = "too many ready"
    NO_PREDICTION = "no prediction"
    NOTHING_NEW = "nothing new on the first"
    PLACE_UNKNOWN = "place not looked at"
    REFUTED_BEFORE = "refuted before"


class HintRule(Value):
    """When a hint is given: so many minutes after what it is about was so (`contained_after_minutes`: once the harm is contained,
    if that differs), from so many on, from so many in a hundred on, or when things are no farther apart than so many minutes. What
    is left out is as in HINTS_FROM."""

    hint: Hint
    after_minutes: Annotated[int, Field(ge=0, le=_WEEK)] = 0
    contained_after_minutes: _Minutes | None = None
    from_number: Annotated[int, Field(gt=0, le=100)] | None = None
    from_percent: Annotated[int, Field(gt=0, le=100)] | None = None
    within_minutes: _Minutes = 5

    @property
    def number(self) -> int:
        """From how many on."""
        return self.from_number or HINTS_FROM.get(self.hint, (1, 100))[0]

    @property
    def percent(self) -> int:
        """From how many in a hundred on."""
        return self.from_percent or HINTS_FROM.get(self.hint, (1, 100))[1]


HINTS_FROM: Mapping[Hint, tuple[int, int]] = {
    Hint.LEADS_NOWHERE: (2, 100),
    Hint.PLACE_REFUTED: (3, 100),
    Hint.ALIKE: (1, 60),
    Hint.REFUTED_BEFORE: (1, 60),
    Hint.ONE_PERSON: (3, 100),
    Hint.ONE_SIDED: (4, 70),
    Hint.TOO_MANY: (6, 100),
}
"""From how many, and from how many in a hundred, a hint is given where its rule does not say."""
