"""The hypothesis tracker: an idea of what is wrong, where, and how it stands. `predictions.py` has what must be known before it is
tested, `trials.py` its moves from one status to the next, `evidence.py` what speaks for it, `board.py` which comes first.
"""

from collections.abc import Callable
from typing import Any

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Hypothesis, Incident, Side, Status, Thread
from bot.core.plain import names_somebody
from bot.core.policy import Policy
from bot.core.refusal import Concluded, NoRevision, NotInPolicy, Refusal, SaysNothing, Unfit
from bot.core.tracker.boundaries import named
from bot.core.trial import Explains
from bot.core.value import Typed

STATEMENT = 140
"""Characters of a hypothesis at most: one line."""


class ProposeHypothesis(Command):
    """This may be what is wrong, at this boundary of the system map if one is named, or at a `place` that the map does not have.
    `revises`: one that has turned out, of which this says better what was meant. `names` are those of the incident's people."""

    statement: Typed
    boundary: str | None = None
    place: Typed | None = None
    revises: int | None = None
    names: tuple[str, ...] = ()


class OfHypothesis(Command):
    """A command about one hypothesis, by its number. LookupError where there is none."""

    hypothesis: int


class PlaceHypothesis(OfHypothesis):
    """The fault is thought to lie at this boundary."""

    boundary: str


class MarkRevision(OfHypothesis):
    """It states anew what the hypothesis `of` said, which has turned out."""

    of: int


class StartTest(OfHypothesis):
    """Whoever asks tests it from now on, after what was missing, in `first`, has been recorded. `present` is how many people are in
    the room (None: not known)."""

    present: int | None = None
    first: tuple[Command, ...] = ()


class ParkHypothesis(OfHypothesis):
    """It is set aside for now."""


class ConcludeHypothesis(OfHypothesis):
    """It is confirmed or refuted, and this is what shows it, after what was missing, in `first`, has been recorded. `explains`: how
    much of what is seen it explains, if it is true."""

    result: Side
    why: Typed
    explains: Explains | None = None
    first: tuple[Command, ...] = ()


class BindThread(OfHypothesis):
    """Slack shows it: the thread is here."""

    is_report = True

    channel: str
    ts: str
    permalink: str | None = None


class HypothesisProposed(Event):
    """A new hypothesis, with its number. `place`: where it is, if the map does not have that; `revises`: the one that it states
    anew."""

    hypothesis: int
    statement: Typed
    boundary: str | None
    place: Typed | None = None
    revises: int | None = None


class HypothesisPlaced(Event):
    """It is about this boundary from now on."""

    hypothesis: int
    boundary: str


class HypothesisRevised(Event):
    """It states anew what `of` said, which had turned out."""

    hypothesis: int
    of: int


class HypothesisPosted(Event):
    """It has its thread."""

    hypothesis: int
    channel: str
    ts: str
    permalink: str | None = None


class TestStarted(Event):
    """It is under test, by `assignee`. `solo`: they lead as well; `ends`: when they are asked what came of it."""

    __test__ = False

    hypothesis: int
    assignee: str
    solo: bool = False
    ends: AwareDatetime | None = None


class HypothesisParked(Event):
    """It is set aside."""

    hypothesis: int


class HypothesisConfirmed(Event):
    """It is true; `why` says what shows it, and `explains` how much of what is seen that explains (None: nobody asked)."""

    hypothesis: int
    why: Typed
    explains: Explains | None = None


class HypothesisRefuted(Event):
    """It is not true; `why` says what shows it."""

    hypothesis: int
    why: Typed


def propose(incident: Incident, command: ProposeHypothesis, policy: Policy) -> Decision:
    """Keep it when it says something about a thing, in one line. Without a boundary it gets the one whose name stands in it, if
    there is exactly one; a place that the map has after all is that part of it."""
    if not command.statement:
        return refuse(command, SaysNothing(what="hypothesis"))
    if unfit := _unfit(incident, command, policy):
        return refuse(command, unfit)
    boundary = command.boundary or _called(command.place or "", policy)
    place = (command.place or None) if boundary is None else None
    return accept(
        HypothesisProposed(
            at=command.at,
            actor=command.actor,
            hypothesis=len(incident.hypotheses) + 1,
            statement=command.statement,
            boundary=boundary or (None if place else _named_in(command.statement, policy)),
            place=place,
            revises=command.revises,
        )
    )


def _unfit(incident: Incident, command: ProposeHypothesis, policy: Policy) -> Refusal | None:
    is_named = names_somebody(f"{command.statement}\n{command.place or ''}", command.names)
    if is_named or len(command.statement) > STATEMENT:
        return Unfit(names_somebody=is_named, length=len(command.statement), most=STATEMENT)
    if command.boundary and (unknown := _unknown_boundary(command.boundary, policy)):
        return unknown
    return unrevisable(incident, command.revises) if command.revises else None


def unrevisable(incident: Incident, number: int) -> NoRevision | None:
    """Why this one cannot be stated anew: it has not turned out. LookupError where there is none."""
    return NoRevision(of=number, because="open") if incident.hypothesis(number).status.is_open else None


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


def mark_revision(incident: Incident, command: MarkRevision, policy: Policy) -> Decision:
    """Link it to the one it states anew, while it is open."""
    one = incident.hypothesis(command.hypothesis)
    if not one.status.is_open:
        return refuse(command, concluded(one))
    if command.of == one.number:
        return refuse(command, NoRevision(of=command.of, because="itself"))
    if hindered := unrevisable(incident, command.of):
        return refuse(command, hindered)
    if one.revises == command.of:
        return accept()
    return accept(HypothesisRevised(at=command.at, actor=command.actor, hypothesis=one.number, of=command.of))


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


def concluded(one: Hypothesis) -> Concluded:
    """The refusal for a hypothesis that has turned out."""
    return Concluded(hypothesis=one.number, status=one.status, since=one.since, by=one.by)


def _unknown_boundary(id: str, policy: Policy) -> NotInPolicy | None:
    known = tuple(boundary.id for boundary in policy.boundaries)
    return None if id in known else NotInPolicy(what="boundary", given=id, known=known)


def _named_in(statement: str, policy: Policy) -> str | None:
    """The one boundary that the statement names."""
    found = named(statement, policy)
    return next(iter(found)) if len(found) == 1 else None


def _called(place: str, policy: Policy) -> str | None:
    """The boundary that this is the name or the id of."""
    wanted = place.casefold().strip()
    return next((one.id for one in policy.boundaries if wanted in (one.name.casefold(), one.id.casefold())), None)


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
        place=event.place,
        revises=event.revises,
    )
    return incident.but(hypotheses=(*incident.hypotheses, new))


def changed(incident: Incident, number: int, **changes: Any) -> Incident:
    """The incident with this hypothesis changed."""
    before = incident.hypothesis(number)
    new = before.but(**changes)
    return incident.but(hypotheses=tuple(new if one is before else one for one in incident.hypotheses))


def stands(status: Status) -> Callable[[Incident, Any], Incident]:
    """An evolve function: it has this status."""

    def evolve(incident: Incident, event: Any) -> Incident:
        before = incident.hypothesis(event.hypothesis)
        why = getattr(event, "why", None)
        after = _box(incident, event, status)
        return changed(
            after, event.hypothesis, status=status, since=event.at, by=event.actor, why=why, **_rest(before, event)
        )

    return evolve


def _rest(before: Hypothesis, event: Any) -> dict[str, Any]:
    """What an event says besides the status: who tests it, and how far the cause reaches."""
    return {"assignee": getattr(event, "assignee", before.assignee), "explains": getattr(event, "explains", None)}


def _box(incident: Incident, event: Any, status: Status) -> Incident:
    """The time box that begins with a test, or ends with it."""
    one = incident.hypothesis(event.hypothesis)
    box: dict[str, Any] = {"ends": None, "is_extended": False, "overruns": 0, "asked_at": None}
    if status is Status.TESTING:
        hows = (*one.tested, one.plan.how) if one.plan else one.tested
        after = changed(incident, one.number, **box | {"ends": event.ends, "tested": hows})
        return after.but(tested_since=incident.tested_since or event.at)
    ended_at = event.at if one.status is Status.TESTING else incident.test_ended_at
    return changed(incident, one.number, **box).but(test_ended_at=ended_at)


DECIDE = {
    ProposeHypothesis: propose,
    PlaceHypothesis: place,
    MarkRevision: mark_revision,
    BindThread: bind_thread,
}
EVOLVE = {
    HypothesisProposed: proposed,
    HypothesisPlaced: lambda incident, event: changed(incident, event.hypothesis, boundary=event.boundary, place=None),
    HypothesisRevised: lambda incident, event: changed(incident, event.hypothesis, revises=event.of),
    HypothesisPosted: lambda incident, event: changed(
        incident,
        event.hypothesis,
        thread=Thread(channel=event.channel, ts=event.ts, permalink=event.permalink),
    ),
    TestStarted: stands(Status.TESTING),
    HypothesisParked: stands(Status.PARKED),
    HypothesisConfirmed: stands(Status.CONFIRMED),
    HypothesisRefuted: stands(Status.REFUTED),
}
