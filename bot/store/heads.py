"""What heads that were posted elsewhere say of the journal. Knows nothing of where they stand."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select

from bot.core.value import REDACTED
from bot.store import tables
from bot.store.audit import Finding
from bot.store.database import Transaction

_event, _effect, _lane = tables.event.c, tables.effect.c, tables.lane.c
_other = tables.effect.alias("other")

POSTED = ("PhaseEntered", "IncidentClosed", "IncidentCancelled", "IncidentMerged")
"""The kinds of events whose heads are posted."""

_ITS_LANE = (_lane.team == _effect.team) & (_lane.incident == _effect.incident) & (_lane.name == _effect.lane)
_ITS_EVENT = (_event.team == _effect.team) & (_event.incident == _effect.incident) & (_event.seq == _effect.seq)
_SAME_TO_COME = exists().where(
    _other.c.team == _effect.team,
    _other.c.incident == _effect.incident,
    _other.c.id == _effect.id,
    or_(_other.c.failure.is_not(None), _other.c.position > _lane.delivered),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing one incident's heads: the event up to which they vouch for the record (0: for nothing), how many
    events there are, and what is wrong."""

    vouched: int
    events: int
    findings: tuple[Finding, ...]


async def rooms(tx: Transaction, team: str) -> dict[int, dict[str, str]]:
    """Every incident of the team, with the channels that were its rooms, by id, the oldest first, each with its name."""
    numbers = select(tables.incident.c.number).where(tables.incident.c.team == team).order_by("number")
    found: dict[int, dict[str, str]] = {number: {} for number in (await tx.execute(numbers)).scalars()}
    opened = select(_event.incident, _event.data, _event.text).where(_event.team == team, _event.kind == "RoomOpened")
    for row in await tx.execute(opened.order_by(_event.incident, _event.seq)):
        room = _read(row.data) | _read(row.text or "")
        found.setdefault(row.incident, {})[str(room.get("channel"))] = str(room.get("name", REDACTED))
    return found


async def delivered(tx: Transaction, team: str) -> dict[int, set[int]]:
    """By incident, the events whose heads were posted: Slack took the message, and nobody let it be instead."""
    settled = (
        select(_effect.incident, _effect.seq, _effect.id)
        .join(tables.lane, _ITS_LANE)
        .join(tables.event, _ITS_EVENT)
        .where(_effect.team == team, _effect.kind == "Tell", _event.kind.in_(POSTED))
        .where(_effect.position <= _lane.delivered, _effect.failure.is_(None), ~_SAME_TO_COME)
    )
    dropped = await _dropped(tx, team)
    found: dict[int, set[int]] = {}
    for row in await tx.execute(settled):
        if row.id not in dropped:
            found.setdefault(row.incident, set()).add(row.seq)
    return found


async def compare(tx: Transaction, team: str, number: int, heads: Collection[tuple[int, str]]) -> Compared:
    """Compare heads, each the number of an event and the beginning of its hash, with the journal of an incident."""
    its = select(_event.seq, _event.hash).where(_event.team == team, _event.incident == number)
    hashes = {row.seq: str(row.hash) for row in await tx.execute(its)}
    last = max(hashes, default=0)
    right = {seq for seq, hash in heads if hashes.get(seq, "").startswith(hash)}
    wrong = sorted(seq for seq, hash in heads if not hashes.get(seq, "").startswith(hash))
    findings = []
    if rewritten := [seq for seq in wrong if seq <= last]:
        what = "does not have the hash that was posted in Slack: the record was rewritten up to there"
        findings.append(Finding(team, number, rewritten[0], what))
    if cut := [seq for seq in wrong if seq > last]:
        what = f"was cut: event {cut[-1]} was posted in Slack, and the record ends at {last}"
        findings.append(Finding(team, number, None, what))
    vouched = max((seq for seq in right if not wrong or seq < wrong[0]), default=0)
    return Compared(vouched, last, tuple(findings))


async def _dropped(tx: Transaction, team: str) -> set[str]:
    """The ids of the effects that somebody let be."""
    decided = select(_event.data).where(_event.team == team, _event.kind == "DeliveryDropped")
    return {str(_read(data).get("effect_id")) for data in (await tx.execute(decided)).scalars()}


def _read(data: str) -> dict[str, Any]:
    """What an event holds; nothing when somebody changed it by hand, of which the chain tells."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
