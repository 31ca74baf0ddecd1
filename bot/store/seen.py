"""Which incidents a person may see: one rule, for whatever is listed."""

from sqlalchemy import Select, or_, select

from bot.store import tables


def seen_by(viewer: str, team: str) -> Select[tuple[object, ...]]:
    """The team's incidents that this person may see: all but private ones whose insider they are not. An empty `viewer` is Lockstep
    itself, which sees all."""
    incident = tables.incident.c
    ours = select(tables.incident).where(incident.team == team)
    if not viewer:
        return ours
    return ours.where(or_(incident.is_private.is_(False), incident.insiders.contains(f" {viewer} ", autoescape=True)))
