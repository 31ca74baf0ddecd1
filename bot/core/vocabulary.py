"""All commands, events and effects there are, how they are written down and read back, and the functions the rest of Lockstep
calls: `decide` (what does this command lead to?), `evolve` and `fold` (what is the state?), `wishes` (what should Slack show?).
"""

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any

from bot.core import (
    adoption,
    claims,
    containment,
    delivery,
    ends,
    facts,
    gates,
    lifecycle,
    links,
    load,
    notes,
    offers,
    pictures,
    prompts,
    proposals,
    questions,
    redaction,
    roles,
    rooms,
    run_offers,
    runs,
    severity,
)
from bot.core.decision import AttemptRefused, Command, Decision, Event, refuse
from bot.core.effects import EFFECTS, Effect
from bot.core.facts import CorrectFacts
from bot.core.incident import Incident
from bot.core.learning import action_moves, action_reminders, actions, issues, postmortem
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident, IncidentDeclared
from bot.core.permissions import barred
from bot.core.policy import Policy
from bot.core.redaction import RedactText
from bot.core.router import (
    cadence,
    corrections,
    overrides,
    promises,
    reminders,
    renewals,
    subscribing,
    updates,
    withheld,
)
from bot.core.router.following import follow
from bot.core.runs import end_runs
from bot.core.subruns import follow_runs
from bot.core.tracker import boxes, conclusions, evidence, hints, hypotheses, predictions, rewriting, trials
from bot.core.tracker.hypotheses import ConcludeHypothesis, StartTest
from bot.core.value import REDACTED, canonical, typed_fields

_CONCERNS = (
    lifecycle,
    rooms,
    roles,
    offers,
    claims,
    load,
    proposals,
    severity,
    facts,
    questions,
    containment,
    gates,
    hypotheses,
    evidence,
    rewriting,
    predictions,
    trials,
    conclusions,
    boxes,
    hints,
    notes,
    actions,
    action_moves,
    action_reminders,
    issues,
    updates,
    corrections,
    overrides,
    withheld,
    renewals,
    promises,
    cadence,
    reminders,
    subscribing,
    prompts,
    adoption,
    redaction,
    delivery,
    ends,
    links,
    pictures,
    postmortem,
    runs,
    run_offers,
)

_DECIDE: dict[type, Callable[[Incident, Any, Policy], Decision]] = {
    command: decide for concern in _CONCERNS for command, decide in concern.DECIDE.items()
}
_EVOLVE: dict[type, Callable[[Incident, Any], Incident]] = {
    event: evolve for concern in _CONCERNS for event, evolve in concern.EVOLVE.items()
} | {AttemptRefused: lambda incident, event: incident}

EVENTS: dict[str, type[Event]] = {event.__name__: event for event in (IncidentDeclared, *_EVOLVE)}
"""Every event by its kind, the name under which the journal keeps it."""

_EFFECTS = {effect.__name__: effect for effect in EFFECTS}


def decide(incident: Incident | None, command: Command, policy: Policy, *, number: int = 0) -> Decision:
    """What `command` leads to. `incident` is None only for DeclareIncident, which gets `number`.

    Facts that come along (`first`, `then`) are decided one by one around the command; the first refusal ends it, and what
    was accepted until then stands. Updates that the events entail are added last.
    """
    before, events, refusal = incident, list[Event](), None
    may_follow_the_end = incident is None or updates.is_last_word(incident, command) or isinstance(command, RedactText)
    if incident is not None and not may_follow_the_end and (barred := lifecycle.barred(incident, command)):
        return refuse(command, barred)
    for part in _parts(command):
        decision = _decide_one(incident, part, policy, number)
        events += decision.events
        incident = fold(incident, decision.events)
        if refusal := decision.refusal:
            break
    while incident is not None and (following := follow_runs(incident, command, policy)):
        events += following
        incident = fold(incident, following)
    if incident is not None:
        events += follow(before, incident, events, command, policy)
        events += end_runs(before, incident, command)
        events += withheld.tell(incident, events, command, policy)
    return Decision(events=tuple(events), refusal=refusal)


def _parts(command: Command) -> tuple[Command, ...]:
    if isinstance(command, AdvancePhase | CloseIncident | StartTest | ConcludeHypothesis):
        return (*command.first, command)
    if isinstance(command, CorrectFacts):
        return command.facts
    return (command, *command.then) if isinstance(command, DeclareIncident) else (command,)


def _decide_one(incident: Incident | None, command: Command, policy: Policy, number: int) -> Decision:
    if isinstance(command, DeclareIncident):
        return lifecycle.declare(number, command, policy)
    assert incident is not None, f"{type(command).__name__} needs an incident"
    if command.act and (refusal := barred(incident, command.actor, command.act, policy)):
        return refuse(command, refusal)
    return _DECIDE[type(command)](incident, command, policy)


def evolve(incident: Incident | None, event: Event) -> Incident:
    """The state after one more event."""
    if isinstance(event, IncidentDeclared):
        after = lifecycle.declared(event)
    else:
        assert incident is not None, f"{type(event).__name__} cannot come first"
        after = _EVOLVE[type(event)](incident, event)
    return after.but(seq=(incident.seq if incident else 0) + 1)


def fold(incident: Incident | None, events: Iterable[Event]) -> Incident | None:
    """The state after these events; None after none."""
    for event in events:
        incident = evolve(incident, event)
    return incident


def write_event(event: Event) -> tuple[str, str, str]:
    """An event as the journal keeps it: its kind, its structure, and apart from that what people typed, both canonical JSON."""
    content = event.model_dump(mode="json", exclude={"at", "actor"})
    text = {name: content.pop(name) for name in typed_fields(type(event))}
    return type(event).__name__, canonical(content), canonical(text)


def read_event(
    kind: str, at: Any, actor: str, data: str, text: str | None, redacted: Collection[str] | None = None
) -> Event:
    """The event that the journal keeps under this kind. Without a text, which was redacted, the fields named by `redacted` (None:
    all that can be typed) say so. KeyError for a kind that this version does not know."""
    typed = typed_fields(EVENTS[kind]) if redacted is None else redacted
    said = dict.fromkeys(typed, REDACTED) if text is None else json.loads(text)
    return EVENTS[kind].model_validate({"at": at, "actor": actor, **json.loads(data), **said})


def write_effect(effect: Effect) -> tuple[str, str]:
    """An effect as the outbox keeps it: kind and canonical JSON."""
    return type(effect).__name__, effect.canonical()


def read_effect(kind: str, data: str) -> Effect:
    """The effect that the outbox keeps under this kind."""
    return _EFFECTS[kind].model_validate_json(data)
