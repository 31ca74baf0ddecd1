"""What the picture of a system map shows. Pure, and small enough to be handed to the process that draws. Names of parts and teams
come from the policy's file, and those of people from Slack; nothing in it was typed in the incident, so that no redaction has to
reach it.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import AwareDatetime

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.tracker.boundaries import drawn_needs, off_the_map, state_of, thought_of
from bot.core.trial import BoundaryState
from bot.core.value import Value


class Part(Value):
    """One part of the map: what is known of it, since when, and who looked, as people call them (None: not known); how many
    hypotheses are about it, and how many of those are open. `needs` are the ids of the parts that it depends on directly."""

    id: str
    name: str
    state: BoundaryState
    checked: AwareDatetime | None
    by: str | None
    ideas: int
    open_ideas: int
    needs: tuple[str, ...]


class Outside(Value):
    """A place that the map does not have: the numbers of the hypotheses about it, and how many of them are open. What it is called
    was typed in the incident, so that only the text of the map says it."""

    ideas: tuple[int, ...]
    open_ideas: int


class MapScene(Value):
    """The system map of one incident as it stands at `at`, and the places `outside` of it."""

    name: str
    is_drill: bool
    at: AwareDatetime
    parts: tuple[Part, ...]
    outside: tuple[Outside, ...] = ()


def map_scene(incident: Incident, policy: Policy, now: datetime, names: Mapping[str, str] | None = None) -> MapScene:
    """The map of this incident, in the order of its policy. `names` are those of people by their ids, as far as they are known."""
    needs = drawn_needs(policy)
    return MapScene(
        name=incident.name,
        is_drill=incident.is_drill,
        at=now,
        parts=tuple(_part(incident, one.id, one.name, needs[one.id], names or {}) for one in policy.boundaries),
        outside=tuple(
            Outside(ideas=tuple(one.number for one in ideas), open_ideas=sum(one.status.is_open for one in ideas))
            for ideas in off_the_map(incident)
        ),
    )


def _part(incident: Incident, id: str, name: str, needs: tuple[str, ...], names: Mapping[str, str]) -> Part:
    ideas, check = thought_of(incident, id), incident.checks.get(id)
    return Part(
        id=id,
        name=name,
        state=state_of(incident, id),
        checked=check.at if check else None,
        by=names.get(check.by) if check else None,
        ideas=len(ideas),
        open_ideas=sum(one.status.is_open for one in ideas),
        needs=needs,
    )
