"""A mailbox remembers when it was last read: a pass that only writes puts no reading off."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not known: the next pass reads."""
    op.add_column("mailboxes", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """And back."""
    op.drop_column("mailboxes", "read_at")
