"""What people can try who work on an incident: facts, containment, hypotheses and evidence, updates, notes, and the record."""

from datetime import date, timedelta

from bot.core.actions import AddActionItem, NeedNoAction
from bot.core.adoption import AdoptPolicy
from bot.core.containment import RecordContainment, ReportReturn, SettleMeasure
from bot.core.decision import Command
from bot.core.delivery import TryDeliveryAgain
from bot.core.duties import OPERATIONS
from bot.core.evidence import KeepReply, MarkReply, WithdrawMark, WriteEvidence
from bot.core.facts import (
    CorrectFacts,
    MarkBoundaries,
    Retitle,
    StateDetection,
    StateImpact,
    StateStart,
    VerifyRecovery,
)
from bot.core.hypotheses import ConcludeHypothesis, ParkHypothesis, PlaceHypothesis, ProposeHypothesis, StartTest
from bot.core.incident import ContainmentResult, Failure, Hypothesis, Incident, Mark, Side, Status, Told
from bot.core.lifecycle import IncidentDeclared
from bot.core.needs import Need
from bot.core.notes import AddNote, ParkDebate, PinMessage
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.core.redaction import RedactText, Written
from bot.core.updates import SendUpdate, listeners
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import ANOTHER, EARLIER, LEADER, NOW, PROPOSED, TURNED_OUT, UNDER_TEST, done

TO_COME = NOW + timedelta(hours=1)


def _first_boundary(asked: Asked) -> str:
    return asked.policy.boundaries[0].id


FACTS = (
    Attempt("Facts", "change the title", lambda asked: Retitle(origin=asked.by, title="Payments fail")),
    Attempt("Facts", "say who cannot do what", lambda asked: StateImpact(origin=asked.by, impact="Some cannot pay")),
    Attempt("Facts", "say when the harm began", lambda asked: StateStart(origin=asked.by, started=EARLIER)),
    Attempt("Facts", "say when it was noticed", lambda asked: StateDetection(origin=asked.by, detected=EARLIER)),
    Attempt("Facts", "give a time that is to come", lambda asked: StateStart(origin=asked.by, started=TO_COME)),
    Attempt(
        "Facts",
        "say what is affected and what works",
        lambda asked: MarkBoundaries(origin=asked.by, boundaries=(), working=(_first_boundary(asked),)),
    ),
    Attempt(
        "Facts",
        "name a boundary that the policy does not have",
        lambda asked: MarkBoundaries(origin=asked.by, boundaries=("moon",)),
    ),
    Attempt(
        "Facts",
        "answer what gates ask in a line",
        lambda asked: AnswerQuestion(origin=asked.by, question=Need.CHANGES, answer="The release"),
    ),
    Attempt(
        "Facts",
        "correct several facts at once",
        lambda asked: CorrectFacts(
            origin=asked.by,
            facts=(Retitle(origin=asked.by, title="Payments"), StateImpact(origin=asked.by, impact="Some cannot pay")),
        ),
    ),
    Attempt("Facts", "say how recovery was verified", lambda asked: VerifyRecovery(origin=asked.by, how="By an order")),
    Attempt(
        "Facts",
        "add an action item",
        lambda asked: AddActionItem(origin=asked.by, what="Add a check", assignee=LEADER, due=date(2026, 12, 1)),
    ),
    Attempt("Facts", "say that no action is needed", lambda asked: NeedNoAction(origin=asked.by, reason="A drill")),
    Attempt("Facts", "write a note", lambda asked: AddNote(origin=asked.by, text="A note")),
    Attempt("Facts", "write nothing where words are needed", lambda asked: AddNote(origin=asked.by, text="")),
    Attempt("Facts", "put a debate off", lambda asked: ParkDebate(origin=asked.by, text="Who is to blame")),
    Attempt(
        "Facts",
        "pin a message to the timeline",
        lambda asked: PinMessage(origin=asked.by, ts="1.1", author=ANOTHER, posted=EARLIER, text="Look"),
    ),
)


def _contain(asked: Asked, result: ContainmentResult) -> RecordContainment:
    return RecordContainment(origin=asked.by, action="Rolled back", result=result)


def _temporary(asked: Asked) -> Incident:
    return asked.now.but(containments=(done(is_temporary=True),))


CONTAINMENT = (
    Attempt("Containment", "say what stopped the harm", lambda asked: _contain(asked, ContainmentResult.WORKED)),
    Attempt("Containment", "say what did not help", lambda asked: _contain(asked, ContainmentResult.FAILED)),
    Attempt("Containment", "say that the impact is back", lambda asked: ReportReturn(origin=asked.by)),
    Attempt(
        "Containment",
        "say that a temporary measure is undone",
        lambda asked: SettleMeasure(origin=asked.by, measure=1),
        _temporary,
    ),
    Attempt(
        "Containment",
        "say so of one that is undone already",
        lambda asked: SettleMeasure(origin=asked.by, measure=1),
    ),
)


def _test(asked: Asked, number: int) -> StartTest:
    return StartTest(origin=asked.by, hypothesis=number, present=asked.present)


def _conclude(asked: Asked, number: int) -> ConcludeHypothesis:
    return ConcludeHypothesis(origin=asked.by, hypothesis=number, result=Side.FOR, why="It waits")


def _full(asked: Asked) -> Incident:
    """As many test as one person can lead, and there is no operations lead."""
    first = asked.now.hypotheses[0]
    testers = tuple(_tester(first, number) for number in range(2, asked.policy.reports_before_refusing + 2))
    seats = {role: seat for role, seat in asked.now.seats.items() if role != OPERATIONS}
    return asked.now.but(hypotheses=(first, *testers), seats=seats)


def _tester(like: Hypothesis, number: int) -> Hypothesis:
    return like.but(number=number, status=Status.TESTING, assignee=f"tester {number}")


def _marked(asked: Asked) -> Incident:
    """The reply counts as evidence for, by the word of whoever asks."""
    first, *others = asked.now.hypotheses
    reply = first.replies[0].but(marks=(Mark(user=asked.who, side=Side.FOR, at=EARLIER),))
    return asked.now.but(hypotheses=(first.but(replies=(reply,)), *others))


HYPOTHESES = (
    Attempt("Hypotheses", "propose one", lambda asked: ProposeHypothesis(origin=asked.by, statement="It is DNS")),
    Attempt(
        "Hypotheses",
        "say where one lies",
        lambda asked: PlaceHypothesis(origin=asked.by, hypothesis=PROPOSED, boundary=_first_boundary(asked)),
    ),
    Attempt("Hypotheses", "test one", lambda asked: _test(asked, PROPOSED)),
    Attempt("Hypotheses", "take over the test of somebody else", lambda asked: _test(asked, UNDER_TEST)),
    Attempt("Hypotheses", "test one while as many test as one person can lead", lambda asked: _test(asked, 1), _full),
    Attempt("Hypotheses", "park one", lambda asked: ParkHypothesis(origin=asked.by, hypothesis=UNDER_TEST)),
    Attempt("Hypotheses", "confirm or refute one under test", lambda asked: _conclude(asked, UNDER_TEST)),
    Attempt("Hypotheses", "confirm or refute one that nobody tests", lambda asked: _conclude(asked, PROPOSED)),
    Attempt("Hypotheses", "test one that has turned out", lambda asked: _test(asked, TURNED_OUT)),
    Attempt("Hypotheses", "confirm or refute one that has turned out", lambda asked: _conclude(asked, TURNED_OUT)),
    Attempt(
        "Hypotheses",
        "park one that has turned out",
        lambda asked: ParkHypothesis(origin=asked.by, hypothesis=TURNED_OUT),
    ),
    Attempt(
        "Hypotheses",
        "reply in its thread",
        lambda asked: KeepReply(
            origin=asked.by, hypothesis=PROPOSED, reply="1.3", author=asked.who, text="It waits for a lock"
        ),
    ),
    Attempt(
        "Hypotheses",
        "mark a reply as evidence",
        lambda asked: MarkReply(origin=asked.by, hypothesis=PROPOSED, reply="1.2", side=Side.FOR),
    ),
    Attempt(
        "Hypotheses",
        "take such a mark back",
        lambda asked: WithdrawMark(origin=asked.by, hypothesis=PROPOSED, reply="1.2", side=Side.FOR),
        _marked,
    ),
    Attempt(
        "Hypotheses",
        "write evidence in a form",
        lambda asked: WriteEvidence(origin=asked.by, hypothesis=PROPOSED, side=Side.FOR, text="It waits"),
    ),
)


def _told(asked: Asked) -> Incident:
    """Everybody was told a moment ago, and whoever sends an audience its update last waits to do so."""
    names = listeners(asked.now, asked.policy)
    told = {name: Told(updates=2, last=NOW, promised=None) for name in names}
    return asked.now.but(told=told, undrafted_until=dict.fromkeys(names, TO_COME))


def _send_draft(asked: Asked, updates: int) -> Command:
    """Send the draft of the first audience, which had had so many updates when it was shown."""
    names = listeners(asked.now, asked.policy)[:1]
    return SendUpdate(origin=asked.by, text="We are on it", audiences=tuple(names), updates=updates)


UPDATES = (
    Attempt("Updates", "send an update", lambda asked: SendUpdate(origin=asked.by, text="We are on it")),
    Attempt("Updates", "send a draft that waits", lambda asked: _send_draft(asked, 2), _told),
    Attempt("Updates", "send a draft that somebody has sent", lambda asked: _send_draft(asked, 1), _told),
    Attempt(
        "Updates",
        "tell an audience that does not hear of it",
        lambda asked: SendUpdate(origin=asked.by, text="We are on it", audiences=("the press",)),
    ),
)


def _record(asked: Asked) -> tuple[Written, ...]:
    said = IncidentDeclared(
        at=EARLIER, actor=ANOTHER, team="T1", number=1, title="Down", severity=None, policy=asked.policy.hash
    )
    return (Written(seq=1, event=said, texts={"title": "Down"}),)


def _redact(asked: Asked, entry: int, reason: str) -> RedactText:
    return RedactText(origin=asked.by, entries=(entry,), reason=reason, record=_record(asked))


def _failed(asked: Asked) -> Incident:
    return asked.now.but(failures=(Failure(effect="Tell notices", reason="fatal_error", at=EARLIER, effect_id="e1"),))


def _adopt(asked: Asked, to: Policy) -> AdoptPolicy:
    return AdoptPolicy(origin=asked.by, to=asked.policy).but(to=to)


def _adopt_without_the_worst(asked: Asked) -> AdoptPolicy:
    return _adopt(asked, asked.policy.but(severities=asked.policy.severities[1:]))


RECORD = (
    Attempt("The record", "redact an entry", lambda asked: _redact(asked, 1, "A name")),
    Attempt("The record", "redact what is not there", lambda asked: _redact(asked, 9, "A name")),
    Attempt("The record", "redact, and say it again in the reason", lambda asked: _redact(asked, 1, "Down")),
    Attempt("The record", "adopt a corrected policy", lambda asked: _adopt(asked, asked.policy.but(snooze_minutes=7))),
    Attempt(
        "The record",
        "adopt one without the worst severity",
        _adopt_without_the_worst,
    ),
    Attempt(
        "The record",
        "have Slack asked again for what it refused",
        lambda asked: TryDeliveryAgain(origin=asked.by),
        _failed,
    ),
)
WORKING = (*FACTS, *CONTAINMENT, *HYPOTHESES, *UPDATES, *RECORD)
