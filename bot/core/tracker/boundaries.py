"""The system map of an incident: what is known of each part of it, since when and from whom, and what hangs on what."""

import re
from collections.abc import Iterable, Mapping

from bot.core.decision import Event
from bot.core.incident import Hypothesis, Incident
from bot.core.policy import Policy
from bot.core.policy_parts import Boundary
from bot.core.trial import BoundaryState, Check


def state_of(incident: Incident, id: str) -> BoundaryState:
    """What is known of this part."""
    if id in incident.boundaries:
        return BoundaryState.AFFECTED
    return BoundaryState.WORKING if id in incident.working else BoundaryState.UNKNOWN


def looked_at(incident: Incident, event: Event, affected: Iterable[str], working: Iterable[str]) -> Mapping[str, Check]:
    """The checks when these are affected and these work, as whoever acted says: what stays as it was keeps the check it has. By
    name, so that the order is the same whether the state was folded or read from a snapshot."""
    found = dict.fromkeys(working, BoundaryState.WORKING) | dict.fromkeys(affected, BoundaryState.AFFECTED)
    checks = {id: Check(state=state, by=event.actor, at=event.at) for id, state in sorted(found.items())}
    for id, check in checks.items():
        before = incident.checks.get(id)
        checks[id] = before if before and before.state is check.state else check
    return checks


def named(text: str, policy: Policy) -> frozenset[str]:
    """The parts whose name or id stands in the text as words of its own; of two names, one in the other, the longer."""
    found = {
        name.casefold(): one.id
        for one in policy.boundaries
        for name in (one.name, one.id)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    }
    return frozenset(id for name, id in found.items() if not any(name != other and name in other for other in found))


def hit_by(id: str, policy: Policy) -> frozenset[str]:
    """The part itself and all that depends on it, directly or through others: what a fault in it would hit."""
    found, waiting = {id}, [id]
    while waiting:
        part = waiting.pop()
        above = {one.id for one in policy.boundaries if part in one.depends_on} - found
        found |= above
        waiting += sorted(above)
    return frozenset(found)


def drawn_needs(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """What each part depends on directly, by ids: without what it depends on through one of these anyway, so that a drawing has the
    fewest arrows that say the same. In a circle all stay."""
    hit = {one.id: hit_by(one.id, policy) for one in policy.boundaries}

    def is_said_anyway(one: Boundary, need: str) -> bool:
        return any(
            other != need and other in hit[need] and need not in hit[other] and other not in hit[one.id]
            for other in one.depends_on
        )

    return {
        one.id: tuple(need for need in one.depends_on if not is_said_anyway(one, need)) for one in policy.boundaries
    }


def off_the_middle(id: str | None, policy: Policy) -> int:
    """How far a part is from splitting the map in two halves, of which a fault in it would hit one: 0 for exactly. What has no
    place splits nothing."""
    parts = len(policy.boundaries)
    return parts if id is None else abs(2 * len(hit_by(id, policy)) - parts)


def beside(incident: Incident, policy: Policy) -> tuple[Boundary, ...]:
    """The parts of which nothing is known and that an affected one depends on, or that depend on one: where to look next."""
    affected = set(incident.boundaries)
    below = {other for one in policy.boundaries if one.id in affected for other in one.depends_on}
    above = {one.id for one in policy.boundaries if affected.intersection(one.depends_on)}
    return tuple(
        one
        for one in policy.boundaries
        if one.id in below | above and state_of(incident, one.id) is BoundaryState.UNKNOWN
    )


def thought_of(incident: Incident, id: str) -> tuple[Hypothesis, ...]:
    """The hypotheses about this part, oldest first."""
    return tuple(one for one in incident.hypotheses if one.boundary == id)


def where(one: Hypothesis) -> str | None:
    """What tells the place of a hypothesis from other places: the id of a part of the map, or what the map does not have, however
    it was written; None when it has no place."""
    return one.boundary or (" ".join(one.place.casefold().split()) if one.place else None)


def off_the_map(incident: Incident) -> tuple[tuple[Hypothesis, ...], ...]:
    """The hypotheses about places that the map does not have: those of each place together, oldest first."""
    found: dict[str | None, list[Hypothesis]] = {}
    for one in incident.hypotheses:
        if one.place:
            found.setdefault(where(one), []).append(one)
    return tuple(map(tuple, found.values()))
