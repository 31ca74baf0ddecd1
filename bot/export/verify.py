"""Checks `journal.jsonl` beside it, the record of one incident. Needs Python 3.9 or newer and nothing else: python3 verify.py

Lines copied from Slack are looked up in the record: python3 verify.py "Record 7: 3f0c…" "Record 12: …"
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

HASHED = ("prev_hash", "team", "incident", "seq", "at", "recorded_at", "actor", "kind", "data", "text_hash")
POSTED = ("PhaseEntered", "IncidentClosed", "IncidentCancelled", "IncidentMerged")
COLUMNS = {*HASHED, "text", "salt", "redacted_by", "hash"}


def canonical(value: Any) -> str:
    """JSON with sorted keys, without spaces, and with every character as itself."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(parts: list[Any]) -> str:
    """The SHA-256 of a list, as canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def read(line: bytes) -> dict[str, Any]:
    """The event on a line; nothing when there is none that would be written just so."""
    try:
        event = json.loads(line.decode())
    except ValueError:
        return {}
    return event if isinstance(event, dict) and {*event} == COLUMNS and canonical(event) == line.decode() else {}


def ensure(holds: bool, what: str) -> None:
    """End with exit code 1 and say what is wrong, unless it holds."""
    if not holds:
        sys.exit(f"WRONG: {what}.")


def main() -> None:
    """Check every event, then every line from Slack."""
    *lines, rest = Path(__file__).with_name("journal.jsonl").read_bytes().split(b"\n")
    events, head = [read(line) for line in lines], "0" * 64
    for number, event in enumerate(events, start=1):
        ensure(bool(event), f"event {number} is not as it was written")
        ensure((event["seq"], event["prev_hash"]) == (number, head), f"event {number} does not follow the one before")
        ensure(event["hash"] == digest([event[name] for name in HASHED]), f"event {number} was changed")
        typed, is_whole = [event["salt"], event["text"]], event["redacted_by"] is None
        text_holds = digest(typed) == event["text_hash"] if is_whole else typed == [None, None]
        ensure(text_holds, f"event {number} has another text than was typed")
        head = event["hash"]
    ensure(bool(events) and not rest, f"the record breaks off after event {len(events)}")
    orders = [event for event in events if event["kind"] == "TextRedacted"]
    ordered = {int(seq): order["seq"] for order in orders for seq in json.loads(order["data"])["entries"]}
    for event in events:
        which = f"event {event['seq']} was redacted and no event says so, or the other way round"
        ensure(event["redacted_by"] == ordered.get(event["seq"]), which)
    print(
        f"INC-{events[0]['incident']}: every hash of {len(events)} events is right. Posted in Slack, as far as delivered:"
    )
    heads = {f"Record {event['seq']}: {event['hash'][:32]}": event["kind"] for event in events}
    print(*[line for line, kind in heads.items() if kind in POSTED] or ["none"], sep="\n")
    for line in map(str.strip, sys.argv[1:]):
        ensure(line in heads, f"the record was rewritten, or its end is cut off: it does not have {line}")
        print(f"The record has {line}")


if __name__ == "__main__":
    main()
