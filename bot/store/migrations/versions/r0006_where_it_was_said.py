"""Where in Slack something was said is kept with what was to be said: the timeline of an incident leads there."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Of what was said before nobody knows it any more."""
    op.add_column("effect", sa.Column("permalink", sa.Text(), nullable=True))
