"""Prompts: whoever leads is asked when a phase takes long. All that people are asked without having asked (also for a commander, to
rest, and to lead fewer people) counts on one budget, so that asking does not become noise. A prompt never moves an incident on by
itself.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident, Phase, Prompt
from bot.core.policy import Policy

FOR_ONE = timedelta(minutes=5)
"""Nobody is asked twice within this time."""
FOR_ALL, AT_MOST = timedelta(minutes=10), 3
"""No incident asks more often than this within that time."""


class AskAboutPhase(Command):
    """The time has come at which the phase takes long."""

    is_report = True

    due: AwareDatetime


class SnoozePrompts(Command):
    """Not now: whoever leads knows."""


class PhaseTakesLong(Event):
    """This person was asked about the phase, which has lasted so long."""

    phase: Phase
    to: str


class PromptsSnoozed(Event):
    """Nobody is asked about the phase until then."""

    until: AwareDatetime


def asked(incident: Incident) -> str:
    """Who is asked: the incident commander, or else whoever declared it."""
    return incident.commander.user if incident.commander else incident.declared_by


def phase_due(incident: Incident, policy: Policy) -> datetime | None:
    """When whoever leads is asked about the phase next; None when never."""
    pace = policy.pace_of(incident.phase, incident.severity)
    if not incident.is_open or pace is None:
        return None
    due = incident.phase_since + timedelta(minutes=pace.after_minutes)
    if incident.asked_at and incident.asked_at >= incident.phase_since:
        if pace.then_every_minutes is None:
            return None
        due = incident.asked_at + timedelta(minutes=pace.then_every_minutes)
    if incident.snoozed_until:
        due = max(due, incident.snoozed_until)
    return within_budget(incident, asked(incident), due)


def within_budget(incident: Incident, person: str, due: datetime) -> datetime:
    """The first time, from `due` on, at which this person (NOBODY: the room) may be asked."""
    latest = max((one.at for one in incident.prompts if one.to == person), default=None)
    if latest:
        due = max(due, latest + FOR_ONE)
    if len(incident.prompts) >= AT_MOST:
        due = max(due, incident.prompts[-AT_MOST].at + FOR_ALL)
    return due


def ask(incident: Incident, command: AskAboutPhase, policy: Policy) -> Decision:
    """Ask, if this is still due."""
    if phase_due(incident, policy) != command.due:
        return accept()
    return accept(PhaseTakesLong(at=command.at, actor=command.actor, phase=incident.phase, to=asked(incident)))


def snooze(incident: Incident, command: SnoozePrompts, policy: Policy) -> Decision:
    """Let it rest for as long as the policy says."""
    until = command.at + timedelta(minutes=policy.snooze_minutes)
    return accept(PromptsSnoozed(at=command.at, actor=command.actor, until=until))


def prompted(incident: Incident, person: str, at: datetime) -> Incident:
    """This person was asked something: it counts on the budget."""
    return incident.but(prompts=(*incident.prompts, Prompt(to=person, at=at))[-AT_MOST:])


DECIDE = {AskAboutPhase: ask, SnoozePrompts: snooze}
EVOLVE = {
    PhaseTakesLong: lambda incident, event: prompted(incident, event.to, event.at).but(asked_at=event.at),
    PromptsSnoozed: lambda incident, event: incident.but(snoozed_until=event.until),
}
