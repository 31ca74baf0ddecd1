"""The values that a hypothesis is tested by: what it predicts, how it is tested, and how far an answer reaches; besides when a part
of the system map was last looked at, and what Lockstep asked of its own accord. Knows no rule.
"""

from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.value import Value

LIKELY = 2
"""The likelihood, of 1 to 3, that a hypothesis has until somebody says another."""
USUAL_COST = 2
"""The cost, of 1 to 3, that a test is taken to have until somebody says another."""


class Reason(StrEnum):
    """Why a hypothesis is as likely as somebody says."""

    CHANGED = "something changed there"
    FITS = "it fits what is seen"
    SEEN = "it was so before"


class Prediction(Value):
    """What will be seen if the hypothesis is true, and what if it is false: a test that fits both shows nothing."""

    if_true: str
    if_false: str


class Plan(Value):
    """How it is tested, and what that costs: 1 is a look of two minutes, 2 takes ten, 3 takes longer. One that changes production
    needs a way back. `at`: since when it is planned."""

    how: str
    cost: int
    changes_production: bool
    at: AwareDatetime
    way_back: str | None = None

    @property
    def takes(self) -> int:
        """The cost that counts: what changes production is never cheap."""
        return 3 if self.changes_production else self.cost


class Explains(StrEnum):
    """How much of what is seen a confirmed hypothesis explains."""

    ALL = "all of it"
    PARTLY = "part of it"


class BoundaryState(StrEnum):
    """What is known of a part of the system map. A part that nobody has spoken of is UNKNOWN."""

    WORKING = "working"
    AFFECTED = "affected"
    UNKNOWN = "unknown"


class Check(Value):
    """Somebody looked at a part of the system map, and this is what they found."""

    state: BoundaryState
    by: str
    at: AwareDatetime


class Answer(StrEnum):
    """What somebody answers to a hint."""

    DONE = "done"
    LATER = "later"
    NOT_NEEDED = "not needed"


class Given(Value):
    """A hint that was given, known by `key`: the hint and what it was about, so that it is given once. `until`: not again before;
    None when it is not given again."""

    number: int
    key: str
    to: tuple[str, ...]
    at: AwareDatetime
    answer: Answer | None = None
    until: AwareDatetime | None = None
