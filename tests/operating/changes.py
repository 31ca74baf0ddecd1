"""Whatever one byte of a record can be changed into, and a record of a thousand events to change it in."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bot.core.decision import Event
from bot.core.lifecycle import IncidentDeclared
from bot.core.notes import NoteAdded
from bot.core.redaction import TextRedacted
from bot.core.vocabulary import read_event
from bot.export import Record
from bot.store.chain import Entry
from tests.core.given import BOB, at
from tests.operating.records import recorded, story, with_order

JOURNALS = sorted((Path(__file__).parent.parent / "journals").glob("*.json"))
WORDS = (
    'é\ufffd😱 \x1f “"”',
    "Zahlungen schlagen fehl – überall",
    "支払いができない",
    "\\n\t'; DROP TABLE event; --",
    "",
)


@cache
def long_record(events: int = 1000) -> Record:
    """So many events: a story, the golden journals, again and again, notes in between with all that people type, and in the end
    one that orders that a text be redacted, and that done."""
    told: list[Event] = [event for events in story() for event in events]
    for path in JOURNALS:
        rows = json.loads(path.read_text(encoding="utf-8"))["events"]
        told += [read_event(row["kind"], row["at"], row["actor"], row["data"], row["text"]) for row in rows]
    first, *rest = told
    notes = [NoteAdded(at=at(place), actor=BOB, text=word) for place, word in enumerate(WORDS)]
    once = (IncidentDeclared, TextRedacted)
    later = (event for event in (*rest, *notes) if not isinstance(event, once))
    return with_order(recorded(first, *islice(cycle(list(later)), events - 2)), events // 2)


def changes_of_a_byte(text: str, every: int = 1, start: int = 0) -> Iterator[str]:
    """The text with one bit of one of its bytes changed, of every so many bytes, as far as it is text still."""
    written = text.encode()
    for place in range(start, len(written), every):
        for bit in range(8):
            changed = bytearray(written)
            changed[place] ^= 1 << bit
            try:
                yield changed.decode()
            except UnicodeDecodeError:  # no database keeps it as text
                continue


def changed_entries(entry: Entry, every: int = 1, start: int = 0) -> Iterator[tuple[str, Entry]]:
    """The row with one byte of one column changed, and which; of a number one digit. Also with a column emptied that may be, or
    filled that was empty."""
    for field in fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, str):
            for text in changes_of_a_byte(value, every, start):
                yield field.name, with_column(entry, field.name, text)
        elif isinstance(value, int):
            for digits in changes_of_a_byte(str(value)):
                if digits.isdecimal() and digits.isascii() and int(digits) != value:
                    yield field.name, with_column(entry, field.name, int(digits))
    for name in ("text", "salt", "redacted_by"):
        value = getattr(entry, name)
        filled = 1 if name == "redacted_by" else ""
        yield name, with_column(entry, name, filled if value is None else None)


def with_column(entry: Entry, name: str, value: Any) -> Entry:
    """The row with something else in this column, also what does not belong there."""
    return replace(entry, **{name: value})


def bytes_in(entries: Sequence[Entry]) -> int:
    """How many bytes these rows have."""
    return sum(len(str(getattr(entry, field.name) or "").encode()) for entry in entries for field in fields(entry))
