"""What a command, an event and a decision are. The concerns define theirs on these bases; what is refused is in `refusal.py`."""

from typing import ClassVar

from pydantic import AwareDatetime

from bot.core.policy_parts import Act
from bot.core.refusal import NotInPolicy, Refusal
from bot.core.value import Typed, Value

SYSTEM = "lockstep"
"""The actor of what nobody did by hand: timers and delivery results."""
OPERATOR = "operator"
"""The actor of what whoever looks after Lockstep did from its command line, where Slack knows nobody."""


class Origin(Value):
    """Where a command comes from: whose it is, which incident it means (0: none yet), when in domain time, and the key under
    which its outcome is kept, so that the same command delivered again is answered as the first time."""

    team: str
    incident: int = 0
    actor: str
    at: AwareDatetime
    key: str


class Command(Value):
    """What somebody wants. May be refused. A *report* says what a machine did, or what came of another incident, and is taken even
    when the incident is over. What *follows up* concerns what is to be done after an incident, and is taken then as well. `act` is
    what the policy may let only some people do (None: anybody may)."""

    is_report: ClassVar[bool] = False
    follows_up: ClassVar[bool] = False
    act: ClassVar[Act | None] = None

    origin: Origin

    @property
    def at(self) -> AwareDatetime:
        """When it was asked for, in domain time."""
        return self.origin.at

    @property
    def actor(self) -> str:
        """Who asks: a Slack user id, SYSTEM or OPERATOR."""
        return self.origin.actor


class Event(Value):
    """What happened, at which domain time and by whom. Never changes, never goes away."""

    at: AwareDatetime
    actor: str


class AttemptRefused(Event):
    """Somebody tried something that may not be done now: what, and why not. What they typed and the policy does not know is kept
    apart in `given`, so that it can be redacted."""

    attempt: str
    refusal: Refusal
    given: Typed | None = None

    @property
    def why(self) -> Refusal:
        """The refusal with what was typed in its place."""
        if isinstance(self.refusal, NotInPolicy) and self.given is not None:
            return self.refusal.but(given=self.given)
        return self.refusal


class Decision(Value):
    """What a command leads to: events, which are committed even when the answer is no, and the refusal if it is."""

    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None


def accept(*events: Event) -> Decision:
    """Yes: this happened."""
    return Decision(events=events)


def refuse(command: Command, refusal: Refusal) -> Decision:
    """No, for this reason; that it was tried is an event too."""
    given, kept = (refusal.given, refusal.but(given="")) if isinstance(refusal, NotInPolicy) else (None, refusal)
    tried = AttemptRefused(
        at=command.at, actor=command.actor, attempt=type(command).__name__, refusal=kept, given=given
    )
    return Decision(events=(tried,), refusal=refusal)
