"""The bundle of `lockstep export`, and the script in it by which a third party sees that nobody changed the record."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.notes import NoteAdded
from bot.export import Record, as_markdown, bundle
from bot.store.chain import Entry
from bot.store.heads import POSTED
from tests.core.given import BOB, at
from tests.operating.records import recorded, redact, story, unpacked, with_order


@pytest.fixture
def record() -> Record:
    """INC-1 of the story."""
    return recorded(*(event for events in story() for event in events))


@pytest.fixture
def folder(record: Record, tmp_path: Path) -> Path:
    """The bundle as a third party has unpacked it."""
    for name, content in unpacked(record).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a third party does, who has Python and nothing else."""
    script = [sys.executable, "-I", str(folder / "verify.py"), *arguments]
    return subprocess.run(script, capture_output=True, encoding="utf-8", check=False)


def heads(record: Record) -> list[str]:
    """The lines that Lockstep posts."""
    posted = [entry for entry in record.entries if entry.kind in POSTED]
    return [f"Record {entry.seq}: {entry.hash[:32]}" for entry in posted]


def test_a_bundle_has_the_record_and_what_one_needs_to_read_and_check_it(record):
    files = unpacked(record)
    assert list(files) == ["README.txt", "journal.jsonl", "state.json", "postmortem.md", "timeline.md", "verify.py"]
    rows = [json.loads(line) for line in files["journal.jsonl"].splitlines()]
    assert [Entry(**row) for row in rows] == record.entries
    assert files["state.json"].decode() == record.incident.canonical() + "\n"
    assert files["timeline.md"].decode() == as_markdown(record)


def test_the_same_journal_gives_the_same_bytes(record):
    again = recorded(*(event for events in story() for event in events))
    assert bundle(again) == bundle(record)
    assert bundle(replace(again, links={1: "https://example.slack.com/archives/C1/p1"})) == bundle(record)
    assert bundle(replace(record, entries=record.entries[:-1])) != bundle(record)


def test_the_script_finds_nothing_wrong_and_prints_what_was_posted_in_slack(record, folder):
    done = verify(folder)
    number = len(record.entries)
    first = f"INC-1: every hash of {number} events is right. Posted in Slack, as far as delivered:"
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, [first, *heads(record)], "")
    assert len(heads(record)) == 5


def test_the_script_looks_up_what_somebody_copied_from_slack(record, folder):
    done = verify(folder, heads(record)[0], f" {heads(record)[-1]}\n")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == [f"The record has {line}" for line in (heads(record)[0], heads(record)[-1])]


def test_a_record_that_was_cut_off_is_found_by_the_last_line_in_slack(record, folder):
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "journal.jsonl").write_bytes(b"".join(lines[:-4]))
    assert verify(folder).returncode == 0, "the hashes alone cannot tell"
    done = verify(folder, heads(record)[-1])
    assert (done.returncode, done.stderr) == (
        1,
        f"WRONG: the record was rewritten, or its end is cut off: it does not have {heads(record)[-1]}.\n",
    )


def test_a_record_that_was_written_anew_is_found_by_any_later_line_in_slack(record, folder):
    events = [event for events in story() for event in events]
    events[7] = events[7].but(actor="UMALLORY")
    (folder / "journal.jsonl").write_bytes(unpacked(recorded(*events))["journal.jsonl"])
    assert verify(folder).returncode == 0, "the hashes alone cannot tell"
    assert verify(folder, heads(record)[1]).returncode == 1


def test_a_redaction_that_was_ordered_is_right_and_one_that_was_not_is_wrong(record, folder):
    redacted = with_order(record, 6)
    (folder / "journal.jsonl").write_bytes(unpacked(redacted)["journal.jsonl"])
    assert verify(folder, *heads(record)).returncode == 0
    unordered = replace(record, entries=redact(record.entries, {6: 7}))
    (folder / "journal.jsonl").write_bytes(unpacked(unordered)["journal.jsonl"])
    assert verify(folder).stderr == "WRONG: event 6 was redacted and no event says so, or the other way round.\n"
    undone = replace(redacted, entries=[*record.entries, redacted.entries[-1]])
    (folder / "journal.jsonl").write_bytes(unpacked(undone)["journal.jsonl"])
    assert verify(folder).stderr == "WRONG: event 6 was redacted and no event says so, or the other way round.\n"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda lines: lines[:3] + lines[4:], "event 4 does not follow the one before"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "event 4 does not follow the one before"),
        (lambda lines: [*lines[:3], lines[3], *lines[3:]], "event 5 does not follow the one before"),
        (lambda lines: lines[1:], "event 1 does not follow the one before"),
        (lambda lines: [*lines[:3], b"", *lines[3:]], "event 4 is not as it was written"),
        (lambda lines: [*lines[:3], b"[]", *lines[3:]], "event 4 is not as it was written"),
        (lambda lines: [*lines[:3], b"\xff", *lines[3:]], "event 4 is not as it was written"),
        (lambda lines: [*lines[:3], lines[3].replace(b"UALICE", b"UMALLORY"), *lines[4:]], "event 4 was changed"),
        (lambda lines: lines[:5], "the record breaks off after event 4"),
        (lambda lines: [], "the record breaks off after event 0"),
    ],
)
def test_rows_that_are_gone_swapped_doubled_or_changed_are_named(record, folder, change, what):
    lines = (folder / "journal.jsonl").read_bytes().split(b"\n")
    (folder / "journal.jsonl").write_bytes(b"\n".join(change(lines)))
    done = verify(folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"WRONG: {what}")


def small() -> Record:
    """A short record with a redaction, and with characters of one to four bytes."""
    note = NoteAdded(at=at(1), actor=BOB, text='é\ufffd😱 \x1f “"”')
    return with_order(recorded(*story()[0], note, note.but(text="gone")), 3)


CHANGE_EVERY_BYTE = """
import io, pathlib, sys
from contextlib import redirect_stdout

sys.argv = ["verify.py"]
journal = pathlib.Path("journal.jsonl")
script = compile(pathlib.Path("verify.py").read_text(), "verify.py", "exec")
whole = journal.read_bytes()

def is_right(content):
    journal.write_bytes(content)
    try:
        with redirect_stdout(io.StringIO()):
            exec(script, {"__name__": "__main__", "__file__": "verify.py"})
    except SystemExit as ending:
        return not ending.code
    return True

assert is_right(whole)
for place, byte in enumerate(whole):
    for changed in {byte ^ 1, byte ^ 0x20, byte ^ 0x80, ord("0")} - {byte}:
        if is_right(whole[:place] + bytes([changed]) + whole[place + 1:]):
            print("missed", place, byte, changed)
print(len(whole), "bytes")
"""
"""Runs the bundle's own script again and again within one process: starting Python for each byte would take minutes."""


def test_any_byte_of_a_record_that_is_changed_is_found(tmp_path):
    for name, content in unpacked(small()).items():
        (tmp_path / name).write_bytes(content)
    number = len(unpacked(small())["journal.jsonl"])
    sweep = [sys.executable, "-I", "-c", CHANGE_EVERY_BYTE]
    done = subprocess.run(sweep, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == f"{number} bytes\n"


def test_bytes_that_are_changed_missing_or_added_are_found_by_the_script_on_its_own(folder):
    journal_file, dice = folder / "journal.jsonl", random.Random(1)
    whole = journal_file.read_bytes()
    for _ in range(15):
        place = dice.randrange(len(whole))
        for put in (bytes([whole[place] ^ 1 << dice.randrange(8)]), b"", whole[place : place + 1] + b"x"):
            journal_file.write_bytes(whole[:place] + put + whole[place + 1 :])
            done = verify(folder)
            assert (done.returncode, done.stdout) == (1, ""), (place, put)
            assert done.stderr.startswith("WRONG: "), done.stderr
