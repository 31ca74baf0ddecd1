"""Evidence: replies, the marks people put on them, and what they write in a form."""

import pytest

from bot.core.effects import ShowHypothesis, TellThread
from bot.core.incident import Hypothesis, Incident, Mark, Reply, Side, Status
from bot.core.refusal import Concluded, SaysNothing
from bot.core.tracker.evidence import (
    EvidenceWritten,
    KeepReply,
    MarkReply,
    MarkWithdrawn,
    ReplyKept,
    ReplyMarked,
    WithdrawMark,
    WriteEvidence,
)
from bot.core.tracker.hypotheses import ProposeHypothesis
from tests.core.given import ALICE, BOB, CAROL, at, decided, kinds, only, origin, supposed, wishes

FIRST, SECOND = "1764.000100", "1764.000200"


def keep(reply: str = FIRST, author: str = BOB, text: str = "Pool at 100 of 100", minutes: float = 1) -> KeepReply:
    """`author` wrote this in the thread of H1."""
    return KeepReply(
        origin=origin("BOT", minutes), hypothesis=1, reply=reply, author=author, text=text, permalink="https://x/p1"
    )


def mark(user: str, side: Side, reply: str = FIRST, minutes: float = 2) -> MarkReply:
    """This person takes the reply as evidence."""
    return MarkReply(origin=origin(user, minutes), hypothesis=1, reply=reply, side=side)


def withdraw(user: str, side: Side, reply: str = FIRST, minutes: float = 3) -> WithdrawMark:
    """This person says so no more."""
    return WithdrawMark(origin=origin(user, minutes), hypothesis=1, reply=reply, side=side)


def write(side: Side, text: str = "The dashboard is flat", by: str = CAROL) -> WriteEvidence:
    """This person fills in the form."""
    return WriteEvidence(origin=origin(by, 4), hypothesis=1, side=side, text=text)


def first(incident: Incident) -> Hypothesis:
    """H1."""
    return incident.hypothesis(1)


def counts(incident: Incident) -> tuple[int, int, int]:
    """How many replies of H1 speak for it, against it, and are disputed."""
    one = first(incident)
    return one.count(Side.FOR), one.count(Side.AGAINST), one.count(Side.FOR, Side.AGAINST)


def replied() -> Incident:
    """An incident with a reply of BOB's in the thread of H1."""
    return decided(supposed(), keep())[0]


def test_a_reply_is_kept_with_who_wrote_it_when_and_where_it_can_be_read():
    after, decision = decided(supposed(), keep())
    assert decision.events == (
        ReplyKept(
            at=at(1),
            actor=BOB,
            hypothesis=1,
            reply=FIRST,
            author=BOB,
            permalink="https://x/p1",
            text="Pool at 100 of 100",
        ),
    )
    assert first(after).replies == (Reply(ref=FIRST, author=BOB),)


def test_a_reply_is_evidence_for_nothing_until_somebody_says_so():
    assert counts(replied()) == (0, 0, 0) and first(replied()).count() == 1


def test_a_reply_that_is_heard_of_again_is_not_kept_twice_and_keeps_its_marks():
    incident, _ = decided(replied(), mark(CAROL, Side.FOR))
    after, decision = decided(incident, keep(text="Edited since"))
    assert decision.events == () and after == incident


def test_a_reply_without_words_is_kept_too():
    assert len(first(decided(supposed(), keep(text=""))[0]).replies) == 1


@pytest.mark.parametrize("status", list(Status))
def test_replies_are_kept_however_the_hypothesis_stands(status):
    assert kinds(decided(supposed(status), keep())[1]) == ["ReplyKept"]


def test_replies_stand_in_the_order_in_which_they_were_kept():
    after, _ = decided(supposed(), keep(SECOND), keep(FIRST))
    assert [reply.ref for reply in first(after).replies] == [SECOND, FIRST]


def test_replies_of_one_thread_are_none_of_another():
    incident, _ = decided(replied(), ProposeHypothesis(origin=origin(), statement="It is DNS"))
    after, decision = decided(incident, keep().but(hypothesis=2))
    assert kinds(decision) == ["ReplyKept"]
    assert first(after) == first(incident) and len(after.hypothesis(2).replies) == 1


@pytest.mark.parametrize(("side", "expected"), [(Side.FOR, (1, 0, 0)), (Side.AGAINST, (0, 1, 0))])
def test_a_mark_makes_a_reply_evidence(side, expected):
    after, decision = decided(replied(), mark(CAROL, side))
    assert decision.events == (ReplyMarked(at=at(2), actor=CAROL, hypothesis=1, reply=FIRST, side=side),)
    assert counts(after) == expected


def test_the_same_mark_by_the_same_person_counts_once():
    incident, _ = decided(replied(), mark(CAROL, Side.FOR))
    after, decision = decided(incident, mark(CAROL, Side.FOR))
    assert decision.events == () and after == incident


def test_a_reply_that_two_people_take_as_evidence_for_is_one_piece_of_evidence():
    after, _ = decided(replied(), mark(CAROL, Side.FOR), mark(ALICE, Side.FOR))
    assert counts(after) == (1, 0, 0) and len(first(after).replies[0].marks) == 2


def test_a_reply_that_is_taken_as_evidence_for_and_against_is_disputed_and_counts_for_neither():
    after, _ = decided(replied(), mark(CAROL, Side.FOR), mark(ALICE, Side.AGAINST))
    assert counts(after) == (0, 0, 1)


def test_a_dispute_ends_when_one_side_is_withdrawn():
    incident, _ = decided(replied(), mark(CAROL, Side.FOR), mark(ALICE, Side.AGAINST))
    after, decision = decided(incident, withdraw(CAROL, Side.FOR))
    assert decision.events == (MarkWithdrawn(at=at(3), actor=CAROL, hypothesis=1, reply=FIRST, side=Side.FOR),)
    assert counts(after) == (0, 1, 0)


def test_withdrawing_ones_own_mark_leaves_that_of_somebody_else():
    incident, _ = decided(replied(), mark(CAROL, Side.FOR), mark(ALICE, Side.FOR))
    after, _ = decided(incident, withdraw(CAROL, Side.FOR))
    assert {mark.user: mark.is_on for mark in first(after).replies[0].marks} == {ALICE: True, CAROL: False}
    assert counts(after) == (1, 0, 0)


def test_a_reply_stays_when_nobody_takes_it_as_evidence_any_more():
    after, _ = decided(replied(), mark(CAROL, Side.FOR), withdraw(CAROL, Side.FOR))
    assert [reply.ref for reply in first(after).replies] == [FIRST]
    assert counts(after) == (0, 0, 0) and first(after).count() == 1


@pytest.mark.parametrize(("user", "side"), [(CAROL, Side.AGAINST), (ALICE, Side.FOR)])
def test_withdrawing_another_mark_than_the_one_that_is_there_leaves_it_there(user, side):
    incident, _ = decided(replied(), mark(CAROL, Side.FOR))
    after, _ = decided(incident, withdraw(user, side))
    assert counts(after) == (1, 0, 0)


def test_withdrawing_a_mark_twice_changes_nothing_the_second_time():
    incident, _ = decided(replied(), mark(CAROL, Side.FOR), withdraw(CAROL, Side.FOR))
    after, decision = decided(incident, withdraw(CAROL, Side.FOR, minutes=4))
    assert decision.events == () and after == incident


def test_a_mark_can_be_put_there_again_after_it_was_withdrawn():
    after, _ = decided(replied(), mark(CAROL, Side.FOR), withdraw(CAROL, Side.FOR), mark(CAROL, Side.FOR, minutes=4))
    assert counts(after) == (1, 0, 0)


def test_a_mark_that_is_heard_of_after_its_withdrawal_is_not_put_there_any_more():
    incident, decision = decided(replied(), withdraw(CAROL, Side.FOR, minutes=3))
    assert kinds(decision) == ["MarkWithdrawn"]
    after, decision = decided(incident, mark(CAROL, Side.FOR, minutes=2))
    assert decision.events == () and counts(after) == (0, 0, 0)


def test_a_withdrawal_that_is_heard_of_after_a_later_mark_withdraws_nothing():
    incident, _ = decided(replied(), mark(CAROL, Side.FOR, minutes=4))
    after, decision = decided(incident, withdraw(CAROL, Side.FOR, minutes=3))
    assert decision.events == () and counts(after) == (1, 0, 0)


def test_what_was_not_kept_can_neither_be_marked_nor_unmarked():
    for command in (mark(CAROL, Side.FOR, SECOND), withdraw(CAROL, Side.FOR, SECOND)):
        after, decision = decided(replied(), command)
        assert decision.events == () and decision.refusal is None and after == replied()


def test_a_mark_on_one_reply_leaves_the_others_where_they_were():
    incident, _ = decided(replied(), keep(SECOND, author=ALICE))
    after, _ = decided(incident, mark(CAROL, Side.AGAINST, FIRST))
    assert [reply.ref for reply in first(after).replies] == [FIRST, SECOND]
    assert first(after).replies[1] == first(incident).replies[1]


@pytest.mark.parametrize("status", [status for status in Status if status.is_open])
def test_evidence_from_a_form_counts_at_once_as_the_word_of_whoever_wrote_it(status):
    after, decision = decided(supposed(status), write(Side.AGAINST))
    written = EvidenceWritten(
        at=at(4), actor=CAROL, hypothesis=1, reply="form-1", side=Side.AGAINST, text="The dashboard is flat"
    )
    assert decision.events == (written,)
    assert first(after).replies == (
        Reply(ref="form-1", author=CAROL, marks=(Mark(user=CAROL, side=Side.AGAINST, at=at(4), by_form=True),)),
    )
    assert first(after).status is status


def test_evidence_from_forms_never_shares_a_name_whatever_came_between():
    after, _ = decided(supposed(), write(Side.FOR), keep(), write(Side.FOR), write(Side.AGAINST))
    names = [reply.ref for reply in first(after).replies]
    assert len(set(names)) == 4 and names[1] == FIRST
    assert counts(after) == (2, 1, 0)


def test_evidence_from_a_form_can_be_disputed_and_withdrawn_like_a_reply():
    incident, _ = decided(supposed(), write(Side.FOR), mark(ALICE, Side.AGAINST, "form-1"))
    assert counts(incident) == (0, 0, 1)
    assert counts(decided(incident, withdraw(CAROL, Side.FOR, "form-1", minutes=5))[0]) == (0, 1, 0)


def test_evidence_that_says_nothing_is_refused():
    after, decision = decided(supposed(), write(Side.FOR, text=" \x00"))
    assert decision.refusal == SaysNothing(what="evidence") and first(after).replies == ()


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.REFUTED])
def test_no_evidence_is_written_for_what_has_turned_out(status):
    after, decision = decided(supposed(status), write(Side.FOR))
    assert decision.refusal == Concluded(hypothesis=1, status=status, since=at(0), by=BOB)
    assert first(after).replies == first(supposed(status)).replies


@pytest.mark.parametrize(
    "command",
    [keep(), mark(CAROL, Side.FOR), withdraw(CAROL, Side.FOR), write(Side.FOR)],
    ids=["keep", "mark", "withdraw", "write"],
)
def test_there_is_no_evidence_for_a_hypothesis_that_does_not_exist(command):
    with pytest.raises(LookupError, match="INC-1 has no hypothesis H2"):
        decided(supposed(), command.but(hypothesis=2))


def test_a_reply_calls_for_nothing_since_it_stands_in_the_thread_already():
    assert wishes(supposed(), keep()) == []


def test_marks_are_counted_on_the_hypothesis_and_told_to_nobody():
    assert wishes(replied(), mark(CAROL, Side.FOR)) == [ShowHypothesis(hypothesis=1)]
    marked, _ = decided(replied(), mark(CAROL, Side.FOR))
    assert wishes(marked, withdraw(CAROL, Side.FOR)) == [ShowHypothesis(hypothesis=1)]
    assert wishes(marked, mark(CAROL, Side.FOR)) == []


def test_evidence_from_a_form_is_told_to_the_thread_where_nobody_has_read_it():
    assert wishes(supposed(), write(Side.FOR)) == [ShowHypothesis(hypothesis=1), TellThread(hypothesis=1)]


def test_two_hundred_replies_are_all_kept_and_counted():
    sides = [Side.FOR if number % 3 else Side.AGAINST for number in range(200)]
    commands = [
        command
        for number, side in enumerate(sides)
        for command in (keep(f"1764.{number:06}"), mark(CAROL, side, f"1764.{number:06}"))
    ]
    after, decision = decided(supposed(), *commands)
    assert only(ReplyMarked, decision).reply == "1764.000199"
    assert counts(after) == (sides.count(Side.FOR), sides.count(Side.AGAINST), 0)
