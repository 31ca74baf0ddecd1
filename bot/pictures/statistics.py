"""What charts of many incidents show: a dot or a bar each, never a person. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from pydantic import AwareDatetime

from bot.core.incident import Phase
from bot.core.value import Value
from bot.metrics.measured import Measured, Standing
from bot.metrics.moments import Time


class Dot(Value):
    """One incident: when it was declared, how bad it was, and in seconds how long it took from noticed until contained and until
    recovered, and how long it was in each phase it has left."""

    number: int
    declared: AwareDatetime
    severity: str
    contained: float | None
    recovered: float | None
    phases: Mapping[str, float]


class Statistics(Value):
    """Many incidents of the last `days`. `severities` from the worst; `late` by how many seconds each update was late (0: in time);
    `missed` updates never came."""

    days: int
    severities: tuple[str, ...]
    dots: tuple[Dot, ...]
    late: tuple[float, ...]
    missed: int


NOT_SET = "not set"


def statistics(found: Iterable[Measured], days: int, severities: Iterable[str]) -> Statistics:
    """Those of the incidents that count."""
    counted = [one for one in found if one.standing is Standing.COUNTED]
    owed = [owed for one in counted for owed in one.owed]
    return Statistics(
        days=days,
        severities=(*severities, NOT_SET),
        dots=tuple(_dot(one) for one in counted),
        late=tuple(0.0 if one.is_kept else one.lateness.total_seconds() for one in owed if one.lateness is not None),
        missed=sum(one.sent is None for one in owed),
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
    )


def _seconds(took: timedelta | None) -> float | None:
    return None if took is None else took.total_seconds()
