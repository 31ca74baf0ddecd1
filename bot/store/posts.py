"""What was posted of an event, as far as the outbox knows, and what it keeps that a redaction must reach."""

from dataclasses import dataclass

from sqlalchemy import select, update

from bot.core.effects import POSTED, Effect, Tell
from bot.core.vocabulary import read_effect
from bot.store import tables
from bot.store.database import Transaction

_lane = tables.lane.c
_effect = tables.effect.c


@dataclass(frozen=True, slots=True)
class Posts:
    """What was to be said of an event: each effect by the id that its post is marked with. `are_settled`: none of them comes any
    more."""

    effects: dict[str, Effect]
    are_settled: bool


async def posts_of(tx: Transaction, team: str, number: int, seq: int) -> Posts:
    """The posts of event `seq`."""
    same = (_lane.team == _effect.team) & (_lane.incident == _effect.incident) & (_lane.name == _effect.lane)
    waits = (_lane.delivered < _effect.position).label("waits")
    kinds = [kind.__name__ for kind in POSTED]
    said = (
        select(_effect.id, _effect.kind, _effect.data, waits)
        .join(tables.lane, same)
        .where(_effect.team == team, _effect.incident == number, _effect.seq == seq, _effect.kind.in_(kinds))
    )
    rows = (await tx.execute(said)).all()
    return Posts({row.id: read_effect(row.kind, row.data) for row in rows}, not any(row.waits for row in rows))


async def links_of(tx: Transaction, team: str, number: int) -> dict[int, str]:
    """Where each event stands in Slack, by its number: the message that told the room of it, else the one that told others."""
    kept = select(_effect.seq, _effect.permalink, _effect.kind).where(
        _effect.team == team, _effect.incident == number, _effect.permalink.is_not(None)
    )
    rows = sorted(await tx.execute(kept), key=lambda row: row.kind == Tell.__name__)
    return {row.seq: row.permalink for row in rows}


async def forget_names(tx: Transaction, team: str, number: int) -> None:
    """Clear the names and topics that earlier versions kept of rooms, and why the last tries failed: nobody needs them."""
    its = (_lane.team == team, _lane.incident == number)
    await tx.execute(update(tables.lane).where(*its).values(error=None))
    named = (*its, _lane.name.in_(["room", "topic"]), _lane.receipt.is_not(None))
    await tx.execute(update(tables.lane).where(*named).values(receipt="{}"))
