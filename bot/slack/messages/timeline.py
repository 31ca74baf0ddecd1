"""The timeline: what happened, one line an event, refused attempts included. Drawn for one reader, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.actions import ActionItemAdded, NoActionNeeded
from bot.core.decision import (
    AlreadyDeclared,
    AttemptRefused,
    Event,
    HasEnded,
    Lacks,
    NotInPolicy,
    NotNext,
    Refusal,
    SaysNothing,
    SeatTaken,
)
from bot.core.delivery import DeliveryFailed
from bot.core.facts import (
    BoundariesMarked,
    ContainmentRecorded,
    ImpactStated,
    RecoveryVerified,
    TitleChanged,
)
from bot.core.incident import Incident
from bot.core.lifecycle import IncidentClosed, IncidentDeclared, Need, PhaseEntered, RoomOpened
from bot.core.policy import Policy
from bot.core.roles import RoleTaken
from bot.core.severity import SeverityChanged
from bot.core.updates import Occasion, PromiseMoved, UpdateIssued, UpdateSent
from bot.slack import words
from bot.slack.blocks import button
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message, say_lines
from bot.slack.text import channel_link, clock_time, escape, escape_within, exact_time, quoted

PAGE = 40
"""Lines on one page: with every line at its longest, still under what Slack takes for the blocks of one message."""

SHOW_EARLIER = "Show earlier"

_TYPED = 100

ATTEMPTS: dict[str, str] = {
    "AdvancePhase": "move to the next phase",
    "CloseIncident": "close the incident",
    "TakeRole": "take command",
    "SetSeverity": "set the severity",
    "Retitle": "change the title",
    "StateImpact": "state the impact",
    "MarkBoundaries": "say what is affected",
    "RecordContainment": "record a containment action",
    "VerifyRecovery": "record how recovery was verified",
    "AddActionItem": "add an action item",
    "NeedNoAction": "say that no action is needed",
    "SendUpdate": "send an update",
}
"""What a refused command wanted, to follow "tried to"."""

_OCCASION: dict[Occasion, str] = {
    Occasion.FIRST: "for the first time",
    Occasion.DUE: "as promised",
    Occasion.PHASE: "of the new phase",
    Occasion.WRITTEN: "in their own words",
    Occasion.CLOSE: "that it is over",
}


def timeline(incident: Incident, policy: Policy, events: Sequence[Event], before: int | None = None) -> Message:
    """The page of lines that ends before place `before` (0 is the first line); without it the newest ones."""
    shown = _together(events)
    end = len(shown) if before is None else max(0, min(before, len(shown)))
    start = max(0, end - PAGE)
    heading = f"*Timeline of {incident.name}*, {start + 1} to {end} of {len(shown)}"
    lines = [_line(alike, policy) for alike in shown[start:end]]
    drawn = Drawn.of(incident).but(before=start).write()
    earlier = [button(SHOW_EARLIER, Action.SHOW_EARLIER, drawn)] if start else []
    return say_lines([heading, *lines], earlier)


def _together(events: Sequence[Event]) -> list[list[Event]]:
    """What stands on one line: each event, but one update to several audiences once. That Slack accepted an update is in the
    journal for measuring lateness, and tells a reader nothing."""
    lines: list[list[Event]] = []
    for event in events:
        if isinstance(event, UpdateIssued) and lines and _is_same_update(lines[-1][0], event):
            lines[-1].append(event)
        elif not isinstance(event, UpdateSent):
            lines.append([event])
    return lines


def _is_same_update(one: Event, other: UpdateIssued) -> bool:
    return isinstance(one, UpdateIssued) and one.but(audience=other.audience, promised=other.promised) == other


def _line(alike: Sequence[Event], policy: Policy) -> str:
    event = alike[0]
    audiences = [one.audience for one in alike if isinstance(one, UpdateIssued)]
    said = _issued(event, audiences) if isinstance(event, UpdateIssued) else happened(event, policy)
    return f"{exact_time(event.at)} · {words.person(event.actor)} {said}"


def happened(event: Event, policy: Policy) -> str:
    """What happened, to follow the name of whoever did it. An event of an unknown kind is named, never left out."""
    tell = TELL.get(type(event))
    return tell(event, policy) if tell else escape(type(event).__name__)


def _refused(event: AttemptRefused, policy: Policy) -> str:
    wanted = ATTEMPTS.get(event.attempt, "do something")
    return f"tried to {wanted}; not done: {_reason(event.refusal)}"


def _reason(refusal: Refusal) -> str:
    match refusal:
        case NotNext():
            return f"it was in {words.phase_name(refusal.phase)} since {clock_time(refusal.since)}"
        case Lacks():
            return "still to be known: " + ", ".join(words.KNOWN[Need(need)] for need in refusal.missing)
        case SeatTaken():
            return f"{words.person(refusal.user)} was in command since {clock_time(refusal.since)}"
        case HasEnded():
            return "the incident was over"
        case NotInPolicy():
            return f"the policy has no {escape(refusal.what)} {quoted(refusal.given, 60)}"
        case SaysNothing():
            return f"nothing was written for “{escape(refusal.what)}”"
        case AlreadyDeclared():
            return f"it was INC-{refusal.incident} already"


def _declared(event: IncidentDeclared, policy: Policy) -> str:
    severity = escape_within(event.severity, 60) if event.severity else "severity not set"
    return f"declared INC-{event.number}: {quoted(event.title, _TYPED)}, {severity}"


def _role_taken(event: RoleTaken, policy: Policy) -> str:
    role = event.role.value
    return f"became {role}" if event.actor == event.user else f"made {words.person(event.user)} {role}"


def _contained(event: ContainmentRecorded, policy: Policy) -> str:
    return f"recorded containment: {quoted(event.action, _TYPED)}. {words.RESULT[event.result]}"


def _action_item(event: ActionItemAdded, policy: Policy) -> str:
    who = words.person(event.assignee)
    return f"added an action item: {quoted(event.what, _TYPED)}, {who}, by {event.due.isoformat()}"


def _marked(event: BoundariesMarked, policy: Policy) -> str:
    return f"marked as affected: {words.boundary_names(event.boundaries, policy, _TYPED) or 'nothing'}"


def _issued(event: UpdateIssued, audiences: Sequence[str]) -> str:
    said = f": {quoted(event.text, _TYPED)}" if event.text else ""
    return f"told {escape_within(', '.join(audiences), _TYPED)} {_OCCASION[event.occasion]}{said}"


TELL: dict[type[Event], Callable[[Any, Policy], str]] = {
    AttemptRefused: _refused,
    IncidentDeclared: _declared,
    RoomOpened: lambda event, policy: f"opened the room {channel_link(event.channel)}",
    PhaseEntered: lambda event, policy: f"moved on to *{words.phase_name(event.phase)}*",
    IncidentClosed: lambda event, policy: "closed the incident",
    RoleTaken: _role_taken,
    SeverityChanged: lambda event, policy: f"set the severity to {escape_within(event.severity, 60)}",
    TitleChanged: lambda event, policy: f"changed the title to {quoted(event.title, _TYPED)}",
    ImpactStated: lambda event, policy: f"stated the impact: {quoted(event.impact, _TYPED)}",
    BoundariesMarked: _marked,
    ContainmentRecorded: _contained,
    RecoveryVerified: lambda event, policy: f"recorded how recovery was verified: {quoted(event.how, _TYPED)}",
    ActionItemAdded: _action_item,
    NoActionNeeded: lambda event, policy: f"said why no action is needed: {quoted(event.reason, _TYPED)}",
    UpdateIssued: lambda event, policy: _issued(event, [event.audience]),
    PromiseMoved: lambda event, policy: (
        f"moved the next update of {escape(event.audience)} to {clock_time(event.promised)}"
    ),
    UpdateSent: lambda event, policy: f"delivered the update to {escape(event.audience)}",
    DeliveryFailed: lambda event, policy: f"could not {words.effect(event.effect)} ({escape_within(event.reason, 60)})",
}
"""Every kind of event in words, to follow the name of whoever did it."""
