"""Containment: what was done to stop the harm from growing, the hold that must pass without new harm, and the harm that comes back.

Nobody asks for the cause here. In CONTAINMENT a return makes the hold begin anew; in RECOVERY it is a relapse, which must be
contained and held again before that phase is left. The phase never moves back.
"""

from datetime import date, datetime, timedelta

from pydantic import AwareDatetime

from bot.core.action_item import ActionItem
from bot.core.decision import SYSTEM, Command, Decision, Event, accept, refuse
from bot.core.incident import Containment, ContainmentResult, Incident, Phase
from bot.core.policy import Policy
from bot.core.refusal import NotContained, NothingToSettle, NotYet, SaysNothing
from bot.core.value import Typed


class RecordContainment(Command):
    """This was done to stop the harm from growing, with this result. `since`: the harm has not grown since then (None: since
    now), `estimated` if that is not known exactly. `is_temporary`: it must be undone or replaced later."""

    action: Typed
    result: ContainmentResult
    since: AwareDatetime | None = None
    estimated: bool = False
    is_temporary: bool = False


class EndHold(Command):
    """The time has come at which the hold has passed."""

    is_report = True

    due: AwareDatetime


class ReportReturn(Command):
    """The harm is back, or grows again."""


class SettleMeasure(Command):
    """The temporary measure of this number was undone, or this person will do so until that day."""

    measure: int
    assignee: str | None = None
    due: date | None = None


class ContainmentRecorded(Event):
    """A containment action and its result."""

    action: Typed
    result: ContainmentResult
    since: AwareDatetime | None = None
    estimated: bool = False
    is_temporary: bool = False


class HoldPassed(Event):
    """No new harm was seen for as long as the policy wants. `since` is when the harm stopped growing."""

    since: AwareDatetime


class ImpactReturned(Event):
    """The harm is back. `relapse` counts those in RECOVERY, and is 0 before."""

    relapse: int


class MeasureSettled(Event):
    """The temporary measure of this number was undone, or somebody is assigned to it."""

    measure: int
    assignee: str | None = None
    due: date | None = None


def record(incident: Incident, command: RecordContainment, policy: Policy) -> Decision:
    """Keep what was done and what came of it."""
    if not command.action:
        return refuse(command, SaysNothing(what="containment action"))
    if command.since and command.since > command.at:
        return refuse(command, NotYet(given=command.since))
    done = ContainmentRecorded(
        at=command.at,
        actor=command.actor,
        action=command.action,
        result=command.result,
        since=command.since,
        estimated=command.estimated,
        is_temporary=command.is_temporary,
    )
    return accept(done, *passed(recorded(incident, done), command.at, policy))


def hold_due(incident: Incident, policy: Policy) -> datetime | None:
    """When the hold will have passed; None when nothing is contained, when it has, or when it does not matter any more."""
    if not incident.is_open or incident.phase is Phase.POSTMORTEM or incident.contained_at is None or incident.held_at:
        return None
    return incident.contained_at + timedelta(minutes=policy.severity(incident.severity).hold_minutes)


def end_hold(incident: Incident, command: EndHold, policy: Policy) -> Decision:
    """Record that it passed, if it still has."""
    if hold_due(incident, policy) != command.due:
        return accept()
    return accept(*passed(incident, command.at, policy))


def passed(incident: Incident, at: datetime, policy: Policy) -> tuple[HoldPassed, ...]:
    """That the hold has passed, if it has at this time and nothing has said so yet: a timer may be late, and nobody waits for
    it."""
    due = hold_due(incident, policy)
    if due is None or due > at or incident.contained_at is None:
        return ()
    return (HoldPassed(at=at, actor=SYSTEM, since=incident.contained_at),)


def standing(incident: Incident, at: datetime, policy: Policy) -> Incident:
    """The incident as it stands at this time, whether the timer of its hold has gone off or is late."""
    for event in passed(incident, at, policy):
        incident = held(incident, event)
    return incident


def report_return(incident: Incident, command: ReportReturn, policy: Policy) -> Decision:
    """The harm is back, if it was thought to be contained."""
    if incident.contained_at is None or incident.phase is Phase.POSTMORTEM:
        return refuse(command, NotContained(phase=incident.phase))
    relapse = incident.relapses + 1 if incident.phase is Phase.RECOVERY else 0
    return accept(ImpactReturned(at=command.at, actor=command.actor, relapse=relapse))


def settle(incident: Incident, command: SettleMeasure, policy: Policy) -> Decision:
    """Keep what becomes of it, if it is one and nobody has said so yet."""
    if command.measure not in incident.unsettled:
        return refuse(command, NothingToSettle())
    return accept(
        MeasureSettled(
            at=command.at,
            actor=command.actor,
            measure=command.measure,
            assignee=command.assignee,
            due=command.due if command.assignee else None,
        )
    )


def recorded(incident: Incident, event: ContainmentRecorded) -> Incident:
    """One more containment action is known. The hold starts with the first that holds, or when somebody says that it did; before
    the harm last came back it cannot have."""
    done = Containment(action=event.action, result=event.result, at=event.at, is_temporary=event.is_temporary)
    after = incident.but(containments=(*incident.containments, done))
    if not done.holds or (incident.contained_at and event.since is None):
        return after
    since = event.since or event.at
    return after.but(contained_at=max(since, incident.returned_at or since))


def held(incident: Incident, event: HoldPassed) -> Incident:
    """It counts as contained."""
    return incident.but(held_at=event.at)


def returned(incident: Incident, event: ImpactReturned) -> Incident:
    """What held has lapsed, and what was known of recovery counts no more."""
    lapsed = tuple(done.but(has_lapsed=done.has_lapsed or done.holds) for done in incident.containments)
    return incident.but(
        containments=lapsed,
        contained_at=None,
        held_at=None,
        returned_at=event.at,
        recovery=None,
        recovered_at=None,
        relapses=max(event.relapse, incident.relapses),
    )


def settled(incident: Incident, event: MeasureSettled) -> Incident:
    """It needs nobody's thought any more; what somebody was assigned is an action item."""
    done = incident.containments[event.measure - 1]
    measures = list(incident.containments)
    measures[event.measure - 1] = done.but(is_settled=True)
    after = incident.but(containments=tuple(measures))
    if event.assignee is None or event.due is None:
        return after
    item = ActionItem(
        what=f"Undo or replace: {done.action}",
        assignee=event.assignee,
        due=event.due,
        measure=event.measure,
        since=event.at,
        by=event.actor,
        added_by=event.actor,
        added_at=event.at,
        due_since=event.at,
    )
    return after.but(action_items=(*incident.action_items, item))


DECIDE = {
    RecordContainment: record,
    EndHold: end_hold,
    ReportReturn: report_return,
    SettleMeasure: settle,
}
EVOLVE = {
    ContainmentRecorded: recorded,
    HoldPassed: held,
    ImpactReturned: returned,
    MeasureSettled: settled,
}
