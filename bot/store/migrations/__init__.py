"""The tables as they came to be, revision by revision (Alembic, without an alembic.ini).

Never use batch mode on `event`: it copies the table and silently drops the triggers that protect the journal.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Bring the tables to the latest revision, inside the transaction that the caller has begun."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
