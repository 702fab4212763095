"""Holds of a program that would let another filter choose who is in a smart group."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None yet."""
    op.add_column(
        "holds",
        sa.Column(
            "wanted", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=True
        ),
    )


def downgrade() -> None:
    """A filter cannot be held any more: what waits is dropped, as if it had been restored."""
    op.execute(
        "UPDATE hold_contacts SET resolution = 'restored' WHERE hold_id IN (SELECT id FROM holds WHERE kind = 'filter')"
    )
    op.execute("UPDATE holds SET kind = 'removal', resolved_at = COALESCE(resolved_at, since) WHERE kind = 'filter'")
    op.drop_column("holds", "wanted")
