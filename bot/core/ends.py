"""How an incident ends before its time: cancelled, since there is nothing to do, or merged into another that is about the same."""

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Cause, End, Incident, Phase
from bot.core.lifecycle import IncidentClosed
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import CannotMerge, HarmFought, Refusal, TooLate
from bot.core.value import Typed

CANCELLED_IN = (Phase.DETECTION, Phase.TRIAGE)
"""The phases in which an incident can be cancelled. Later ones are for harm that was real: from there it walks on to its close."""


class CancelIncident(Command):
    """There is nothing to do, for this reason, and in these words if there is more to say."""

    act = Act.CANCEL

    cause: Cause
    words: Typed = ""


class MergeIncident(Command):
    """It is the same as incident `into`, which goes on. `survivor` is that one as it stands, or the one that it was merged into
    itself: there are no chains."""

    act = Act.MERGE

    into: int
    survivor: Incident | None = None


class IncidentCancelled(Event):
    """It is over, since there is nothing to do."""

    cause: Cause
    words: Typed = ""


class IncidentMerged(Event):
    """It is over, since it goes on as incident `into`, in whose room, `channel`, everything else is said."""

    into: int
    channel: str | None


ENDS: tuple[type[Event], ...] = (IncidentClosed, IncidentCancelled, IncidentMerged)
"""Every kind of event after which an incident is over."""


def cancel(incident: Incident, command: CancelIncident, policy: Policy) -> Decision:
    """End it as long as nothing was done to any system."""
    if incident.phase not in CANCELLED_IN:
        return refuse(command, _too_late(incident))
    if incident.containments:
        return refuse(command, HarmFought(at=incident.containments[0].at))
    return accept(IncidentCancelled(at=command.at, actor=command.actor, cause=command.cause, words=command.words))


def can_be_cancelled(incident: Incident) -> bool:
    """Whether it stands where somebody may cancel it."""
    return incident.is_open and incident.phase in CANCELLED_IN and not incident.containments


def merge(incident: Incident, command: MergeIncident, policy: Policy) -> Decision:
    """End it in favour of the survivor, which must be another one, open, and a drill or private only if this is so too."""
    assert command.survivor is not None, "the service says which one goes on"
    if incident.phase is Phase.POSTMORTEM:
        return refuse(command, _too_late(incident))
    if refusal := _unfit(incident, command.survivor):
        return refuse(command, refusal)
    room = command.survivor.room
    return accept(
        IncidentMerged(
            at=command.at,
            actor=command.actor,
            into=command.survivor.number,
            channel=room.channel if room else None,
        )
    )


def can_be_merged(incident: Incident) -> bool:
    """Whether it stands where somebody may merge it into another."""
    return incident.is_open and incident.phase is not Phase.POSTMORTEM


def _unfit(incident: Incident, survivor: Incident) -> Refusal | None:
    """Why it cannot be merged into this one, if so."""
    if survivor.number == incident.number:
        return CannotMerge(into=survivor.number, because="itself")
    if not survivor.is_open:
        return CannotMerge(into=survivor.number, because="over")
    if survivor.is_drill is not incident.is_drill:
        return CannotMerge(into=survivor.number, because="drill")
    if survivor.is_private is not incident.is_private:
        return CannotMerge(into=survivor.number, because="private")
    return None


def _too_late(incident: Incident) -> TooLate:
    return TooLate(phase=incident.phase, since=incident.phase_since, by=incident.phase_by)


def cancelled(incident: Incident, event: IncidentCancelled) -> Incident:
    """It is over."""
    return incident.but(end=End.CANCELLED, ended_at=event.at, cause=event.cause, undrafted_until={})


def merged(incident: Incident, event: IncidentMerged) -> Incident:
    """It is over, and goes on elsewhere."""
    return incident.but(end=End.MERGED, ended_at=event.at, into=event.into, undrafted_until={})


DECIDE = {CancelIncident: cancel, MergeIncident: merge}
EVOLVE = {IncidentCancelled: cancelled, IncidentMerged: merged}
