"""The board of hypotheses: what to test first at the top, with all that is needed to begin; then the others, a line each; then what
has turned out. In pages, so that it stays readable however many there are.
"""

from collections.abc import Sequence

from bot.core.incident import Hypothesis, Incident
from bot.core.policy import Policy
from bot.core.tracker.board import FIRST, board, score
from bot.slack import words
from bot.slack.blocks import Element, actions, button, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message, say_lines
from bot.slack.messages.trials import until
from bot.slack.text import clock_time, link, quoted

PAGE = 15
"""Hypotheses on one page."""


def hypotheses(incident: Incident, policy: Policy, page: int = 0) -> Message:
    """One page of the board, the first by default."""
    if not incident.hypotheses:
        return _none_yet(incident)
    open_ones = board(incident, policy)
    done = [one for one in reversed(incident.hypotheses) if not one.status.is_open]
    ordered: Sequence[Hypothesis] = [*open_ones, *done]
    page = min(page, (len(ordered) - 1) // PAGE)
    shown = ordered[page * PAGE : (page + 1) * PAGE]
    heading = f"*Hypotheses of {incident.name}:* {len(open_ones)} open, {len(done)} concluded"
    pages = f" · page {page + 1} of {(len(ordered) - 1) // PAGE + 1}" if len(ordered) > PAGE else ""
    lines = [line for one in shown for line in _entry(one, open_ones, incident, policy)]
    return say_lines([f"{heading}{pages}", *lines], _turns(incident, ordered, page))


def _none_yet(incident: Incident) -> Message:
    add = button(words.ADD_HYPOTHESIS, Action.ADD_HYPOTHESIS, Drawn.of(incident).write())
    text = f"{incident.name} has no hypotheses yet."
    return Message(text=text, blocks=[section(text), *(actions([add]) if incident.is_open else [])])


def _entry(one: Hypothesis, open_ones: Sequence[Hypothesis], incident: Incident, policy: Policy) -> list[str]:
    """A hypothesis, with a heading above the first of each part."""
    if one in open_ones[:FIRST]:
        heading = ["*To be tested first*"] if one is open_ones[0] else []
        return [*heading, _in_full(one, incident, policy)]
    if len(open_ones) > FIRST and one is open_ones[FIRST]:
        return ["*After that*", _line(one, incident, policy)]
    return [_line(one, incident, policy)]


def _in_full(one: Hypothesis, incident: Incident, policy: Policy) -> str:
    """One of those that come first: how it stands, and what is needed to test it."""
    said = one.prediction
    predicts = f"\n› If true: {quoted(said.if_true, 100)} · if not: {quoted(said.if_false, 100)}" if said else ""
    how = f"\n› Test: {quoted(one.plan.how, 100)}" if one.plan else ""
    return f"*{one.name}* {quoted(one.statement, 140)}\n{_standing(one, incident, policy)}{predicts}{how}"


def _line(one: Hypothesis, incident: Incident, policy: Policy) -> str:
    return f"*{one.name}* {quoted(one.statement, 90)}\n{_standing(one, incident, policy)}"


def _standing(one: Hypothesis, incident: Incident, policy: Policy) -> str:
    """Status, place, who, what speaks for it, how much it is worth to test it, and its thread."""
    parts = [
        f"{words.STATUS[one.status]} since {clock_time(one.since)}",
        *([words.boundary(one, policy)] if one.boundary or one.place else []),
        *([f"{words.person(one.assignee)}{until(one)}"] if one.assignee else []),
        words.evidence(one),
        *([f"{score(one)} of 9"] if one.status.is_open else []),
        *([f"same as H{one.same_as}"] if one.same_as else []),
        *([f"states H{one.revises} anew"] if one.revises else []),
        *(f"stated anew as {later.name}" for later in incident.revised_by(one.number)),
        *([link(one.thread.permalink, "thread")] if one.thread and one.thread.permalink else []),
    ]
    return " · ".join(parts)


def _turns(incident: Incident, ordered: Sequence[Hypothesis], page: int) -> list[Element]:
    """The buttons that turn the page."""
    drawn = Drawn.of(incident)
    row = []
    if page:
        row.append(button("Page before", Action.HYPOTHESES_BEFORE, drawn.but(page=page - 1).write()))
    if (page + 1) * PAGE < len(ordered):
        row.append(button("Next page", Action.NEXT_HYPOTHESES, drawn.but(page=page + 1).write()))
    return row
