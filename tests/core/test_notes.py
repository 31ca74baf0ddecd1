"""Notes: what people put on the timeline changes nothing else."""

import pytest

from bot.core.effects import Tell
from bot.core.incident import Phase
from bot.core.notes import AddNote, MessagePinned, NoteAdded, PinMessage
from bot.core.refusal import SaysNothing
from tests.core.given import ALICE, BOB, at, decided, declared, in_phase, origin, wishes


def pin(text: str = "Payments fail since the release") -> PinMessage:
    """BOB pins after five minutes what ALICE wrote after two."""
    return PinMessage(
        origin=origin(BOB, 5), ts="1764.000100", author=ALICE, posted=at(2), text=text, permalink="https://x/p1"
    )


def test_a_note_says_who_wrote_it_when():
    decision = decided(declared(), AddNote(origin=origin(BOB, 5), text="Called the provider"))[1]
    assert decision.events == (NoteAdded(at=at(5), actor=BOB, text="Called the provider"),)


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_a_note_that_says_nothing_is_refused(text):
    assert decided(declared(), AddNote(origin=origin(), text=text))[1].refusal == SaysNothing(what="note")


def test_a_pinned_message_keeps_who_wrote_it_when_and_says_who_pinned_it():
    decision = decided(declared(), pin())[1]
    assert decision.events == (
        MessagePinned(
            at=at(5),
            actor=BOB,
            ts="1764.000100",
            author=ALICE,
            posted=at(2),
            permalink="https://x/p1",
            text="Payments fail since the release",
        ),
    )


def test_a_message_without_words_can_be_pinned():
    assert decided(declared(), pin(text=""))[1].refusal is None


@pytest.mark.parametrize("phase", list(Phase))
def test_notes_are_taken_in_every_phase_and_change_nothing_else(phase):
    incident = in_phase(phase)
    for command in (AddNote(origin=origin(), text="x"), pin()):
        after, decision = decided(incident, command)
        assert decision.refusal is None
        assert after == incident.but(seq=incident.seq + 1)


def test_the_room_reads_a_note_and_has_read_what_was_pinned():
    assert wishes(declared(), AddNote(origin=origin(), text="x")) == [Tell()]
    assert wishes(declared(), pin()) == []
