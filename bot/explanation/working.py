"""What people can try who work on an incident: facts, containment and notes, and the record; `testing.py` has hypotheses and
`telling.py` updates."""

from datetime import date

from bot.core.adoption import AdoptPolicy
from bot.core.containment import RecordContainment, ReportReturn, SettleMeasure
from bot.core.delivery import TryDeliveryAgain
from bot.core.facts import (
    CorrectFacts,
    MarkBoundaries,
    Retitle,
    StateDetection,
    StateImpact,
    StateStart,
    VerifyRecovery,
)
from bot.core.incident import ContainmentResult, Failure, Incident
from bot.core.learning.actions import AddActionItem, NeedNoAction
from bot.core.lifecycle import IncidentDeclared
from bot.core.needs import Need
from bot.core.notes import AddNote, ParkDebate, PinMessage
from bot.core.pictures import AskForPicture
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.core.redaction import RedactText, Written
from bot.explanation.afterwards import AFTERWARDS
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.running import PLAYBOOKS
from bot.explanation.situations import ANOTHER, EARLIER, LEADER, TO_COME, done
from bot.explanation.telling import UPDATES
from bot.explanation.testing import HYPOTHESES


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
    Attempt("The record", "ask for a picture of the incident", lambda asked: AskForPicture(origin=asked.by)),
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
WORKING = (*FACTS, *CONTAINMENT, *HYPOTHESES, *PLAYBOOKS, *UPDATES, *RECORD, *AFTERWARDS)
