"""`lockstep export` as JSON and as Markdown: an incident for those who have no Lockstep."""

import json
import re
from dataclasses import asdict, replace
from typing import get_args

import pytest

from bot.core.decision import SYSTEM, AttemptRefused
from bot.core.errors import UnknownIncident
from bot.core.notes import NoteAdded
from bot.core.refusal import Refusal
from bot.core.router.promises import ConfirmUpdate, UpdateSent
from bot.core.router.updates import UpdateIssued
from bot.core.tracker.evidence import ReplyKept
from bot.core.tracker.rewriting import EditReply, NoteDeletion
from bot.core.value import canonical
from bot.core.vocabulary import EVENTS, decide, fold
from bot.export import Record, as_json, as_markdown, read
from bot.export.sentences import REASONS, TELL, Telling, sentence
from bot.export.text import plain
from bot.store import documents, journal
from bot.store.chain import Entry, verify_chain
from bot.store.database import Database
from tests.core.given import ALICE, BOB, POLICY, at, origin
from tests.core.test_written_down import REFUSALS
from tests.operating.records import TEAM, THREAD, recorded, story, unpacked, with_order
from tests.slack.given import of_every_kind


@pytest.fixture
def record() -> Record:
    """INC-1 of the story."""
    return recorded(*(event for events in story() for event in events))


async def test_an_incident_is_read_from_either_database_as_it_was_recorded(database_url):
    database = await Database.open(database_url)
    incident = None
    async with database.write() as tx:
        await documents.keep_document(tx, TEAM, "policy", POLICY.hash, POLICY.canonical())
        for events in story():
            incident = await journal.append(tx, incident, events, at(0))
    async with database.read() as tx:
        record = await read(tx, TEAM, 1)
        entries = await journal.entries(tx, TEAM, 1)
        with pytest.raises(UnknownIncident):
            await read(tx, TEAM, 2)
    await database.close()
    assert (record.incident, record.entries, record.fault) == (incident, entries, None)
    assert (record.policies, record.policy) == ({POLICY.hash: POLICY.canonical()}, POLICY)


def test_from_the_json_every_hash_can_be_computed_anew_and_the_state_rebuilt(record):
    found = json.loads(as_json(record))
    entries = [Entry(**event) for event in found["events"]]
    assert entries == record.entries
    assert verify_chain(entries) is None
    assert canonical(found["state"]) == record.incident.canonical()
    assert fold(None, map(journal.read_entry, entries)) == record.incident
    assert canonical(found["policies"][POLICY.hash]) == POLICY.canonical()


def test_what_was_redacted_is_in_the_json_and_in_the_bundle_without_its_text(record):
    redacted = with_order(record, 6)
    event = json.loads(as_json(redacted))["events"][5]
    assert (event["text"], event["salt"], event["redacted_by"]) == (None, None, len(redacted.entries))
    assert verify_chain([Entry(**row) for row in json.loads(as_json(redacted))["events"]]) is None
    assert json.loads(unpacked(redacted)["journal.jsonl"].splitlines()[5]) == asdict(redacted.entries[5])


# As Markdown


def lines_of(record: Record, heading: str) -> list[str]:
    """The lines under a heading of the second level."""
    page = as_markdown(record)
    assert f"\n## {heading}\n" in page
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].strip().splitlines()


def test_the_page_begins_with_what_somebody_must_know(record):
    page = as_markdown(record)
    assert page.startswith(
        "# INC-1: Zahlungen \\*schlagen\\* fehl – überall 😱\n\nDrawn by Lockstep from the 43 events of its record. "
    )
    for fact in (
        "- **State:** closed on 24 November 2026 at 01:00 UTC\n",
        "- **Severity:** SEV1\n",
        "- **Impact:** “Some customers cannot pay.”\n",
        "- **Affected:** Checkout\n",
        "- **Declared:** 23 November 2026 at 14:00 UTC by `UALICE`\n",
        "- **Contained:** “Undid the release” on 23 November 2026 at 14:00 UTC. It worked\n",
        "- **Room:** `#inc-1-zahlungen` (`C1`)\n",
        "- **Roles:** incident commander `UALICE`, since 23 November 2026 at 14:00 UTC\n",
    ):
        assert fact in page


def test_the_page_says_where_an_open_incident_stands():
    page = as_markdown(recorded(*story()[0]))
    assert "- **State:** open, in Detection since 23 November 2026 at 14:00 UTC\n" in page
    empty = (
        "None was written down.",
        "## Playbooks",
        "None was run.",
        "## Updates sent",
        "None.",
        "## Action items",
        "None.",
    )
    assert "\n\n".join(["## Hypotheses", *empty]) + "\n" in page


def test_the_timeline_has_a_line_for_every_event_under_its_day(record):
    lines = lines_of(record, "Timeline")
    assert [line for line in lines if line.startswith("#")] == [
        "### Monday 23 November 2026",
        "### Tuesday 24 November 2026",
    ]
    numbers = [int(line.split(" · ")[1]) for line in lines if line.startswith("- ")]
    assert sorted(numbers) == list(range(1, len(record.entries) + 1))
    assert (
        "- 14:03:20 · 3 · `UBOB` tried to move to the next phase. Refused: not known yet: who is incident commander; "
        "who cannot do what"
    ) in lines
    assert (
        f"- 14:05:20 · 10 · Lockstep showed [H1]({THREAD}) “The pool of Checkout is exhausted” in [a thread]({THREAD}) of the room"
        in lines
    )
    assert "- 14:06:20 · 12 · `UCAROL` took the reply of event 11 in H1 as evidence for it" in lines


def test_a_reply_that_was_read_late_stands_where_it_was_written():
    declared, room, *_, proposed = story()[:5]
    late = ReplyKept(at=at(6), actor=BOB, hypothesis=1, reply="1.3", author=BOB, permalink=None, text="I see waits")
    notes = [NoteAdded(at=at(minutes), actor=ALICE, text="x") for minutes in (5.5, 6.5)]
    hidden = recorded(*declared, *room, *proposed, *notes, late)
    numbers = [line.split(" · ")[1] for line in lines_of(hidden, "Timeline") if line.startswith("- ")]
    assert numbers == ["1", "2", "3", "4", "6", "5"]


def test_what_stands_in_slack_has_a_link_to_it():
    """Every line about a hypothesis leads to its thread, one about a reply to that, and one about an update to what was read."""
    reply, read = "https://example.slack.com/archives/C1/p1300", "https://example.slack.com/archives/C2/p1400"
    events = [event for part in story() for event in part]
    (kept,) = [event for event in events if isinstance(event, ReplyKept)]
    update = next(seq for seq, event in enumerate(events, start=1) if isinstance(event, UpdateIssued))
    sent = UpdateSent(at=events[-1].at, actor=SYSTEM, audience="executives", update=update, permalink=read)
    page = as_markdown(recorded(*(kept.but(permalink=reply) if event is kept else event for event in events), sent))
    assert f"`UCAROL` took [the reply of event 11]({reply}) in H1 as evidence for it" in page
    assert f"had [the update of event {update}]({read}) to executives taken by Slack" in page
    assert re.search(rf"\[taken by Slack on [^]]+\]\({re.escape(read)}\)", page)
    assert f"- [Evidence for it]({reply}), by `UBOB`: “I see waits" in page
    told = "https://example.slack.com/archives/C1/p1500"
    first = replace(recorded(*events), links={1: told})
    assert lines_of(first, "Timeline")[2].startswith(f"- [14:00:20]({told}) · 1 · `UALICE` declared INC-1: ")
    about = [line for line in page.splitlines() if re.search(r" · .*(confirmed|started the test of|showed) ", line)]
    assert len(about) > 2 and all(f"[H1]({THREAD})" in line for line in about)


def test_a_clock_that_was_set_back_changes_no_order_and_a_day_that_differs_is_named():
    before = NoteAdded(at=at(12 * 60), actor=ALICE, text="x")
    after = NoteAdded(at=at(60), actor=ALICE, text="y")
    lines = lines_of(recorded(*story()[0], before, after), "Timeline")
    assert lines[-1] == "- 15:00:20 on Monday 23 November 2026 · 3 · `UALICE` noted: “y”"
    assert lines[-2] == "- 02:00:20 · 2 · `UALICE` noted: “x”"


def test_a_hypothesis_is_told_with_what_spoke_for_it_and_against(record):
    assert lines_of(record, "Hypotheses") == [
        "### H1: The pool of Checkout is exhausted",
        "",
        "- Confirmed on 23 November 2026 at 14:07 UTC by `UCAROL`, shown by “Waits”",
        f"- [Proposed]({THREAD}) by `UCAROL`, at Checkout",
        "- Tested by `UCAROL`",
        "- Predicts: if it is true, “Connections wait”; if it is false, “Connections are free”",
        "- Test: “Count the connections”",
        "- Explains all of it",
        "- Evidence for it, by `UBOB`: “I see waits, `UCAROL`”",
        "- Evidence against it, by `UCAROL`: “Few connections”",
        "- Evidence for it, by `UCAROL`: “Waits”",
    ]


def test_a_reply_is_told_with_what_became_of_it():
    told = [event for events in story()[:11] for event in events]
    commands = (
        EditReply(origin=origin(BOB, 9), hypothesis=1, reply="1.3", text="I see none"),
        NoteDeletion(origin=origin(SYSTEM, 10), hypothesis=1, reply="1.3"),
    )
    record = recorded(*told, *(decide(fold(None, told), one, POLICY).events[0] for one in commands))
    assert (
        "- Evidence for it, by `UBOB`: “I see none”; edited on 23 November 2026 at 14:09 UTC, and was taken as evidence "
        "before that; said before: “I see waits, `UCAROL`”; deleted in Slack"
    ) in lines_of(record, "Hypotheses")


def test_every_update_is_told_with_all_it_said_and_when_slack_took_it():
    told = [event for events in story()[:13] for event in events]
    updates = [seq for seq, event in enumerate(told, start=1) if isinstance(event, UpdateIssued)]
    took = ConfirmUpdate(origin=origin(SYSTEM, 16), audience="executives", update=updates[-2])
    incident = fold(None, told)
    record = recorded(*told, *decide(incident, took, POLICY).events)
    lines = lines_of(record, "Updates sent")
    assert len(lines) == len(updates)
    assert lines[-2:] == [
        f"- 23 November 2026 at 14:15 UTC · {updates[-2]} · to **executives** by `UBOB` (written by a person): Containment, "
        "SEV1; “We are on it.”; impact “Some customers cannot pay.”; next update by 23 November 2026 at 14:30 UTC; taken by "
        "Slack on 23 November 2026 at 14:16 UTC",
        f"- 23 November 2026 at 14:15 UTC · {updates[-1]} · to **support** by `UBOB` (written by a person): Containment, "
        "SEV1; “We are on it.”; impact “Some customers cannot pay.”; next update by 23 November 2026 at 14:30 UTC; not "
        "recorded that Slack took it",
    ]


def test_action_items_stand_at_the_end(record):
    assert lines_of(record, "Action items") == ["- **A1** “Add a check”, `UBOB`, by 1 December 2026, proposed"]


def test_a_line_whose_text_was_redacted_says_by_what(record):
    redacted = with_order(record, 6)
    last = len(redacted.entries)
    lines = lines_of(redacted, "Timeline")
    [line] = [line for line in lines if " · 6 · " in line]
    assert line.endswith(f" (Redacted: see event {last}.)")
    assert [line for line in lines if f" · {last} · `UBOB`" in line]


def test_a_record_that_was_changed_says_so_at_the_top(record):
    entries = [*record.entries[:4], replace(record.entries[4], actor="UMALLORY"), *record.entries[5:]]
    assert "**The record is not as it was written: event 5 was changed.**" in as_markdown(
        replace(record, entries=entries)
    )
    assert "not as it was written" not in as_markdown(record)


def test_an_event_of_a_later_version_is_named_and_the_rest_is_told(record):
    last = record.entries[-1]
    newer = replace(last, seq=last.seq + 1, kind="ArrivedFromMars")
    page = as_markdown(replace(record, entries=[*record.entries, newer], policies={}))
    assert f" · {newer.seq} · `UBOB` did what cannot be read here (`ArrivedFromMars`)" in page
    assert "- **Affected:** checkout\n" in page


def test_there_are_words_for_every_kind_of_event():
    assert set(EVENTS) - set(TELL) == set()
    here = telling()
    for event in of_every_kind():
        said = sentence(event, here)
        assert not re.search(r"(?<!\\)<|\n|None", said), said


def test_there_are_words_for_every_refusal():
    kinds = get_args(get_args(Refusal)[0])
    assert {kind.model_fields["reason"].default for kind in kinds} == set(REASONS)
    for refusal in REFUSALS:
        tried = AttemptRefused(at=at(1), actor=BOB, attempt="StartTest", refusal=refusal)
        assert sentence(tried, telling()).startswith("`UBOB` tried to test a hypothesis. Refused: ")


def telling() -> Telling:
    return Telling.of(recorded(*story()[0]))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("5*3 of snake_case & more", "5\\*3 of snake_case & more"),
        ("_no_ emphasis, __init__", "\\_no\\_ emphasis, \\_\\_init\\_\\_"),
        ("a `b` ~~c~~ \\d", "a \\`b\\` \\~\\~c\\~\\~ \\\\d"),
        ("![x](https://example.org/x.png)", "!\\[x](https://example.org/x.png)"),
        ("<script>alert(1)</script> &lt;", "\\<script>alert(1)\\</script> \\&lt;"),
        ("two\n# lines\t#", "two # lines \\#"),
        ("ask <@U123> in <#C123> or <!here>", "ask `U123` in `C123` or `here`"),
    ],
)
def test_what_people_typed_shows_as_it_is_and_names_people_by_their_ids(written, shown):
    assert plain(written) == shown
