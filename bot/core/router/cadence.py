"""How often an audience hears: what the policy says for it and the severity, less often in some phases, and less often once a long
incident was stretched. Pure: what is promised follows from the incident, the policy and the time.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident, Phase
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.promised import Stretch
from bot.core.refusal import AlreadyStretched, NotLongYet


class StretchCadence(Command):
    """The incident lasts: let its audiences hear less often. `is_on` is False: as often as before, from now on."""

    act = Act.STRETCH

    is_on: bool = True


class CadenceStretched(Event):
    """From `since` on audiences hear at intervals so many `times` as long; 1: as the policy has it. No promise was put off."""

    since: AwareDatetime
    times: int


def every(incident: Incident, audience: str, policy: Policy, at: datetime) -> timedelta | None:
    """How long after an update of this moment the next one is promised; None: with the next phase. While the harm is back, no phase
    makes it longer."""
    usual = policy.cadence(audience, incident.severity).every
    if usual is None:
        return None
    slower = 1 if incident.is_back else policy.slower(incident.phase)
    return usual * slower * stretch_at(incident, at)


def stretch_at(incident: Incident, at: datetime) -> int:
    """How many times as long intervals are at this moment, because the incident lasts."""
    return incident.stretch.times if incident.stretch and at >= incident.stretch.since else 1


def stretch(incident: Incident, command: StretchCadence, policy: Policy) -> Decision:
    """Stretch the intervals, not before the incident has lasted so long; nobody decides that while it is young (domain, 1.3)."""
    may_decide = incident.declared_at + timedelta(minutes=policy.stretch_not_before_minutes)
    if command.is_on and command.at < may_decide:
        return refuse(command, NotLongYet(again=may_decide))
    if incident.phase is Phase.POSTMORTEM or command.is_on is (incident.stretch is not None):
        return refuse(command, AlreadyStretched(is_on=incident.stretch is not None))
    begins = incident.declared_at + timedelta(minutes=policy.stretch_after_minutes)
    since = max(command.at, begins) if command.is_on else command.at
    times = policy.stretch_times if command.is_on else 1
    return accept(CadenceStretched(at=command.at, actor=command.actor, since=since, times=times))


def stretched(incident: Incident, event: CadenceStretched) -> Incident:
    """The intervals are longer from then on, or as they were."""
    return incident.but(stretch=Stretch(since=event.since, times=event.times) if event.times > 1 else None)


DECIDE = {StretchCadence: stretch}
EVOLVE = {CadenceStretched: stretched}
