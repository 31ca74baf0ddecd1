"""Standing subscriptions: who wants to hear of which kind of incident. Knows nothing of what a kind is."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.core.standing import Kind, Standing
from bot.store import tables
from bot.store.database import Transaction, upsert
from bot.store.times import write_time

_subscription = tables.subscription.c


async def add(tx: Transaction, team: str, asked: Standing, at: datetime) -> None:
    """Keep it. One that is there already stays."""
    row = {"team": team, "person": asked.person, "kind": asked.kind.value, "value": asked.value, "at": write_time(at)}
    await tx.execute(upsert(tx.dialect.name, tables.subscription).values(row).on_conflict_do_nothing())


async def remove(tx: Transaction, team: str, asked: Standing) -> bool:
    """Forget it; whether it was there."""
    its = (
        _subscription.person == asked.person,
        _subscription.kind == asked.kind.value,
        _subscription.value == asked.value,
    )
    gone = delete(tables.subscription).where(_subscription.team == team, *its).returning(_subscription.person)
    return (await tx.execute(gone)).first() is not None


async def all_of(tx: Transaction, team: str, person: str | None = None) -> list[Standing]:
    """What everybody, or this person, asked for, in the order in which they did."""
    wanted = select(tables.subscription).where(_subscription.team == team)
    if person is not None:
        wanted = wanted.where(_subscription.person == person)
    found = await tx.execute(
        wanted.order_by(_subscription.at, _subscription.person, _subscription.kind, _subscription.value)
    )
    return [Standing(person=row.person, kind=Kind(row.kind), value=row.value) for row in found]
