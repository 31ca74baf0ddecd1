"""What commands came to, so that one delivered again is answered as the first time. Knows nothing of what outcomes say."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, insert, select, text, update

from bot.store import tables
from bot.store.database import Transaction
from bot.store.times import write_time

_command = tables.command.c
_HOLD_KEY = text("SELECT pg_advisory_xact_lock(hashtextextended(:team || ' ' || :key, 0))")
_OUTCOME = select(_command.outcome).where(_command.team == bindparam("team"), _command.key == bindparam("key"))
_KEEP = insert(tables.command)


async def outcome(tx: Transaction, team: str, key: str) -> str | None:
    """What the command with this key came to; None when it is new. Whoever asks first goes first: another transaction with
    the same key waits here until the first one ends, and then reads its outcome."""
    its = {"team": team, "key": key}
    if tx.dialect.name == "postgresql":
        await tx.execute(_HOLD_KEY, its)
    return (await tx.execute(_OUTCOME, its)).scalar_one_or_none()


async def keep_outcome(tx: Transaction, team: str, key: str, incident: int | None, outcome: str, at: datetime) -> None:
    """Keep what the command came to. Raises IntegrityError when the key has an outcome already."""
    row = {"team": team, "key": key, "incident": incident, "outcome": outcome, "at": write_time(at)}
    await tx.execute(_KEEP, row)


async def rewrite_outcomes(tx: Transaction, team: str, incident: int, rewrite: Callable[[str], str]) -> None:
    """Keep other outcomes of the incident's commands: for each what `rewrite` makes of it."""
    its = (_command.team == team, _command.incident == incident)
    for key, kept in (await tx.execute(select(_command.key, _command.outcome).where(*its))).all():
        if (anew := rewrite(kept)) != kept:
            await tx.execute(update(tables.command).where(*its, _command.key == key).values(outcome=anew))
