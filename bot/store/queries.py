"""What lists of incidents show. Every read that people see takes its viewer, so that none can forget who is looking: of a private
incident only its insiders are told (`core/privacy.py`). No viewer is Lockstep itself, or its operator.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.core.lifecycle import IncidentDeclared
from bot.store import journal, tables
from bot.store.chain import Entry
from bot.store.database import Transaction
from bot.store.seen import seen_by
from bot.store.times import read_time, write_time


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of incidents."""

    number: int
    title: str
    phase: str
    severity: str | None
    room_channel: str | None
    declared_at: datetime
    declared_by: str
    is_drill: bool
    is_private: bool = False


async def open_incidents(tx: Transaction, team: str, viewer: str) -> list[Listed]:
    """The incidents that are not over, by number."""
    ours = seen_by(viewer, team).where(tables.incident.c.is_open)
    return [
        Listed(
            row.number,
            row.title,
            row.phase,
            row.severity,
            row.room_channel,
            read_time(row.declared_at),
            row.declared_by,
            row.is_drill,
            row.is_private,
        )
        for row in await tx.execute(ours.order_by(tables.incident.c.number))
    ]


async def incident_of_room(tx: Transaction, team: str, channel: str) -> int | None:
    """The number of the incident whose room this channel is."""
    incident = tables.incident.c
    bound = select(incident.number).where(incident.team == team, incident.room_channel == channel)
    return (await tx.execute(bound)).scalar_one_or_none()


async def recent_declaration(
    tx: Transaction, team: str, actor: str, title: str, since: datetime, *, is_drill: bool = False
) -> int | None:
    """The latest incident, or drill, that this person declared under this title at `since` or later, whatever it is called
    now."""
    incident, event = tables.incident.c, tables.event.c
    theirs = (
        select(tables.event)
        .join(tables.incident, (event.team == incident.team) & (event.incident == incident.number))
        .where(incident.team == team, incident.declared_by == actor, incident.declared_at >= write_time(since))
        .where(event.seq == 1, event.text.is_not(None), incident.is_drill.is_(is_drill))
        .order_by(incident.number.desc())
    )
    for row in (await tx.execute(theirs)).mappings():
        first = journal.read_entry(Entry(**row))
        if isinstance(first, IncidentDeclared) and first.title == title:
            return first.number
    return None


async def numbers(tx: Transaction, team: str) -> list[int]:
    """The number of every incident of the team."""
    incident = tables.incident.c
    return list((await tx.execute(select(incident.number).where(incident.team == team).order_by("number"))).scalars())


async def teams(tx: Transaction) -> list[str]:
    """Every team that has an incident."""
    return list((await tx.execute(select(tables.incident.c.team).distinct().order_by("team"))).scalars())


async def declared_since(
    tx: Transaction, team: str, viewer: str, since: datetime, *, with_private: bool = True
) -> dict[int, int]:
    """By number, how many events each incident has that was declared since then. What a person reads may be passed on, so that no
    person's figures have private incidents in them."""
    incident = tables.incident.c
    ours = seen_by(viewer, team).where(incident.declared_at >= write_time(since)).order_by(incident.number)
    if viewer or not with_private:
        ours = ours.where(incident.is_private.is_(False))
    return {row.number: row.seq for row in await tx.execute(ours)}


async def sequence_numbers(tx: Transaction, team: str, viewer: str, numbers: Collection[int]) -> dict[int, int]:
    """By number, how many events each of these incidents has, of those that there are."""
    incident = tables.incident.c
    ours = seen_by(viewer, team).where(incident.number.in_(list(numbers))).order_by(incident.number)
    return {row.number: row.seq for row in await tx.execute(ours)}


async def count_declared(tx: Transaction, team: str) -> dict[bool, int]:
    """How many incidents were ever declared, and how many drills (True)."""
    incident = tables.incident.c
    counted = select(incident.is_drill, func.count()).where(incident.team == team).group_by(incident.is_drill)
    return {bool(is_drill): count for is_drill, count in await tx.execute(counted)}
