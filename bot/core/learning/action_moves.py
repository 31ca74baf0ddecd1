"""What becomes of an action item (domain rules, §7.5): whoever it is for accepts or declines it, works on it and says that it is
done; somebody else verifies that against its `done when`. It can be opened again, dropped for a reason, given to somebody else, and
moved to another day, which is counted when that is later. All of it also after the incident is over.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.core.action_item import ActionItem, ActionKind, ActionState, Priority, Strength
from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.factors import Factor
from bot.core.incident import Incident
from bot.core.learning.actions import ActionAccepted, changed, unfit
from bot.core.policy import Policy
from bot.core.refusal import ActionOfAnother, ActionStands, OwnAction, SaysNothing
from bot.core.value import Typed


class OfAction(Command):
    """Concerns the action item of this number."""

    follows_up = True

    item: int


class AcceptAction(OfAction):
    """Whoever asks takes it, as was proposed to them."""


class DeclineAction(OfAction):
    """Whoever it was for does not take it."""

    why: Typed | None = None


class AssignAction(OfAction):
    """It is for this person from now on. Who takes it themselves accepts it with that."""

    user: str


class StartAction(OfAction):
    """Work on it begins."""


class FinishAction(OfAction):
    """It is done, as far as whoever says so can tell."""


class VerifyAction(OfAction):
    """Whoever asks has seen that it is done, and is not who did it."""


class ReopenAction(OfAction):
    """It is not done, or is to be done after all, for this reason."""

    why: Typed


class DropAction(OfAction):
    """It will not be done, for this reason."""

    why: Typed


class MoveDueDate(OfAction):
    """It is due on this day from now on. A later one needs a reason."""

    due: date
    why: Typed | None = None


class ChangeAction(OfAction):
    """It reads like this from now on: all of it, as AddActionItem has it."""

    what: Typed
    done_when: Typed | None = None
    kind: ActionKind | None = None
    strength: Strength | None = None
    priority: Priority = Priority.USUAL
    factors: tuple[Factor, ...] = ()
    hypothesis: int | None = None


class DetailAction(OfAction):
    """It is done when this is so, is for this, and acts on these; what is not said stays as it is."""

    done_when: Typed | None = None
    kind: ActionKind | None = None
    factors: tuple[Factor, ...] = ()


class ActionDeclined(Event):
    """Whoever it was for does not take it; nobody has it."""

    item: int
    why: Typed | None = None


class ActionAssigned(Event):
    """It is for this person; `former` had it before, or was asked to."""

    item: int
    user: str
    former: str


class ActionStarted(Event):
    """Somebody works on it."""

    item: int


class ActionFinished(Event):
    """Whoever acted says that it is done. `verifier` was asked to look whether it is; None when there is nobody else."""

    item: int
    verifier: str | None = None


class ActionVerified(Event):
    """Somebody else has seen that it is done."""

    item: int


class ActionReopened(Event):
    """It is to be done, in spite of what was said before."""

    item: int
    why: Typed


class ActionDropped(Event):
    """It will not be done."""

    item: int
    why: Typed


class DueDateMoved(Event):
    """It is due on this day, and was on another. `slips`: that is later."""

    item: int
    due: date
    former: date
    slips: bool
    why: Typed | None = None


class ActionChanged(Event):
    """It reads like this from now on."""

    item: int
    what: Typed
    done_when: Typed | None = None
    kind: ActionKind | None = None
    strength: Strength | None = None
    priority: Priority = Priority.USUAL
    factors: tuple[Factor, ...] = ()
    hypothesis: int | None = None


ON_ACTION = (
    *(ActionAccepted, ActionDeclined, ActionAssigned, ActionStarted, ActionFinished, ActionVerified),
    *(ActionReopened, ActionDropped, DueDateMoved, ActionChanged),
)
"""All that happens to one action item after it was added."""


def _stands(command: OfAction, item: ActionItem) -> Decision:
    has_it = None if item.is_declined else item.assignee
    return refuse(command, ActionStands(item=command.item, state=item.state, assignee=has_it))


def _of(command: OfAction) -> dict[str, Any]:
    return {"at": command.at, "actor": command.actor, "item": command.item}


def _is_mine(item: ActionItem, command: OfAction) -> bool:
    return not item.is_declined and item.assignee == command.actor


def accept_it(incident: Incident, command: AcceptAction, policy: Policy) -> Decision:
    """Only whoever it was proposed to can say so, once."""
    item = incident.action(command.item)
    if item.state is not ActionState.PROPOSED or item.is_declined:
        return _stands(command, item)
    if not _is_mine(item, command):
        return refuse(command, ActionOfAnother(item=command.item, assignee=item.assignee))
    return accept(ActionAccepted(**_of(command)))


def decline(incident: Incident, command: DeclineAction, policy: Policy) -> Decision:
    """Whoever has it, or was asked, may say that they do not, until they have said that it is done."""
    item = incident.action(command.item)
    if not item.is_owed:
        return _stands(command, item)
    if not _is_mine(item, command):
        return refuse(command, ActionOfAnother(item=command.item, assignee=item.assignee))
    return accept(ActionDeclined(**_of(command), why=command.why))


def assign(incident: Incident, command: AssignAction, policy: Policy) -> Decision:
    """Anybody may say whose it is, as long as it is to be done; whoever that is must accept it."""
    item = incident.action(command.item)
    if not item.state.is_owed:
        return _stands(command, item)
    if command.user == item.assignee and not item.is_declined:
        takes = command.user == command.actor and item.state is ActionState.PROPOSED
        return accept(ActionAccepted(**_of(command))) if takes else accept()
    moved = ActionAssigned(**_of(command), user=command.user, former=item.assignee)
    taken = [ActionAccepted(**_of(command))] if command.user == command.actor else []
    return accept(moved, *taken)


def start(incident: Incident, command: StartAction, policy: Policy) -> Decision:
    """Work begins on what somebody has accepted; whoever was asked accepts it with that."""
    item = incident.action(command.item)
    if not item.is_owed or item.state is ActionState.STARTED:
        return _stands(command, item)
    return _moved_on(item, command, ActionStarted(**_of(command)))


def finish(incident: Incident, command: FinishAction, policy: Policy) -> Decision:
    """It is said to be done, whoever says so; what nobody has accepted only by whoever was asked."""
    item = incident.action(command.item)
    if not item.is_owed:
        return _stands(command, item)
    verifier = verifier_of(incident, item, command.actor)
    return _moved_on(item, command, ActionFinished(**_of(command), verifier=verifier))


def _moved_on(item: ActionItem, command: OfAction, event: Event) -> Decision:
    if item.state is not ActionState.PROPOSED:
        return accept(event)
    if not _is_mine(item, command):
        return refuse(command, ActionOfAnother(item=command.item, assignee=item.assignee))
    return accept(ActionAccepted(**_of(command)), event)


def verifier_of(incident: Incident, item: ActionItem, finisher: str) -> str | None:
    """Who is asked to look whether it is done: whoever leads, else whoever added it, else whoever declared the incident; neither
    whose it is nor who says so."""
    leads = incident.commander.user if incident.commander else None
    asked = (leads, item.added_by, incident.declared_by)
    return next((user for user in asked if user and user not in (item.assignee, finisher)), None)


def verify(incident: Incident, command: VerifyAction, policy: Policy) -> Decision:
    """What is said to be done is verified by somebody whose work it was not."""
    item = incident.action(command.item)
    if item.state is not ActionState.DONE:
        return _stands(command, item)
    if command.actor in (item.assignee, item.finished_by):
        return refuse(command, OwnAction(item=command.item))
    return accept(ActionVerified(**_of(command)))


def reopen(incident: Incident, command: ReopenAction, policy: Policy) -> Decision:
    """What is done, verified or dropped is to be done, for a reason."""
    item = incident.action(command.item)
    if item.state.is_owed:
        return _stands(command, item)
    if not command.why:
        return refuse(command, SaysNothing(what="reason"))
    return accept(ActionReopened(**_of(command), why=command.why))


def drop(incident: Incident, command: DropAction, policy: Policy) -> Decision:
    """It will not be done, for a reason; what was verified is done already."""
    item = incident.action(command.item)
    if not item.state.is_open:
        return _stands(command, item)
    if not command.why:
        return refuse(command, SaysNothing(what="reason"))
    return accept(ActionDropped(**_of(command), why=command.why))


def move(incident: Incident, command: MoveDueDate, policy: Policy) -> Decision:
    """Another day, as long as it is to be done. A later one has a reason, and counts."""
    item = incident.action(command.item)
    if not item.state.is_owed:
        return _stands(command, item)
    if command.due == item.due:
        return accept()
    slips = command.due > item.due
    if slips and not command.why:
        return refuse(command, SaysNothing(what="reason"))
    moved = DueDateMoved(**_of(command), due=command.due, former=item.due, slips=slips, why=command.why or None)
    return accept(moved)


def change(incident: Incident, command: ChangeAction, policy: Policy) -> Decision:
    """Keep how it reads now, if that can be done and is something else. LookupError for a hypothesis that there is not."""
    item = incident.action(command.item)
    if not item.state.is_open:
        return _stands(command, item)
    if wrong := unfit(command.what, command.done_when, is_for_itself=not item.comes_of_itself):
        return refuse(command, wrong)
    if command.hypothesis is not None:
        incident.hypothesis(command.hypothesis)
    said = command.model_dump(exclude={"origin", "item"}) | {"done_when": command.done_when or None}
    if all(getattr(item, name) == value for name, value in said.items()):
        return accept()
    return accept(ActionChanged.model_validate({**_of(command), **said}))


def detail(incident: Incident, command: DetailAction, policy: Policy) -> Decision:
    """Change what is said, and nothing else."""
    item = incident.action(command.item)
    stands = {name: getattr(item, name) for name in ChangeAction.model_fields if name not in ("origin", "item")}
    said = {name: value for name, value in command if name in stands and value}
    return change(incident, ChangeAction(origin=command.origin, item=command.item, **{**stands, **said}), policy)


def _to(state: ActionState, **more: Any) -> Callable[[Incident, Any], Incident]:
    """What an event that gives an item another state does to it."""

    def evolve(incident: Incident, event: Any) -> Incident:
        why = getattr(event, "why", None)
        return changed(incident, event.item, state=state, since=event.at, by=event.actor, why=why, **more)

    return evolve


def finished(incident: Incident, event: ActionFinished) -> Incident:
    """It waits for somebody else to verify it."""
    return _to(ActionState.DONE, finished_by=event.actor)(incident, event)


def reopened(incident: Incident, event: ActionReopened) -> Incident:
    """It is worked on again; one that was dropped is proposed anew to whoever had it."""
    was_dropped = incident.action(event.item).state is ActionState.DROPPED
    state = ActionState.PROPOSED if was_dropped else ActionState.STARTED
    return _to(state, finished_by=None, reminded_at=event.at, escalated_at=None)(incident, event)


def due_moved(incident: Incident, event: DueDateMoved) -> Incident:
    """Reminders go by the new day from now on."""
    slips = incident.action(event.item).slips + event.slips
    fresh = {"due_since": event.at, "reminded_at": None, "escalated_at": None}
    return changed(incident, event.item, due=event.due, slips=slips, **fresh)


def reads(incident: Incident, event: ActionChanged) -> Incident:
    """It reads like this."""
    said = {name: value for name, value in event if name not in ("at", "actor", "item")}
    return changed(incident, event.item, **said)


DECIDE = {
    AcceptAction: accept_it,
    DeclineAction: decline,
    AssignAction: assign,
    StartAction: start,
    FinishAction: finish,
    VerifyAction: verify,
    ReopenAction: reopen,
    DropAction: drop,
    MoveDueDate: move,
    ChangeAction: change,
    DetailAction: detail,
}
EVOLVE = {
    ActionDeclined: _to(ActionState.PROPOSED, is_declined=True),
    ActionAssigned: lambda incident, event: _to(ActionState.PROPOSED, is_declined=False, assignee=event.user)(
        incident, event
    ),
    ActionStarted: _to(ActionState.STARTED),
    ActionFinished: finished,
    ActionVerified: _to(ActionState.VERIFIED),
    ActionReopened: reopened,
    ActionDropped: _to(ActionState.DROPPED),
    DueDateMoved: due_moved,
    ActionChanged: reads,
}
