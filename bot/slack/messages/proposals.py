"""What the room is told of decisions: put to it, objected to, and standing."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.proposals import DecisionObjectedTo, DecisionProposed, DecisionStood
from bot.slack import words
from bot.slack.blocks import actions, button, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message, say
from bot.slack.text import ended, quoted


def decision_proposed(event: DecisionProposed, incident: Incident, policy: Policy) -> Message:
    """Asks for strong objections, as long as there is time."""
    seconds = int((event.until - event.at).total_seconds())
    text = f"*{words.person(event.actor)} decides:* {quoted(event.text, 2000)}"
    is_pending = incident.is_open and event.proposal in [one.number for one in incident.pending]
    if not is_pending:
        return say(text)
    ask = f"{text}\nAny strong objections? It stands in {seconds} seconds."
    press = button(words.OBJECT, Action.OBJECT, Drawn.of(incident).but(proposal=event.proposal).write())
    return Message(text=ask, blocks=[section(ask), *actions([press])])


def decision_objected_to(event: DecisionObjectedTo, incident: Incident, policy: Policy) -> Message:
    """Who objects, and why."""
    one = incident.proposal(event.proposal)
    objects = f"*{words.person(event.actor)} objects* to {quoted(one.text, 300)}: {quoted(event.why, 1500)}"
    return say(f"{objects}\n{words.person(one.by)}: it does not stand. Please talk it over, and decide anew.")


def decision_stood(event: DecisionStood, incident: Incident, policy: Policy) -> Message:
    """It is decided."""
    return say(f"*Decided:* {ended(quoted(incident.proposal(event.proposal).text, 2000))} Nobody objected.")


DECISIONS: dict[type[Event], Callable[[Any, Incident, Policy], Message]] = {
    DecisionProposed: decision_proposed,
    DecisionObjectedTo: decision_objected_to,
    DecisionStood: decision_stood,
}
"""Every event about decisions."""
