"""Which effects the events of action items call for. Whoever is concerned is told in a direct message."""

from bot.core.containment import MeasureSettled
from bot.core.decision import Event
from bot.core.effects import CreateIssue, Effect, TellTeam, Whisper
from bot.core.incident import Incident
from bot.core.learning.action_moves import (
    ActionAssigned,
    ActionDeclined,
    ActionDropped,
    ActionFinished,
    ActionReopened,
    ActionVerified,
)
from bot.core.learning.action_reminders import ActionsEscalated, ActionsReminded
from bot.core.learning.actions import ActionItemAdded
from bot.core.learning.issues import IssueWanted
from bot.core.policy import Policy
from bot.core.prompts import asked


def on_action(event: Event, after: Incident, policy: Policy) -> list[Effect]:
    """Who hears of it, and where else it is shown."""
    match event:
        case ActionsEscalated():
            return _on_escalation(event, after, policy)
        case IssueWanted():
            return [CreateIssue(item=event.item, tracker=event.tracker)]
    return [Whisper(to=user) for user in dict.fromkeys(_concerned(event, after)) if user]


def _concerned(event: Event, after: Incident) -> list[str | None]:
    match event:
        case ActionItemAdded():
            return [event.assignee]
        case MeasureSettled():
            return [event.assignee]
        case ActionAssigned():
            return [event.user]
        case ActionFinished():
            return [event.verifier]
        case ActionDeclined():
            added_by = after.action(event.item).added_by
            return [added_by if added_by and added_by != event.actor else asked(after)]
        case ActionVerified():
            return [after.action(event.item).assignee]
        case ActionReopened() | ActionDropped():
            assignee = after.action(event.item).assignee
            return [assignee] if assignee != event.actor else []
        case ActionsReminded():
            return [event.to, event.also]
    return []


def _on_escalation(event: ActionsEscalated, after: Incident, policy: Policy) -> list[Effect]:
    """Where the policy has a channel for that it is said there, unless the incident is private; otherwise to each person, and to
    whoever leads for a group."""
    if policy.actions_in and not after.is_private:
        return [TellTeam()]
    people = [who if who[0] in "UW" else asked(after) for who in event.to]
    return [Whisper(to=user) for user in dict.fromkeys(people)]
