"""Action items of all incidents can be listed: a table of them, filled from what was recorded until now."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TO: dict[str, dict[str, Any]] = {
    "ActionAccepted": {"state": "accepted"},
    "ActionDeclined": {"state": "proposed", "is_declined": True},
    "ActionAssigned": {"state": "proposed", "is_declined": False},
    "ActionStarted": {"state": "in progress"},
    "ActionFinished": {"state": "done"},
    "ActionVerified": {"state": "verified"},
    "ActionDropped": {"state": "dropped"},
    "DueDateMoved": {},
}
_SAID = {"ActionAssigned": ("user", "assignee"), "DueDateMoved": ("due", "due")}


def upgrade() -> None:
    """Make the table, and a row for each action item that was added."""
    op.create_table(
        "action",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_declined", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["team", "incident"], ["incident.team", "incident.number"]),
        sa.PrimaryKeyConstraint("team", "incident", "number"),
    )
    op.create_index("action_due", "action", ["team", "state", "due"])
    rows = [row for incident in _recorded(op.get_bind()).values() for row in _added(incident)]
    if rows:
        op.bulk_insert(sa.table("action", *(sa.column(name) for name in rows[0])), rows)


def _recorded(connection: sa.Connection) -> dict[tuple[str, int], list[Any]]:
    """What was recorded of action items, by incident."""
    kinds = ("ActionItemAdded", "MeasureSettled", "ActionReopened", *_TO)
    event = sa.table("event", *(sa.column(name) for name in ("team", "incident", "seq", "kind", "data")))
    recorded = sa.select(event).where(event.c.kind.in_(kinds)).order_by(event.c.team, event.c.incident, event.c.seq)
    found: dict[tuple[str, int], list[Any]] = {}
    for row in connection.execute(recorded):
        found.setdefault((row.team, row.incident), []).append(row)
    return found


def _added(events: list[Any]) -> list[dict[str, Any]]:
    """The action items that these events of one incident add up to."""
    rows: list[dict[str, Any]] = []
    for event in events:
        said = json.loads(event.data)
        if event.kind in ("ActionItemAdded", "MeasureSettled"):
            if said.get("assignee") and said.get("due"):
                place = {"team": event.team, "incident": event.incident, "number": len(rows) + 1}
                whose = {"assignee": said["assignee"], "due": said["due"]}
                rows.append({**place, **whose, "state": "proposed", "is_declined": False})
            continue
        row = rows[said["item"] - 1]
        if event.kind == "ActionReopened":
            row["state"] = "proposed" if row["state"] == "dropped" else "in progress"
        row |= _TO.get(event.kind, {})
        if event.kind in _SAID:
            name, column = _SAID[event.kind]
            row[column] = said[name]
    return rows
