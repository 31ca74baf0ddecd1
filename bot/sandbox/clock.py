"""Decides what time it is in the workspace (domain time); must not be asked for wire time.

Domain time dates messages and everything else people read, and may run faster than real time or jump ahead. The wire
(three seconds for an acknowledgement, Retry-After) always runs on real time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from bot.sandbox.changes import Changes


class SandboxClock:
    """Domain time: seconds since 1970 that pass `speed` times as fast as real seconds."""

    def __init__(
        self, *, start: float | None = None, speed: float = 1.0, real: Callable[[], float] = time.monotonic
    ) -> None:
        self._real = real
        self._epoch = time.time() if start is None else start
        self._since = real()
        self._speed = _checked_speed(speed)
        self.changes = Changes()

    @property
    def speed(self) -> float:
        """Domain seconds per real second; 0 means that time stands still."""
        return self._speed

    def epoch(self) -> float:
        """The domain time in seconds since 1970."""
        return self._epoch + (self._real() - self._since) * self._speed

    def advance(self, seconds: float) -> None:
        """Jump ahead by `seconds` of domain time. ValueError for a step back, which only `set_epoch` may take."""
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError("The clock can only advance by zero or more seconds.")
        self._restart(self.epoch() + seconds)

    def set_speed(self, speed: float) -> None:
        """Let time pass `speed` times as fast from now on. ValueError when negative or not finite."""
        speed = _checked_speed(speed)
        self._restart(self.epoch(), speed)

    def set_epoch(self, epoch: float) -> None:
        """Put the clock at `epoch`, the one way to move it back."""
        if not math.isfinite(epoch):
            raise ValueError("The time must be a finite number of seconds.")
        self._restart(epoch)

    def _restart(self, epoch: float, speed: float | None = None) -> None:
        """Count on from `epoch`, and tell whoever follows the clock."""
        self._epoch = epoch
        self._since = self._real()
        self._speed = self._speed if speed is None else speed
        self.changes.happened()


def _checked_speed(speed: float) -> float:
    """The speed itself, when it is one. ValueError otherwise."""
    if not (math.isfinite(speed) and speed >= 0):
        raise ValueError("The speed must be zero or more.")
    return float(speed)
