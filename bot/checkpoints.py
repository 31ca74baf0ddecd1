"""Between which steps of its work a bot may be cut off. In production nothing happens there; crash tests kill the process there."""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """What has just been done, or is just about to be."""

    COMMITTED = "committed"
    """A command is recorded; nobody has been answered, and nothing that follows from it has begun."""
    CLAIMED = "claimed"
    """A lane is ours, and that is recorded."""
    CALLING = "calling"
    """A Web API call is about to be made."""
    ANSWERED = "answered"
    """Slack has carried a call out; what it answered is known to this process alone."""
    SENT = "sent"
    """An effect has come true, whatever calls that took."""
    TOLD = "told"
    """What it made known is recorded, and that it came true is not."""
    RECORDED = "recorded"
    """That it came true is recorded."""


Checkpoint = Callable[[Step, str], None]
"""Called at each step, with what it is a step of: a command, a lane or a method."""


def pass_by(step: Step, of: str) -> None:
    """Go on."""
