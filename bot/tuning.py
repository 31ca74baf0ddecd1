"""What tests and the sandbox set otherwise than production."""

from dataclasses import dataclass

from bot.checkpoints import Checkpoint, pass_by
from bot.outbox import LEASE_SECONDS, LONGEST_BACKOFF_SECONDS, LOOK_SECONDS
from bot.service import COMMIT_SECONDS


@dataclass(frozen=True)
class Tuning:
    """What tests and the sandbox set otherwise than production."""

    checkpoint: Checkpoint = pass_by
    """Where crash tests cut."""
    lease_seconds: float = LEASE_SECONDS
    """How long a lane stays with a bot that may have died."""
    look_seconds: float = LOOK_SECONDS
    """How soon we look for what a call with a lost answer may have done."""
    longest_backoff_seconds: float = LONGEST_BACKOFF_SECONDS
    """For how long a call that failed time and again rests before the next try."""
    commit_seconds: float = COMMIT_SECONDS
    """How long a person waits for a commit before they are told that nothing was recorded."""
    post_interval_seconds: float = 1.0
    post_burst: int = 3
    """How many messages a channel gets at once before one an interval is all it gets."""
    edit_interval_seconds: float = 3.0
    """How often one hypothesis is redrawn at the most, however many replies its thread gets."""
    ping_interval_seconds: float = 10.0
    """How often Socket Mode checks its connection."""


PRODUCTION = Tuning()
"""What nobody sets otherwise."""
