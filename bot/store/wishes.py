"""How effects come into their lanes, in the transaction of the events they follow from. `lanes.py` says what a lane is."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, case, insert, select, update

from bot.core.effects import Effect
from bot.core.vocabulary import write_effect
from bot.store import tables
from bot.store.database import Transaction, upsert
from bot.store.times import write_time

_lane = tables.lane.c
_effect = tables.effect.c

MOOT = "what it needs was refused"
"""The failure of an effect that was never tried: what it needs was given up, and comes back with that."""

WAITS = _lane.delivered < _lane.enqueued
"""Whether a lane has anything to deliver."""


async def enqueue(tx: Transaction, team: str, number: int, wishes: Sequence[tuple[int, Effect]], at: datetime) -> None:
    """Put effects, each with the number of the event it follows from, into their lanes. `at` is the domain time of the turn
    they get; of one call, the first goes first. Of a living lane's effects in one call only the last counts."""
    if not wishes:
        return
    lanes = _by_lane(wishes, at)
    rows = [_new_lane(team, number, name, queued) for name, queued in sorted(lanes.items())]
    last = {row.name: row.enqueued for row in await tx.execute(_adding(tx.dialect.name), rows)}
    await tx.execute(
        insert(tables.effect),
        [
            {"team": team, "incident": number, "lane": name, "position": position, **_new_effect(wish)}
            for name, queued in lanes.items()
            for position, wish in enumerate(queued, start=last[name] - len(queued) + 1)
        ],
    )


async def enqueue_again(
    tx: Transaction, team: str, number: int, effect_id: str, at: datetime, standing: Collection[str | None] = ()
) -> bool:
    """Put an effect that was given up at the end of its lane once more, under the same id, and with it what could not be done
    without it, and what was given up in its lane and is not known by an id in the journal (those in `standing` are). False
    when there is none such."""
    again = await _given_up(tx, team, number, effect_id, standing)
    put_off = again
    while put_off:  # what hangs on it, and what hangs on that
        put_off = await _hanging(tx, team, number, {one.lane for one in put_off})
        again = [*again, *put_off]
    for place, one in enumerate(again):
        await _append_again(tx, one, f"{write_time(at)} {place:04}")
    return bool(again)


async def let_be(
    tx: Transaction, team: str, number: int, effect_id: str, standing: Collection[str | None] = ()
) -> bool:
    """Count an effect that was given up as settled for good, and with it what `enqueue_again` would take along; what could not
    be done without it stays as long as it could come with something else. False when there is none such."""
    dropped = await _given_up(tx, team, number, effect_id, standing)
    found = bool(dropped)
    while dropped:
        for one in dropped:
            await tx.execute(update(tables.effect).where(*_is(one)).values(failure=None))
        lanes = {one.lane for one in dropped}
        left = select(_effect.lane).where(*_of(team, number), _effect.failure.is_not(None), _effect.lane.in_(lanes))
        dropped = await _hanging(tx, team, number, lanes.difference((await tx.execute(left)).scalars()))
    return found


async def _given_up(
    tx: Transaction, team: str, number: int, effect_id: str, standing: Collection[str | None]
) -> Sequence[Row[Any]]:
    """The effect, and what was given up in its lane without being known by an id of its own."""
    its = (*_of(team, number), _effect.failure.is_not(None))
    lane = select(_effect.lane).where(*its, _effect.id == effect_id).limit(1).scalar_subquery()
    rows = (await tx.execute(select(tables.effect).where(*its, _effect.lane == lane).order_by(_effect.position))).all()
    return [row for row in rows if row.id == effect_id or (row.failure != MOOT and row.id not in standing)]


async def _hanging(tx: Transaction, team: str, number: int, lanes: Collection[str]) -> Sequence[Row[Any]]:
    """What was put off because something in these lanes was given up."""
    hanging = select(_lane.name).where(_lane.team == team, _lane.incident == number, _lane.needs.in_(lanes))
    put_off = select(tables.effect).where(*_of(team, number), _effect.lane.in_(hanging), _effect.failure == MOOT)
    return (await tx.execute(put_off.order_by(_effect.lane, _effect.position))).all()


def _of(team: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return (_effect.team == team, _effect.incident == number)


def _is(row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
    return (*_of(row.team, row.incident), _effect.lane == row.lane, _effect.position == row.position)


async def _append_again(tx: Transaction, row: Row[Any], turn: str) -> None:
    """Put one effect at the end of its lane once more; where it stood it counts as settled."""
    its_lane = (_lane.team == row.team, _lane.incident == row.incident, _lane.name == row.lane)
    grown = {"enqueued": _lane.enqueued + 1, "turn": case((WAITS, _lane.turn), else_=turn)}
    growing = update(tables.lane).where(*its_lane).values(grown).returning(_lane.enqueued)
    position = (await tx.execute(growing)).scalar_one()
    await tx.execute(update(tables.effect).where(*_is(row)).values(failure=None))
    await tx.execute(insert(tables.effect), {**row._mapping, "position": position, "turn": turn, "failure": None})


@dataclass(frozen=True, slots=True)
class _Wish:
    """An effect to enqueue, the number of its event, and its turn."""

    effect: Effect
    seq: int
    turn: str


def _by_lane(wishes: Sequence[tuple[int, Effect]], at: datetime) -> dict[str, list[_Wish]]:
    """The wishes by lane, in order; of living ones the last. A turn sorts by time, then by place in the call."""
    lanes: dict[str, list[_Wish]] = {}
    for place, (seq, effect) in enumerate(wishes):
        queued = lanes.setdefault(effect.lane, [])
        if effect.living:
            queued.clear()
        queued.append(_Wish(effect, seq, f"{write_time(at)} {place:04}"))
    return lanes


def _new_lane(team: str, number: int, name: str, queued: list[_Wish]) -> dict[str, Any]:
    """The lane as it is when these are the first in it."""
    return {
        "team": team,
        "incident": number,
        "name": name,
        "needs": queued[0].effect.needs_lane,
        "living": queued[0].effect.living,
        "enqueued": len(queued),
        "delivered": 0,
        "turn": queued[0].turn,
        "claims": 0,
        "not_before": 0.0,
        "attempts": 0,
        "uncertain": False,
    }


def _new_effect(wish: _Wish) -> dict[str, Any]:
    kind, data = write_effect(wish.effect)
    return {"id": uuid.uuid4().hex, "seq": wish.seq, "kind": kind, "data": data, "turn": wish.turn}


@cache
def _adding(dialect: str) -> Any:
    """Make the lanes, or let what is there grow; returns how many effects were ever put into each."""
    adding = upsert(dialect, tables.lane)
    new = adding.excluded
    grown = {"enqueued": _lane.enqueued + new.enqueued, "turn": case((WAITS, _lane.turn), else_=new.turn)}
    return adding.on_conflict_do_update(index_elements=["team", "incident", "name"], set_=grown).returning(
        _lane.name, _lane.enqueued
    )
