"""Whoever changes one byte of a record is found, and the event that is named is the first that is wrong.

The long form, every bit of every byte of a thousand events: LOCKSTEP_TAMPER_EVERY=1
"""

import io
import os
import random
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.export import verify
from bot.store.chain import GENESIS, Entry, Fault, verify_chain
from tests.operating.changes import bytes_in, changed_entries, long_record, with_column
from tests.operating.records import unpacked

EVERY = int(os.environ.get("LOCKSTEP_TAMPER_EVERY", "97"))
"""Of how many bytes of a column one is changed."""


NOT_CHAINED = "redacted_by"
"""The one column that the chain says nothing of once a text is redacted: who ordered it is seen to by the audit and the script."""


def test_any_bit_of_any_column_of_a_thousand_events_that_is_changed_is_found_where_it_was_changed():
    entries = long_record().entries
    assert len(entries) == 1000
    assert verify_chain(entries) is None
    changes, columns, head = 0, set[str](), GENESIS
    for place, entry in enumerate(entries):
        for column, changed in changed_entries(entry, EVERY, start=place % EVERY):
            if column == NOT_CHAINED and None not in (entry.redacted_by, changed.redacted_by):
                continue
            fault = verify_chain([changed, *entries[place + 1 : place + 2]], after=place, head=head)
            assert fault and fault.seq == entry.seq, f"{column} of event {entry.seq}: {changed!r}"
            changes += 1
            columns.add(column)
        head = entry.hash
    assert columns == {field.name for field in fields(Entry)}
    print(f"{changes} changes of {bytes_in(entries)} bytes in {len(entries)} events, each found")


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], str]:
    """What the script of a bundle says of a record, run within this process."""
    monkeypatch.setattr(verify, "__file__", str(tmp_path / "verify.py"))
    monkeypatch.setattr("sys.argv", ["verify.py"])

    def run(written: bytes) -> str:
        (tmp_path / "journal.jsonl").write_bytes(written)
        with redirect_stdout(io.StringIO()) as said:
            try:
                verify.main()
            except SystemExit as ending:
                return str(ending.code)
        return said.getvalue()

    return run


def test_the_script_of_a_bundle_finds_the_same_changes_where_they_were_made(script):
    record, dice = long_record(), random.Random(1)
    written = unpacked(record)["journal.jsonl"]
    hangs_on = {entry.redacted_by: entry.seq for entry in record.entries}
    assert script(written).startswith("INC-1: every hash of 1000 events is right.")
    places = range(0, len(written) - 1, EVERY * 100)
    for place in places:
        changed = bytearray(written)
        changed[place] ^= 1 << dice.randrange(8)
        event = written.count(b"\n", 0, place) + 1
        named = [event, hangs_on.get(event, event)]  # without its order, the redaction is what is wrong first
        assert script(bytes(changed)).startswith(tuple(f"WRONG: event {one} " for one in named)), f"byte {place}"
    print(f"{len(places)} changes of {len(written)} bytes, each found by the script")


@pytest.mark.parametrize("by", [0, 1, 59, 61, None])
def test_the_script_finds_a_redaction_that_is_ascribed_to_another_event(script, by):
    record = long_record(60)
    (redacted,) = (entry for entry in record.entries if entry.redacted_by)
    entries = [replace(entry, redacted_by=by) if entry is redacted else entry for entry in record.entries]
    found = script(unpacked(replace(record, entries=entries))["journal.jsonl"])
    assert found.startswith(f"WRONG: event {redacted.seq} ")


def test_a_chain_verified_from_the_middle_is_verified_as_from_its_beginning():
    entries = long_record(60).entries
    for place, entry in enumerate(entries):
        head = entries[place - 1].hash if place else GENESIS
        assert verify_chain(entries[place:], after=place, head=head) is None
        assert verify_chain(entries[place:], after=place + 1, head=head) == Fault(place + 2, "is missing")
        other = verify_chain(entries[place:], after=place, head=entry.hash)
        assert other == Fault(place + 1, "does not follow from the event before it")
        broken = [*entries[:place], replace(entry, actor="UMALLORY"), *entries[place + 1 :]]
        was_changed = Fault(place + 1, "was changed")
        assert verify_chain(broken) == verify_chain(broken[place:], after=place, head=head) == was_changed


@pytest.mark.parametrize("column", [field.name for field in fields(Entry)])
def test_bytes_where_there_should_be_text_or_a_number_are_a_change(column):
    entries = list(long_record(10).entries)
    entries[6] = with_column(entries[6], column, b"x")
    fault = verify_chain(entries)
    assert fault and fault.seq == 7


@pytest.mark.parametrize(
    ("changed", "seq"),
    [
        (lambda rows: [*rows[:3], *rows[4:]], 4),
        (lambda rows: rows[1:], 1),
        (lambda rows: [*rows[:3], rows[4], rows[3], *rows[5:]], 4),
        (lambda rows: [*rows[:3], replace(rows[4], seq=4), replace(rows[3], seq=5), *rows[5:]], 4),
        (lambda rows: [*rows[:4], replace(rows[3], seq=5), *(replace(row, seq=row.seq + 1) for row in rows[4:])], 5),
        (lambda rows: [*rows, replace(rows[-1], seq=len(rows) + 1)], 61),
        (lambda rows: [*rows[:3], *(replace(row, seq=row.seq - 1) for row in rows[4:])], 4),
        (lambda rows: [*rows[:3], *rows[3:][::-1]], 4),
        (lambda rows: [replace(row, team="T9") for row in rows], 1),
        (lambda rows: [replace(row, incident=9) for row in rows], 1),
    ],
    ids=[
        "deleted",
        "first",
        "swapped",
        "renumbered",
        "doubled",
        "appended",
        "closed up",
        "reversed",
        "team",
        "incident",
    ],
)
def test_rows_that_are_gone_swapped_doubled_or_renumbered_are_found_at_the_first_of_them(changed, seq):
    fault = verify_chain(changed(long_record(60).entries))
    assert fault and fault.seq == seq


def test_a_chain_that_was_cut_off_is_whole_in_itself():
    assert verify_chain(long_record(60).entries[:-4]) is None
