"""Severity: how bad it is, by a name of the policy.

Two questions give it, so that nobody has to argue at night. Anybody raises it at once; it is lowered with a reason, one level at a
time, by whom the policy lets, and not before it is known how bad it is. Who was told at a worse one stays told.
"""

from datetime import timedelta

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident, Phase
from bot.core.permissions import barred
from bot.core.policy import Policy
from bot.core.policy_parts import Act, Loss, Who
from bot.core.refusal import LoweredTooFar, LoweredTooSoon, NotInPolicy, Refusal, SaysNothing
from bot.core.value import Clean, Typed

WHY_LOWER = "why it is lower"
"""What is missing when it is lowered without a reason."""


class SetSeverity(Command):
    """The severity is `severity`, a name of the policy in any spelling of case. `reason` is why it is lowered."""

    severity: Clean
    reason: Typed | None = None


class AssessSeverity(Command):
    """So many are affected, and this is what they cannot do: that gives the severity. `reason` is why it is lowered."""

    who: Who
    loss: Loss
    reason: Typed | None = None


class SeverityChanged(Event):
    """The severity is another one from now on. `who` and `loss` are the answers that gave it, if it was asked; `is_lowered`: it is
    milder than the one before, and `reason` says why."""

    severity: str
    who: Who | None = None
    loss: Loss | None = None
    is_lowered: bool = False
    reason: Typed | None = None


def known(policy: Policy, name: str) -> str | NotInPolicy:
    """The policy's spelling of a severity's name, or why there is none."""
    names = tuple(severity.name for severity in policy.severities)
    found = next((known for known in names if known.casefold() == name.strip().casefold()), None)
    return found or NotInPolicy(what="severity", given=name, known=names)


def change(incident: Incident, command: SetSeverity, policy: Policy) -> Decision:
    """Set the severity to one the policy has. The one it has already changes nothing."""
    name = known(policy, command.severity)
    return refuse(command, name) if isinstance(name, NotInPolicy) else _change(incident, command, name, policy)


def assess(incident: Incident, command: AssessSeverity, policy: Policy) -> Decision:
    """Set the severity that the two answers give."""
    return _change(incident, command, policy.assess(command.who, command.loss), policy)


def _change(incident: Incident, command: SetSeverity | AssessSeverity, name: str, policy: Policy) -> Decision:
    if name == incident.severity:
        return accept()
    if refusal := _barred(incident, command, name, policy):
        return refuse(command, refusal)
    who, loss = (command.who, command.loss) if isinstance(command, AssessSeverity) else (None, None)
    lower = is_lower(incident, name, policy)
    reason = command.reason if lower else None
    return accept(
        SeverityChanged(
            at=command.at, actor=command.actor, severity=name, who=who, loss=loss, is_lowered=lower, reason=reason
        )
    )


def is_lower(incident: Incident, name: str, policy: Policy) -> bool:
    """Whether this severity is milder than the one that somebody has set."""
    return incident.severity is not None and not policy.is_raise(incident.severity, name)


def _barred(incident: Incident, command: SetSeverity | AssessSeverity, name: str, policy: Policy) -> Refusal | None:
    """Why the severity does not become this one, if so. One that nobody has set yet can be set to any."""
    if incident.severity is None:
        return None
    if not is_lower(incident, name, policy):
        return barred(incident, command.actor, Act.RAISE, policy)
    if refusal := barred(incident, command.actor, Act.LOWER, policy):
        return refusal
    if incident.phase is Phase.DETECTION:
        return LoweredTooSoon()
    if not command.reason:
        return SaysNothing(what=WHY_LOWER)
    pause = timedelta(minutes=policy.lower_once_in_minutes)
    if pause and policy.rank(name) > policy.rank(incident.severity) + 1:
        return LoweredTooFar(next=policy.severities[policy.rank(incident.severity)].name)
    if pause and incident.lowered_at and command.at < incident.lowered_at + pause:
        return LoweredTooSoon(again=incident.lowered_at + pause)
    return None


def peak(incident: Incident, policy: Policy) -> str | None:
    """The worst severity it has ever had, as the policy ranks them; None while none was set. What the policy does not know does
    not count."""
    names = [severity.name for severity in policy.severities]
    had = [name for name in incident.severities if name in names]
    return min(had, key=names.index, default=None)


def initial(incident: Incident) -> str | None:
    """The first severity that was set; None while none was."""
    return next((name for name in incident.severities if name is not None), None)


def changed(incident: Incident, event: SeverityChanged) -> Incident:
    """It has this severity, and has had it."""
    lowered = event.at if event.is_lowered else incident.lowered_at
    severities = (*incident.severities, event.severity)
    return incident.but(severity=event.severity, severities=severities, lowered_at=lowered)


DECIDE = {SetSeverity: change, AssessSeverity: assess}
EVOLVE = {SeverityChanged: changed}
