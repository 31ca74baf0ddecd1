"""One of each kind of event, refusal and command about action items."""

from datetime import date, datetime
from typing import Any

from bot.core.action_item import ActionKind, ActionState, Gap, Priority, Strength
from bot.core.decision import Command, Event, Origin
from bot.core.factors import Factor
from bot.core.learning.action_moves import (
    AcceptAction,
    ActionAssigned,
    ActionChanged,
    ActionDeclined,
    ActionDropped,
    ActionFinished,
    ActionReopened,
    ActionStarted,
    ActionVerified,
    AssignAction,
    ChangeAction,
    DeclineAction,
    DetailAction,
    DropAction,
    DueDateMoved,
    FinishAction,
    MoveDueDate,
    ReopenAction,
    StartAction,
    VerifyAction,
)
from bot.core.learning.action_reminders import (
    ActionRemindersWait,
    ActionsEscalated,
    ActionsReminded,
    EscalateActions,
    LearnZone,
    Notice,
    RemindOfActions,
    ZoneLearnt,
)
from bot.core.learning.actions import ActionAccepted
from bot.core.learning.issues import ConfirmIssue, FollowElsewhere, IssueOpened, IssueWanted
from bot.core.refusal import ActionOfAnother, ActionStands, KeptPrivate, OwnAction, Refusal, Unclear

LATER, EARLIER = date(2026, 12, 8), date(2026, 12, 1)
SAID: dict[str, Any] = {
    "kind": ActionKind.PREVENT,
    "strength": Strength.AUTOMATE,
    "priority": Priority.HIGH,
    "factors": (Factor.TESTING, Factor.CHANGE),
}
URL = "https://github.example/shop/checkout/issues/12"


def action_events(at: datetime, actor: str, user: str, text: str, *, item: int = 1) -> tuple[Event, ...]:
    """One event of each kind, about this person and this action item, with this text where somebody types one."""
    here: dict[str, Any] = {"at": at, "actor": actor}
    about = here | {"item": item}
    return (
        ActionAccepted(**about),
        ActionDeclined(**about, why=text),
        ActionAssigned(**about, user=user, former=actor),
        ActionStarted(**about),
        ActionFinished(**about, verifier=user),
        ActionVerified(**about),
        ActionReopened(**about, why=text),
        ActionDropped(**about, why=text),
        DueDateMoved(**about, due=LATER, former=EARLIER, slips=True, why=text),
        ActionChanged(**about, what=text, done_when=text, hypothesis=1, **SAID),
        ActionsReminded(**here, to=user, items={item: Notice.OVERDUE}, also=actor),
        ActionRemindersWait(**here, to=user, until=at),
        ActionsEscalated(**here, items=(item,), to=(user,)),
        ZoneLearnt(**here, user=user, zone="Europe/Paris"),
        IssueWanted(**about, tracker="github"),
        IssueOpened(**about, tracker="github", key="shop/checkout#12", url=URL),
    )


def action_refusals(user: str) -> tuple[Refusal, ...]:
    """One refusal of each kind."""
    return (
        ActionStands(item=1, state=ActionState.VERIFIED, assignee=user),
        ActionOfAnother(item=1, assignee=user),
        OwnAction(item=1),
        Unclear(gaps=(Gap.END,)),
        KeptPrivate(item=1),
    )


def action_commands(by: Origin, user: str) -> tuple[Command, ...]:
    """One command of each kind."""
    return (
        AcceptAction(origin=by, item=1),
        DeclineAction(origin=by, item=1, why="No time"),
        AssignAction(origin=by, item=1, user=user),
        StartAction(origin=by, item=1),
        FinishAction(origin=by, item=1),
        VerifyAction(origin=by, item=1),
        ReopenAction(origin=by, item=1, why="It is not"),
        DropAction(origin=by, item=1, why="Not worth it"),
        MoveDueDate(origin=by, item=1, due=LATER, why="Other work"),
        ChangeAction(origin=by, item=1, what="Add a check", done_when="A build fails without it", **SAID),
        DetailAction(origin=by, item=1, done_when="A build fails without it"),
        FollowElsewhere(origin=by, item=1, tracker="github"),
        ConfirmIssue(origin=by, item=1, tracker="github", key="shop/checkout#12", url=URL),
        RemindOfActions(origin=by, user=user, due=by.at),
        EscalateActions(origin=by, due=by.at),
        LearnZone(origin=by, user=user, zone="Europe/Paris"),
    )
