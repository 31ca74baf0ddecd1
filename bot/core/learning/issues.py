"""Action items that are followed as issues elsewhere as well: that somebody wants that is an event, the issue an effect, and what
came of it an event again. The issue carries a marker in its text, by which an attempt whose answer was lost is found."""

from bot.core.action_item import ActionState, Issue
from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident
from bot.core.learning.action_moves import OfAction
from bot.core.learning.actions import changed
from bot.core.policy import Policy
from bot.core.refusal import ActionStands, KeptPrivate, NotInPolicy
from bot.core.value import Clean


class FollowElsewhere(OfAction):
    """It is to be an issue in the tracker of this name as well."""

    tracker: Clean


class ConfirmIssue(Command):
    """The issue is there."""

    is_report = True

    item: int
    tracker: str
    key: str
    url: str


class IssueWanted(Event):
    """Somebody wants it to be an issue there."""

    item: int
    tracker: str


class IssueOpened(Event):
    """It is an issue there, called like this, at this address."""

    item: int
    tracker: str
    key: str
    url: str


def follow(incident: Incident, command: FollowElsewhere, policy: Policy) -> Decision:
    """Once, while it is to be done, in a tracker that the policy has; of a private incident never, since a tracker is
    read by others."""
    item = incident.action(command.item)
    if incident.is_private:
        return refuse(command, KeptPrivate(item=command.item))
    if policy.tracker(command.tracker) is None:
        known = tuple(one.name for one in policy.issue_trackers)
        return refuse(command, NotInPolicy(what="issue tracker", given=command.tracker, known=known))
    if item.tracker is not None:
        return accept()
    if not item.state.is_open:
        return refuse(command, ActionStands(item=command.item, state=ActionState(item.state), assignee=item.assignee))
    wanted = IssueWanted(at=command.at, actor=command.actor, item=command.item, tracker=command.tracker)
    return accept(wanted)


def confirm(incident: Incident, command: ConfirmIssue, policy: Policy) -> Decision:
    """Keep where it is, once."""
    if incident.action(command.item).issue is not None:
        return accept()
    said = command.model_dump(exclude={"origin"})
    return accept(IssueOpened.model_validate({"at": command.at, "actor": command.actor, **said}))


def opened(incident: Incident, event: IssueOpened) -> Incident:
    """It is followed there."""
    issue = Issue(tracker=event.tracker, key=event.key, url=event.url)
    return changed(incident, event.item, issue=issue)


DECIDE = {FollowElsewhere: follow, ConfirmIssue: confirm}
EVOLVE = {
    IssueWanted: lambda incident, event: changed(incident, event.item, tracker=event.tracker),
    IssueOpened: opened,
}
