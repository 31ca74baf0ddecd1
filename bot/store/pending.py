"""What waits in the outbox and what was given up, for people who ask. Reads only, and understands no effect: one that this version
cannot carry out is shown like the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, not_, or_, select

from bot.core.incident import Failure
from bot.store import journal, tables
from bot.store.database import Transaction
from bot.store.times import read_time
from bot.store.wishes import MOOT, WAITS

_TIME = 27
"""Characters of a domain time, with which a turn begins."""

_lane, _effect = tables.lane.c, tables.effect.c
_needed, _wanted = tables.lane.alias("needed"), tables.effect.alias("wanted")
_ITS_LANE = and_(_effect.team == _lane.team, _effect.incident == _lane.incident, _effect.lane == _lane.name)
_ITS_NEED = and_(_needed.c.team == _lane.team, _needed.c.incident == _lane.incident, _needed.c.name == _lane.needs)
_LAST_THERE = and_(
    _wanted.c.team == _needed.c.team,
    _wanted.c.incident == _needed.c.incident,
    _wanted.c.lane == _needed.c.name,
    _wanted.c.position == _needed.c.enqueued,
)
_WAITING = (
    select(
        *(_effect.team, _effect.incident, _effect.lane, _effect.position, _effect.id, _effect.kind, _effect.turn),
        *(_lane.needs, _lane.living, _lane.delivered, _lane.owner, _lane.attempts, _lane.not_before, _lane.error),
        _needed.c.delivered.label("needed_delivered"),
        _wanted.c.kind.label("needed_kind"),
    )
    .join(tables.lane, _ITS_LANE)
    .outerjoin(_needed, _ITS_NEED)
    .outerjoin(_wanted, _LAST_THERE)
    .where(WAITS, _effect.position > _lane.delivered, or_(not_(_lane.living), _effect.position == _lane.enqueued))
    .order_by(_effect.team, _effect.incident, _lane.turn, _lane.name, _effect.position)
)
_GIVEN_UP = (
    select(tables.effect, _lane.needs)
    .join(tables.lane, _ITS_LANE)
    .where(_effect.failure.is_not(None))
    .order_by(_effect.team, _effect.incident, _effect.turn, _effect.lane, _effect.position)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An effect that is still to come true; of a living lane's the newest, which stands for all. `effect` is its kind and lane,
    `since` in domain time when it was wished for.

    `needs`: what must come true before its lane starts, as an effect's kind and lane, until it has. The rest tells of the first
    of its lane, others of which are `is_behind`: `attempts` how often it was tried, `error` why the last try failed,
    `not_before` the wire time of the next, or with `is_claimed` until when a bot is at it.
    """

    team: str
    incident: int
    effect_id: str
    effect: str
    since: datetime
    needs: str | None
    is_behind: bool
    is_claimed: bool
    attempts: int
    not_before: float
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """An effect that will not come true unless somebody acts. `effect` and `since` as of what waits; `at`: when it was given up,
    in domain time, None when the journal does not say; `along`: the effects that are tried again or let be together with it."""

    team: str
    incident: int
    effect_id: str
    effect: str
    since: datetime
    at: datetime | None
    reason: str
    along: list[str] = field(default_factory=list)


async def waiting(tx: Transaction) -> list[Waiting]:
    """All that waits, by incident, the oldest first."""
    return [
        Waiting(
            team=row.team,
            incident=row.incident,
            effect_id=row.id,
            effect=f"{row.kind} {row.lane}",
            since=read_time(row.turn[:_TIME]),
            needs=f"{row.needed_kind or ''} {row.needs}" if row.needs and not row.needed_delivered else None,
            is_behind=not row.living and row.position > row.delivered + 1,
            is_claimed=row.owner is not None,
            attempts=row.attempts,
            not_before=row.not_before,
            error=row.error,
        )
        for row in await tx.execute(_WAITING)
    ]


async def given_up(tx: Transaction) -> list[GivenUp]:
    """All that was given up, by incident, the oldest first."""
    by_incident: dict[tuple[str, int], list[Row[Any]]] = {}
    for row in await tx.execute(_GIVEN_UP):
        by_incident.setdefault((row.team, row.incident), []).append(row)
    return [
        one
        for (team, number), of_one in by_incident.items()
        for one in _grouped(of_one, await _known(tx, team, number))
    ]


async def oldest(tx: Transaction) -> datetime | None:
    """Since when, in domain time, the effect waits that has waited longest; None when none does."""
    turn = (await tx.execute(select(func.min(_lane.turn)).where(WAITS))).scalar_one()
    return read_time(turn[:_TIME]) if turn else None


async def is_given_up(tx: Transaction, team: str, number: int, lane: str | None) -> bool:
    """Whether anything in this lane was given up."""
    its = (_effect.team == team, _effect.incident == number, _effect.lane == lane)
    return bool((await tx.execute(select(exists().where(*its, _effect.failure.is_not(None))))).scalar_one())


async def has_receipt(tx: Transaction, team: str, number: int, lane: str | None) -> bool:
    """Whether this lane has delivered something."""
    its = (_lane.team == team, _lane.incident == number, _lane.name == lane, _lane.receipt.is_not(None))
    return bool((await tx.execute(select(exists().where(*its)))).scalar_one())


async def _known(tx: Transaction, team: str, number: int) -> dict[str | None, Failure]:
    """What stands in the journal as failed; nothing when this version cannot read it."""
    try:
        incident = await journal.load(tx, team, number)
    except (LookupError, ValueError):
        return {}
    return {failure.effect_id: failure for failure in incident.failures} if incident else {}


def _grouped(rows: Sequence[Row[Any]], known: Mapping[str | None, Failure]) -> list[GivenUp]:
    """What was given up in one incident, each with what goes its way: what was put off since it needs it, and what was given up
    in its lane later without being told of again. `known` are the failures that the journal tells of, by id."""
    needs = {row.lane: row.needs for row in rows}
    causes: dict[str, GivenUp] = {}
    found: list[GivenUp] = []
    for row in sorted(rows, key=lambda row: (row.failure == MOOT, row.id not in known)):  # a stable sort
        lane = row.lane if row.failure != MOOT else _refused(row.needs, needs, causes)
        if lane in causes and row.id not in known:
            causes[lane].along.append(f"{row.kind} {row.lane}")
        else:
            found.append(_given_up(row, known.get(row.id)))
            causes.setdefault(row.lane, found[-1])
    return sorted(found, key=lambda one: one.since)


def _refused(lane: str | None, needs: Mapping[str, str | None], causes: Mapping[str, GivenUp]) -> str | None:
    """The lane in which what this lane waited for in vain was given up."""
    while lane is not None and lane not in causes:
        lane = needs.get(lane)
    return lane


def _given_up(row: Row[Any], failure: Failure | None) -> GivenUp:
    return GivenUp(
        team=row.team,
        incident=row.incident,
        effect_id=row.id,
        effect=failure.effect if failure else f"{row.kind} {row.lane}",
        since=read_time(row.turn[:_TIME]),
        at=failure.at if failure else None,
        reason=row.failure,
    )
