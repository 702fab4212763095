"""Since when somebody waits for a pass over a mailbox: it goes before the others."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody does yet."""
    op.add_column("mailboxes", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("mailboxes", "asked_at")
