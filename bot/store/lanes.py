"""The outbox's lanes: which effect's turn it is, who carries it out, and what came of it. Knows nothing of Slack.

What is claimed is a lane, never a single effect, so that two bots cannot send one lane out of order: a claim is a lease on the
lane's row, with a number, and a result counts only while that claim is the latest. Whether a lane has its turn is read from
its own row, whose lock always shows the newest state, and from whether the lane it needs has settled one, which never changes
back. A bot that dies leaves its claim behind; when the lease has passed, the next claim takes over and says that the outcome
is uncertain.

A living lane shows current state: a claim carries out the last effect in it, and settles all before. As long as none is
settled, each try goes under the id of the first effect that was tried, so that what an earlier try may have posted is found.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, exists, func, or_, select, update

from bot.core.effects import Effect
from bot.core.reports import PERMALINK
from bot.core.value import canonical
from bot.core.vocabulary import read_effect
from bot.store import tables
from bot.store.database import Transaction
from bot.store.times import read_time, write_time
from bot.store.wishes import MOOT, WAITS, enqueue, enqueue_again, let_be

__all__ = [
    "MOOT",
    "Claim",
    "Counts",
    "Receipt",
    "again",
    "begin_waits_anew",
    "claim",
    "counts",
    "done",
    "enqueue",
    "enqueue_again",
    "failed",
    "is_waiting",
    "let_be",
    "next_not_before",
    "prolong",
    "waiting",
]

Receipt = dict[str, Any]
"""What the gateway keeps of a delivery: JSON, such as a channel and a message's timestamp."""

UNREADABLE = 60.0
"""For how many seconds an effect that this version cannot read is left to a newer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A lane that is ours until the lease passes, and the effect to carry out.

    `effect_id` is what posts are marked with; it stays the same from try to try. `attempts` are the tries before this one.
    `uncertain`: one of them may have come true without our knowing. `first_tried_at` is the domain time of the first try,
    this one included. `receipt` is the lane's last receipt, `receipts` are those of the incident's other lanes. `owner`,
    `number` and `position` say which claim it is.
    """

    effect_id: str
    team: str
    incident: int
    seq: int
    effect: Effect
    lane: str
    attempts: int
    uncertain: bool
    first_tried_at: datetime
    receipt: Receipt | None
    receipts: dict[str, Receipt]
    owner: str
    number: int
    position: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many effects wait (what a living lane coalesces counts once) and how many were given up."""

    waiting: int
    failed: int


_lane = tables.lane.c
_effect = tables.effect.c
_needed = tables.lane.alias("needed").c

_READY = or_(
    _lane.needs.is_(None),
    exists().where(
        _needed.team == _lane.team,
        _needed.incident == _lane.incident,
        _needed.name == _lane.needs,
        _needed.delivered > 0,
    ),
)
_POSITION = case((_lane.living, _lane.enqueued), else_=_lane.delivered + 1)
"""Of the effect to carry out next."""

_CHOSEN = (
    select(_lane.team, _lane.incident, _lane.name)
    .where(WAITS, _lane.not_before <= bindparam("now"), _READY)
    .order_by(_lane.turn, _lane.team, _lane.incident, _lane.name)
    .limit(1)
    .with_for_update(of=tables.lane, skip_locked=True)
    .cte("chosen")
)
_TAKE = (
    update(tables.lane)
    .where(_lane.team == _CHOSEN.c.team, _lane.incident == _CHOSEN.c.incident, _lane.name == _CHOSEN.c.name)
    .values(
        owner=bindparam("by"),
        claims=_lane.claims + 1,
        not_before=bindparam("until"),
        attempts=_lane.attempts + 1,
        uncertain=or_(_lane.uncertain, _lane.owner.is_not(None)),
        first_tried_at=func.coalesce(_lane.first_tried_at, bindparam("at")),
        tried=func.coalesce(_lane.tried, _POSITION),
    )
    .returning(tables.lane, _POSITION.label("position"))
)
_EFFECTS = select(tables.effect).where(
    _effect.team == bindparam("of_team"),
    _effect.incident == bindparam("of_incident"),
    _effect.lane == bindparam("of_lane"),
    or_(_effect.position == bindparam("last"), _effect.position == bindparam("first")),
)
_RECEIPTS = select(_lane.name, _lane.receipt).where(
    _lane.team == bindparam("of_team"), _lane.incident == bindparam("of_incident"), _lane.receipt.is_not(None)
)
_HELD = (
    _lane.team == bindparam("of_team"),
    _lane.incident == bindparam("of_incident"),
    _lane.name == bindparam("of_lane"),
    _lane.owner == bindparam("by"),
    _lane.claims == bindparam("number"),
)
"""The claimed lane, as long as the claim is its latest and has no result yet."""

_SETTLE = (
    update(tables.lane)
    .where(*_HELD)
    .values(
        delivered=bindparam("settled"),
        receipt=func.coalesce(bindparam("new_receipt"), _lane.receipt),
        error=bindparam("why"),
        owner=None,
        not_before=0.0,
        attempts=0,
        uncertain=False,
        first_tried_at=None,
        tried=None,
    )
    .returning(_lane.enqueued)
)


async def claim(tx: Transaction, owner: str, now: float, lease: float, at: datetime) -> Claim | None:
    """Take the lane whose oldest effect has waited longest, for `lease` seconds; None when none has its turn.

    `now` is wire time, `at` the same moment in domain time. Lanes that another transaction is changing are passed by. An
    effect that this version cannot read is left to a newer one.
    """
    lease_it = {"by": owner, "now": now, "until": now + lease, "at": write_time(at)}
    while row := (await tx.execute(_TAKE, lease_it)).one_or_none():
        try:
            return await _claimed(tx, row)
        except (KeyError, ValueError) as unreadable:
            later = {"owner": None, "not_before": now + UNREADABLE, "attempts": row.attempts - 1}
            held = {"of_team": row.team, "of_incident": row.incident, "of_lane": row.name}
            await tx.execute(
                update(tables.lane).where(*_HELD).values(**later, error=repr(unreadable)),
                {**held, "by": owner, "number": row.claims},
            )
    return None


async def prolong(tx: Transaction, claim: Claim, until: float) -> bool:
    """The lane stays ours until then. False when it is no longer."""
    longer = update(tables.lane).where(*_HELD).values(not_before=until).returning(_lane.name)
    held = {"of_team": claim.team, "of_incident": claim.incident, "of_lane": claim.lane}
    return (await tx.execute(longer, {**held, "by": claim.owner, "number": claim.number})).first() is not None


async def done(tx: Transaction, claim: Claim, receipt: Receipt | None) -> bool:
    """It has come true: the lane goes on. `receipt` is kept as the lane's last; None leaves the one before. False when the
    claim is no longer ours and nothing was recorded."""
    if not await _settle(tx, claim, receipt=None if receipt is None else canonical(receipt), why=None):
        return False
    if not claim.effect.living and receipt and (there := receipt.get(PERMALINK)):
        await tx.execute(update(tables.effect).where(*_at(claim)).values(permalink=there))
    return True


async def failed(tx: Transaction, claim: Claim, error: str, *, uncertain: bool = False) -> bool:
    """It is given up for this reason, under the id it was tried under: the lane goes on, and lanes that need it start.
    `uncertain`: the last try may have come true. False when the claim is no longer ours and nothing was recorded."""
    if not await _settle(tx, claim, receipt=None, why=error):
        return False
    given_up = update(tables.effect).where(*_at(claim))
    since = write_time(claim.first_tried_at) if uncertain or claim.uncertain else None
    await tx.execute(given_up.values(id=claim.effect_id, failure=error, looked_since=since))
    return True


async def again(
    tx: Transaction, claim: Claim, not_before: float, uncertain: bool, error: str, *, counts: bool = True
) -> bool:
    """It is to be tried again at wire time `not_before`. Once a try was uncertain the effect stays so until it is settled.
    One that does not count, since it was only not its turn, leaves the attempts as they were. False when the claim is no
    longer ours and nothing was recorded."""
    later = {
        "owner": None,
        "not_before": not_before,
        "attempts": claim.attempts + counts,
        "uncertain": uncertain or claim.uncertain,
        "error": error,
    }
    recorded = await tx.execute(update(tables.lane).where(*_HELD).values(later), _key(claim))
    return bool(recorded.rowcount)


async def is_waiting(tx: Transaction, team: str, number: int, lane: str | None) -> bool:
    """Whether this lane has anything left to deliver."""
    return lane in await waiting(tx, team, number)


async def waiting(tx: Transaction, team: str, number: int) -> set[str]:
    """The lanes of this incident that have anything left to deliver."""
    waits = select(_lane.name).where(_lane.team == team, _lane.incident == number, WAITS)
    return set((await tx.execute(waits)).scalars())


async def begin_waits_anew(tx: Transaction, *, held_until: float, others_until: float) -> None:
    """Let every lease last until `held_until`, whenever it was to end, and nothing else wait for longer than `others_until`."""
    held = _lane.owner.is_not(None)
    meant = or_(held, _lane.not_before > others_until)
    # An UPDATE locks rows as it meets them; whoever enqueues meanwhile takes them by name, and each would wait for the other.
    by_name = select(_lane.name).where(meant).order_by(_lane.team, _lane.incident, _lane.name)
    await tx.execute(by_name.with_for_update())
    anew = case((held, held_until), else_=others_until)
    await tx.execute(update(tables.lane).where(meant).values(not_before=anew))


async def next_not_before(tx: Transaction, now: float) -> float | None:
    """The wire time at which the next lane can be claimed, `now` when one can be already; None when nothing waits but for
    another lane."""
    earliest = (await tx.execute(select(func.min(_lane.not_before)).where(WAITS, _READY))).scalar_one()
    return None if earliest is None else max(now, earliest)


async def counts(tx: Transaction) -> Counts:
    """How much waits and how much was given up, over all incidents."""
    size = case((_lane.living, 1), else_=_lane.enqueued - _lane.delivered)
    waiting = (await tx.execute(select(func.coalesce(func.sum(size), 0)).where(WAITS))).scalar_one()
    given_up = select(func.count()).select_from(tables.effect).where(_effect.failure.is_not(None))
    return Counts(waiting=int(waiting), failed=int((await tx.execute(given_up)).scalar_one()))


async def _claimed(tx: Transaction, lane: Row[Any]) -> Claim:
    """The claim on a lane that was taken. Its effects are read by a statement of their own: the one that took the lane may
    have begun before they were there. Raises KeyError or ValueError when this version cannot read the effect."""
    key = {"of_team": lane.team, "of_incident": lane.incident}
    receipts = {row.name: json.loads(row.receipt) for row in await tx.execute(_RECEIPTS, key)}
    its = {"of_lane": lane.name, "last": lane.position, "first": lane.tried}
    effects = {row.position: row for row in await tx.execute(_EFFECTS, {**key, **its})}
    effect = effects[lane.position]
    return Claim(
        effect_id=effects[lane.tried].id,
        team=lane.team,
        incident=lane.incident,
        seq=effect.seq,
        effect=read_effect(effect.kind, effect.data),
        lane=lane.name,
        attempts=lane.attempts - 1,
        uncertain=lane.uncertain or effect.looked_since is not None,
        first_tried_at=read_time(min(lane.first_tried_at, effect.looked_since or lane.first_tried_at)),
        receipt=receipts.pop(lane.name, None),
        receipts=receipts,
        owner=lane.owner,
        number=lane.claims,
        position=lane.position,
    )


async def _settle(tx: Transaction, claim: Claim, *, receipt: str | None, why: str | None) -> bool:
    """Count the claimed effect, and all before it, as settled, if the claim is still the latest."""
    result = {"settled": claim.position, "new_receipt": receipt, "why": why}
    enqueued = (await tx.execute(_SETTLE, {**_key(claim), **result})).scalar_one_or_none()
    if enqueued is None:
        return False
    if enqueued > claim.position:
        await _turn_over(tx, claim)
    return True


async def _turn_over(tx: Transaction, claim: Claim) -> None:
    """Give the lane the turn of the effect that is the oldest in it now."""
    oldest = select(_effect.turn).where(
        _effect.team == claim.team,
        _effect.incident == claim.incident,
        _effect.lane == claim.lane,
        _effect.position == claim.position + 1,
    )
    this = update(tables.lane).where(_lane.team == claim.team, _lane.incident == claim.incident)
    await tx.execute(this.where(_lane.name == claim.lane).values(turn=oldest.scalar_subquery()))


def _at(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """The effect that is claimed."""
    its_lane = (_effect.team == claim.team, _effect.incident == claim.incident, _effect.lane == claim.lane)
    return (*its_lane, _effect.position == claim.position)


def _key(claim: Claim) -> dict[str, Any]:
    """What `_HELD` asks for."""
    return {
        "of_team": claim.team,
        "of_incident": claim.incident,
        "of_lane": claim.lane,
        "by": claim.owner,
        "number": claim.number,
    }
