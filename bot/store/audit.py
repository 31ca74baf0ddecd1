"""Whether the record can be trusted: every chain unbroken, every snapshot and projection what the events add up to.

Reads only, and reports what it finds without mending it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, select, type_coerce, union

from bot.core.incident import Incident
from bot.core.vocabulary import fold
from bot.store import tables
from bot.store.actions import kept_actions, projected
from bot.store.chain import GENESIS, Entry, verify_chain, verify_redactions
from bot.store.database import Transaction
from bot.store.journal import SNAPSHOT, entries, projections, read_entries
from bot.store.triggers import missing_triggers

__all__ = ["Finding", "audit", "replay", "verify_chain"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: of which team and incident, at which event (each None: of none), and what."""

    team: str | None
    incident: int | None
    seq: int | None
    what: str

    def __str__(self) -> str:
        where = "The journal" if self.incident is None else f"INC-{self.incident}"
        return f"{where}{'' if self.seq is None else f', event {self.seq},'} {self.what}."


async def audit(tx: Transaction) -> list[Finding]:
    """Everything that is wrong: triggers that are missing, of each incident what was found first, and incidents that are gone."""
    incident, event = tables.incident.c, tables.event.c
    known = union(select(incident.team, incident.number), select(event.team, event.incident)).order_by("team", "number")
    missing = await tx.run_sync(missing_triggers)
    findings = [Finding(None, None, None, f"is not protected: the trigger {name} is missing") for name in missing]
    for team, number in (await tx.execute(known)).all():
        if finding := await _examine(tx, team, number):
            findings.append(finding)
    return [*findings, *await _gone(tx)]


async def replay(tx: Transaction, team: str, number: int) -> tuple[str, str | None] | None:
    """The state that the events add up to, and the one that is stored, both as canonical JSON: equal unless something is
    wrong. The stored one is None when a version of Lockstep wrote it that writes states otherwise: nobody reads it. None when
    there is no such incident. Raises KeyError for an event of a kind that this version does not know, and ValueError for one
    that cannot be read."""
    row = await _row(tx, team, number)
    rebuilt = fold(None, read_entries(await entries(tx, team, number)))
    if row is None or rebuilt is None:
        return None
    return rebuilt.canonical(), row.snapshot if row.snapshot_version == SNAPSHOT else None


async def _examine(tx: Transaction, team: str, number: int) -> Finding | None:
    """The first thing that is wrong with one incident."""
    row = await _row(tx, team, number)
    chain = await entries(tx, team, number)
    if row is None:
        return Finding(team, number, None, "has events but is gone itself")
    if fault := verify_chain(chain) or verify_redactions(chain):
        return Finding(team, number, fault.seq, fault.what)
    if (row.seq, row.head) != (len(chain), chain[-1].hash if chain else GENESIS):
        return Finding(team, number, row.seq, "is not where the journal ends")
    if wrong := _state_fault(row, chain):
        return Finding(team, number, None, wrong)
    state = fold(None, read_entries(chain))
    if state is not None and await kept_actions(tx, team, number) != projected(state):
        return Finding(team, number, None, "has other action items in lists than its events add up to")
    return None


async def _gone(tx: Transaction) -> list[Finding]:
    """The incidents that were counted and of which there is nothing, and counters that stand behind their incidents."""
    incident, event, counter = tables.incident.c, tables.event.c, tables.counter.c
    numbers: dict[str, set[int]] = {}
    for team, number in await tx.execute(
        union(select(incident.team, incident.number), select(event.team, event.incident)).order_by("team", "number")
    ):
        if isinstance(team, str) and isinstance(number, int):  # SQLite keeps bytes there too, of which the chain tells
            numbers.setdefault(team, set()).add(number)
    last = {row.team: row.last for row in await tx.execute(select(counter.team, counter.last))}
    findings = []
    for team in sorted(numbers.keys() | last.keys()):
        there, counted = numbers.get(team, set()), last.get(team, 0)
        missing = sorted(set(range(1, max([counted, *there]) + 1)) - there)
        findings += [Finding(team, number, None, f"is gone: incidents are counted to {counted}") for number in missing]
        if there and max(there) > counted:
            findings.append(Finding(team, None, None, f"counts incidents to {counted}, and there is INC-{max(there)}"))
    return findings


async def _row(tx: Transaction, team: str, number: int) -> Any:
    """The incident's row, with every value as it is kept: read as a bool, any number but 0 that somebody put into `is_open` of
    SQLite would be True, while no list shows that incident."""
    incident = tables.incident.c
    is_open = type_coerce(incident.is_open, Integer).label("is_open")
    columns = (is_open if column is incident.is_open else column for column in incident)
    this = select(*columns).where(incident.team == team, incident.number == number)
    return (await tx.execute(this)).one_or_none()


def _state_fault(row: Any, chain: list[Entry]) -> str | None:
    """How the incident's row differs from what the events add up to. A snapshot of another version is not looked at."""
    try:
        state = fold(None, read_entries(chain))
    except (LookupError, ValueError) as error:
        return f"cannot be replayed: {error!r}"
    if state is None:
        return "has no events"
    if row.snapshot_version == SNAPSHOT and row.snapshot != state.canonical():
        return "has another snapshot than its events add up to"
    return _projection_fault(row, state)


def _projection_fault(row: Any, state: Incident) -> str | None:
    wrong = [name for name, value in projections(state).items() if getattr(row, name) != value]
    return f"is listed with another {', '.join(wrong)} than its events add up to" if wrong else None
