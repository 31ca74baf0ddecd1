"""What whoever leads is asked when a phase takes long: what it waits for, the button for that, and one that says not now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.core.decision import Event
from bot.core.gates import missing
from bot.core.incident import Incident, Phase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.slack import words
from bot.slack.blocks import Element, actions, button, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.gates import WATCHED, fills_in, until, waits_for_playbooks
from bot.slack.messages.message import Message, say
from bot.slack.text import clock_time

WAYS = "roll back, switch off, drain, block, add capacity, isolate"
"""What stops harm without knowing its cause (domain, 3.1)."""


def takes_long(event: PhaseTakesLong, incident: Incident, policy: Policy) -> Message:
    """Who is asked, how long it has been, and the next thing that is missing."""
    name = words.phase_name(event.phase)
    if not incident.is_open or incident.phase is not event.phase:
        return say(f"{words.person(event.to)}: {name} took long. It is left by now.")
    spent = words.count((event.at - incident.phase_since) // timedelta(minutes=1), "minute", "minutes")
    start = f"{words.person(event.to)}: {incident.name} has been in *{name}* for {spent}."
    lacking = missing(incident, policy)
    text = " ".join([start, *_tried(incident, lacking), _waits_for(incident, policy, lacking)])
    drawn = Drawn.of(incident).write()
    snooze = button(f"Snooze {policy.snooze_minutes} minutes", Action.SNOOZE_PROMPTS, drawn)
    return Message(text=text, blocks=[section(text), *actions([*_next(incident, lacking), snooze])])


def _tried(incident: Incident, lacking: tuple[Need, ...]) -> list[str]:
    """Generic ways to stop the harm, as long as it goes on: no cause is needed for them."""
    if incident.phase is not Phase.CONTAINMENT or Need.CONTAINMENT not in lacking:
        return []
    return [f"Which of these have you not tried: {WAYS}?"]


def _waits_for(incident: Incident, policy: Policy, lacking: tuple[Need, ...]) -> str:
    if not lacking:
        return f"Everything that must be known before {words.before_what(incident.phase)} is known."
    need = lacking[0]
    if need is Need.HOLD:
        return f"It waits to be seen {words.KNOWN[need]}, {until(incident, policy)}."
    if need is Need.PLAYBOOK:
        return waits_for_playbooks(incident)
    return f"Next we must know {words.KNOWN[need]}."


def _next(incident: Incident, lacking: tuple[Need, ...]) -> list[Element]:
    """The one button that goes on from here; none while there is only to wait."""
    if not lacking:
        return [button(words.step(incident.phase), Action.ADVANCE, Drawn.of(incident).write(), primary=True)]
    return [] if lacking[0] in WATCHED else [fills_in(incident, lacking[0])]


def snoozed(event: PromptsSnoozed, incident: Incident, policy: Policy) -> Message:
    """Who said not now, and until when."""
    return say(
        f"{words.person(event.actor)} knows. I do not ask about the phase again before {clock_time(event.until)}."
    )


PROMPTS: dict[type[Event], Callable[[Any, Incident, Policy], Message]] = {
    PhaseTakesLong: takes_long,
    PromptsSnoozed: snoozed,
}
