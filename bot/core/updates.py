"""The communication router's rules: who is owed an update, when, and what it says. The sentences are drawn elsewhere.

A promise is the "next update by" time an audience was given. Severity says how soon the first update is owed and how often the
next ones; a phase change, a severity that becomes known and the close are told at once. One command sends at most one update
to an audience.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, SaysNothing, accept, refuse
from bot.core.incident import Incident, Phase, Told
from bot.core.policy import Policy
from bot.core.value import Typed


class Occasion(StrEnum):
    """Why an update goes out."""

    FIRST = "first"
    DUE = "due"
    PHASE = "phase"
    WRITTEN = "written"
    CLOSE = "close"


class SendUpdate(Command):
    """A person tells every audience this."""

    text: Typed


class KeepPromise(Command):
    """The time has come at which this audience was to hear from us."""

    is_report = True

    audience: str
    due: AwareDatetime


class ConfirmUpdate(Command):
    """Slack accepted an update for the audience; `at` is when."""

    is_report = True

    audience: str
    update: int


class UpdateIssued(Event):
    """An update to one audience, with all that it says: the phase, the impact as known, since when, the words a person wrote
    (None: composed from the record), and the promise of the next. `to_channel`: shown in the channel too, not only in the
    thread."""

    audience: str
    occasion: Occasion
    phase: Phase
    since: AwareDatetime
    severity: str | None
    promised: AwareDatetime | None
    to_channel: bool
    impact: Typed | None = None
    text: Typed | None = None


class PromiseMoved(Event):
    """The severity was raised: this audience hears sooner than it was told."""

    audience: str
    promised: AwareDatetime


class UpdateSent(Event):
    """Slack accepted the update that event `update` issued; `at` is when. Lateness is measured by it."""

    audience: str
    update: int


def owed(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """When each audience is to hear from us next. Empty once service is restored or the incident is over."""
    if not incident.is_open or incident.phase is Phase.POSTMORTEM:
        return {}
    due = {audience: told.promised for audience, told in incident.told.items() if told.promised}
    first = incident.declared_at + policy.severity(incident.severity).first
    return dict.fromkeys(policy.hearing(incident.severity), first) | due


def listeners(incident: Incident, policy: Policy) -> list[str]:
    """Every audience that hears of this incident: those of its severity and those that were told before."""
    return list(dict.fromkeys([*policy.hearing(incident.severity), *incident.told]))


def send(incident: Incident, command: SendUpdate, policy: Policy) -> Decision:
    """Tell everyone what the person wrote, and reset the clock."""
    if not command.text:
        return refuse(command, SaysNothing(what="update"))
    return accept(
        *(
            issue(incident, audience, Occasion.WRITTEN, command, policy, text=command.text)
            for audience in listeners(incident, policy)
        )
    )


def keep_promise(incident: Incident, command: KeepPromise, policy: Policy) -> Decision:
    """Send what the record says, if this promise still stands; it may have been kept or moved in the meantime."""
    if owed(incident, policy).get(command.audience) != command.due:
        return accept()
    occasion = Occasion.DUE if command.audience in incident.told else Occasion.FIRST
    return accept(issue(incident, command.audience, occasion, command, policy))


def confirm(incident: Incident, command: ConfirmUpdate, policy: Policy) -> Decision:
    """Record when Slack accepted it."""
    return accept(UpdateSent(at=command.at, actor=command.actor, audience=command.audience, update=command.update))


def follow(
    before: Incident | None, after: Incident, events: Sequence[Event], command: Command, policy: Policy
) -> list[Event]:
    """The updates and promises that a command's events entail, after all of them."""
    if any(isinstance(event, UpdateIssued) for event in events):
        return []
    if not after.is_open:
        closed_now = before is not None and before.is_open
        return [issue(after, told, Occasion.CLOSE, command, policy) for told in after.told] if closed_now else []
    if before is not None and before.phase is not after.phase:
        return [issue(after, name, Occasion.PHASE, command, policy) for name in listeners(after, policy)]
    return _on_severity(before, after, events, command, policy)


def _on_severity(
    before: Incident | None, after: Incident, events: Sequence[Event], command: Command, policy: Policy
) -> list[Event]:
    """A severity that became known or changed: who was not told yet hears at once, who was hears sooner when it is worse."""
    if after.severity is None or (before is not None and before.severity == after.severity):
        return []
    hearing = policy.hearing(after.severity)
    first = [issue(after, name, Occasion.FIRST, command, policy) for name in hearing if name not in after.told]
    raised = before is not None and policy.is_raise(before.severity, after.severity)
    sooner = command.at + policy.severity(after.severity).every
    moved = [
        PromiseMoved(at=command.at, actor=command.actor, audience=name, promised=sooner)
        for name, told in after.told.items()
        if raised and told.promised and told.promised > sooner
    ]
    return [*first, *moved]


def issue(
    incident: Incident, audience: str, occasion: Occasion, command: Command, policy: Policy, text: str | None = None
) -> UpdateIssued:
    """The update this audience gets now, as the record stands. No next time is promised once service is restored."""
    severity = policy.severity(incident.severity)
    goes_on = incident.is_open and incident.phase is not Phase.POSTMORTEM
    worst = policy.severities[0].name
    return UpdateIssued(
        at=command.at,
        actor=command.actor,
        audience=audience,
        occasion=occasion,
        phase=incident.phase,
        since=incident.declared_at,
        severity=incident.severity,
        promised=whole_minute(command.at + severity.every) if goes_on else None,
        to_channel=occasion in (Occasion.PHASE, Occasion.CLOSE) or incident.severity == worst,
        impact=incident.impact,
        text=text,
    )


def whole_minute(at: datetime) -> datetime:
    """The full minute before a time: what people read as 14:05 is kept by 14:05:00."""
    return at - timedelta(seconds=at.second, microseconds=at.microsecond)


def issued(incident: Incident, event: UpdateIssued) -> Incident:
    """The audience was told, and has a promise."""
    updates = incident.told[event.audience].updates if event.audience in incident.told else 0
    return _tell(incident, event.audience, Told(updates=updates + 1, last=event.at, promised=event.promised))


def moved(incident: Incident, event: PromiseMoved) -> Incident:
    """The audience hears sooner."""
    return _tell(incident, event.audience, incident.told[event.audience].but(promised=event.promised))


def _tell(incident: Incident, audience: str, told: Told) -> Incident:
    """By name, so that the order is the same whether the state was folded or read from a snapshot."""
    return incident.but(told=dict(sorted({**incident.told, audience: told}.items())))


DECIDE = {SendUpdate: send, KeepPromise: keep_promise, ConfirmUpdate: confirm}
EVOLVE = {UpdateIssued: issued, PromiseMoved: moved, UpdateSent: lambda incident, event: incident}
