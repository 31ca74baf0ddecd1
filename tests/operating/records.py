"""What tests of the export start from: an incident from its declaration to its end, recorded without a database."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from bot.core.decision import SYSTEM, Command, Event
from bot.core.delivery import DropDelivery, ReportFailure
from bot.core.incident import Phase, Side
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.notes import AddNote
from bot.core.redaction import TextRedacted
from bot.core.rooms import BindRoom
from bot.core.router.updates import SendUpdate
from bot.core.tracker.evidence import AnswerEvidence, KeepReply, MarkReply, WriteEvidence
from bot.core.tracker.hypotheses import BindThread, ProposeHypothesis
from bot.core.vocabulary import decide, fold, write_event
from bot.export import Record, bundle
from bot.store.chain import GENESIS, Entry, entry_hash, text_hash
from bot.store.times import write_time
from tests.core.given import BOB, CAROL, POLICY, at, conclude, facts_of, origin

TEAM = "T1"
THREAD = "https://example.slack.com/archives/C1/p1200"
STORY: tuple[Command, ...] = (
    DeclareIncident(origin=origin(), title="Zahlungen *schlagen* fehl – überall 😱"),
    BindRoom(origin=origin(SYSTEM), channel="C1", name="inc-1-zahlungen"),
    AdvancePhase(origin=origin(BOB, 3), to=Phase.TRIAGE),
    AdvancePhase(origin=origin(BOB, 4), to=Phase.TRIAGE, first=facts_of(Phase.DETECTION)),
    ProposeHypothesis(origin=origin(CAROL, 5), statement="The pool of Checkout is exhausted"),
    BindThread(origin=origin(SYSTEM, 5), hypothesis=1, channel="C1", ts="1.2", permalink=THREAD),
    KeepReply(origin=origin(BOB, 6), hypothesis=1, reply="1.3", author=BOB, text="I see\nwaits, <@UCAROL>"),
    MarkReply(origin=origin(CAROL, 6), hypothesis=1, reply="1.3", side=Side.FOR),
    WriteEvidence(origin=origin(CAROL, 6), hypothesis=1, side=Side.AGAINST, text="Few connections"),
    AnswerEvidence(origin=origin(BOB, 7), hypothesis=1, text="Those are of the other pool"),
    conclude(origin=origin(CAROL, 7), hypothesis=1, result=Side.FOR, why="Waits"),
    AdvancePhase(origin=origin(BOB, 14), to=Phase.CONTAINMENT, first=facts_of(Phase.TRIAGE)),
    SendUpdate(origin=origin(BOB, 15), text="We are on it."),
    AddNote(origin=origin(BOB, 16), text="</li><script> and [a link](http://example.org)"),
    ReportFailure(origin=origin(SYSTEM, 17), effect="PostUpdate update:support", reason="is_archived", effect_id="e"),
    DropDelivery(origin=origin(BOB, 18), effect_id="e", reason="They know"),
    AdvancePhase(origin=origin(BOB, 34), to=Phase.RECOVERY, first=facts_of(Phase.CONTAINMENT)),
    AdvancePhase(origin=origin(BOB, 10 * 60), to=Phase.POSTMORTEM, first=facts_of(Phase.RECOVERY)),
    CloseIncident(origin=origin(BOB, 11 * 60), first=facts_of(Phase.POSTMORTEM)),
)
"""An incident from its declaration to its end, over midnight."""


def story() -> list[tuple[Event, ...]]:
    """What each command of the story led to."""
    incident, decided = None, list[tuple[Event, ...]]()
    for command in STORY:
        events = decide(incident, command, POLICY, number=1).events
        incident = fold(incident, events)
        decided.append(events)
    return decided


def recorded(*events: Event) -> Record:
    """The record of these events without a database."""
    incident = fold(None, events)
    assert incident is not None
    entries = list[Entry]()
    for event in events:
        entries.append(following(entries, event, *write_event(event)))
    return Record(incident=incident, entries=entries, policies={POLICY.hash: POLICY.canonical()})


def following(entries: Sequence[Entry], event: Event, kind: str, data: str, text: str) -> Entry:
    """The row that comes after these."""
    seq, salt, when = len(entries) + 1, f"{len(entries):032x}", write_time(event.at)
    entry = Entry(
        team=TEAM,
        incident=1,
        seq=seq,
        at=when,
        recorded_at=when,
        actor=event.actor,
        kind=kind,
        data=data,
        text=text,
        salt=salt,
        text_hash=text_hash(salt, text),
        redacted_by=None,
        prev_hash=entries[-1].hash if entries else GENESIS,
        hash="",
    )
    return replace(entry, hash=entry_hash(entry))


def redact(entries: Sequence[Entry], by: dict[int, int]) -> list[Entry]:
    """The rows without the texts of some, each with the number of the event that is said to have ordered it."""
    return [
        replace(entry, text=None, salt=None, redacted_by=by[entry.seq]) if entry.seq in by else entry
        for entry in entries
    ]


def with_order(record: Record, seq: int) -> Record:
    """The record with one event more, which orders that the text of event `seq` be redacted, and that done."""
    fields = tuple(json.loads(record.entries[seq - 1].text or "{}"))
    event = TextRedacted(at=at(12 * 60), actor=BOB, entries={seq: fields}, reason="A name")
    order = following(record.entries, event, *write_event(event))
    return replace(record, entries=[*redact(record.entries, {seq: order.seq}), order])


def unpacked(record: Record) -> dict[str, bytes]:
    """The files of a bundle by name."""
    with zipfile.ZipFile(io.BytesIO(bundle(record))) as archive:
        assert archive.testzip() is None
        return {name.removeprefix("INC-1/"): archive.read(name) for name in archive.namelist()}
