"""PostgreSQL finds events by ids in the order in which they were made, whatever its order of letters."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

INDEX = "ix_events_id_made"


def upgrade() -> None:
    """Make the index; SQLite compares by bytes already."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(INDEX, "events", ["id"], postgresql_ops={"id": "text_pattern_ops"})


def downgrade() -> None:
    """Drop it."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, "events")
