"""The hypothesis tracker: an idea of what is wrong, where, its test, and how it turns out. `evidence.py` has what speaks for it.

Moves: proposed or parked → testing or parked; testing → confirmed, refuted or parked. Confirmed and refuted are final. Who
confirms or refutes what was not under test has tested it just then: both are recorded, one after the other.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.core.decision import Command, Concluded, Decision, Event, NotInPolicy, SaysNothing, accept, refuse
from bot.core.duties import is_solo, kept_apart, span_full
from bot.core.incident import Hypothesis, Incident, Side, Status, Thread
from bot.core.policy import Policy
from bot.core.value import Typed


class ProposeHypothesis(Command):
    """This may be what is wrong, at this boundary of the system map if one is named."""

    statement: Typed
    boundary: str | None = None


class OfHypothesis(Command):
    """A command about one hypothesis, by its number. LookupError where there is none."""

    hypothesis: int


class PlaceHypothesis(OfHypothesis):
    """The fault is thought to lie at this boundary."""

    boundary: str


class StartTest(OfHypothesis):
    """Whoever asks tests it from now on. `present` is how many people are in the room (None: not known)."""

    present: int | None = None


class ParkHypothesis(OfHypothesis):
    """It is set aside for now."""


class ConcludeHypothesis(OfHypothesis):
    """It is confirmed or refuted, and this is what shows it."""

    result: Side
    why: Typed


class BindThread(OfHypothesis):
    """Slack shows it: the thread is here."""

    is_report = True

    channel: str
    ts: str
    permalink: str | None = None


class HypothesisProposed(Event):
    """A new hypothesis, with its number."""

    hypothesis: int
    statement: Typed
    boundary: str | None


class HypothesisPlaced(Event):
    """It is about this boundary from now on."""

    hypothesis: int
    boundary: str


class HypothesisPosted(Event):
    """It has its thread."""

    hypothesis: int
    channel: str
    ts: str
    permalink: str | None = None


class TestStarted(Event):
    """It is under test, by `assignee`. `solo`: they lead as well."""

    __test__ = False

    hypothesis: int
    assignee: str
    solo: bool = False


class HypothesisParked(Event):
    """It is set aside."""

    hypothesis: int


class HypothesisConfirmed(Event):
    """It is true; `why` says what shows it."""

    hypothesis: int
    why: Typed


class HypothesisRefuted(Event):
    """It is not true; `why` says what shows it."""

    hypothesis: int
    why: Typed


def propose(incident: Incident, command: ProposeHypothesis, policy: Policy) -> Decision:
    """Keep it when it says something. Without a boundary it gets the one whose name stands in it, if there is exactly one."""
    if not command.statement:
        return refuse(command, SaysNothing(what="hypothesis"))
    if command.boundary and (unknown := _unknown_boundary(command.boundary, policy)):
        return refuse(command, unknown)
    return accept(
        HypothesisProposed(
            at=command.at,
            actor=command.actor,
            hypothesis=len(incident.hypotheses) + 1,
            statement=command.statement,
            boundary=command.boundary or _named_in(command.statement, policy),
        )
    )


def place(incident: Incident, command: PlaceHypothesis, policy: Policy) -> Decision:
    """Set the boundary to one the map has."""
    if unknown := _unknown_boundary(command.boundary, policy):
        return refuse(command, unknown)
    if incident.hypothesis(command.hypothesis).boundary == command.boundary:
        return accept()
    placed = HypothesisPlaced(
        at=command.at, actor=command.actor, hypothesis=command.hypothesis, boundary=command.boundary
    )
    return accept(placed)


def start_test(incident: Incident, command: StartTest, policy: Policy) -> Decision:
    """Put it under test by whoever asks, or hand a running test to them; not once it has turned out, and not by whoever leads
    where others can do it."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.status is Status.TESTING and one.assignee == command.actor:
        return accept()
    if apart := kept_apart(incident, command.actor, command.present, policy, hypothesis=one.number):
        return refuse(command, apart)
    if one.status is not Status.TESTING and (full := span_full(incident, command.actor, policy)):
        return refuse(command, full)
    return accept(_test_started(incident, command))


def park(incident: Incident, command: ParkHypothesis, policy: Policy) -> Decision:
    """Set it aside, unless it has turned out."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if one.status is Status.PARKED:
        return accept()
    return accept(HypothesisParked(at=command.at, actor=command.actor, hypothesis=one.number))


def conclude(incident: Incident, command: ConcludeHypothesis, policy: Policy) -> Decision:
    """Confirm or refute it, for a stated reason. What was not under test is taken as tested by whoever asks, just now: also when
    they lead, since to record what was found is not to look for it."""
    one = incident.hypothesis(command.hypothesis)
    if not command.why:
        return refuse(command, SaysNothing(what="what shows it"))
    if not one.status.is_open:
        return refuse(command, concluded(one))
    kind = HypothesisConfirmed if command.result is Side.FOR else HypothesisRefuted
    ending = kind(at=command.at, actor=command.actor, hypothesis=one.number, why=command.why)
    return accept(*(() if one.status is Status.TESTING else (_test_started(incident, command),)), ending)


def bind_thread(incident: Incident, command: BindThread, policy: Policy) -> Decision:
    """Remember where its thread is."""
    thread = Thread(channel=command.channel, ts=command.ts, permalink=command.permalink)
    if incident.hypothesis(command.hypothesis).thread == thread:
        return accept()
    return accept(
        HypothesisPosted(
            at=command.at,
            actor=command.actor,
            hypothesis=command.hypothesis,
            channel=command.channel,
            ts=command.ts,
            permalink=command.permalink,
        )
    )


def _test_started(incident: Incident, command: OfHypothesis) -> TestStarted:
    return TestStarted(
        at=command.at,
        actor=command.actor,
        hypothesis=command.hypothesis,
        assignee=command.actor,
        solo=is_solo(incident, command.actor),
    )


def concluded(one: Hypothesis) -> Concluded:
    """The refusal for a hypothesis that has turned out."""
    return Concluded(hypothesis=one.number, status=one.status, since=one.since, by=one.by)


def _unknown_boundary(id: str, policy: Policy) -> NotInPolicy | None:
    known = tuple(boundary.id for boundary in policy.boundaries)
    return None if id in known else NotInPolicy(what="boundary", given=id, known=known)


def _named_in(statement: str, policy: Policy) -> str | None:
    """The one boundary whose name or id stands in the statement as words of its own; of two names, one in the other, the longer."""
    found = {
        name.casefold(): one.id
        for one in policy.boundaries
        for name in (one.name, one.id)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", statement, re.IGNORECASE)
    }
    longest = {id for name, id in found.items() if not any(name != other and name in other for other in found)}
    return longest.pop() if len(longest) == 1 else None


def proposed(incident: Incident, event: HypothesisProposed) -> Incident:
    """One more is proposed."""
    new = Hypothesis(
        number=event.hypothesis,
        statement=event.statement,
        boundary=event.boundary,
        status=Status.PROPOSED,
        since=event.at,
        by=event.actor,
        proposed_by=event.actor,
    )
    return incident.but(hypotheses=(*incident.hypotheses, new))


def changed(incident: Incident, number: int, **changes: Any) -> Incident:
    """The incident with this hypothesis changed."""
    before = incident.hypothesis(number)
    new = before.but(**changes)
    return incident.but(hypotheses=tuple(new if one is before else one for one in incident.hypotheses))


def _stands(status: Status) -> Callable[[Incident, Any], Incident]:
    """An evolve function: it has this status."""

    def evolve(incident: Incident, event: Any) -> Incident:
        assignee = getattr(event, "assignee", incident.hypothesis(event.hypothesis).assignee)
        why = getattr(event, "why", None)
        return changed(
            incident, event.hypothesis, status=status, since=event.at, by=event.actor, assignee=assignee, why=why
        )

    return evolve


DECIDE = {
    ProposeHypothesis: propose,
    PlaceHypothesis: place,
    StartTest: start_test,
    ParkHypothesis: park,
    ConcludeHypothesis: conclude,
    BindThread: bind_thread,
}
EVOLVE = {
    HypothesisProposed: proposed,
    HypothesisPlaced: lambda incident, event: changed(incident, event.hypothesis, boundary=event.boundary),
    HypothesisPosted: lambda incident, event: changed(
        incident,
        event.hypothesis,
        thread=Thread(channel=event.channel, ts=event.ts, permalink=event.permalink),
    ),
    TestStarted: _stands(Status.TESTING),
    HypothesisParked: _stands(Status.PARKED),
    HypothesisConfirmed: _stands(Status.CONFIRMED),
    HypothesisRefuted: _stands(Status.REFUTED),
}
