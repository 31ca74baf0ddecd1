"""The report of promises: for each audience how many came due and what came of them, and each promise on a line. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.decision import SYSTEM
from bot.core.router.accounts import Account
from bot.core.router.promises import Outcome
from bot.core.value import canonical
from bot.tables import table

Kept = Sequence[tuple[str, Account]]
"""Promises, each with the name of its incident."""


def as_text(kept: Kept, now: datetime) -> str:
    """Markdown: the totals of each audience, then every promise. Ends with a line break."""
    heading = f"# Promised updates, as of {_time(now)}"
    if not kept:
        return f"{heading}\n\nNo promise was made yet.\n"
    names = sorted({one.audience for _, one in kept})
    totals = [_total(name, [one for _, one in kept if one.audience == name]) for name in names]
    everything = _total("all", [one for _, one in kept])
    heads = ("audience", "promised", "came due", "kept by a person", "kept by Lockstep", "late", "missed", "latest")
    lines = [_line(incident, one) for incident, one in kept]
    each = ("incident", "audience", "promised for", "sent", "by", "late by", "came of it")
    return f"{heading}\n\n{table(heads, [*totals, everything])}\n\n{table(each, lines)}\n"


def as_json(kept: Kept, now: datetime) -> str:
    """The same for programs, on one line."""
    promises = [{"incident": incident, **_written(one)} for incident, one in kept]
    return canonical({"at": now.isoformat(), "promises": promises, "totals": totals_of(kept)}) + "\n"


def totals_of(kept: Kept) -> dict[str, dict[str, int]]:
    """By audience, how many promises were made, came due, and what came of them."""
    names = sorted({one.audience for _, one in kept})
    return {name: _counts([one for _, one in kept if one.audience == name]) for name in names}


def _counts(some: Sequence[Account]) -> dict[str, int]:
    ended = [one for one in some if one.outcome]
    on_time = [one for one in ended if one.outcome is Outcome.KEPT]
    return {
        "promised": len(some),
        "due": len(ended),
        "kept_by_person": sum(one.by != SYSTEM for one in on_time),
        "kept_by_lockstep": sum(one.by == SYSTEM for one in on_time),
        "late": sum(one.outcome is Outcome.LATE for one in ended),
        "missed": sum(one.outcome is Outcome.MISSED for one in ended),
    }


def _total(name: str, some: Sequence[Account]) -> tuple[str, ...]:
    latest = max((one.late for one in some if one.late), default=timedelta())
    return (name, *map(str, _counts(some).values()), _span(latest))


def _line(incident: str, one: Account) -> tuple[str, ...]:
    outcome = one.outcome.value if one.outcome else "not due yet"
    notes = f", {one.notes} noted" if one.notes else ""
    missed = f", {one.intervals_missed} intervals" if one.intervals_missed else ""
    sender = "—" if one.by is None else "Lockstep" if one.by == SYSTEM else one.by
    late = _span(one.late) if one.late is not None else "—"
    sent = _time(one.sent) if one.sent else "not sent"
    return incident, one.audience, _time(one.due), sent, sender, late, f"{outcome}{missed}{notes}"


def _written(one: Account) -> dict[str, Any]:
    late = one.late.total_seconds() if one.late is not None else None
    return {**one.model_dump(mode="json"), "late_seconds": late}


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _span(late: timedelta) -> str:
    """Minutes and seconds; 0:00 for an update that was in time."""
    seconds = int(late.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"
