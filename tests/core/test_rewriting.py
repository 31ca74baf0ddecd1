"""What becomes of a reply in Slack: it is edited, or deleted, and the record keeps what it said."""

import pytest

from bot.core.decision import SYSTEM, Event
from bot.core.effects import ShowHypothesis
from bot.core.incident import Hypothesis, Incident, Side, Status
from bot.core.redaction import RedactText, TextRedacted, Written
from bot.core.roles import TakeRole
from bot.core.tracker.evidence import KeepReply, MarkReply
from bot.core.tracker.rewriting import EditReply, NoteDeletion, ReplyDeleted, ReplyEdited, sayings
from bot.core.value import REDACTED
from tests.core.given import ALICE, BOB, CAROL, at, decided, kinds, only, origin, supposed, wishes

FIRST = "1764.000100"


def keep(minutes: float = 1, edited: float | None = None, text: str = "At 14:02") -> KeepReply:
    """BOB wrote this in the thread of H1; it may have been edited before we read it."""
    when = None if edited is None else at(edited)
    return KeepReply(
        origin=origin("BOT", minutes),
        hypothesis=1,
        reply=FIRST,
        author=BOB,
        text=text,
        permalink="https://x/p1",
        edited=when,
    )


def edit(text: str, minutes: float) -> EditReply:
    """BOB changed what it says."""
    return EditReply(origin=origin(BOB, minutes), hypothesis=1, reply=FIRST, text=text, permalink="https://x/p1")


def delete(minutes: float = 9) -> NoteDeletion:
    """It is there no more."""
    return NoteDeletion(origin=origin(SYSTEM, minutes), hypothesis=1, reply=FIRST)


def mark(user: str = CAROL, minutes: float = 2, side: Side = Side.FOR) -> MarkReply:
    """This person takes it as evidence."""
    return MarkReply(origin=origin(user, minutes), hypothesis=1, reply=FIRST, side=side)


def first(incident: Incident) -> Hypothesis:
    """H1."""
    return incident.hypothesis(1)


def said(incident: Incident, *commands: KeepReply | EditReply) -> list[str]:
    """What the reply said in turn after these commands, the newest wording last."""
    events: list[Event] = []
    for command in commands:
        incident, decision = decided(incident, command)
        events += decision.events
    return [one.text for one in sayings(events)[1, FIRST]]


def test_an_edit_is_kept_beside_what_the_reply_said_before():
    incident, _ = decided(supposed(), keep())
    after, decision = decided(incident, edit("At 13:02", 3))
    assert decision.events == (
        ReplyEdited(at=at(3), actor=BOB, hypothesis=1, reply=FIRST, permalink="https://x/p1", text="At 13:02"),
    )
    assert first(after).replies[0].edits == (at(3),)
    assert said(supposed(), keep(), edit("At 13:02", 3), edit("At 13:03", 4)) == ["At 14:02", "At 13:02", "At 13:03"]


def test_an_edit_that_is_heard_of_again_is_not_kept_twice():
    incident, _ = decided(supposed(), keep(), edit("At 13:02", 3))
    after, decision = decided(incident, edit("At 13:02", 3))
    assert decision.events == () and after == incident


def test_the_newest_wording_is_the_one_that_was_written_last_in_whatever_order_we_hear():
    assert said(supposed(), keep(), edit("third", 4), edit("second", 3)) == ["At 14:02", "second", "third"]
    assert said(supposed(), keep(edited=4, text="third"), edit("second", 3)) == ["second", "third"]


def test_the_edit_that_a_reply_had_when_it_was_read_is_not_kept_again():
    incident, _ = decided(supposed(), keep(edited=3, text="At 13:02"))
    assert decided(incident, edit("At 13:02", 3))[1].events == ()


def test_a_deletion_is_kept_once_and_loses_nothing():
    incident, _ = decided(supposed(), keep(), mark())
    after, decision = decided(incident, delete())
    assert decision.events == (ReplyDeleted(at=at(9), actor=SYSTEM, hypothesis=1, reply=FIRST),)
    assert first(after).replies[0].is_deleted and first(after).count(Side.FOR) == 1
    assert decided(after, delete(10))[1].events == ()


@pytest.mark.parametrize("command", [edit("At 13:02", 3), delete()], ids=["edit", "delete"])
def test_what_was_not_kept_is_not_followed(command):
    assert decided(supposed(), command)[1].events == ()


@pytest.mark.parametrize("status", list(Status))
def test_replies_are_followed_however_the_hypothesis_stands(status):
    incident, _ = decided(supposed(status), keep())
    assert kinds(decided(incident, edit("At 13:02", 3))[1]) == ["ReplyEdited"]
    assert kinds(decided(incident, delete())[1]) == ["ReplyDeleted"]


def test_a_reply_reads_differently_than_when_it_was_taken_until_somebody_takes_it_as_it_reads_now():
    taken, _ = decided(supposed(), keep(), mark(minutes=2))
    assert not first(taken).replies[0].was_taken_otherwise
    changed, _ = decided(taken, edit("At 13:02", 3))
    assert first(changed).replies[0].was_taken_otherwise
    again, _ = decided(changed, mark(ALICE, minutes=4))
    assert not first(again).replies[0].was_taken_otherwise


def test_a_reply_that_is_evidence_of_nothing_was_not_taken_otherwise():
    incident, _ = decided(supposed(), keep(), edit("At 13:02", 3))
    assert not first(incident).replies[0].was_taken_otherwise


def test_what_becomes_of_a_reply_is_shown_on_the_hypothesis_and_told_to_nobody():
    incident, _ = decided(supposed(), keep())
    assert wishes(incident, edit("At 13:02", 3)) == [ShowHypothesis(hypothesis=1)]
    assert wishes(incident, delete()) == [ShowHypothesis(hypothesis=1)]


def redacted(*commands: KeepReply | EditReply, words: str) -> tuple[Incident, TextRedacted]:
    """The incident and the order after ALICE, who leads, has these words of the thread redacted."""
    incident, _ = decided(supposed(), TakeRole(origin=origin(), user=ALICE))
    record = list[Written]()
    for command in commands:
        incident, decision = decided(incident, command)
        record += [Written(seq=len(record) + 1, event=event, texts={"text": command.text}) for event in decision.events]
    asked = RedactText(origin=origin(ALICE, 5), words=words, reason="A password", record=tuple(record))
    after, decision = decided(incident, asked)
    return after, only(TextRedacted, decision)


def test_of_a_message_that_was_redacted_a_later_edit_is_kept_without_what_it_says():
    incident, _ = redacted(keep(text="The password is hunter2"), words="hunter2")
    assert only(ReplyEdited, decided(incident, edit("It was hunter2", 6))[1]).text == REDACTED


def test_each_wording_that_says_it_is_redacted_and_the_message_is_named_once():
    _, order = redacted(keep(text="It is hunter2"), edit("hunter2 it is", 3), edit("None", 4), words="hunter2")
    assert set(order.entries) == {1, 2} and order.messages == (FIRST,)
