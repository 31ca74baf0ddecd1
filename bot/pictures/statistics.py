"""What charts of many incidents show: a dot or a bar each, never a person. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.incident import Phase
from bot.core.value import Value
from bot.metrics.follow_up import FollowedUp
from bot.metrics.measured import Measured, Standing
from bot.metrics.moments import Time


class Dot(Value):
    """One incident: when it was declared, how bad it was, and in seconds how long it took from noticed until contained and until
    recovered, how long it was in each phase it has left, how it was noticed, as far as somebody said, and what contributed."""

    number: int
    declared: AwareDatetime
    severity: str
    contained: float | None
    recovered: float | None
    phases: Mapping[str, float]
    source: str | None = None
    factors: tuple[str, ...] = ()

    @property
    def quarter(self) -> str:
        """The quarter in which it was declared."""
        return f"{self.declared.year} Q{(self.declared.month + 2) // 3}"


class Item(Value):
    """One action item: when it was added and verified, and whether it was dropped."""

    added: AwareDatetime
    verified: AwareDatetime | None
    is_dropped: bool


class Statistics(Value):
    """Many incidents of the last `days`, as they stand `at` this time, `only` those of a severity or boundary. `severities` from
    the worst; `late` by how many seconds each update was late (0: in time); `missed` updates never came; `items` are their action
    items; `lacked` and `waived` how often something that a gate asks for was missing when a step was refused, and was let go."""

    days: int
    severities: tuple[str, ...]
    dots: tuple[Dot, ...]
    late: tuple[float, ...]
    missed: int
    at: AwareDatetime
    items: tuple[Item, ...] = ()
    lacked: Mapping[str, int] = {}
    waived: Mapping[str, int] = {}
    only: str = ""

    @property
    def span(self) -> str:
        """Which incidents these are, in words."""
        return f"last {self.days} days{f', only {self.only}' if self.only else ''}"

    def verified_within(self, days: int) -> tuple[int, int]:
        """Of the action items that were added at least so many days ago and not dropped: how many were verified within that time,
        and how many they are."""
        old = [one for one in self.items if not one.is_dropped and self.at - one.added >= timedelta(days=days)]
        soon = [one for one in old if one.verified and one.verified - one.added <= timedelta(days=days)]
        return len(soon), len(old)


NOT_SET = "not set"


def statistics(
    found: Iterable[Measured], days: int, severities: Iterable[str], at: datetime, only: str = ""
) -> Statistics:
    """Those of the incidents that count, at this time."""
    counted = [one for one in found if one.standing is Standing.COUNTED]
    owed = [owed for one in counted for owed in one.owed]
    return Statistics(
        days=days,
        severities=(*severities, NOT_SET),
        dots=tuple(_dot(one) for one in counted),
        late=tuple(0.0 if one.is_kept else one.lateness.total_seconds() for one in owed if one.lateness is not None),
        missed=sum(one.sent is None for one in owed),
        at=at,
        items=tuple(_item(item) for one in counted for item in one.actions),
        lacked=sum((Counter(one.friction.lacked) for one in counted), Counter()),
        waived=sum((Counter(one.friction.let_go) for one in counted), Counter()),
        only=only,
    )


def _dot(one: Measured) -> Dot:
    left = {phase: took for phase, took in one.in_phase.items() if not (one.is_open and phase is one.phase)}
    return Dot(
        number=one.number,
        declared=one.declared,
        severity=one.severity or NOT_SET,
        contained=_seconds(one.between(Time.DETECTED, Time.CONTAINED)),
        recovered=_seconds(one.between(Time.DETECTED, Time.RECOVERED)),
        phases={phase.value: took.total_seconds() for phase, took in left.items() if phase is not Phase.POSTMORTEM},
        source=one.source.value if one.source else None,
        factors=tuple(factor.value for factor in one.factors),
    )


def _item(one: FollowedUp) -> Item:
    return Item(added=one.added, verified=one.verified, is_dropped=one.is_dropped)


def _seconds(took: timedelta | None) -> float | None:
    return None if took is None else took.total_seconds()
