"""How everybody else sees an incident: its line in the announcement channel, and the topic of its room."""

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import Element, actions, button, context, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.card import again, failures, links, progress, summary, title
from bot.slack.messages.drill import DRILL
from bot.slack.messages.message import Message
from bot.slack.text import day_and_time, escape_within, inert, shorten

JOIN = "Join the room"

_TOPIC_LIMIT = 250


def announcement(incident: Incident, policy: Policy) -> Message:
    """That the incident exists and where it stands, with a button that brings whoever presses it into the room."""
    seat = incident.commander
    commander = words.person(seat.user) if seat else "nobody yet"
    lines = [
        f"*{escape_within(title(incident), 500)}*",
        progress(incident),
        f"Severity: {words.severity(incident, policy)} · Incident commander: {commander}",
        *links(incident),
    ]
    declared = f"Declared by {words.person(incident.declared_by)}. Since: {day_and_time(incident.declared_at)}"
    return Message(
        text=summary(incident, policy),
        blocks=[
            section("\n".join(lines)),
            context(declared),
            *(failures(incident) if incident.room is None else []),
            *actions([*_join(incident), *again(incident)]),
        ],
    )


def _join(incident: Incident) -> list[Element]:
    return [button(JOIN, Action.JOIN_ROOM, Drawn.of(incident).write())] if incident.is_open else []


def topic(incident: Incident, policy: Policy) -> str:
    """The room's topic: plain text, since Slack formats nothing there, at most 250 code points. The title gives way first."""
    severity = incident.severity or f"severity not set, treated as {policy.unset_counts_as}"
    drill = f"{DRILL} · " if incident.is_drill else ""
    private = "Private · " if incident.is_private else ""
    start = inert(f"{drill}{private}{severity} · {words.standing(incident)} ·")
    return f"{start} {shorten(inert(incident.title), _TOPIC_LIMIT - len(start) - 1)}"
