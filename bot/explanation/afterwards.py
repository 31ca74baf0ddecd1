"""What people can try with action items, while the incident is open and once it is over."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.core.action_item import ActionItem, ActionState
from bot.core.decision import Command
from bot.core.factors import Factor
from bot.core.incident import Incident
from bot.core.learning.action_moves import (
    AcceptAction,
    AssignAction,
    ChangeAction,
    DeclineAction,
    DetailAction,
    DropAction,
    FinishAction,
    MoveDueDate,
    ReopenAction,
    StartAction,
    VerifyAction,
)
from bot.core.learning.issues import FollowElsewhere
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import EARLIER

SOMEBODY = "somebody else"
_DUE, _LATER = date(2026, 12, 1), date(2026, 12, 8)


def _stands(state: ActionState, *, is_theirs: bool) -> Callable[[Asked], Incident]:
    """There is one action item, which whoever asks has, or somebody else."""

    def where(asked: Asked) -> Incident:
        assignee = asked.who if is_theirs else SOMEBODY
        finished_by = assignee if state is ActionState.DONE else None
        item = ActionItem(what="Add a check", assignee=assignee, due=_DUE, state=state, finished_by=finished_by)
        return asked.now.but(action_items=(item.but(since=EARLIER),))

    return where


def _tries(called: str, kind: Callable[..., Command], state: ActionState, *, own: bool = True, **said: Any) -> Attempt:
    return Attempt(
        "Action items",
        called,
        lambda asked: kind(origin=asked.by, item=1, **said),
        _stands(state, is_theirs=own),
    )


AFTERWARDS = (
    _tries("take one that was proposed to them", AcceptAction, ActionState.PROPOSED),
    _tries("take one that was proposed to somebody else", AcceptAction, ActionState.PROPOSED, own=False),
    _tries("decline one", DeclineAction, ActionState.PROPOSED),
    _tries("give one to somebody", AssignAction, ActionState.ACCEPTED, user="another person"),
    _tries("begin to work on one", StartAction, ActionState.ACCEPTED),
    _tries("say that one is done", FinishAction, ActionState.ACCEPTED),
    _tries("say so of one that is verified", FinishAction, ActionState.VERIFIED),
    _tries("verify what somebody else did", VerifyAction, ActionState.DONE, own=False),
    _tries("verify what they did themselves", VerifyAction, ActionState.DONE),
    _tries("open one again", ReopenAction, ActionState.VERIFIED, why="It is not"),
    _tries("drop one", DropAction, ActionState.ACCEPTED, why="Not worth it"),
    _tries("move one to a later day", MoveDueDate, ActionState.ACCEPTED, due=_LATER, why="Other work"),
    _tries("reword one", ChangeAction, ActionState.ACCEPTED, what="Add a test"),
    _tries("reword one so that it never ends", ChangeAction, ActionState.ACCEPTED, what="Monitor checkout"),
    _tries("say what one acts on", DetailAction, ActionState.ACCEPTED, factors=(Factor.DETECTION,)),
    Attempt(
        "Action items",
        "make one of a private incident an issue",
        lambda asked: FollowElsewhere(origin=asked.by, item=1, tracker="moon"),
        lambda asked: _stands(ActionState.ACCEPTED, is_theirs=True)(asked).but(is_private=True),
    ),
    _tries("follow one in a tracker that there is not", FollowElsewhere, ActionState.ACCEPTED, tracker="moon"),
)
"""Whoever asks has the action item, unless it says otherwise."""
