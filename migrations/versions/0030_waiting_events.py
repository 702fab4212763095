"""Where events wait for their number, on a database that has more than one writer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
WAIT = "events wait for their number; start this version once more, and stop it"


def upgrade() -> None:
    """None waits yet."""
    op.create_table(
        "waiting_events",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("mailbox_id", sa.Text(), nullable=True),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("before_version", sa.Integer(), nullable=True),
        sa.Column("after_version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("pass_id", sa.Text(), nullable=True),
        sa.Column("commitments", JSON, nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_waiting_events"),
        sa.UniqueConstraint("id", name="uq_waiting_events_id"),
    )


def downgrade() -> None:
    """Go where nothing waits. Raises RuntimeError rather than lose an event."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM waiting_events")):
        raise RuntimeError(WAIT)
    op.drop_table("waiting_events")
