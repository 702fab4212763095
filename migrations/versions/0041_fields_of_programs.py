"""What programs say in fields that are kept here: while it waits for a decision, and as the base of the next merge."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
TABLES = ("hold_contacts", "foreign_ids")


def upgrade() -> None:
    """Nothing was said so far."""
    for table in TABLES:
        op.add_column(table, sa.Column("here", JSON, nullable=True))


def downgrade() -> None:
    """Forget it."""
    for table in TABLES:
        op.drop_column(table, "here")
