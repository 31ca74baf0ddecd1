"""What became of action items, a sentence for each kind of event: part of `sentences.py`."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.core.learning.action_moves import DueDateMoved
from bot.core.learning.action_reminders import ActionsReminded
from bot.export.text import link, moment, person, plain, typed
from bot.slack.messages.action_events import names


def _why(event: Any) -> str:
    return f": {typed(event.why)}" if event.why else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _moved(event: DueDateMoved, telling: Any) -> str:
    return f"moved A{event.item} from {_day(event.former)} to {_day(event.due)}{_why(event)}"


def _reminded(event: ActionsReminded, telling: Any) -> str:
    also = f", and told {person(event.also)}" if event.also else ""
    return f"reminded {person(event.to)} of {names(event.items)}{also}"


ACTIONS: dict[str, Callable[[Any, Any], str]] = {
    "ActionAccepted": lambda event, telling: f"took A{event.item}",
    "ActionDeclined": lambda event, telling: f"declined A{event.item}{_why(event)}",
    "ActionAssigned": lambda event, telling: f"gave A{event.item} to {person(event.user)}",
    "ActionStarted": lambda event, telling: f"began to work on A{event.item}",
    "ActionFinished": lambda event, telling: f"said that A{event.item} is done",
    "ActionVerified": lambda event, telling: f"verified that A{event.item} is done",
    "ActionReopened": lambda event, telling: f"opened A{event.item} again{_why(event)}",
    "ActionDropped": lambda event, telling: f"dropped A{event.item}{_why(event)}",
    "DueDateMoved": _moved,
    "ActionChanged": lambda event, telling: f"reworded A{event.item}: {typed(event.what)}",
    "ActionsReminded": _reminded,
    "ActionRemindersWait": lambda event, telling: (
        f"waits until {person(event.to)} is at work, on {moment(event.until)}, to remind them"
    ),
    "ActionsEscalated": lambda event, telling: f"told others that {names(event.items)} are long overdue",
    "ZoneLearnt": lambda event, telling: f"learnt that {person(event.user)} is in the time zone {plain(event.zone)}",
    "IssueWanted": lambda event, telling: f"wanted A{event.item} as an issue in {plain(event.tracker)}",
    "IssueOpened": lambda event, telling: f"made A{event.item} an issue: {link(event.key, event.url)}",
}
"""Every kind of event about action items after they were added."""
