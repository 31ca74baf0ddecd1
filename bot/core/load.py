"""How much one person carries: too many who report to them (R9), too long in a role (R13). Both only say so, in the room; what is
refused because of it is said in `duties.py`.

Once service is restored nobody is hurried any more: what was not asked until then is not asked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.duties import OPERATIONS, span
from bot.core.incident import COMMANDER, Incident, Phase, Seat, Status
from bot.core.policy import Policy
from bot.core.prompts import prompted, within_budget
from bot.core.refusal import NotYours


class WarnOfSpan(Command):
    """As many report to whoever has this role as one person can lead."""

    is_report = True

    role: str
    due: AwareDatetime


class ProposeRest(Command):
    """Somebody has had this role for long."""

    is_report = True

    role: str
    due: AwareDatetime


class SnoozeRest(Command):
    """The holder of the role goes on, and is asked again later."""

    role: str


class SpanReached(Event):
    """So many report directly to `user`, who has the role. Said once. `is_prompt`: it counts on the budget of prompts, as it did
    not in earlier versions."""

    role: str
    user: str
    reports: int
    is_prompt: bool = False


class RestProposed(Event):
    """`user` has had the role since then, and is asked to hand it over; asked again at `again`. `insists`: it is too long.
    `is_prompt`: it counts on the budget of prompts, as it did not in earlier versions."""

    role: str
    user: str
    since: AwareDatetime
    again: AwareDatetime
    insists: bool
    is_prompt: bool = False


class RestSnoozed(Event):
    """The holder goes on, and is asked again at this time."""

    role: str
    again: AwareDatetime


def _is_under_way(incident: Incident) -> bool:
    return incident.is_open and incident.phase is not Phase.POSTMORTEM


def full_spans(incident: Incident, policy: Policy) -> Mapping[str, datetime]:
    """From when on whoever has a role is to be told that so many report to them, by the role; without those who were told."""
    if not _is_under_way(incident):
        return {}
    return {
        role: within_budget(incident, incident.seats[role].user, _since(incident))
        for role in (COMMANDER, OPERATIONS)
        if role not in incident.spans_told and len(span(incident, role)) >= policy.reports_before_warning
    }


def _since(incident: Incident) -> datetime:
    """When the last of those with something to do came to it."""
    tests = [one.since for one in incident.hypotheses if one.status in (Status.READY, Status.TESTING)]
    return max([*(seat.since for seat in incident.seats.values()), *tests])


def warn(incident: Incident, command: WarnOfSpan, policy: Policy) -> Decision:
    """Say it, once, if it is still so."""
    if full_spans(incident, policy).get(command.role) != command.due:
        return accept()
    reached = SpanReached(
        at=command.at,
        actor=command.actor,
        role=command.role,
        user=incident.seats[command.role].user,
        reports=len(span(incident, command.role)),
        is_prompt=True,
    )
    return accept(reached)


def rests(incident: Incident, policy: Policy) -> Mapping[str, datetime]:
    """When each holder of a role is next asked to hand it over, by the role."""
    after = policy.rest_after_minutes
    if not _is_under_way(incident) or after == "never":
        return {}
    due = {role: seat.ask_again or seat.since + timedelta(minutes=after) for role, seat in incident.seats.items()}
    return {role: within_budget(incident, incident.seats[role].user, at) for role, at in due.items()}


def propose_rest(incident: Incident, command: ProposeRest, policy: Policy) -> Decision:
    """Ask, if this is still due; and again when it is too long, from then on every hour or so."""
    if rests(incident, policy).get(command.role) != command.due:
        return accept()
    seat = incident.seats[command.role]
    too_long = seat.since + timedelta(minutes=policy.insist_on_rest_after_minutes)
    proposed = RestProposed(
        at=command.at,
        actor=command.actor,
        role=command.role,
        user=seat.user,
        since=seat.since,
        again=too_long if command.at < too_long else _later(command, policy),
        insists=command.at >= too_long,
        is_prompt=True,
    )
    return accept(proposed)


def snooze(incident: Incident, command: SnoozeRest, policy: Policy) -> Decision:
    """Ask the holder again later: only they say that they can go on."""
    seat = incident.seats.get(command.role)
    if seat is None or seat.user != command.actor:
        return refuse(command, NotYours(what="reminder", role=command.role, user=seat.user if seat else None))
    if seat.ask_again is None or not _is_under_way(incident):
        return accept()
    return accept(RestSnoozed(at=command.at, actor=command.actor, role=command.role, again=_later(command, policy)))


def _later(command: Command, policy: Policy) -> datetime:
    return command.at + timedelta(minutes=policy.ask_for_rest_again_after_minutes)


def snoozed(incident: Incident, event: RestProposed | RestSnoozed) -> Incident:
    """The holder is asked again at this time."""
    seat: Seat = incident.seats[event.role].but(ask_again=event.again)
    return incident.but(seats={**incident.seats, event.role: seat})


def asked(incident: Incident, event: RestProposed) -> Incident:
    """The holder was asked."""
    after = snoozed(incident, event)
    return prompted(after, event.user, event.at) if event.is_prompt else after


def warned(incident: Incident, event: SpanReached) -> Incident:
    """The holder was told."""
    after = incident.but(spans_told=(*incident.spans_told, event.role))
    return prompted(after, event.user, event.at) if event.is_prompt else after


DECIDE = {WarnOfSpan: warn, ProposeRest: propose_rest, SnoozeRest: snooze}
EVOLVE = {
    SpanReached: warned,
    RestProposed: asked,
    RestSnoozed: snoozed,
}
