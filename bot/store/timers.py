"""When incidents have something to do, in domain time. Knows nothing of what a timer is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from bot.store import tables
from bot.store.database import Transaction, upsert
from bot.store.times import read_time, write_time


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that an incident has to do, and when."""

    team: str
    incident: int
    name: str
    due: datetime


_timer = tables.timer.c
_OF_INCIDENT = (_timer.team == bindparam("of_team"), _timer.incident == bindparam("of_incident"))
_PRESENT = select(_timer.name, _timer.due).where(*_OF_INCIDENT)


async def set_timers(tx: Transaction, team: str, number: int, due: Mapping[str, datetime]) -> None:
    """Let these be the incident's timers, and no other. The caller holds the incident's lock."""
    there = await tx.execute(_PRESENT, {"of_team": team, "of_incident": number})
    present = {row.name: row.due for row in there}
    wanted = {name: write_time(at) for name, at in due.items()}
    if gone := present.keys() - wanted.keys():
        removing = delete(tables.timer).where(_timer.team == team, _timer.incident == number, _timer.name.in_(gone))
        await tx.execute(removing)
    if changed := wanted.items() - present.items():
        rows = [{"team": team, "incident": number, "name": name, "due": at} for name, at in sorted(changed)]
        await tx.execute(_setting(tx.dialect.name), rows)


async def due_timers(tx: Transaction, now: datetime) -> list[Timer]:
    """Every timer whose time has come, the longest due first."""
    due = select(tables.timer).where(_timer.due <= write_time(now))
    due = due.order_by(_timer.due, _timer.team, _timer.incident, _timer.name)
    return [Timer(row.team, row.incident, row.name, read_time(row.due)) for row in await tx.execute(due)]


async def next_due(tx: Transaction) -> datetime | None:
    """When the next timer is due; None when there is none."""
    first = (await tx.execute(select(func.min(_timer.due)))).scalar_one()
    return read_time(first) if first else None


@cache
def _setting(dialect: str) -> Any:
    setting = upsert(dialect, tables.timer)
    return setting.on_conflict_do_update(
        index_elements=["team", "incident", "name"], set_={"due": setting.excluded.due}
    )
