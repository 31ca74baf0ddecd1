"""What happened to a hypothesis on its way from an idea to a result, in words for the timeline: to follow the name of whoever did
it. Texts are mrkdwn and escaped; `telling` knows what was typed and how hypotheses are called (`telling.Telling`).
"""

from collections.abc import Callable
from typing import Any, Protocol

from bot.core.decision import Event
from bot.core.tracker.boxes import TestOverran
from bot.core.tracker.evidence import EvidenceAnswered
from bot.core.tracker.hints import HintAnswered, HintGiven
from bot.core.tracker.predictions import ChangeAllowed, PredictionStated, TestPlanned
from bot.core.tracker.trials import (
    HypothesesCarriedOver,
    HypothesisAssigned,
    HypothesisDuplicate,
    HypothesisInconclusive,
    TestExtended,
)
from bot.core.trial import Answer, Reason
from bot.slack import words
from bot.slack.messages.unready import names
from bot.slack.text import quoted, time_from

COST = {1: "a look", 2: "at most ten minutes", 3: "longer"}
"""What a test takes, by its cost."""
LIKELIHOOD = {1: "unlikely", 2: "possible", 3: "likely"}
"""How likely a hypothesis is, by the number."""
ANSWER = {Answer.DONE: "dealt with", Answer.LATER: "put off", Answer.NOT_NEEDED: "not needed"}
"""What became of a hint."""
_MANY = 20
_HALF = 3300
"""Code points of each of two texts on one line that is shown in full."""


def likely(likelihood: int, reason: Reason | None) -> str:
    """How likely a hypothesis is, and why if somebody said that."""
    return f"{LIKELIHOOD[likelihood]} since {reason.value}" if reason else LIKELIHOOD[likelihood]


class Told(Protocol):
    """How lines are told: see `telling.Telling`."""

    @property
    def limit(self) -> int:
        """Code points of what was typed, at most."""

    def typed(self, text: str) -> str:
        """What somebody typed, in quotation marks."""

    def hypothesis(self, number: int) -> str:
        """A hypothesis by its number, and what it says, in short."""


def _half(text: str, telling: Told) -> str:
    """What somebody typed, where two such texts share a line."""
    return quoted(text, min(telling.limit, _HALF))


def _predicted(event: PredictionStated, telling: Told) -> str:
    halves = f"if it is true we will see {_half(event.if_true, telling)}, if not {_half(event.if_false, telling)}"
    return f"said of {telling.hypothesis(event.hypothesis)}, {likely(event.likelihood, event.reason)}: {halves}"


def _planned(event: TestPlanned, telling: Told) -> str:
    back = f"; the way back: {_half(event.way_back, telling)}" if event.way_back else ""
    change = f", which *changes production*{back}" if event.changes_production else ""
    takes = COST[event.cost]
    return f"planned how to test {telling.hypothesis(event.hypothesis)}: {_half(event.how, telling)}, {takes}{change}"


def _inconclusive(event: HypothesisInconclusive, telling: Told) -> str:
    why = f": {telling.typed(event.why)}" if event.why else ""
    return f"ended the test of {telling.hypothesis(event.hypothesis)} without a result{why}"


def _assigned(event: HypothesisAssigned, telling: Told) -> str:
    as_well = ", leading as well" if event.solo else ""
    if event.actor == event.assignee:
        return f"took on {telling.hypothesis(event.hypothesis)}{as_well}"
    return f"let {words.person(event.assignee)} test {telling.hypothesis(event.hypothesis)}{as_well}"


def _answered(event: EvidenceAnswered, telling: Told) -> str:
    many = words.count(len(event.replies), "piece of evidence", "pieces of evidence")
    return f"answered {many} against {telling.hypothesis(event.hypothesis)}: {telling.typed(event.text)}"


def _overran(event: TestOverran, telling: Told) -> str:
    return f"asked {words.person(event.to)} what came of the test of {telling.hypothesis(event.hypothesis)}"


def _hinted(event: HintGiven, telling: Told) -> str:
    whom = ", ".join(words.person(user) for user in event.to) or "the room"
    about = f", about H{event.hypothesis}" if event.hypothesis else ""
    return f"gave {whom} a hint: {event.hint.value}{about}"


def _hint_answered(event: HintAnswered, telling: Told) -> str:
    until = f" until {time_from(event.at, event.until)}" if event.until else ""
    return f"answered the hint “{event.hint.value}”: {ANSWER[event.answer]}{until}"


TESTED: dict[type[Event], Callable[[Any, Any], str]] = {
    PredictionStated: _predicted,
    TestPlanned: _planned,
    ChangeAllowed: lambda event, telling: f"let the test of {telling.hypothesis(event.hypothesis)} change production",
    HypothesisInconclusive: _inconclusive,
    HypothesisDuplicate: lambda event, telling: (
        f"said that {telling.hypothesis(event.hypothesis)} is the same as {telling.hypothesis(event.of)}"
    ),
    HypothesisAssigned: _assigned,
    TestExtended: lambda event, telling: (
        f"gave the test of {telling.hypothesis(event.hypothesis)} until {time_from(event.at, event.ends)}"
    ),
    HypothesesCarriedOver: lambda event, telling: (
        f"left to the review what was still open: {names(event.hypotheses[:_MANY])}"
        + (f" and {len(event.hypotheses) - _MANY} more" if len(event.hypotheses) > _MANY else "")
    ),
    EvidenceAnswered: _answered,
    TestOverran: _overran,
    HintGiven: _hinted,
    HintAnswered: _hint_answered,
}
"""Every kind of event about how hypotheses are tested."""

TRIED: dict[str, str] = {
    "StatePrediction": "say what a hypothesis predicts",
    "PlanTest": "plan the test of a hypothesis",
    "AllowChange": "let a test change production",
    "CallInconclusive": "end a test without a result",
    "MarkRevision": "say that a hypothesis states another one anew",
    "MarkDuplicate": "mark a hypothesis as a duplicate",
    "AssignHypothesis": "let somebody test a hypothesis",
    "ExtendTest": "give a test more time",
    "AnswerEvidence": "answer evidence against a hypothesis",
    "AnswerHint": "answer a hint",
}
"""What a refused command about them wanted, to follow "tried to"."""
