"""What became of action items, in words for the timeline: to follow the name of whoever did it. Texts are mrkdwn and escaped."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import Event
from bot.core.learning.action_moves import (
    ActionAssigned,
    ActionChanged,
    ActionDeclined,
    ActionDropped,
    ActionFinished,
    ActionReopened,
    ActionStarted,
    ActionVerified,
    DueDateMoved,
)
from bot.core.learning.action_reminders import ActionRemindersWait, ActionsEscalated, ActionsReminded
from bot.core.learning.actions import ActionAccepted
from bot.core.learning.issues import IssueOpened, IssueWanted
from bot.slack import words
from bot.slack.messages.tested import Told
from bot.slack.text import escape_within, link, time_from
from bot.slack.times import written_day

_MANY = 20


def names(numbers: Any) -> str:
    """A1, A2 and A3."""
    shown = [f"A{number}" for number in numbers]
    rest = f" and {len(shown) - _MANY} more" if len(shown) > _MANY else ""
    return ", ".join(shown[:_MANY]) + rest


def _why(event: Any, telling: Told) -> str:
    return f": {telling.typed(event.why)}" if event.why else ""


def _moved(event: DueDateMoved, telling: Told) -> str:
    moved = f"moved A{event.item} from {written_day(event.former)} to {written_day(event.due)}"
    return f"{moved}{_why(event, telling)}"


def _reminded(event: ActionsReminded, telling: Told) -> str:
    also = f", and told {words.person(event.also)}" if event.also else ""
    return f"reminded {words.person(event.to)} of {names(event.items)}{also}"


def _escalated(event: ActionsEscalated, telling: Told) -> str:
    return f"told others that {names(event.items)} {'is' if len(event.items) == 1 else 'are'} long overdue"


def _opened(event: IssueOpened, telling: Told) -> str:
    return f"made A{event.item} an issue: {link(event.url, escape_within(event.key, 60))}"


ACTIONS: dict[type[Event], Callable[[Any, Any], str]] = {
    ActionAccepted: lambda event, telling: f"took A{event.item}",
    ActionDeclined: lambda event, telling: f"declined A{event.item}{_why(event, telling)}",
    ActionAssigned: lambda event, telling: f"gave A{event.item} to {words.person(event.user)}",
    ActionStarted: lambda event, telling: f"began to work on A{event.item}",
    ActionFinished: lambda event, telling: f"said that A{event.item} is done",
    ActionVerified: lambda event, telling: f"verified that A{event.item} is done",
    ActionReopened: lambda event, telling: f"opened A{event.item} again{_why(event, telling)}",
    ActionDropped: lambda event, telling: f"dropped A{event.item}{_why(event, telling)}",
    DueDateMoved: _moved,
    ActionChanged: lambda event, telling: f"reworded A{event.item}: {telling.typed(event.what)}",
    ActionsReminded: _reminded,
    ActionRemindersWait: lambda event, telling: (
        f"waits until {words.person(event.to)} is at work, at {time_from(event.at, event.until)}, to remind them"
    ),
    ActionsEscalated: _escalated,
    IssueWanted: lambda event, telling: f"wanted A{event.item} as an issue in {escape_within(event.tracker, 60)}",
    IssueOpened: _opened,
}
"""Every kind of event about action items after they were added."""

TRIED: dict[str, str] = {
    "AcceptAction": "take an action item",
    "DeclineAction": "decline an action item",
    "AssignAction": "give an action item to somebody",
    "StartAction": "begin to work on an action item",
    "FinishAction": "say that an action item is done",
    "VerifyAction": "verify an action item",
    "ReopenAction": "open an action item again",
    "DropAction": "drop an action item",
    "MoveDueDate": "move the due date of an action item",
    "ChangeAction": "reword an action item",
    "DetailAction": "say more of an action item",
    "FollowElsewhere": "make an action item an issue",
}
"""What a refused command about them wanted, to follow "tried to"."""
