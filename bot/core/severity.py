"""Severity: how bad it is, by a name of the policy."""

from bot.core.decision import Command, Decision, Event, NotInPolicy, accept, refuse
from bot.core.incident import Incident
from bot.core.permissions import barred
from bot.core.policy import Act, Policy
from bot.core.value import Clean


class SetSeverity(Command):
    """The severity is `severity`, a name of the policy in any spelling of case."""

    severity: Clean


class SeverityChanged(Event):
    """The severity is another one from now on."""

    severity: str


def known(policy: Policy, name: str) -> str | NotInPolicy:
    """The policy's spelling of a severity's name, or why there is none."""
    names = tuple(severity.name for severity in policy.severities)
    found = next((known for known in names if known.casefold() == name.strip().casefold()), None)
    return found or NotInPolicy(what="severity", given=name, known=names)


def change(incident: Incident, command: SetSeverity, policy: Policy) -> Decision:
    """Set the severity to one the policy has. The one it has already changes nothing."""
    name = known(policy, command.severity)
    if isinstance(name, NotInPolicy):
        return refuse(command, name)
    if name == incident.severity:
        return accept()
    act = Act.RAISE if policy.is_raise(incident.severity, name) else Act.LOWER
    if incident.severity is not None and (refusal := barred(incident, command.actor, act, policy)):
        return refuse(command, refusal)
    return accept(SeverityChanged(at=command.at, actor=command.actor, severity=name))


def changed(incident: Incident, event: SeverityChanged) -> Incident:
    """It has this severity, and has had it."""
    return incident.but(severity=event.severity, severities=(*incident.severities, event.severity))


DECIDE = {SetSeverity: change}
EVOLVE = {SeverityChanged: changed}
