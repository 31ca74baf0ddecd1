"""The record of one incident: its events in their chain, and the state they add up to. Decides no rule.

The state is always folded from what was written, never from what was given, so that a replay gives the same bytes.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.privacy import insiders
from bot.core.redaction import Written
from bot.core.vocabulary import evolve, fold, read_event, write_event
from bot.store import actions, tables
from bot.store.chain import GENESIS, Entry, entry_hash, redactions, text_hash
from bot.store.database import Transaction, upsert
from bot.store.times import read_time, write_time

SNAPSHOT = 9
"""The version of the snapshots written here. Count up when `Incident` changes: snapshots of another version are ignored."""

_incident = tables.incident.c
_event = tables.event.c
_THIS = (_incident.team == bindparam("of_team"), _incident.number == bindparam("of_number"))
_STATE = select(_incident.seq, _incident.snapshot, _incident.snapshot_version).where(*_THIS)
# FOR NO KEY UPDATE, not FOR UPDATE: other rows refer to this one, and checking that they may must not wait for us.
_HEAD = select(_incident.head).where(*_THIS, _incident.seq == bindparam("of_seq")).with_for_update(key_share=True)
_BEGIN = insert(tables.incident)
_ADVANCE = update(tables.incident).where(*_THIS)
_RECORD = insert(tables.event)
_ENTRIES = (
    select(tables.event)
    .where(_event.team == bindparam("of_team"), _event.incident == bindparam("of_number"))
    .where(_event.seq > bindparam("after"))
    .order_by(_event.seq)
)


class Conflict(Exception):
    """The events were decided on a state that is not the newest: the incident was not locked when it was read."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the journal has it: its number, when it was recorded (domain time), and its hash in the chain."""

    seq: int
    event: Event
    recorded_at: datetime
    hash: str


async def hold_numbers(tx: Transaction, team: str) -> None:
    """Nobody else begins an incident of this team until the transaction ends; no number is used up."""
    last = tables.counter.c.last
    hold = upsert(tx.dialect.name, tables.counter).values(team=team, last=0)
    await tx.execute(hold.on_conflict_do_update(index_elements=["team"], set_={"last": last}))


async def next_number(tx: Transaction, team: str) -> int:
    """The number of the team's next incident, from 1. Who else asks waits until this transaction ends."""
    return int((await tx.execute(_counting(tx.dialect.name), {"team": team, "last": 1})).scalar_one())


async def lock(tx: Transaction, team: str, number: int) -> Incident | None:
    """The incident as it stands, held against other writers until the transaction ends; None when there is none."""
    return await _state(tx, team, number, held=True)


async def load(tx: Transaction, team: str, number: int) -> Incident | None:
    """The incident as it stands; None when there is none."""
    return await _state(tx, team, number, held=False)


async def append(tx: Transaction, before: Incident | None, events: Sequence[Event], recorded_at: datetime) -> Incident:
    """Write these events after those of `before` (None: they begin a new incident) and return the state after them.

    Raises ValueError when there is no incident and no event, `Conflict` when `before` is not the newest state.
    """
    if not events:
        if before is None:
            raise ValueError("an incident begins with an event")
        return before
    head = GENESIS if before is None else await _head(tx, before)
    entries = _chained(before or evolve(None, events[0]), head, events, recorded_at)
    after = fold(before, read_entries(entries))
    assert after is not None
    row = {"seq": after.seq, "head": entries[-1].hash, "snapshot": after.canonical(), "snapshot_version": SNAPSHOT}
    row |= projections(after)
    if before is None:
        await tx.execute(_BEGIN, {"team": after.team, "number": after.number, **row})
    else:
        await tx.execute(_ADVANCE, {"of_team": after.team, "of_number": after.number, **row})
    await tx.execute(_RECORD, [asdict(entry) for entry in entries])
    await actions.keep_actions(tx, before, after)
    return after


async def redact(tx: Transaction, team: str, number: int, order: int, redacted: Iterable[int]) -> Incident:
    """Clear what was typed in these events, as event `order` says, and write the state down as the journal has it now. Returns
    that state."""
    which = (
        _event.team == team,
        _event.incident == number,
        _event.seq.in_(list(redacted)),
        _event.redacted_by.is_(None),
    )
    await tx.execute(update(tables.event).where(*which).values(text=None, salt=None, redacted_by=order))
    after = fold(None, read_entries(await entries(tx, team, number)))
    assert after is not None, f"a redaction in {number}, which does not exist"
    row = {"snapshot": after.canonical(), "snapshot_version": SNAPSHOT, **projections(after)}
    await tx.execute(_ADVANCE, {"of_team": team, "of_number": number, **row})
    return after


async def written(tx: Transaction, team: str, number: int) -> tuple[Written, ...]:
    """Every event of the incident, with what was typed in it and still stands."""
    rows = await entries(tx, team, number)
    return tuple(
        Written(seq=row.seq, event=event, texts=_texts(row))
        for row, event in zip(rows, read_entries(rows), strict=True)
    )


def _texts(entry: Entry) -> dict[str, str]:
    """What was typed in an entry, by the names of its fields; nothing when it was redacted."""
    typed = json.loads(entry.text) if entry.text is not None else {}
    return {name: text for name, text in typed.items() if text}


async def events(tx: Transaction, team: str, number: int, after: int = 0) -> list[Recorded]:
    """What was recorded of the incident after event `after`, in order; nothing when there is no such incident."""
    rows = await entries(tx, team, number, after)
    return [
        Recorded(row.seq, event, read_time(row.recorded_at), row.hash)
        for row, event in zip(rows, read_entries(rows), strict=True)
    ]


async def entries(tx: Transaction, team: str, number: int, after: int = 0) -> list[Entry]:
    """The rows of the incident's journal after event `after`, in order, as they are stored."""
    rows = await tx.execute(_ENTRIES, {"of_team": team, "of_number": number, "after": after})
    return [Entry(**row) for row in rows.mappings()]


def read_entries(rows: Sequence[Entry]) -> list[Event]:
    """The events that entries hold, of one incident and up to its end: a redaction is ordered after what it redacts. Raises
    KeyError for a kind this version does not know, ValueError for content that does not fit its kind."""
    redacted = redactions(rows)
    return [read_entry(row, redacted.get(row.seq, (0, None))[1]) for row in rows]


def read_entry(entry: Entry, redacted: Sequence[str] | None = None) -> Event:
    """The event that an entry holds. `redacted` are the fields in which something was typed, if it was redacted and that is
    known. Raises as `read_entries`."""
    return read_event(entry.kind, entry.at, entry.actor, entry.data, entry.text, redacted)


def projections(incident: Incident) -> dict[str, Any]:
    """The columns of the incident's row that lists of incidents are read from."""
    return {
        "title": incident.title,
        "phase": incident.phase.value,
        "severity": incident.severity,
        "is_open": incident.is_open,
        "room_channel": incident.room.channel if incident.room else None,
        "declared_by": incident.declared_by,
        "declared_at": write_time(incident.declared_at),
        "is_drill": incident.is_drill,
        "is_private": incident.is_private,
        "insiders": f" {' '.join(insiders(incident))} " if incident.is_private else "",
    }


async def _state(tx: Transaction, team: str, number: int, *, held: bool) -> Incident | None:
    """The snapshot with what is newer folded in; all events when the snapshot is of another version."""
    wanted = _STATE.with_for_update(key_share=True) if held else _STATE
    row = await tx.execute(wanted, {"of_team": team, "of_number": number})
    found = row.one_or_none()
    if found is None:
        return None
    known = Incident.model_validate_json(found.snapshot) if found.snapshot_version == SNAPSHOT else None
    seq = known.seq if known else 0
    if seq == found.seq:
        return known
    return fold(known, read_entries(await entries(tx, team, number, after=seq)))


async def _head(tx: Transaction, before: Incident) -> str:
    """The hash that the next event follows, once it is sure that `before` is the newest state."""
    read = {"of_team": before.team, "of_number": before.number, "of_seq": before.seq}
    head = (await tx.execute(_HEAD, read)).scalar_one_or_none()
    if head is None:
        raise Conflict(f"{before.name} has more events than the {before.seq} that were read")
    return str(head)


def _chained(incident: Incident, head: str, events: Sequence[Event], recorded_at: datetime) -> list[Entry]:
    """The entries that these events make, each with its place in the chain that now ends in `head`."""
    chained: list[Entry] = []
    first = 1 if head == GENESIS else incident.seq + 1
    for seq, event in enumerate(events, start=first):
        kind, data, text = write_event(event)
        salt = secrets.token_hex(16)
        entry = Entry(
            team=incident.team,
            incident=incident.number,
            seq=seq,
            at=write_time(event.at),
            recorded_at=write_time(recorded_at),
            actor=event.actor,
            kind=kind,
            data=data,
            text=text,
            salt=salt,
            text_hash=text_hash(salt, text),
            redacted_by=None,
            prev_hash=head,
            hash="",
        )
        chained.append(replace(entry, hash=entry_hash(entry)))
        head = chained[-1].hash
    return chained


@cache
def _counting(dialect: str) -> Any:
    counting = upsert(dialect, tables.counter)
    last = tables.counter.c.last
    return counting.on_conflict_do_update(index_elements=["team"], set_={"last": last + 1}).returning(last)
