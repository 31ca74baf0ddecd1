"""Incidents that have to do with each other: one happens again, is split off another, or is merged into another. Each says so in
its own journal; both entries come about in one transaction (`Service`), so that neither is ever without the other.
"""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept
from bot.core.ends import IncidentMerged
from bot.core.facts import MarkBoundaries, StartStated, StateImpact
from bot.core.incident import Incident, Link, LinkKind
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.policy_parts import SUBSCRIBERS

MIRRORED: Mapping[LinkKind, LinkKind] = {
    LinkKind.RECURS: LinkKind.RECURRED,
    LinkKind.SPLIT_FROM: LinkKind.SPLIT_OFF,
}
"""What the new incident is to the one it comes out of."""


class LinkIncident(Command):
    """Incident `other` has to do with this one. What is known of it comes along, as far as it matters here: who has which role,
    who declared it, its room, its open hypotheses, when its harm began, which audiences were told of it, who came along with
    those that were merged into it before, and who subscribed to it."""

    is_report = True

    kind: LinkKind
    other: int
    channel: str | None = None
    seats: Mapping[str, str] = {}
    declared_by: str | None = None
    hypotheses: tuple[int, ...] = ()
    started: AwareDatetime | None = None
    is_estimated: bool = False
    told: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    subscribers: tuple[str, ...] = ()


class IncidentLinked(Event):
    """Another incident has to do with this one, and this is known of it (see LinkIncident). `along` is None in what earlier
    versions recorded: from those nobody comes along any farther."""

    kind: LinkKind
    other: int
    channel: str | None = None
    seats: Mapping[str, str] = {}
    declared_by: str | None = None
    hypotheses: tuple[int, ...] = ()
    started: AwareDatetime | None = None
    is_estimated: bool = False
    told: tuple[str, ...] = ()
    along: tuple[str, ...] | None = None
    subscribers: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who has a part in the other one, each once."""
        declarer = (self.declared_by,) if self.declared_by else ()
        return tuple(dict.fromkeys([*self.seats.values(), *declarer, *(self.along or ())]))


def carried_over(command: DeclareIncident, parent: Incident, policy: Policy) -> DeclareIncident:
    """The declaration of an incident that comes out of `parent`, with what is known there: severity, impact, affected boundaries;
    the title when it happens again. Boundaries that the policy has no more are left out."""
    assert command.follows is not None, "it comes out of another one"
    recurs = command.follows.kind is LinkKind.RECURS
    boundaries = tuple(id for id in parent.boundaries if policy.boundary(id))
    facts: list[Command] = [_to(parent, command, command.follows.kind)]
    if parent.impact is not None:
        facts.append(StateImpact(origin=command.origin, impact=parent.impact))
    if boundaries:
        facts.append(MarkBoundaries(origin=command.origin, boundaries=boundaries))
    return command.but(
        title=parent.title if recurs else command.title,
        severity=command.severity or parent.severity,
        is_drill=parent.is_drill,
        is_private=command.is_private or parent.is_private,
        then=(*facts, *command.then),
    )


def counterparts(incident: Incident, events: Iterable[Event], command: Command) -> Iterator[LinkIncident]:
    """What other incidents are told because of these events, each under its own number; `incident` is this one after them."""
    for event in events:
        if isinstance(event, IncidentMerged):
            yield _to(incident, command, LinkKind.ABSORBED, event.into)
        elif isinstance(event, IncidentLinked) and event.kind in MIRRORED:
            yield _to(incident, command, MIRRORED[event.kind], event.other)


def _to(known: Incident, command: Command, kind: LinkKind, number: int = 0) -> LinkIncident:
    """Tells incident `number` (0: one that is being declared) of the incident `known`."""
    return LinkIncident(
        origin=command.origin.but(incident=number),
        kind=kind,
        other=known.number,
        channel=known.room.channel if known.room else None,
        seats={role: seat.user for role, seat in known.seats.items()},
        declared_by=known.declared_by,
        hypotheses=tuple(one.number for one in known.open_hypotheses),
        started=known.started,
        is_estimated=known.is_start_estimated,
        told=tuple(name for name in dict.fromkeys([*known.told, *known.followers]) if name != SUBSCRIBERS),
        subscribers=known.subscribers if kind is LinkKind.ABSORBED else (),
        along=tuple(dict.fromkeys(person for link in known.links for person in link.people)),
    )


def link(incident: Incident, command: LinkIncident, policy: Policy) -> Decision:
    """Keep it, once. Harm that began earlier in one that was merged into this one began then in this one too."""
    if any((known.kind, known.other) == (command.kind, command.other) for known in incident.links):
        return accept()
    linked = IncidentLinked.model_validate(
        {"at": command.at, "actor": command.actor, **command.model_dump(exclude={"origin"})}
    )
    earlier = linked.started and (incident.started is None or linked.started < incident.started)
    if command.kind is not LinkKind.ABSORBED or not linked.started or not earlier:
        return accept(linked)
    began = StartStated(at=command.at, actor=command.actor, started=linked.started, is_estimated=linked.is_estimated)
    return accept(linked, began)


def linked(incident: Incident, event: IncidentLinked) -> Incident:
    """It is known. Whoever was told of one that was merged into this one, or subscribed to it, hears of this one from now on."""
    stays = event.kind is LinkKind.ABSORBED and event.along is not None
    known = Link(
        kind=event.kind,
        other=event.other,
        channel=event.channel,
        hypotheses=event.hypotheses,
        people=event.people if stays else (),
    )
    new = event.told if event.kind is LinkKind.ABSORBED else ()
    subscribe = [who for who in event.subscribers if who not in incident.unsubscribed]
    return incident.but(
        subscribers=tuple(dict.fromkeys([*incident.subscribers, *subscribe])),
        links=(*incident.links, known),
        followers=tuple(dict.fromkeys([*incident.followers, *new])),
    )


DECIDE = {LinkIncident: link}
EVOLVE = {IncidentLinked: linked}
