"""What makes an action item one that can be done and seen to be done (domain rules, §7.4): what it lacks, which a gate may ask for,
and what is only remarked on. Looks at words; whoever wrote them knows better what they mean.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.action_item import WEAKEST, ActionItem, ActionState, Gap, Priority
from bot.core.incident import Incident, Phase
from bot.core.learning.working_hours import day_there
from bot.core.policy import Policy
from bot.core.value import REDACTED

LEAST = 15
"""Code points of a `done when` that says anything."""

_NEVER_DONE = re.compile(
    r"(?:please\s+)?(?:investigate|consider|improve|monitor|look\s+into|ensure|make\s+sure|be\s+(?:more\s+)?careful|discuss|"
    r"think\s+about|explore|evaluate)\b",
    re.IGNORECASE,
)
"""What nobody can say they have finished."""


class Remark(StrEnum):
    """What may be better about an action item, or about all of them."""

    LATE = "due later than the policy has it"
    MANY = "more than anybody finishes"
    WEAK = "all of them only document or train"


def may_be_detailed(incident: Incident) -> bool:
    """Whether people are asked for all that can be said of an action item: once the work on the fault is done."""
    return incident.phase is Phase.POSTMORTEM or not incident.is_open


def is_never_done(text: str) -> bool:
    """Whether it begins with a word for something that has no end."""
    return _NEVER_DONE.match(text.strip()) is not None


def says_when_done(done_when: str | None) -> bool:
    """Whether it names something that anybody could see."""
    return done_when is not None and (
        done_when == REDACTED or (len(done_when) >= LEAST and not is_never_done(done_when))
    )


def gaps(item: ActionItem) -> tuple[Gap, ...]:
    """All that it lacks. What only finishes something of the incident needs no more than somebody who takes it; what was dropped
    or verified needs nothing."""
    if not item.state.is_open:
        return ()
    found = [Gap.OWNER] if item.is_declined else []
    if item.comes_of_itself:
        return tuple(found)
    sees = says_when_done(item.done_when)
    found += [] if sees else [Gap.DONE_WHEN]
    found += [Gap.END] if is_never_done(item.what) and not sees else []
    found += [] if item.kind else [Gap.KIND]
    found += [] if item.factors or item.hypothesis else [Gap.LINK]
    return tuple(found)


def due_within(incident: Incident, item: ActionItem, policy: Policy) -> timedelta:
    """How long it may take from when it was added, by the incident's severity."""
    severity = policy.severity(incident.severity)
    is_high = item.priority is Priority.HIGH
    return timedelta(weeks=severity.high_actions_within_weeks if is_high else severity.actions_within_weeks)


def remarks(incident: Incident, number: int, policy: Policy) -> tuple[Remark, ...]:
    """What may be better about this action item and those beside it. It keeps nobody from anything."""
    item = incident.action(number)
    found = []
    if item.added_at and item.due > (item.added_at + due_within(incident, item, policy)).date():
        found.append(Remark.LATE)
    kept = [one for one in incident.action_items if one.state is not ActionState.DROPPED]
    if len(kept) > policy.actions_at_most:
        found.append(Remark.MANY)
    if is_weak(incident):
        found.append(Remark.WEAK)
    return tuple(found)


def is_weak(incident: Incident) -> bool:
    """Whether all that will be done, as far as anybody said how, is to write something down or to teach it."""
    said = [one.strength for one in incident.action_items if one.strength and one.state is not ActionState.DROPPED]
    return bool(said) and all(strength in WEAKEST for strength in said)


def are_accepted(incident: Incident) -> bool:
    """Whether whoever has each action item has accepted it."""
    return not untaken(incident)


def untaken(incident: Incident) -> tuple[int, ...]:
    """The numbers of the action items that wait for somebody to take them."""
    items = enumerate(incident.action_items, 1)
    waits = (
        (number, one.state is ActionState.PROPOSED or one.is_declined) for number, one in items if one.state.is_open
    )
    return tuple(number for number, is_untaken in waits if is_untaken)


def are_checked(incident: Incident) -> bool:
    """Whether no action item lacks anything but the word of its assignee, and one of them at least changes more than what people
    know."""
    return unclear(incident) is None and not is_weak(incident)


def unclear(incident: Incident) -> int | None:
    """The number of the first action item of which more must be said than who does it."""
    lacking = (number for number, one in enumerate(incident.action_items, 1) if set(gaps(one)) - {Gap.OWNER})
    return next(lacking, None)


def is_overdue(incident: Incident, item: ActionItem, at: datetime) -> bool:
    """Whether its due date has passed where its assignee is, and it is not finished."""
    return item.state.is_owed and item.due < day_there(at, incident.zones.get(item.assignee))
