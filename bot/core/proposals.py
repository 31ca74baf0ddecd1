"""Decisions that people put to the room: "any strong objections?", not "does everyone agree?" (R10). Without an objection in time
the decision stands; with one it is talked over."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident, Objection, Proposal
from bot.core.policy import Policy
from bot.core.refusal import SaysNothing, Settled
from bot.core.value import Typed


class ProposeDecision(Command):
    """This is decided, unless somebody objects."""

    text: Typed


class ObjectToDecision(Command):
    """Whoever asks objects to the decision of this number. LookupError where there is none."""

    proposal: int
    why: Typed


class LetDecisionStand(Command):
    """The time for objections has passed."""

    is_report = True

    proposal: int
    due: AwareDatetime


class DecisionProposed(Event):
    """A decision, with its number, and until when somebody may object."""

    proposal: int
    text: Typed
    until: AwareDatetime


class DecisionObjectedTo(Event):
    """Somebody objects: the decision does not stand."""

    proposal: int
    why: Typed


class DecisionStood(Event):
    """Nobody objected in time: it is decided."""

    proposal: int


def propose(incident: Incident, command: ProposeDecision, policy: Policy) -> Decision:
    """Put it to the room, when it says something."""
    if not command.text:
        return refuse(command, SaysNothing(what="decision"))
    return accept(
        DecisionProposed(
            at=command.at,
            actor=command.actor,
            proposal=len(incident.proposals) + 1,
            text=command.text,
            until=command.at + timedelta(seconds=policy.object_within_seconds),
        )
    )


def object_to(incident: Incident, command: ObjectToDecision, policy: Policy) -> Decision:
    """Keep the objection, for a stated reason. What was objected to can be objected to by others until the time has passed, and
    what stands by nobody any more."""
    one = incident.proposal(command.proposal)
    if not command.why:
        return refuse(command, SaysNothing(what="objection"))
    if one.stands or (one.objections and command.at > one.until):
        return refuse(command, Settled(proposal=one.number, stands=one.stands, until=one.until))
    if any(objection.user == command.actor for objection in one.objections):
        return accept()
    return accept(DecisionObjectedTo(at=command.at, actor=command.actor, proposal=one.number, why=command.why))


def windows(incident: Incident, policy: Policy) -> Mapping[str, datetime]:
    """When each decision that nobody objected to stands, by its number."""
    return {str(one.number): one.until for one in incident.pending} if incident.is_open else {}


def let_stand(incident: Incident, command: LetDecisionStand, policy: Policy) -> Decision:
    """Let it stand, if nobody objected."""
    if windows(incident, policy).get(str(command.proposal)) != command.due:
        return accept()
    return accept(DecisionStood(at=command.at, actor=command.actor, proposal=command.proposal))


def proposed(incident: Incident, event: DecisionProposed) -> Incident:
    """One more is before the room."""
    new = Proposal(number=event.proposal, text=event.text, by=event.actor, until=event.until)
    return incident.but(proposals=(*incident.proposals, new))


def objected_to(incident: Incident, event: DecisionObjectedTo) -> Incident:
    """Somebody objects."""
    one = incident.proposal(event.proposal)
    return _changed(incident, one.but(objections=(*one.objections, Objection(user=event.actor, why=event.why))))


def _changed(incident: Incident, new: Proposal) -> Incident:
    return incident.but(proposals=tuple(new if one.number == new.number else one for one in incident.proposals))


DECIDE = {ProposeDecision: propose, ObjectToDecision: object_to, LetDecisionStand: let_stand}
EVOLVE = {
    DecisionProposed: proposed,
    DecisionObjectedTo: objected_to,
    DecisionStood: lambda incident, event: _changed(incident, incident.proposal(event.proposal).but(stands=True)),
}
