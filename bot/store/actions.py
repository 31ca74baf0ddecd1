"""The action items of all incidents: a projection, written with the events that change it. What they say is in the incidents."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, delete, insert, select

from bot.core.action_item import ActionState
from bot.core.incident import Incident
from bot.store import tables
from bot.store.database import Transaction
from bot.store.seen import seen_by

_action = tables.action.c
_OPEN = [state.value for state in ActionState if state.is_open]
_OWED = [state.value for state in ActionState if state.is_owed]


@dataclass(frozen=True, slots=True)
class Line:
    """One action item, as lists find it."""

    team: str
    incident: int
    number: int
    assignee: str
    due: str
    state: str
    is_declined: bool


def projected(incident: Incident) -> list[Line]:
    """The rows of an incident's action items."""
    return [
        Line(
            incident.team,
            incident.number,
            number,
            item.assignee,
            item.due.isoformat(),
            item.state.value,
            item.is_declined,
        )
        for number, item in enumerate(incident.action_items, start=1)
    ]


async def keep_actions(tx: Transaction, before: Incident | None, after: Incident) -> None:
    """Let the rows be those of the incident as it stands. The caller holds its lock."""
    rows = projected(after)
    if before is not None and projected(before) == rows:
        return
    await tx.execute(delete(tables.action).where(*_of(after.team, after.number)))
    if rows:
        await tx.execute(insert(tables.action), [asdict(row) for row in rows])


async def kept_actions(tx: Transaction, team: str, number: int) -> list[Line]:
    """The rows that are kept of an incident."""
    wanted = select(tables.action).where(*_of(team, number)).order_by(_action.number)
    return [Line(**row) for row in (await tx.execute(wanted)).mappings()]


async def listed_actions(
    tx: Transaction,
    team: str,
    viewer: str,
    *,
    of: Collection[str] | None = None,
    due_until: date | None = None,
    also_verified: bool = False,
) -> list[Line]:
    """The open action items that this person may see, the soonest due first: of these people (None: of all; of others none that
    somebody declined), and of those only what is owed and due until a day, if one is given; or what was verified as well."""
    wanted = _seen_by(viewer, team)
    if of is not None:
        wanted = wanted.where(_action.assignee.in_(list(of)), _action.is_declined.is_(False))
    states = [*_OPEN, *([ActionState.VERIFIED.value] if also_verified else [])] if due_until is None else _OWED
    wanted = wanted.where(_action.state.in_(states))
    if due_until is not None:
        wanted = wanted.where(_action.due <= due_until.isoformat())
    ordered = wanted.order_by(_action.due, _action.incident, _action.number)
    return [Line(**row) for row in (await tx.execute(ordered)).mappings()]


def _seen_by(viewer: str, team: str) -> Select[tuple[object, ...]]:
    """The action items of incidents that this person may see."""
    there = seen_by(viewer, team).with_only_columns(tables.incident.c.number)
    return select(tables.action).where(_action.team == team, _action.incident.in_(there))


def _of(team: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return _action.team == team, _action.incident == number
