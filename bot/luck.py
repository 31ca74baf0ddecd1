"""Whether a delivery that keeps failing has bad luck, as all have while Slack is unwell, or is itself what does not work. Pure."""

import math
from collections import deque

FAILURES_AT_LEAST = 8
"""Nothing is given up sooner."""
ONE_IN = 10_000
"""So unlikely must a row of failures be that it does not count as bad luck."""
REMEMBERED = 500


class Luck:
    """Remembers how the latest tries went, and of what."""

    def __init__(self) -> None:
        self._latest: deque[tuple[str, bool]] = deque(maxlen=REMEMBERED)

    def note(self, effect: str, *, went_well: bool) -> None:
        """A try of this effect ended so."""
        self._latest.append((effect, went_well))

    def explains(self, effect: str, failures: int) -> bool:
        """Whether this effect may have failed so often in a row by chance, judged by how all others fared since its first failure
        that is remembered. While none of them succeeds, it may. Few others say little: three that went well do not make the weather
        fine."""
        if failures < FAILURES_AT_LEAST:
            return True
        others = [went_well for other, went_well in self._since_first(effect) if other != effect]
        return not any(others) or _row_of(failures, others.count(False), others.count(True)) * ONE_IN > 1

    def _since_first(self, effect: str) -> list[tuple[str, bool]]:
        latest = list(self._latest)
        first = next((place for place, (one, _) in enumerate(latest) if one == effect), 0)
        return latest[first:]


def _row_of(failures: int, failed: int, went_well: int) -> float:
    """How likely so many failures in a row are where so many tries failed and so many went well, when every rate of failure was as
    likely as any other before (Laplace's rule of succession, time after time)."""
    return math.prod((failed + 1 + turn) / (failed + went_well + 2 + turn) for turn in range(failures))
