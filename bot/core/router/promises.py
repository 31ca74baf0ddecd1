"""Promises: the "next update by" time that an audience has read, and what came of it.

A promise is made when Slack accepts the update that states it, and ends when Slack accepts the next update to that audience: kept
when that is no later than a little grace after the time promised, late up to one interval after it, missed beyond. What goes out
as a note that the update is late keeps nothing. A promise comes sooner, never later.

Updates that wait (Slack is away) are overtaken by the next one, unless a person wrote them: afterwards an audience reads one
update that says what is true, not all those that were true.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.decision import SYSTEM, Command, Decision, Event, accept
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.promised import Promise, Tally, Unsent


class Outcome(StrEnum):
    """What came of a promise."""

    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"


class ConfirmUpdate(Command):
    """Slack accepted an update for the audience; `at` is when, and `permalink` where it stands in a channel. Of its people, those
    `unreached` could not be sent anything."""

    is_report = True

    audience: str
    update: int
    unreached: tuple[str, ...] = ()
    permalink: str | None = None


class PromiseMoved(Event):
    """The severity was raised, or the policy corrected: this audience hears sooner than it was told."""

    audience: str
    promised: AwareDatetime


class UpdateSent(Event):
    """Slack accepted the update that event `update` issued; `at` is when. Lateness is measured by it. If the audience had read of a
    promise `made` then and `due` then, `outcome` says what came of it, and `by` who sent the update, a person or Lockstep. Of its
    people, those `unreached` could not be sent anything. In a channel it stands at `permalink`, which earlier versions did not
    record."""

    audience: str
    update: int
    made: AwareDatetime | None = None
    due: AwareDatetime | None = None
    outcome: Outcome | None = None
    by: str | None = None
    unreached: tuple[str, ...] = ()
    permalink: str | None = None


def grace(promise: Promise, policy: Policy) -> timedelta:
    """How long after its time a promise still counts as kept: a share of its interval, and at least a little (domain, 8.2)."""
    share = (promise.due - promise.made) * policy.grace_percent / 100
    return max(timedelta(minutes=policy.grace_minutes), share)


def came_of(promise: Promise, sent: datetime, policy: Policy) -> Outcome:
    """What comes of a promise if the next update is accepted at this time."""
    if sent <= promise.due + grace(promise, policy):
        return Outcome.KEPT
    return Outcome.LATE if sent <= promise.due + (promise.due - promise.made) else Outcome.MISSED


def confirm(incident: Incident, command: ConfirmUpdate, policy: Policy) -> Decision:
    """Record when Slack accepted it, and what came of the promise that it was to keep."""
    promise = incident.promises.get(command.audience)
    sent = UpdateSent(
        at=command.at,
        actor=command.actor,
        audience=command.audience,
        update=command.update,
        unreached=command.unreached,
        permalink=command.permalink,
    )
    update = waiting(incident, command.update)
    if promise is None or update is None:
        return accept(sent)
    outcome = came_of(promise, command.at, policy)
    return accept(sent.but(made=promise.made, due=promise.due, outcome=outcome, by=update.by))


def waiting(incident: Incident, update: int) -> Unsent | None:
    """The update of this number, if Slack has not accepted it yet."""
    return next((one for one in incident.unsent if one.update == update), None)


def stale(incident: Incident, audience: str, at: datetime, policy: Policy) -> list[Unsent]:
    """The updates to this audience that have waited so long that the next one takes their place. What a person wrote is sent
    whatever comes after it."""
    long_ago = at - timedelta(minutes=policy.overtaken_after_minutes)
    return [one for one in incident.unsent if one.audience == audience and one.at <= long_ago and not one.is_written]


def balance(incident: Incident, at: datetime) -> Tally:
    """How many promises have come due until then, and how many of them were kept."""
    broken = sum(promise.due < at for promise in incident.promises.values())
    return Tally(due=incident.kept.due + broken, kept=incident.kept.kept)


def issued(incident: Incident, update: Unsent, overtaken: Iterable[int]) -> Incident:
    """One more update is on its way, instead of some that were."""
    gone = set(overtaken)
    return incident.but(unsent=(*(one for one in incident.unsent if one.update not in gone), update))


def sent(incident: Incident, event: UpdateSent) -> Incident:
    """The audience has read it: the promise before has ended, and the one that the update states is made."""
    incident = incident.but(unreached=tuple(dict.fromkeys([*incident.unreached, *event.unreached])))
    update = waiting(incident, event.update)
    if update is None:
        return incident
    promises = {name: promise for name, promise in incident.promises.items() if name != event.audience}
    if update.promised:
        promises[event.audience] = Promise(made=event.at, due=update.promised)
    kept, outcome = incident.kept, event.outcome
    if outcome:
        kept = Tally(due=kept.due + 1, kept=kept.kept + (outcome is Outcome.KEPT))
    left = tuple(one for one in incident.unsent if one.update != event.update)
    return incident.but(unsent=left, promises=dict(sorted(promises.items())), kept=kept)


def moved(incident: Incident, event: PromiseMoved) -> Incident:
    """What the audience was promised, or is about to be, comes sooner."""
    promises = {
        name: promise.but(due=min(promise.due, event.promised)) if name == event.audience else promise
        for name, promise in incident.promises.items()
    }
    unsent = tuple(
        one.but(promised=min(one.promised, event.promised)) if one.audience == event.audience and one.promised else one
        for one in incident.unsent
    )
    return incident.but(promises=promises, unsent=unsent)


def sender(actor: str, *, by_hand: bool) -> str:
    """Who sent an update: whoever wrote or chose it, or else Lockstep, though somebody's act was the occasion."""
    return actor if by_hand else SYSTEM


DECIDE = {ConfirmUpdate: confirm}
EVOLVE = {UpdateSent: sent}
