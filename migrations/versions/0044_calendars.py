"""Addresses of calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None yet."""
    op.create_table(
        "calendars",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["directory_users.id"], name="fk_calendars_user_id_directory_users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_calendars"),
        sa.UniqueConstraint("digest", name="uq_calendars_digest"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("calendars")
