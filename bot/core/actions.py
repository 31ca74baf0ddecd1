"""Action items: what will be changed afterwards, by whom and until when; or why nothing needs to be."""

from datetime import date

from bot.core.decision import Command, Decision, Event, SaysNothing, accept, refuse
from bot.core.incident import ActionItem, Incident
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.value import Typed


class AddActionItem(Command):
    """Somebody will change something until a day, or find out what this need asks."""

    what: Typed
    assignee: str
    due: date
    about: Need | None = None


class NeedNoAction(Command):
    """Nothing needs to be changed, for this reason."""

    reason: Typed


class ActionItemAdded(Event):
    """An action item with its assignee and due date, and the need that it is to answer, if any."""

    what: Typed
    assignee: str
    due: date
    about: Need | None = None


class NoActionNeeded(Event):
    """Why nothing needs to be changed."""

    reason: Typed


def add(incident: Incident, command: AddActionItem, policy: Policy) -> Decision:
    """Keep it when it says what is to be done."""
    if not command.what:
        return refuse(command, SaysNothing(what="action item"))
    return accept(
        ActionItemAdded(
            at=command.at,
            actor=command.actor,
            what=command.what,
            assignee=command.assignee,
            due=command.due,
            about=command.about,
        )
    )


def need_none(incident: Incident, command: NeedNoAction, policy: Policy) -> Decision:
    """Keep the reason when there is one."""
    if not command.reason:
        return refuse(command, SaysNothing(what="reason"))
    return accept(NoActionNeeded(at=command.at, actor=command.actor, reason=command.reason))


def added(incident: Incident, event: ActionItemAdded) -> Incident:
    """One more action item stands."""
    item = ActionItem(what=event.what, assignee=event.assignee, due=event.due, about=event.about)
    return incident.but(action_items=(*incident.action_items, item))


DECIDE = {AddActionItem: add, NeedNoAction: need_none}
EVOLVE = {
    ActionItemAdded: added,
    NoActionNeeded: lambda incident, event: incident.but(no_action=event.reason),
}
