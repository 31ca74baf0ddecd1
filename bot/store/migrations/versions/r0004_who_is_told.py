"""An incident may be private: lists show it to its insiders only. People subscribe to incidents that there are not yet, and
channels read a summary once a week.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the tables. Nothing that was declared before was private."""
    op.add_column("incident", sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("incident", sa.Column("insiders", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "subscription",
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("at", sa.Text(), nullable=False),
    )
    op.create_table(
        "summary",
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("due", sa.Text(), primary_key=True),
        sa.Column("held_until", sa.Double(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=True),
    )
