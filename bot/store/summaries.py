"""Which summaries were posted, and who is posting one: a row for each, so that of several bots one posts it. Knows nothing of what
they say."""

from datetime import datetime

from sqlalchemy import or_, select

from bot.store import tables
from bot.store.database import Transaction, upsert
from bot.store.times import write_time

_summary = tables.summary.c


async def take(tx: Transaction, team: str, channel: str, due: datetime, now: float, seconds: float) -> bool:
    """Whether it is ours to post for so many seconds of wire time: nobody has posted it or is at it."""
    row = {"team": team, "channel": channel, "due": write_time(due), "held_until": now + seconds, "ts": None}
    taking = (
        upsert(tx.dialect.name, tables.summary)
        .values(row)
        .on_conflict_do_update(
            index_elements=["team", "channel", "due"],
            set_={"held_until": now + seconds},
            # A lease that ends later than any can was written by a clock that has been set back since.
            where=_summary.ts.is_(None) & or_(_summary.held_until <= now, _summary.held_until > now + 2 * seconds),
        )
        .returning(_summary.channel)
    )
    return (await tx.execute(taking)).first() is not None


async def release(tx: Transaction, team: str, channel: str, due: datetime) -> None:
    """It could not be posted now: whoever tries next need not wait."""
    its = (_summary.team == team, _summary.channel == channel, _summary.due == write_time(due))
    await tx.execute(tables.summary.update().where(*its).values(held_until=0.0))


async def settle(tx: Transaction, team: str, channel: str, due: datetime, ts: str) -> None:
    """It stands there, under this timestamp; empty: it was given up."""
    its = (_summary.team == team, _summary.channel == channel, _summary.due == write_time(due))
    await tx.execute(tables.summary.update().where(*its).values(ts=ts))


async def is_settled(tx: Transaction, team: str, channel: str, due: datetime) -> bool:
    """Whether it was posted or given up."""
    its = (_summary.team == team, _summary.channel == channel, _summary.due == write_time(due))
    found = (await tx.execute(select(_summary.ts).where(*its))).one_or_none()
    return found is not None and found.ts is not None
