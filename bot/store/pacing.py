"""How fast a channel may be posted to, counted across all bots. Knows nothing of what is posted."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, or_, select

from bot.store import tables
from bot.store.database import Transaction, upsert

_pace = tables.pace.c


async def pace(tx: Transaction, team: str, channel: str, now: float, interval: float, burst: int) -> float:
    """Take the next post in this channel, if it may go now: after a burst of `burst`, one every `interval` seconds (the generic
    cell rate algorithm). `now` is wire time. Returns 0 when the post may go; otherwise for how many seconds to wait before
    asking again, and nothing is taken. What was taken by a clock that was set back since does not count."""
    latest = now + (burst - 1) * interval
    row = {
        "team": team,
        "channel": channel,
        "first": now + interval,
        "now": now,
        "interval": interval,
        "latest": latest,
        "impossible": latest + 2 * interval,
    }
    if (await tx.execute(_taking(tx.dialect.name), row)).first() is not None:
        return 0.0
    known = select(_pace.earliest).where(_pace.team == team, _pace.channel == channel)
    return max(0.0, float((await tx.execute(known)).scalar_one()) - latest)


@cache
def _taking(dialect: str) -> Any:
    number = _pace.earliest.type
    now = bindparam("now", type_=number)
    taken_ahead = _pace.earliest > bindparam("impossible", type_=number)
    later = case((taken_ahead, now), (_pace.earliest > now, _pace.earliest), else_=now)
    return (
        upsert(dialect, tables.pace)
        .values(team=bindparam("team"), channel=bindparam("channel"), earliest=bindparam("first"))
        .on_conflict_do_update(
            index_elements=["team", "channel"],
            set_={"earliest": later + bindparam("interval", type_=number)},
            where=or_(_pace.earliest <= bindparam("latest", type_=number), taken_ahead),
        )
        .returning(_pace.earliest)
    )
