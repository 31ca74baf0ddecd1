"""Whoever has action items is reminded of them, when they are at work where they are (domain rules, §7.5): some days before one is
due, on the day, and when it is overdue, then together with whoever leads. What is overdue for long is told to those whom the policy
names, at most once in some days for all of it, and never in the incident's room.

All that somebody is to be reminded of in one incident at one time is one reminder. When it falls due follows from the state; what
was missed meanwhile is said once. What finds somebody off work waits until they are back.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime

from bot.core.action_item import ActionItem
from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident
from bot.core.learning.actions import changed
from bot.core.learning.working_hours import at_work_from, opening, working_day_from, working_day_until
from bot.core.policy import Policy
from bot.core.prompts import asked, prompted, within_budget


class Notice(StrEnum):
    """What is said of an action item."""

    BEFORE = "before"
    DUE = "due"
    OVERDUE = "overdue"


class RemindOfActions(Command):
    """The time has come at which this person is reminded of action items."""

    is_report = True

    user: str
    due: AwareDatetime


class EscalateActions(Command):
    """The time has come at which others hear of action items that are overdue for long."""

    is_report = True

    due: AwareDatetime


class LearnZone(Command):
    """Slack says in which time zone this person is."""

    is_report = True

    user: str
    zone: str


class ActionsReminded(Event):
    """This person was reminded of these action items, by number; `also` hears of those that are overdue."""

    to: str
    items: Mapping[int, Notice]
    also: str | None = None


class ActionRemindersWait(Event):
    """This person was to be reminded and is not at work: nobody reminds them before that time."""

    to: str
    until: AwareDatetime


class ActionsEscalated(Event):
    """These action items are overdue for long. `to` hear of it: people and groups as the policy has them, or whoever leads."""

    items: tuple[int, ...]
    to: tuple[str, ...]


class ZoneLearnt(Event):
    """In which time zone this person is, by its name in the tz database."""

    user: str
    zone: str


class _Step(NamedTuple):
    notice: Notice
    at: datetime


def _steps(incident: Incident, item: ActionItem, policy: Policy) -> Iterator[_Step]:
    """When its assignee is reminded of it: before its day on a working day not later than that, afterwards not earlier."""
    zone = incident.zones.get(item.assignee)
    for days in policy.remind_of_actions_days_before:
        day = working_day_until(item.due - timedelta(days=days), policy)
        yield _Step(Notice.BEFORE if days else Notice.DUE, opening(day, zone, policy))
    if policy.call_leader_after_days != "never":
        day = working_day_from(item.due + timedelta(days=policy.call_leader_after_days), policy)
        yield _Step(Notice.OVERDUE, opening(day, zone, policy))


def _ahead(incident: Incident, item: ActionItem, policy: Policy) -> Iterator[_Step]:
    """The steps that are still to come: of those since its day was set, after the last reminder."""
    since = max((at for at in (item.due_since, item.reminded_at) if at), default=None)
    if item.is_owed and since:
        yield from (step for step in _steps(incident, item, policy) if step.at > since)


def reminder_times(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """When each of those who have action items is reminded next."""
    found = dict[str, datetime]()
    for item in incident.action_items:
        for step in _ahead(incident, item, policy):
            found[item.assignee] = min(step.at, found.get(item.assignee, step.at))
    return {user: _turn(incident, user, at, policy) for user, at in found.items()}


def _turn(incident: Incident, user: str, at: datetime, policy: Policy) -> datetime:
    """The first time from then on at which this person may be asked, and is at work."""
    at = within_budget(incident, user, max(at, incident.quiet_until.get(user, at)))
    return at_work_from(at, incident.zones.get(user), policy)


def escalation_due(incident: Incident, policy: Policy) -> datetime | None:
    """When others hear of what is overdue for long; None when nothing is."""
    times = [at for item in incident.action_items if (at := _escalates_at(incident, item, policy))]
    told = [item.escalated_at for item in incident.action_items if item.escalated_at]
    if not times:
        return None
    pause = timedelta(days=policy.escalate_actions_every_days)
    at = max([min(times), *(last + pause for last in told)])
    first = min(
        (item for item in incident.action_items if _escalates_at(incident, item, policy)), key=lambda one: one.due
    )
    return at_work_from(at, incident.zones.get(first.assignee), policy)


def _escalates_at(incident: Incident, item: ActionItem, policy: Policy) -> datetime | None:
    """From when on others are to hear of it, also when nobody has it."""
    if policy.escalate_actions_after_days == "never" or not item.state.is_owed or item.due_since is None:
        return None
    day = working_day_from(item.due + timedelta(days=policy.escalate_actions_after_days), policy)
    return opening(day, incident.zones.get(item.assignee), policy)


def remind(incident: Incident, command: RemindOfActions, policy: Policy) -> Decision:
    """Say all that has come due by now, if this is still due; or wait until they are at work."""
    if reminder_times(incident, policy).get(command.user) != command.due:
        return accept()
    at = max(command.at, command.due)
    back = at_work_from(at, incident.zones.get(command.user), policy)
    if back > at:
        return accept(ActionRemindersWait(at=command.at, actor=command.actor, to=command.user, until=back))
    items = {
        number: steps[-1].notice
        for number, item in enumerate(incident.action_items, start=1)
        if item.assignee == command.user
        if (steps := sorted((one for one in _ahead(incident, item, policy) if one.at <= at), key=lambda one: one.at))
    }
    leads = asked(incident)
    also = leads if Notice.OVERDUE in items.values() and leads != command.user else None
    return accept(ActionsReminded(at=command.at, actor=command.actor, to=command.user, items=items, also=also))


def escalate(incident: Incident, command: EscalateActions, policy: Policy) -> Decision:
    """Say all that is overdue for so long by now, if this is still due: of a private incident to whoever leads it."""
    if escalation_due(incident, policy) != command.due:
        return accept()
    at = max(command.at, command.due)
    times = {
        number: _escalates_at(incident, item, policy) for number, item in enumerate(incident.action_items, start=1)
    }
    late = tuple(number for number, when in times.items() if when and when <= at)
    to = (asked(incident),) if incident.is_private else policy.escalate_to or (asked(incident),)
    return accept(ActionsEscalated(at=command.at, actor=command.actor, items=late, to=to))


def learn(incident: Incident, command: LearnZone, policy: Policy) -> Decision:
    """Keep it, if it is another than was known."""
    if incident.zones.get(command.user) == command.zone:
        return accept()
    return accept(ZoneLearnt(at=command.at, actor=command.actor, user=command.user, zone=command.zone))


def reminded(incident: Incident, event: ActionsReminded) -> Incident:
    """What was said is not said again, and counts on the budget."""
    for number in event.items:
        incident = changed(incident, number, reminded_at=event.at)
    return prompted(incident, event.to, event.at)


def waits(incident: Incident, event: ActionRemindersWait) -> Incident:
    """By name, so that the order is the same whether the state was folded or read from a snapshot."""
    return incident.but(quiet_until=dict(sorted({**incident.quiet_until, event.to: event.until}.items())))


def escalated(incident: Incident, event: ActionsEscalated) -> Incident:
    """They have heard of these."""
    for number in event.items:
        incident = changed(incident, number, escalated_at=event.at)
    return incident


def learnt(incident: Incident, event: ZoneLearnt) -> Incident:
    """By name, as above."""
    return incident.but(zones=dict(sorted({**incident.zones, event.user: event.zone}.items())))


DECIDE = {RemindOfActions: remind, EscalateActions: escalate, LearnZone: learn}
EVOLVE = {
    ActionsReminded: reminded,
    ActionRemindersWait: waits,
    ActionsEscalated: escalated,
    ZoneLearnt: learnt,
}
