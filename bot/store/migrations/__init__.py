"""The tables as they came to be, revision by revision (Alembic, without an alembic.ini).

Never use batch mode on `event`: it copies the table and silently drops the triggers that protect the journal.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.core.errors import IncidentError


class NewerDatabase(IncidentError):
    """The tables are of a revision that this version does not know. Nothing was changed."""

    def __init__(self, revision: str, head: str | None) -> None:
        super().__init__(
            f"The database has tables of revision {revision}, and this version of Lockstep knows them up to {head}: "
            "a newer one has changed them. Run that version, or restore a backup that this one made into an empty database."
        )


def config(connection: Connection | None = None) -> Config:
    """What Alembic is told of the revisions, and of the connection to run them on."""
    told = Config()
    told.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    told.attributes["connection"] = connection
    return told


def upgrade(connection: Connection) -> None:
    """Bring the tables to the latest revision, inside the transaction that the caller has begun. `NewerDatabase` when they are
    past it."""
    there = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config())
    if there not in {None, *(script.revision for script in scripts.walk_revisions())}:
        raise NewerDatabase(str(there), scripts.get_current_head())
    command.upgrade(config(connection), "head")
