"""Action items as people see them: one of them with the buttons of whoever looks, what somebody is told of one in a direct message,
lists across incidents, and what is long overdue."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.core.action_item import ActionItem, ActionState, Gap, Priority
from bot.core.containment import MeasureSettled
from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.learning.action_checks import Remark, gaps, is_overdue, may_be_detailed, remarks
from bot.core.learning.action_moves import (
    ActionAssigned,
    ActionDeclined,
    ActionDropped,
    ActionFinished,
    ActionReopened,
    ActionVerified,
)
from bot.core.learning.action_reminders import ActionsEscalated, ActionsReminded, Notice
from bot.core.learning.actions import ActionItemAdded
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import Block, Element, actions, button, context, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.action_refusals import GAP_ADVICE
from bot.slack.messages.message import Message, say
from bot.slack.text import escape_within, group_mention, link, mention, quoted
from bot.slack.times import written_day

MOST = 10
"""So many action items stand in one message; the rest are on further pages, or named."""
_REMARK: dict[Remark, str] = {
    Remark.LATE: "its due date is later than the policy has it for this severity",
    Remark.MANY: "there are many action items; few that are done change more",
    Remark.WEAK: "all of them only document or train: what else would make this harder to happen?",
}


class Shown(NamedTuple):
    """An action item with its incident and the policy that this follows."""

    incident: Incident
    number: int
    policy: Policy

    @property
    def item(self) -> ActionItem:
        """The action item itself."""
        return self.incident.action(self.number)


def line(shown: Shown, at: datetime) -> str:
    """What it says, whose it is, until when, and how it stands."""
    item, incident = shown.item, shown.incident
    drill = " (drill)" if incident.is_drill else ""
    start = f"*A{shown.number}* of {incident.name}{drill}: {quoted(item.what, 300)}"
    whose = (
        f"{words.person(item.assignee)} declined it, nobody has it" if item.is_declined else words.person(item.assignee)
    )
    late = " ⚠ *overdue*" if is_overdue(incident, item, at) else ""
    high = " · high priority" if item.priority is Priority.HIGH else ""
    slips = f" · moved later {words.count(item.slips, 'time', 'times')}" if item.slips else ""
    issue = f" · {link(item.issue.url, escape_within(item.issue.key, 60))}" if item.issue else ""
    stands = f"{whose} · {item.state.value} · due {written_day(item.due)}{late}{high}{slips}{issue}"
    done = f"\nDone when: {quoted(item.done_when, 300)}" if item.done_when else ""
    return f"{start}\n{stands}{done}"


def advice(shown: Shown) -> str:
    """What it lacks, and what may be better about it; nothing when all is well."""
    lacking = [GAP_ADVICE[gap] for gap in gaps(shown.item) if gap is not Gap.OWNER]
    if not shown.item.state.is_open or not may_be_detailed(shown.incident):
        return ""
    missing = f"Please add {'; '.join(lacking)}: press `{words.CHANGE_ACTION}`." if lacking else ""
    noted = [_REMARK[remark] for remark in remarks(shown.incident, shown.number, shown.policy)]
    return " ".join(filter(None, [missing, f"Worth a thought: {'; '.join(noted)}." if noted else ""]))


def buttons(shown: Shown, viewer: str, listing: str | None = None) -> list[Element]:
    """What this person can do with it: what comes next first."""
    item = shown.item
    drawn = Drawn.of(shown.incident).but(item=shown.number, listing=listing).write()
    row = [button(label, action, drawn, primary=first) for label, action, first in _acts(shown, viewer)]
    can_be_issue = shown.policy.issue_trackers and not shown.incident.is_private
    if can_be_issue and item.tracker is None and item.state.is_open:
        row.append(button(words.CREATE_ISSUE, Action.CREATE_ISSUE, drawn))
    return row


def _acts(shown: Shown, viewer: str) -> list[tuple[str, Action, bool]]:
    item = shown.item
    change = [(words.CHANGE_ACTION, Action.CHANGE_ACTION, False)] if may_be_detailed(shown.incident) else []
    later = [
        (words.MOVE_DUE_DATE, Action.MOVE_DUE_DATE, False),
        *change,
        (words.DROP_ACTION, Action.DROP_ACTION, False),
    ]
    is_mine = item.assignee == viewer and not item.is_declined
    if item.state is ActionState.DONE:
        verify = [(words.VERIFY_ACTION, Action.VERIFY_ACTION, True)]
        return [
            *(verify if viewer not in (item.assignee, item.finished_by) else []),
            (words.REOPEN_ACTION, Action.REOPEN_ACTION, False),
        ]
    if not item.state.is_open:
        return [(words.REOPEN_ACTION, Action.REOPEN_ACTION, False)]
    if not is_mine and item.state is ActionState.PROPOSED:
        return [(words.TAKE_ACTION, Action.TAKE_ACTION, True), *later]
    if item.state is ActionState.PROPOSED:
        return [
            (words.ACCEPT_ACTION, Action.ACCEPT_ACTION, True),
            (words.DECLINE_ACTION, Action.DECLINE_ACTION, False),
            *later,
        ]
    start = [(words.START_ACTION, Action.START_ACTION, False)] if item.state is ActionState.ACCEPTED else []
    decline = [(words.DECLINE_ACTION, Action.DECLINE_ACTION, False)] if is_mine else []
    return [(words.FINISH_ACTION, Action.FINISH_ACTION, is_mine), *start, *decline, *later]


def blocks_of(shown: Shown, viewer: str, at: datetime, listing: str | None = None) -> list[Block]:
    """One action item with what it lacks and its buttons."""
    remarked = advice(shown)
    return [
        section(line(shown, at)),
        *([context(remarked)] if remarked else []),
        *actions(buttons(shown, viewer, listing)),
    ]


def _told(text: str, of: Sequence[Shown], viewer: str, at: datetime) -> Message:
    """A sentence, and the action items that it is about."""
    blocks = [section(text)]
    for one in of[:MOST]:
        blocks += blocks_of(one, viewer, at)
    rest = len(of) - MOST
    more = [context(f"and {rest} more: `{COMMAND} {Verb.ACTIONS} mine`")] if rest > 0 else []
    return Message(text=f"{text} {line(of[0], at)}" if len(of) == 1 else text, blocks=[*blocks, *more])


def direct(event: Event, incident: Incident, policy: Policy, to: str) -> Message:
    """What this person is told of an event about action items, with what they can do. The items are shown as they stand now."""
    if isinstance(event, ActionsReminded):
        of = [Shown(incident, number, policy) for number in event.items]
        return _told(_reminds(event, incident, to), of, to, event.at)
    if isinstance(event, ActionsEscalated):
        return escalated(event, incident, policy, to)
    number = _which(event, incident)
    return _told(_SAY[type(event)](event, incident), [Shown(incident, number, policy)], to, event.at)


def is_about_actions(event: Event) -> bool:
    """Whether `direct` has words for it."""
    return isinstance(event, (ActionsReminded, ActionsEscalated, *_SAY))


def _which(event: Any, incident: Incident) -> int:
    """The number of the action item that an event is about."""
    if isinstance(event, MeasureSettled):
        added = (number for number, item in enumerate(incident.action_items, 1) if item.measure == event.measure)
        return next(added)
    return int(event.item)


def _reminds(event: ActionsReminded, incident: Incident, to: str) -> str:
    late = [number for number, notice in event.items.items() if notice is Notice.OVERDUE]
    if to != event.to:
        which = words.count(len(late), "action item", "action items")
        return f"{words.person(event.to)} has {which} of {incident.name} whose day has passed. Can you help?"
    due = [number for number, notice in event.items.items() if notice is Notice.DUE]
    count = words.count(len(event.items), "action item", "action items")
    how = "overdue" if late else "due today" if due else "due soon"
    return f"A reminder of {count} of {incident.name}, {how}. If the day does not fit any more, move it and say why."


def escalated(event: ActionsEscalated, incident: Incident, policy: Policy, viewer: str = "") -> Message:
    """What is long overdue, for those whom the policy names."""
    of = [Shown(incident, number, policy) for number in event.items]
    count = words.count(len(of), "action item", "action items")
    text = (
        f"*{count} of {incident.name} long overdue.* Please help: is it still worth doing, and who can do it by when?"
    )
    return _told(text, of, viewer, event.at)


def calling(message: Message, ids: Sequence[str]) -> Message:
    """The message with a mention of these people and groups before it, so that Slack notifies them."""
    names = " ".join(group_mention(id) if id.startswith("S") else mention(id) for id in ids[:MOST])
    return Message(text=f"{names} {message.text}", blocks=[section(names), *message.blocks]) if names else message


def _finished(event: ActionFinished, incident: Incident) -> str:
    return f"{words.person(event.actor)} says that this is done. Please look whether it is, and say so."


_SAY: dict[type[Event], Callable[[Any, Incident], str]] = {
    ActionItemAdded: lambda event, incident: (
        f"{words.person(event.actor)} proposes an action item to you. Do you take it?"
        if event.actor != event.assignee
        else "This is your action item."
    ),
    MeasureSettled: lambda event, incident: (
        f"{words.person(event.actor)} proposes to you to undo or replace a temporary measure. Do you take it?"
    ),
    ActionAssigned: lambda event, incident: (
        f"{words.person(event.actor)} proposes an action item to you. Do you take it?"
        if event.actor != event.user
        else "This is your action item."
    ),
    ActionFinished: _finished,
    ActionDeclined: lambda event, incident: (
        f"{words.person(event.actor)} does not take this action item{_because(event)}. Who else could?"
    ),
    ActionVerified: lambda event, incident: f"{words.person(event.actor)} has seen that this is done. Thank you!",
    ActionReopened: lambda event, incident: f"{words.person(event.actor)} opened this again{_because(event)}.",
    ActionDropped: lambda event, incident: f"{words.person(event.actor)} dropped this{_because(event)}.",
}


def _because(event: Any) -> str:
    return f": {quoted(event.why, 500)}" if event.why else ""


LISTINGS = ("mine", "team", "overdue", "all")
"""The lists there are, by the word after the command."""
_HEADING = {
    "mine": "Your action items",
    "team": "Action items of your team",
    "overdue": "Overdue action items",
    "all": "Open action items",
}
_NONE = {
    "mine": "You have no open action item.",
    "team": "Nobody in your team has an open action item.",
    "overdue": "No action item is overdue.",
    "all": "There is no open action item.",
}


def heading(listing: str) -> str:
    """What a list is called: one of `LISTINGS`, or the name of an incident."""
    return _HEADING.get(listing, f"Action items of {listing}")


def listed(
    listing: str,
    of: Sequence[Shown],
    viewer: str,
    at: datetime,
    *,
    page: int = 0,
    pages: int = 1,
    add: Drawn | None = None,
) -> Message:
    """One page of a list, each item with its buttons. `add`: of an incident's own list, where another can be added."""
    if not of:
        start = _NONE.get(listing, f"{listing} has no action item.")
        return Message(text=start, blocks=[section(start), *actions(_adds(add))])
    start = f"*{heading(listing)}*{f', page {page + 1} of {pages}' if pages > 1 else ''}"
    blocks = [section(start)]
    for one in of:
        blocks += blocks_of(one, viewer, at, listing)
    row = [*_adds(add), *_turns(listing, of, page, pages)]
    return Message(text=start, blocks=[*blocks, *actions(row)])


def _adds(drawn: Drawn | None) -> list[Element]:
    return [button(words.ADD_ACTION, Action.ADD_ACTION, drawn.write())] if drawn else []


def _turns(listing: str, of: Sequence[Shown], page: int, pages: int) -> list[Element]:
    drawn = Drawn.of(of[0].incident).but(listing=listing)
    before = [button("Earlier due", Action.ACTIONS_BEFORE, drawn.but(page=page - 1).write())] if page else []
    after = [button("Later due", Action.TURN_ACTIONS, drawn.but(page=page + 1).write())] if page + 1 < pages else []
    return [*before, *after]


def which_list(typed: str) -> Message:
    """That there is no such list, and those there are."""
    lists = ", ".join(f"`{COMMAND} {Verb.ACTIONS} {name}`" for name in LISTINGS)
    return say(f"I do not know that list: {quoted(typed, 60)}. There are {lists}.")


def stands(shown: Shown, viewer: str, at: datetime) -> Message:
    """How an action item stands after what somebody did, with what they can do next."""
    return Message(text=line(shown, at), blocks=blocks_of(shown, viewer, at))
