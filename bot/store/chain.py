"""How the events of an incident are chained: pure functions over rows as they are stored, byte for byte.

Each hash covers the one before it, so that whoever changes, drops or inserts a row must rewrite every later one. What people
typed is covered through `text_hash` alone, salted, so that it can be redacted without breaking the chain and cannot be guessed
from what remains.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.value import canonical

REDACTION = "TextRedacted"
"""The kind of event that orders a redaction; its data names the entries."""
GENESIS = "0" * 64
"""What the first event of an incident names as the hash before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the journal as it is stored. Times are text; `text` and `salt` are None once redacted."""

    team: str
    incident: int
    seq: int
    at: str
    recorded_at: str
    actor: str
    kind: str
    data: str
    text: str | None
    salt: str | None
    text_hash: str
    redacted_by: int | None
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain is broken first, and how."""

    seq: int
    what: str


def text_hash(salt: str, text: str) -> str:
    """The hash that stands for what was typed."""
    return _sha256([salt, text])


def entry_hash(entry: Entry) -> str:
    """The hash of an entry: over the hash before it and every column but text, salt, redacted_by and hash."""
    return _sha256(
        [
            entry.prev_hash,
            entry.team,
            entry.incident,
            entry.seq,
            entry.at,
            entry.recorded_at,
            entry.actor,
            entry.kind,
            entry.data,
            entry.text_hash,
        ]
    )


def verify_chain(entries: Iterable[Entry], *, after: int = 0, head: str = GENESIS) -> Fault | None:
    """The first fault of one incident's entries in the order of `seq`, or None. They follow event `after`, whose hash is `head`;
    without these they begin with the first. That none is missing at the end takes knowledge of more than the chain: `audit.py`;
    that redactions were ordered is seen by `verify_redactions`."""
    for seq, entry in enumerate(entries, start=after + 1):
        if fault := _fault(entry, seq, head):
            return Fault(seq, fault)
        head = entry.hash
    return None


def _fault(entry: Entry, seq: int, head: str) -> str | None:
    """What is wrong with an entry that should have this number and follow this hash, if anything."""
    if entry.seq != seq:
        return "is missing"
    if entry.prev_hash != head:
        return "does not follow from the event before it"
    try:
        return "was changed" if entry.hash != entry_hash(entry) else _text_fault(entry)
    except TypeError:  # SQLite keeps bytes in a column of text for whoever puts them there by hand
        return "was changed"


def redactions(entries: Sequence[Entry]) -> dict[int, tuple[int, list[str]]]:
    """What was ordered to be redacted, by the number of the entry: by which event, and the fields in which something was typed."""
    orders = [entry for entry in entries if entry.kind == REDACTION]
    return {seq: (order.seq, fields) for order in orders for seq, fields in _named_by(order).items()}


def _named_by(order: Entry) -> dict[int, list[str]]:
    """The entries that an order names, with their fields; none when it cannot be read, since it was written by nobody of ours."""
    try:
        return {int(seq): [str(name) for name in fields] for seq, fields in json.loads(order.data)["entries"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}


def verify_redactions(entries: Sequence[Entry]) -> Fault | None:
    """The first of one incident's entries that was redacted otherwise than an event says that names it, or None. What events say
    counts only in a chain that is whole."""
    ordered = redactions(entries)
    for entry in entries:
        by, _ = ordered.get(entry.seq, (None, []))
        if by is not None and entry.redacted_by is None:
            return Fault(entry.seq, f"still has what event {by} says was redacted")
        if entry.redacted_by != by:
            return Fault(entry.seq, "was redacted without an event that says so")
    return None


def _text_fault(entry: Entry) -> str | None:
    """What is wrong with the typed part, if anything."""
    if entry.redacted_by is not None:
        return None if entry.text is None and entry.salt is None else "is marked as redacted but has a text"
    if entry.text is None or entry.salt is None:
        return "lost its text without a redaction"
    return None if entry.text_hash == text_hash(entry.salt, entry.text) else "has another text than was typed"


def _sha256(parts: list[str | int]) -> str:
    """Over a JSON list, which two different lists never share."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()
