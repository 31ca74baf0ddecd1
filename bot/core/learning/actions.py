"""Action items: what will be changed afterwards, by whom and until when; or why nothing needs to be. `action_moves.py` has what
becomes of them.
"""

from datetime import date

from bot.core.action_item import ActionItem, ActionKind, ActionState, Gap, Priority, Strength
from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.factors import Factor
from bot.core.incident import Incident
from bot.core.learning.action_checks import is_never_done, says_when_done
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.refusal import Refusal, SaysNothing, Unclear
from bot.core.value import Typed


class AddActionItem(Command):
    """Somebody will change something until a day, or find out what this need asks. The rest says how anybody sees that it is done,
    what it is for, how strong it is, how urgent, and what it acts on, as far as that is known."""

    follows_up = True

    what: Typed
    assignee: str
    due: date
    about: Need | None = None
    done_when: Typed | None = None
    kind: ActionKind | None = None
    strength: Strength | None = None
    priority: Priority = Priority.USUAL
    factors: tuple[Factor, ...] = ()
    hypothesis: int | None = None


class NeedNoAction(Command):
    """Nothing needs to be changed, for this reason."""

    reason: Typed


class ActionItemAdded(Event):
    """An action item with its assignee and due date, the need that it is to answer, if any, and what else was said of it; its
    number, which earlier versions did not record."""

    what: Typed
    assignee: str
    due: date
    about: Need | None = None
    done_when: Typed | None = None
    kind: ActionKind | None = None
    strength: Strength | None = None
    priority: Priority = Priority.USUAL
    factors: tuple[Factor, ...] = ()
    hypothesis: int | None = None
    item: int | None = None


class ActionAccepted(Event):
    """Whoever it was for takes the action item of this number."""

    item: int


class NoActionNeeded(Event):
    """Why nothing needs to be changed."""

    reason: Typed


def add(incident: Incident, command: AddActionItem, policy: Policy) -> Decision:
    """Keep it when it says what is to be done. Whoever takes it on themselves accepts it with that. LookupError for a hypothesis
    that there is not."""
    if wrong := unfit(command.what, command.done_when, is_for_itself=command.about is None):
        return refuse(command, wrong)
    if command.hypothesis is not None:
        incident.hypothesis(command.hypothesis)
    said = command.model_dump(exclude={"origin"})
    item = len(incident.action_items) + 1
    new = ActionItemAdded.model_validate({"at": command.at, "actor": command.actor, "item": item, **said})
    if command.assignee != command.actor:
        return accept(new)
    return accept(new, ActionAccepted(at=command.at, actor=command.actor, item=item))


def unfit(what: str, done_when: str | None, *, is_for_itself: bool = True) -> Refusal | None:
    """Why an action item cannot be put like this: it says nothing, how it shows that it is done says nothing, or it begins with
    what has no end and does not say how that shows. One that answers a question has its end in that."""
    if not what:
        return SaysNothing(what="action item")
    if done_when and not says_when_done(done_when):
        return Unclear(gaps=(Gap.DONE_WHEN,))
    if is_for_itself and is_never_done(what) and not done_when:
        return Unclear(gaps=(Gap.END,))
    return None


def need_none(incident: Incident, command: NeedNoAction, policy: Policy) -> Decision:
    """Keep the reason when there is one."""
    if not command.reason:
        return refuse(command, SaysNothing(what="reason"))
    return accept(NoActionNeeded(at=command.at, actor=command.actor, reason=command.reason))


def added(incident: Incident, event: ActionItemAdded) -> Incident:
    """One more action item stands, proposed to its assignee."""
    item = ActionItem(
        what=event.what,
        assignee=event.assignee,
        due=event.due,
        about=event.about,
        done_when=event.done_when or None,
        kind=event.kind,
        strength=event.strength,
        priority=event.priority,
        factors=event.factors,
        hypothesis=event.hypothesis,
        since=event.at,
        by=event.actor,
        added_by=event.actor,
        added_at=event.at,
        due_since=event.at,
    )
    return incident.but(action_items=(*incident.action_items, item))


def changed(incident: Incident, number: int, **changes: object) -> Incident:
    """The incident with these things of one action item changed."""
    items = list(incident.action_items)
    items[number - 1] = items[number - 1].but(**changes)
    return incident.but(action_items=tuple(items))


def accepted(incident: Incident, event: ActionAccepted) -> Incident:
    """Its assignee has it."""
    return changed(incident, event.item, state=ActionState.ACCEPTED, since=event.at, by=event.actor, why=None)


DECIDE = {AddActionItem: add, NeedNoAction: need_none}
EVOLVE = {
    ActionItemAdded: added,
    ActionAccepted: accepted,
    NoActionNeeded: lambda incident, event: incident.but(no_action=event.reason),
}
