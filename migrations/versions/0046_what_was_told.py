"""What was told: of mailboxes in need, of tokens whose time is over; and who is told that a group was deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """A mailbox that needs a person was told of; what ended before is no news."""
    op.add_column("groups", sa.Column("last_grants", JSON, nullable=True))
    op.add_column("mailboxes", sa.Column("needed_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tokens", sa.Column("over_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE mailboxes SET needed_since = last_pass_at WHERE state = 'attention'")
    op.execute("UPDATE tokens SET over_at = expires_at WHERE expires_at <= CURRENT_TIMESTAMP")


def downgrade() -> None:
    """Forget it."""
    op.drop_column("tokens", "over_at")
    op.drop_column("mailboxes", "needed_since")
    op.drop_column("groups", "last_grants")
