"""An effect that was given up may be tried again; `looked_since` says since when it may have come true without our knowing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("effect", sa.Column("looked_since", sa.Text(), nullable=True))
