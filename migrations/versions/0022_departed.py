"""Since when a user is deleted, and when their mailbox ended."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those who are deleted already the next reading asks since when."""
    op.add_column("directory_users", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("directory_users", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """And back."""
    op.drop_column("directory_users", "ended_at")
    op.drop_column("directory_users", "deleted_at")
