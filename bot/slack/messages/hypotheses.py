"""A hypothesis in the room: the message its thread hangs on, and what the thread is told. `board.py` has the list of them."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import Event
from bot.core.incident import Hypothesis, Incident, Side, Status
from bot.core.policy import Policy
from bot.core.tracker.evidence import EvidenceWritten
from bot.core.tracker.hints import HintGiven
from bot.core.tracker.hypotheses import HypothesisConfirmed, HypothesisParked, HypothesisRefuted, TestStarted
from bot.core.wishes.tracker import IN_ITS_THREAD
from bot.slack import words
from bot.slack.blocks import Element, actions, button, context, menu, paragraphs
from bot.slack.ids import Action, Drawn
from bot.slack.messages.hints import hint
from bot.slack.messages.message import Message, say
from bot.slack.messages.trials import EXPLAINS, until
from bot.slack.messages.trials import TELL as TESTS
from bot.slack.messages.trials import buttons as trial_buttons
from bot.slack.messages.trials import lines as trial_lines
from bot.slack.text import escape_within, one_line, quoted, shorten, unnamed

_HOW = "Reply in the thread with what you see. On a reply :heavy_plus_sign: makes it evidence for, :heavy_minus_sign: against."


def hypothesis(one: Hypothesis, incident: Incident, policy: Policy) -> Message:
    """The message its thread hangs on: what is thought, where, how it stands, who tests it, and what speaks for and against."""
    name = f"{incident.name} {one.name}"
    lines = [
        f"*{one.name}: {escape_within(one_line(one.statement), 1000)}*",
        f"{words.STATUS[one.status]} · Boundary: {words.boundary(one, policy)} · {_assignee(one)}{until(one)}",
        f"Evidence: {words.evidence(one)}",
        *_stated_anew(one, incident),
        *trial_lines(one),
    ]
    if one.why:
        lines.append(f"{words.person(one.by)}: {quoted(one.why, 800)}")
    blocks = paragraphs(lines)
    if one.status.has_answer and incident.is_open:
        drawn = Drawn.of(incident).but(hypothesis=one.number).write()
        blocks += actions([button(words.REVISE, Action.REVISE, drawn)])
    if one.status.is_open and incident.is_open:
        blocks += [context(_HOW), *actions([*_moves(one, incident), *_place(one, incident, policy)])]
    text = f"{name}, {one.status.value}: {escape_within(one_line(one.statement), 300)}"
    return Message(text=text, blocks=blocks)


def _stated_anew(one: Hypothesis, incident: Incident) -> list[str]:
    """What it states anew, and what states it anew."""
    found = []
    if one.revises:
        before = incident.hypothesis(one.revises)
        found.append(f"States anew *{before.name}* {quoted(before.statement, 120)}, which was {before.status.value}")
    if later := [other.name for other in incident.revised_by(one.number)]:
        found.append(f"Stated anew as *{', '.join(later)}*")
    return found


def _assignee(one: Hypothesis) -> str:
    if one.assignee:
        return f"Assignee: {words.person(one.assignee)}"
    return f"Proposed by {words.person(one.proposed_by)}"


def _moves(one: Hypothesis, incident: Incident) -> list[Element]:
    """The buttons, those without sense in its status left out."""
    drawn = Drawn.of(incident).but(hypothesis=one.number).write()
    row = [
        *trial_buttons(one, drawn),
        button(words.CONFIRM, Action.CONFIRM, drawn),
        button(words.REFUTE, Action.REFUTE, drawn),
        button(words.ADD_EVIDENCE, Action.ADD_EVIDENCE, drawn),
    ]
    if one.status is not Status.TESTING:
        row.insert(-3, button(words.START_TEST, Action.START_TEST, drawn, primary=True))
    if one.status in (Status.PROPOSED, Status.READY) and len(incident.hypotheses) > 1:
        row.append(button(words.DUPLICATE, Action.DUPLICATE, drawn))
    if one.status is not Status.PARKED:
        row.insert(-1, button(words.PARK, Action.PARK, drawn))
    return row


def _place(one: Hypothesis, incident: Incident, policy: Policy) -> list[Element]:
    """The menu that says where the fault would be, while that is not known."""
    if one.boundary:
        return []
    drawn = Drawn.of(incident).but(hypothesis=one.number)
    options = [(boundary.name, f"{drawn.number}:{one.number}:{boundary.id}") for boundary in policy.boundaries]
    return [menu("Where?", Action.PLACE, options)]


def told_in_thread(event: Event, incident: Incident, policy: Policy) -> Message:
    """What the thread is told of the event. ValueError for a kind it is not told of."""
    if isinstance(event, HintGiven) and event.hint in IN_ITS_THREAD:
        return hint(event, incident, policy)
    if about_test := TESTS.get(type(event)):
        return about_test(event, incident)
    tell = _TELL.get(type(event))
    if tell is None:
        raise ValueError(f"no thread is told of {type(event).__name__}")
    return say(tell(event, incident))


def _written(event: EvidenceWritten, incident: Incident) -> str:
    side = "for" if event.side is Side.FOR else "against"
    return f"{words.person(event.actor)} added evidence *{side}* it: {quoted(event.text, 2000)}"


def _turned_out(event: HypothesisConfirmed | HypothesisRefuted, incident: Incident) -> str:
    one = incident.hypothesis(event.hypothesis)
    result = "confirmed" if isinstance(event, HypothesisConfirmed) else "refuted"
    said = f"{words.person(event.actor)} {result} *{one.name}* {quoted(one.statement, 300)}"
    reach = f"\n{EXPLAINS[event.explains]}" if isinstance(event, HypothesisConfirmed) and event.explains else ""
    return f"{said}\n{quoted(event.why, 1500)}{reach}"


_TELL: dict[type[Event], Callable[[Any, Incident], str]] = {
    TestStarted: lambda event, incident: f"{words.person(event.assignee)} is testing it now.",
    HypothesisParked: lambda event, incident: f"{words.person(event.actor)} parked it for now.",
    HypothesisConfirmed: _turned_out,
    HypothesisRefuted: _turned_out,
    EvidenceWritten: _written,
}


def reply_label(text: str) -> str:
    """How a reply is called where one chooses among them: plain text."""
    return shorten(unnamed(one_line(text)) or "a reply without text", 70)
