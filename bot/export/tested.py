"""What happened to a hypothesis on its way from an idea to a result, a sentence for each kind of event: part of `sentences.py`."""

from collections.abc import Callable
from typing import Any

from bot.core.tracker.evidence import EvidenceAnswered
from bot.core.tracker.hints import HintAnswered, HintGiven
from bot.core.tracker.predictions import PredictionStated, TestPlanned
from bot.core.tracker.trials import HypothesisAssigned, HypothesisInconclusive
from bot.export.text import moment, person, typed
from bot.slack.messages.tested import ANSWER, COST, likely
from bot.slack.messages.unready import names


def _predicted(event: PredictionStated, telling: Any) -> str:
    halves = f"if it is true we will see {typed(event.if_true)}, if not {typed(event.if_false)}"
    return f"said of {telling.hypothesis(event.hypothesis)}, {likely(event.likelihood, event.reason)}: {halves}"


def _planned(event: TestPlanned, telling: Any) -> str:
    back = f"; the way back: {typed(event.way_back)}" if event.way_back else ""
    change = f", which **changes production**{back}" if event.changes_production else ""
    return f"planned how to test {telling.hypothesis(event.hypothesis)}: {typed(event.how)}, {COST[event.cost]}{change}"


def _inconclusive(event: HypothesisInconclusive, telling: Any) -> str:
    why = f": {typed(event.why)}" if event.why else ""
    return f"ended the test of {telling.hypothesis(event.hypothesis)} without a result{why}"


def _assigned(event: HypothesisAssigned, telling: Any) -> str:
    as_well = ", leading as well" if event.solo else ""
    if event.actor == event.assignee:
        return f"took on {telling.hypothesis(event.hypothesis)}{as_well}"
    return f"let {person(event.assignee)} test {telling.hypothesis(event.hypothesis)}{as_well}"


def _answered(event: EvidenceAnswered, telling: Any) -> str:
    many = "one piece of evidence" if len(event.replies) == 1 else f"{len(event.replies)} pieces of evidence"
    return f"answered {many} against {telling.hypothesis(event.hypothesis)}: {typed(event.text)}"


def _hinted(event: HintGiven, telling: Any) -> str:
    whom = ", ".join(map(person, event.to)) or "the room"
    about = f", about {telling.hypothesis(event.hypothesis)}" if event.hypothesis else ""
    return f"gave {whom} a hint: {event.hint.value}{about}"


def _hint_answered(event: HintAnswered, telling: Any) -> str:
    until = f" until {moment(event.until)}" if event.until else ""
    return f"answered the hint “{event.hint.value}”: {ANSWER[event.answer]}{until}"


TESTED: dict[str, Callable[[Any, Any], str]] = {
    "PredictionStated": _predicted,
    "TestPlanned": _planned,
    "HypothesisReady": lambda event, telling: (
        f"had all that a test of {telling.hypothesis(event.hypothesis)} needs, by {person(event.assignee)}"
    ),
    "ChangeAllowed": lambda event, telling: f"let the test of {telling.hypothesis(event.hypothesis)} change production",
    "HypothesisInconclusive": _inconclusive,
    "HypothesisDuplicate": lambda event, telling: (
        f"said that {telling.hypothesis(event.hypothesis)} is the same as {telling.hypothesis(event.of)}"
    ),
    "HypothesisRevised": lambda event, telling: (
        f"said that {telling.hypothesis(event.hypothesis)} states {telling.hypothesis(event.of)} anew"
    ),
    "HypothesisAssigned": _assigned,
    "TestExtended": lambda event, telling: (
        f"gave the test of {telling.hypothesis(event.hypothesis)} until {moment(event.ends)}"
    ),
    "HypothesesCarriedOver": lambda event, telling: (
        f"left to the review what was still open: {names(event.hypotheses)}"
    ),
    "EvidenceAnswered": _answered,
    "ReplyEdited": lambda event, telling: f"edited {telling.reply(event.hypothesis, event.reply)}: {typed(event.text)}",
    "ReplyDeleted": lambda event, telling: (
        f"saw that {telling.reply(event.hypothesis, event.reply)} was deleted in Slack; the record keeps it"
    ),
    "TestOverran": lambda event, telling: (
        f"asked {person(event.to)} what came of the test of {telling.hypothesis(event.hypothesis)}"
    ),
    "HintGiven": _hinted,
    "HintAnswered": _hint_answered,
}
"""Every kind of event about how hypotheses are tested."""
