"""A mailbox remembers when its user last did something: one in which nothing happens may be read less often."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not known."""
    op.add_column("mailboxes", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """And back."""
    op.drop_column("mailboxes", "edited_at")
