"""What a hypothesis's thread and the room are told of its tests, and the lines and buttons its message has for them."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import Event
from bot.core.incident import Hypothesis, Incident, Status
from bot.core.tracker.boxes import TestOverran
from bot.core.tracker.evidence import EvidenceAnswered
from bot.core.tracker.predictions import ChangeAllowed, TestPlanned, unsafe
from bot.core.tracker.trials import (
    HypothesesCarriedOver,
    HypothesisAssigned,
    HypothesisDuplicate,
    HypothesisInconclusive,
)
from bot.core.trial import Explains
from bot.slack import words
from bot.slack.blocks import Element, actions, button, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message, say
from bot.slack.messages.tested import COST, likely
from bot.slack.text import clock_time, quoted

EXPLAINS: dict[Explains, str] = {
    Explains.ALL: "It explains all that is seen.",
    Explains.PARTLY: "It explains a part of what is seen. *What explains the rest?*",
}
"""How far a confirmed hypothesis reaches."""
_NAMED = 10


def lines(one: Hypothesis) -> list[str]:
    """What it predicts, and how it is tested, as far as that is known; and what is needed next."""
    found = []
    if one.prediction:
        halves = (
            f"if it is true: {quoted(one.prediction.if_true, 300)} · if not: {quoted(one.prediction.if_false, 300)}"
        )
        found.append(f"Prediction, {likely(one.likelihood, one.likely_because)}: {halves}")
    if one.plan:
        found.append(f"Test: {_plan(one)}")
    if one.same_as:
        found.append(f"Goes on in *H{one.same_as}*")
    if asked := _next(one):
        found.append(f"_Next: {asked}_")
    return found


def _plan(one: Hypothesis) -> str:
    assert one.plan is not None
    takes = COST[one.plan.cost]
    if not one.plan.changes_production:
        return f"{quoted(one.plan.how, 300)}, {takes}"
    back = quoted(one.plan.way_back, 300) if one.plan.way_back else "not known yet"
    go = f"allowed by {words.person(one.allowed_by)}" if one.allowed_by else "not allowed yet"
    return f"{quoted(one.plan.how, 300)}, {takes}, *changes production* ({go}; way back: {back})"


def _next(one: Hypothesis) -> str:
    """What is asked for next: the prediction first, then the test and who does it."""
    if not one.status.is_open or one.status in (Status.TESTING, Status.PARKED):
        return ""
    if one.prediction is None:
        return "what would we see if it were true, and what if it were false?"
    if one.plan is None:
        return "how is it tested another way?" if one.tested else "how is it tested, and by whom?"
    if lacks := unsafe(one):
        return "how is the change undone?" if "way back" in lacks.lacks else "may this test change production?"
    return "" if one.assignee else "who tests it?"


def until(one: Hypothesis) -> str:
    """To follow who tests it: until when."""
    return f" · until {clock_time(one.ends)}" if one.status is Status.TESTING and one.ends else ""


def buttons(one: Hypothesis, drawn: str) -> list[Element]:
    """What brings it to its test: the next thing that is asked for, as the first button."""
    if one.status is Status.TESTING:
        return [button(words.NO_RESULT, Action.NO_RESULT, drawn)]
    lacks = unsafe(one)
    if one.prediction is None:
        return [button(words.PREDICT, Action.PREDICT, drawn)]
    if one.plan is None or (lacks and "way back" in lacks.lacks) or one.assignee is None:
        return [button(words.PLAN_TEST, Action.PLAN_TEST, drawn)]
    if lacks:
        return [button(words.ALLOW_CHANGE, Action.ALLOW_CHANGE, drawn)]
    return []


def overran(event: TestOverran, incident: Incident) -> Message:
    """Asks whoever tests, and later whoever leads, what came of it, with a button for each answer."""
    one = incident.hypothesis(event.hypothesis)
    whose = "" if event.overrun == 1 or not one.assignee else f" {words.person(one.assignee)} was asked before."
    text = f"{words.person(event.to)}: the time for the test of *{one.name}* is over.{whose} What came of it?"
    drawn = Drawn.of(incident).but(hypothesis=one.number).write()
    row = [
        button(words.CONFIRM, Action.CONFIRM, drawn),
        button(words.REFUTE, Action.REFUTE, drawn),
        button(words.NO_RESULT, Action.NO_RESULT, drawn),
        *([button("5 minutes more", Action.EXTEND_TEST, drawn)] if event.overrun == 1 else []),
        button(words.HAND_TEST, Action.HAND_TEST, drawn),
        button(words.PARK, Action.PARK, drawn),
    ]
    return Message(text=text, blocks=[section(text), *actions(row)])


def planned(event: TestPlanned, incident: Incident) -> Message:
    """Asks whoever leads whether a test may change production."""
    asked = words.person(event.asks or incident.declared_by)
    back = quoted(event.way_back or "", 600)
    text = f"{asked}: this test changes production: {quoted(event.how, 600)}\nThe way back: {back}\nMay it?"
    press = button(words.ALLOW_CHANGE, Action.ALLOW_CHANGE, Drawn.of(incident).but(hypothesis=event.hypothesis).write())
    return Message(text=text, blocks=[section(text), *actions([press])])


def carried_over(event: HypothesesCarriedOver, incident: Incident) -> Message:
    """What the review has to look at, by name."""
    ideas = [
        f"*H{number}* {quoted(incident.hypothesis(number).statement, 120)}" for number in event.hypotheses[:_NAMED]
    ]
    rest = len(event.hypotheses) - _NAMED
    more = [f"and {rest} more"] if rest > 0 else []
    return say("\n".join(["*Left to the review*, since service is back and nobody found out:", *ideas, *more]))


def _assigned(event: HypothesisAssigned, incident: Incident) -> Message:
    if event.actor == event.assignee:
        return say(f"{words.person(event.assignee)} has it now.")
    return say(f"{words.person(event.assignee)}: {words.person(event.actor)} asks you to test it.")


def _inconclusive(event: HypothesisInconclusive, incident: Incident) -> Message:
    why = f": {quoted(event.why, 1500)}" if event.why else "."
    return say(f"{words.person(event.actor)} ended the test without a result{why}\nAnother test may show more.")


TELL: dict[type[Event], Callable[[Any, Incident], Message]] = {
    TestOverran: overran,
    TestPlanned: planned,
    ChangeAllowed: lambda event, incident: say(
        f"{words.person(event.actor)} lets this test change production. If it does harm, go back at once."
    ),
    HypothesisAssigned: _assigned,
    HypothesisInconclusive: _inconclusive,
    HypothesisDuplicate: lambda event, incident: say(
        f"{words.person(event.actor)} says that this is the same as *H{event.of}*, where it goes on."
    ),
    EvidenceAnswered: lambda event, incident: say(
        f"{words.person(event.actor)} says why it stands in spite of the evidence against it: {quoted(event.text, 2000)}"
    ),
}
"""What the thread is told of its tests."""
