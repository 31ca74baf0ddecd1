"""Texts that incidents refer to by the hash of their content, such as policies, and which of a kind is in force."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select

from bot.store import tables
from bot.store.database import Transaction, upsert
from bot.store.journal import hold_numbers
from bot.store.times import write_time


async def keep_document(tx: Transaction, team: str, kind: str, hash: str, content: str) -> None:
    """Keep a text for good. One that is there already stays as it is: its hash says that it is the same."""
    row = {"team": team, "hash": hash, "kind": kind, "content": content}
    await tx.execute(upsert(tx.dialect.name, tables.document).values(row).on_conflict_do_nothing())


async def document(tx: Transaction, team: str, hash: str) -> str | None:
    """The text with this hash; None when it was never kept."""
    kept = tables.document.c
    return (await tx.execute(select(kept.content).where(kept.team == team, kept.hash == hash))).scalar_one_or_none()


async def adopt(tx: Transaction, team: str, kind: str, hash: str, at: datetime) -> None:
    """From now on the document with this hash is the team's one of its kind. It must have been kept; adopting what is in
    force already changes nothing. Two bots that adopt at the same time do so one after the other."""
    await hold_numbers(tx, team)
    number, current = await _latest(tx, team, kind)
    if current == hash:
        return
    row = {"team": team, "kind": kind, "number": number + 1, "hash": hash, "at": write_time(at)}
    await tx.execute(insert(tables.adoption).values(row))


async def adopted(tx: Transaction, team: str, kind: str) -> str | None:
    """The hash of the document in force; None when there never was one."""
    return (await _latest(tx, team, kind))[1]


async def any_adopted(tx: Transaction, kind: str) -> bool:
    """Whether any team ever adopted a document of this kind."""
    found = select(tables.adoption.c.hash).where(tables.adoption.c.kind == kind).limit(1)
    return (await tx.execute(found)).first() is not None


async def _latest(tx: Transaction, team: str, kind: str) -> tuple[int, str | None]:
    adoption = tables.adoption.c
    ours = select(adoption.number, adoption.hash).where(adoption.team == team, adoption.kind == kind)
    row = (await tx.execute(ours.order_by(adoption.number.desc()).limit(1))).one_or_none()
    return (row.number, row.hash) if row else (0, None)


async def of_kind(tx: Transaction, team: str, kind: str, *, without: Collection[str] = ()) -> dict[str, str]:
    """Every text of a kind that was ever kept, by its hash, but for those whose hashes are known."""
    kept = tables.document.c
    wanted = select(kept.hash, kept.content).where(
        kept.team == team, kept.kind == kind, kept.hash.not_in(list(without))
    )
    return {row.hash: row.content for row in await tx.execute(wanted)}
