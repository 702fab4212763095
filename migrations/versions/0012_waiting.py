"""Since when something has been on its way to a mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Where something may be on its way nobody knows since when, but that it was not there at the last pass."""
    op.add_column("mailboxes", sa.Column("waiting_since", sa.DateTime(timezone=True)))
    op.execute("UPDATE mailboxes SET waiting_since = last_pass_at WHERE behind IS NULL OR behind > 0")


def downgrade() -> None:
    """Look for it each time."""
    op.drop_column("mailboxes", "waiting_since")
