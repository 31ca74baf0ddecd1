"""A hypothesis in the room: the message its thread hangs on, what the thread is told, and the list of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from bot.core.decision import Event
from bot.core.evidence import EvidenceWritten
from bot.core.hypotheses import HypothesisConfirmed, HypothesisParked, HypothesisRefuted, TestStarted
from bot.core.incident import Hypothesis, Incident, Side, Status
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import Element, actions, button, context, menu, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message, say, say_lines
from bot.slack.text import day_and_time, escape_within, link, one_line, quoted, shorten, unnamed

_HOW = "Reply in the thread with what you see. On a reply :heavy_plus_sign: makes it evidence for, :heavy_minus_sign: against."
_LIST_LIMIT = 8000
"""Code points of the list; Slack takes about 12,000 for a whole message."""


def hypothesis(one: Hypothesis, incident: Incident, policy: Policy) -> Message:
    """The message its thread hangs on: what is thought, where, how it stands, who tests it, and what speaks for and against."""
    name = f"{incident.name} {one.name}"
    lines = [
        f"*{one.name}: {escape_within(one_line(one.statement), 1000)}*",
        f"{words.STATUS[one.status]} · Boundary: {words.boundary(one, policy)} · {_assignee(one)}",
        f"Evidence: {words.evidence(one)}",
    ]
    if one.why:
        lines.append(f"{words.person(one.by)}: {quoted(one.why, 800)}")
    blocks = [section("\n".join(lines))]
    if one.status.is_open and incident.is_open:
        blocks += [context(_HOW), *actions([*_moves(one, incident), *_place(one, incident, policy)])]
    text = f"{name}, {one.status.value}: {escape_within(one_line(one.statement), 300)}"
    return Message(text=text, blocks=blocks)


def _assignee(one: Hypothesis) -> str:
    if one.assignee:
        return f"Assignee: {words.person(one.assignee)}"
    return f"Proposed by {words.person(one.proposed_by)}"


def _moves(one: Hypothesis, incident: Incident) -> list[Element]:
    """The buttons, those without sense in its status left out."""
    drawn = Drawn.of(incident).but(hypothesis=one.number).write()
    row = [
        button(words.CONFIRM, Action.CONFIRM, drawn),
        button(words.REFUTE, Action.REFUTE, drawn),
        button(words.ADD_EVIDENCE, Action.ADD_EVIDENCE, drawn),
    ]
    if one.status is not Status.TESTING:
        row.insert(0, button(words.START_TEST, Action.START_TEST, drawn, primary=True))
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


def told_in_thread(event: Event, incident: Incident) -> Message:
    """What the thread is told of the event. ValueError for a kind it is not told of."""
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
    return f"{said}\n{quoted(event.why, 1500)}"


_TELL: dict[type[Event], Callable[[Any, Incident], str]] = {
    TestStarted: lambda event, incident: f"{words.person(event.assignee)} is testing it now.",
    HypothesisParked: lambda event, incident: f"{words.person(event.actor)} parked it for now.",
    HypothesisConfirmed: _turned_out,
    HypothesisRefuted: _turned_out,
    EvidenceWritten: _written,
}


def hypotheses(incident: Incident, policy: Policy) -> Message:
    """All of them, open ones first, each with the way to its thread."""
    if not incident.hypotheses:
        add = button(words.ADD_HYPOTHESIS, Action.ADD_HYPOTHESIS, Drawn.of(incident).write())
        text = f"{incident.name} has no hypotheses yet."
        return Message(text=text, blocks=[section(text), *(actions([add]) if incident.is_open else [])])
    done = [one for one in incident.hypotheses if not one.status.is_open]
    ordered: Sequence[Hypothesis] = [*incident.open_hypotheses, *reversed(done)]
    heading = f"*Hypotheses of {incident.name}:* {len(incident.open_hypotheses)} open, {len(done)} concluded"
    lines = list(_within(_LIST_LIMIT, (_line(one, policy) for one in ordered)))
    rest = len(ordered) - len(lines)
    return say_lines([heading, *lines, *([f"and {rest} more"] if rest else [])])


def _within(limit: int, lines: Iterable[str]) -> Iterator[str]:
    """The first of these lines, as many as have room."""
    for line in lines:
        limit -= len(line)
        if limit < 0:
            return
        yield line


def _line(one: Hypothesis, policy: Policy) -> str:
    where = f"{words.boundary(one, policy)} · " if one.boundary else ""
    who = f"{words.person(one.assignee)} · " if one.assignee else ""
    stands = f"{words.STATUS[one.status]} since {day_and_time(one.since)}"
    thread = f" · {link(one.thread.permalink, 'thread')}" if one.thread and one.thread.permalink else ""
    return f"*{one.name}* {quoted(one.statement, 120)}\n{stands} · {where}{who}{words.evidence(one)}{thread}"


def reply_label(text: str) -> str:
    """How a reply is called where one chooses among them: plain text."""
    return shorten(unnamed(one_line(text)) or "a reply without text", 70)
