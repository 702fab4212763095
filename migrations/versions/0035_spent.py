"""What of Google's quotas a mailbox has used in the last minute, so that the next process knows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing, as far as is known."""
    kind = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    op.add_column("mailboxes", sa.Column("spent", kind, nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("mailboxes", "spent")
