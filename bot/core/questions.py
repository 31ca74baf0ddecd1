"""The questions that gates may ask and that are answered in a line: how it was noticed, how many are hit, what they can do
meanwhile, what changed lately, whether data was lost, what waits to be done. An answer can be given in any phase, and a later one
counts."""

from enum import StrEnum

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident
from bot.core.needs import Need
from bot.core.plain import ASKED, anew, names_somebody
from bot.core.policy import Policy
from bot.core.refusal import SaysNothing
from bot.core.value import Typed

QUESTIONS = (Need.SOURCE, Need.SIZE, Need.WORKAROUND, Need.CHANGES, Need.DATA, Need.BACKLOG)
"""The needs that are a question."""


class Source(StrEnum):
    """How an incident was noticed."""

    ALERT = "alert"
    CUSTOMER = "customer"
    STAFF = "staff"
    PARTNER = "partner"
    OTHER = "other"


NONE_LOST = "none lost"
"""The answer about data when all of it is there, and nobody saw any who should not."""
UNKNOWN = "unknown"
"""The answer about data when nobody knows yet: then somebody must be assigned to find out."""


class AnswerQuestion(Command):
    """This is the answer to what this need asks; `names` are those of the incident's people."""

    question: Need
    answer: Typed
    names: tuple[str, ...] = ()


class QuestionAnswered(Event):
    """What is known of it from now on. `is_naming`: it names one of the incident's people."""

    question: Need
    answer: Typed
    is_naming: bool = False


def answer(incident: Incident, command: AnswerQuestion, policy: Policy) -> Decision:
    """Keep the answer, unless it is empty or already the one that stands."""
    if not command.answer:
        return refuse(command, SaysNothing(what=command.question.value))
    if command.answer == incident.answers.get(command.question):
        return accept()
    said = QuestionAnswered(at=command.at, actor=command.actor, question=command.question, answer=command.answer)
    return accept(said.but(is_naming=names_somebody(command.answer, command.names)))


def answered(incident: Incident, event: QuestionAnswered) -> Incident:
    """By name, so that the order is the same whether the state was folded or read from a snapshot."""
    changes_known_at = event.at if event.question is Need.CHANGES else incident.changes_known_at
    answers = dict(sorted({**incident.answers, event.question.value: event.answer}.items()))
    fact = ASKED.get(event.question)
    incident = anew(incident, fact, is_naming=event.is_naming) if fact else incident
    return incident.but(answers=answers, changes_known_at=changes_known_at)


DECIDE = {AnswerQuestion: answer}
EVOLVE = {QuestionAnswered: answered}
