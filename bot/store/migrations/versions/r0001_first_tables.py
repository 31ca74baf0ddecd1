"""The first tables, and the triggers that keep the journal append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REDACTION = "NEW.text IS NULL AND NEW.salt IS NULL AND NEW.redacted_by IS NOT NULL AND OLD.redacted_by IS NULL"
_KEPT = ("team", "incident", "seq", "at", "recorded_at", "actor", "kind", "data", "text_hash", "prev_hash", "hash")


def upgrade() -> None:
    """Make the tables, then protect the journal."""
    _incidents()
    _commands()
    _outbox()
    _documents()
    if op.get_context().dialect.name == "postgresql":
        _protect_on_postgresql()
    else:
        _protect_on_sqlite()


def _incidents() -> None:
    op.create_table("counter", _key("team"), _integer("last"))
    op.create_table(
        "incident",
        _key("team"),
        _number_key("number"),
        _integer("seq"),
        *_texts("head", "snapshot"),
        _integer("snapshot_version"),
        *_texts("title", "phase"),
        _perhaps("severity"),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        _perhaps("room_channel"),
        *_texts("declared_by", "declared_at"),
        sa.UniqueConstraint("team", "room_channel", name="incident_room"),
    )
    op.create_index("incident_declared", "incident", ["team", "declared_by", "declared_at"])
    op.create_table(
        "event",
        _key("team"),
        _number_key("incident"),
        _number_key("seq"),
        *_texts("at", "recorded_at", "actor", "kind", "data"),
        *(_perhaps("text"), _perhaps("salt")),
        *_texts("text_hash"),
        sa.Column("redacted_by", sa.Integer()),
        *_texts("prev_hash", "hash"),
        _of_incident(),
        sqlite_with_rowid=False,
    )
    op.create_table("timer", _key("team"), _number_key("incident"), _key("name"), *_texts("due"), _of_incident())
    op.create_index("timer_due", "timer", ["due"])


def _commands() -> None:
    op.create_table("command", _key("team"), _key("key"), sa.Column("incident", sa.Integer()), *_texts("outcome", "at"))


def _outbox() -> None:
    op.create_table(
        "lane",
        _key("team"),
        _number_key("incident"),
        _key("name"),
        _perhaps("needs"),
        sa.Column("living", sa.Boolean(), nullable=False),
        *(_integer("enqueued"), _integer("delivered")),
        *_texts("turn"),
        _integer("claims"),
        _perhaps("owner"),
        sa.Column("not_before", sa.Double(), nullable=False),
        _integer("attempts"),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        _perhaps("first_tried_at"),
        sa.Column("tried", sa.Integer()),
        *(_perhaps("error"), _perhaps("receipt")),
        _of_incident(),
    )
    _partial_index("lane_waiting", "lane", ["turn", "not_before"], "delivered < enqueued")
    op.create_table(
        "effect",
        *(_key("team"), _number_key("incident"), _key("lane"), _number_key("position")),
        *_texts("id"),
        _integer("seq"),
        *_texts("kind", "data", "turn"),
        _perhaps("failure"),
        sa.ForeignKeyConstraint(["team", "incident", "lane"], ["lane.team", "lane.incident", "lane.name"]),
    )
    _partial_index("effect_failed", "effect", ["team", "incident"], "failure IS NOT NULL")
    op.create_table("pace", _key("team"), _key("channel"), sa.Column("earliest", sa.Double(), nullable=False))


def _documents() -> None:
    op.create_table("document", _key("team"), _key("hash"), *_texts("kind", "content"))
    op.create_table(
        "adoption",
        *(_key("team"), _key("kind"), _number_key("number")),
        *_texts("hash", "at"),
        sa.ForeignKeyConstraint(["team", "hash"], ["document.team", "document.hash"]),
    )


def _protect_on_sqlite() -> None:
    """INSERT OR REPLACE deletes without firing DELETE triggers, hence the third."""
    kept = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _KEPT)
    there = "SELECT 1 FROM event WHERE team = NEW.team AND incident = NEW.incident AND seq = NEW.seq"
    for name, when in {
        "event_no_update": f"BEFORE UPDATE ON event WHEN NOT ({_REDACTION} AND {kept})",
        "event_no_delete": "BEFORE DELETE ON event",
        "event_no_replace": f"BEFORE INSERT ON event WHEN EXISTS ({there})",
    }.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END")


def _protect_on_postgresql() -> None:
    """TRUNCATE fires no row triggers, hence the third."""
    op.execute("""
        CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
        END $$
    """)
    kept = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in _KEPT)
    for name, when in {
        "event_no_update": f"BEFORE UPDATE ON event FOR EACH ROW WHEN (NOT ({_REDACTION} AND {kept}))",
        "event_no_delete": "BEFORE DELETE ON event FOR EACH ROW",
        "event_no_truncate": "BEFORE TRUNCATE ON event FOR EACH STATEMENT",
    }.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION event_append_only()")


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=True)


def _number_key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), primary_key=True, autoincrement=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _perhaps(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text())


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of_incident() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["team", "incident"], ["incident.team", "incident.number"])


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
