"""Whether the triggers that keep the journal append-only stand. The migrations make them.

A row of `event` is never changed, deleted or replaced. The one exception is a redaction: text and salt go, `redacted_by` is
set, once, and everything else stays. SQLite's INSERT OR REPLACE deletes without firing DELETE triggers, and PostgreSQL's
TRUNCATE passes by row triggers, so each database has one more trigger of its own.
"""

from sqlalchemy import Connection, text

TRIGGERS = {
    "sqlite": ("event_no_update", "event_no_delete", "event_no_replace"),
    "postgresql": ("event_no_update", "event_no_delete", "event_no_truncate"),
}

_STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND tgenabled IN ('O', 'A')",
}


class TriggerMissing(Exception):
    """The journal is not protected: triggers are gone or disabled. `str(error)` names them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"The journal is not protected: table event lacks {', '.join(names)}. "
            "Events may have been changed; compare with a backup before you go on."
        )


def missing_triggers(connection: Connection) -> list[str]:
    """The names of the triggers that are gone or disabled."""
    dialect = connection.dialect.name
    standing = set(connection.execute(text(_STANDING[dialect])).scalars())
    return [name for name in TRIGGERS[dialect] if name not in standing]


def check_triggers(connection: Connection) -> None:
    """Raise `TriggerMissing` unless every trigger stands and is enabled."""
    if missing := missing_triggers(connection):
        raise TriggerMissing(missing)
