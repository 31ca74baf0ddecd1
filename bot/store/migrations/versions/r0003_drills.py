"""An incident may be a drill: lists of incidents say so, and figures leave it out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Nothing that was declared before was a drill."""
    op.add_column("incident", sa.Column("is_drill", sa.Boolean(), nullable=False, server_default=sa.false()))
