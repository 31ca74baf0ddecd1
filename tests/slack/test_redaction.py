"""The form that redacts, what whoever sends it is told, and what stands in Slack in place of what was redacted."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.decision import Event
from bot.core.incident import COMMANDER, Phase
from bot.core.notes import MessagePinned, NoteAdded
from bot.core.redaction import RedactText, TextRedacted, Written
from bot.core.roles import RoleTaken
from bot.core.router.updates import Occasion, UpdateIssued
from bot.core.tracker.evidence import ReplyKept
from bot.core.tracker.rewriting import ReplyEdited
from bot.core.value import REDACTED
from bot.slack.forms.inputs import OPTIONS_LIMIT
from bot.slack.forms.modal import FieldErrors
from bot.slack.forms.redact import RedactForm
from bot.slack.messages.notices import retold, told
from bot.slack.messages.redactions import author, label, redacted
from tests.core.given import ALICE, BOB, POLICY, declared, in_phase, origin
from tests.slack.given import NASTY, NOW, fits, sent, shown, stuffed, view_fits

HERE = origin()
CHOICES = [("23 Nov 15:00 Alice: hunter2", "7"), ("23 Nov 14:59 Bob: Checkout", "1")]


def order(**fields: Any) -> TextRedacted:
    return TextRedacted(at=NOW, actor=ALICE, reason="A name", **{"entries": {7: ("text",)}, **fields})


# The form


def test_what_is_to_go_is_read_back() -> None:
    view = view_fits(RedactForm.view(declared(), CHOICES, 0))
    read = RedactForm.parse(sent(view, entries=[CHOICES[0][0]], words=" hunter2 ", reason=" Pasted "), HERE, ["@a"])
    assert read == RedactText(origin=HERE, entries=(7,), words="hunter2", reason="Pasted", groups=("@a",))
    read = RedactForm.parse(sent(view, words="hunter2", reason="Pasted"), HERE, [])
    assert read == RedactText(origin=HERE, words="hunter2", reason="Pasted")


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({"reason": "x"}, "words"),
        ({"words": "abc", "reason": "x"}, "words"),
        ({"entries": [CHOICES[0][0]], "words": "abc", "reason": "x"}, "words"),
        ({"entries": [CHOICES[0][0]], "reason": " "}, "reason"),
    ],
)
def test_what_is_missing_is_said_at_its_field(filled: dict[str, Any], wrong: str) -> None:
    errors = RedactForm.parse(sent(RedactForm.view(declared(), CHOICES, 0), **filled), HERE, [])
    assert isinstance(errors, FieldErrors) and list(errors.errors) == [wrong]


def test_a_form_with_as_many_and_as_long_choices_as_there_can_be_is_one_that_slack_takes() -> None:
    many = [(NASTY, str(number)) for number in range(OPTIONS_LIMIT)]
    view = view_fits(RedactForm.view(stuffed(Phase.TRIAGE), many, 31))
    (entries,) = (block for block in view["blocks"] if block.get("block_id") == "entries")
    assert len(entries["element"]["options"]) == OPTIONS_LIMIT
    assert entries["hint"]["text"] == "The newest 100; 31 earlier ones go by their words."


def test_where_there_is_nothing_to_choose_words_can_still_be_written() -> None:
    view = view_fits(RedactForm.view(declared(), [], 0))
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == ["words", "reason"]


def test_the_words_are_in_nothing_that_is_printed() -> None:
    asked = RedactText(origin=HERE, words="hunter2", reason="Pasted")
    assert "hunter2" not in repr(asked) + str(asked)


def test_an_entry_is_called_by_its_time_where_the_reader_is_by_who_and_by_its_first_words() -> None:
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    one = Written(seq=7, event=NoteAdded(at=at, actor=BOB, text="x"), texts={"text": "hunter2\nis <@U1>"})
    assert label(one, {BOB: "Bob"}, ZoneInfo("Asia/Tokyo")) == "24 Nov 08:30 Bob: hunter2 is @someone"
    assert label(one, {}, UTC) == "23 Nov 23:30 somebody: hunter2 is @someone"


@pytest.mark.parametrize(
    ("event", "whose"),
    [
        (NoteAdded(at=NOW, actor=ALICE, text="x"), ALICE),
        (MessagePinned(at=NOW, actor=ALICE, ts="1.1", author=BOB, posted=NOW, permalink=None, text="x"), BOB),
    ],
)
def test_a_message_is_ascribed_to_whoever_wrote_it(event: Event, whose: str) -> None:
    assert author(event) == whose


# What whoever redacts is told


def reply(address: str | None) -> ReplyKept:
    return ReplyKept(at=NOW, actor=BOB, hypothesis=1, reply="1.1", author=BOB, permalink=address, text=REDACTED)


def test_what_cannot_be_reached_is_named_with_links_to_the_messages_that_are_known() -> None:
    said = shown(redacted(declared(), order(), [reply("https://acme.slack.com/p1"), reply(None)]))
    assert "*Redacted: what was typed in 1 entry of INC-1.*" in said
    assert "themselves: <https://acme.slack.com/p1|message 1>, and wherever else it stands." in said
    assert "themselves, wherever it stands there." in shown(redacted(declared(), order(), []))
    assert all(what in said for what in ("notifications", "backups", "edits"))
    assert "topic" not in said and "archived" not in said


def test_a_message_of_which_two_wordings_go_is_linked_once() -> None:
    address = "https://acme.slack.com/p1"
    edit = ReplyEdited(at=NOW, actor=BOB, hypothesis=1, reply="1.1", permalink=address, text=REDACTED)
    said = shown(redacted(declared(), order(), [reply(address), edit]))
    assert said.count(address) == 1


def test_what_only_some_redactions_leave_is_named_then() -> None:
    said = shown(redacted(declared(), order(entries={1: ("title",), 2: ("name",)}), []))
    assert "in 2 entries" in said and "Slack's own notices in the room of its topic and its name" in said
    assert "the room, which is archived" in shown(redacted(declared().but(is_room_retired=True), order(), []))
    assert "rooms that this incident had before" in shown(redacted(declared().but(rooms_lost=1), order(), []))


def test_the_longest_answer_is_one_that_slack_takes() -> None:
    many = [reply(f"https://acme.slack.com/archives/C1/p{'1' * 90}{number}") for number in range(200)]
    fits(redacted(stuffed(Phase.TRIAGE), order(entries=dict.fromkeys(range(1, 999), ("title",))), many))


# What stands in place of it


def test_the_room_is_told_who_redacted_and_why() -> None:
    said = told(order(entries={7: ("text",), 9: ("impact",)}), declared(), POLICY).text
    assert said.startswith(
        "<@UALICE> redacted what was typed in 2 entries of the record of INC-1: “A name”\nPlease do not repeat it here."
    )


def test_a_brief_that_quoted_it_is_not_given_anew_since_it_was_of_another_time() -> None:
    swap = RoleTaken(at=NOW, actor=ALICE, role=COMMANDER, user=BOB, former=ALICE)
    incident = in_phase(Phase.CONTAINMENT)
    before, after = shown(told(swap, incident, POLICY)), shown(fits(retold(swap, incident, POLICY)))
    assert "Some customers cannot pay." in before and "Some customers cannot pay." not in after
    assert after.startswith(before.splitlines()[0]) and "Where it stood then is not shown any more" in after


def test_an_update_that_was_told_in_the_room_names_nobody_who_was_told_since() -> None:
    wording: dict[str, Any] = {"audience": "support", "occasion": Occasion.WRITTEN, "phase": Phase.TRIAGE, "since": NOW}
    issued = UpdateIssued(at=NOW, actor=BOB, severity=None, promised=None, text=REDACTED, to_channel=False, **wording)
    assert retold(issued, declared(), POLICY).text == "<@UBOB> sent an update: “[redacted]”"
