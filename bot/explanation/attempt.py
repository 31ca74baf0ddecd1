"""What an attempt is: something that somebody tries in an incident, and what is there when they do."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.decision import Command, Origin
from bot.core.incident import Incident
from bot.core.policy import Policy


@dataclass(frozen=True)
class Asked:
    """Where the command of whoever asks comes from, in which incident, under which policy, and how many people are in its room
    (None: not known)."""

    by: Origin
    now: Incident
    policy: Policy
    present: int | None = None

    @property
    def who(self) -> str:
        """Who asks."""
        return self.by.actor


def as_it_is(asked: Asked) -> Incident:
    """Nothing else is there."""
    return asked.now


@dataclass(frozen=True)
class Attempt:
    """One thing to try: about what it is, what it is called, the command, and what is there when it is given."""

    about: str
    what: str
    command: Callable[[Asked], Command]
    where: Callable[[Asked], Incident] = as_it_is
