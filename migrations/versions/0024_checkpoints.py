"""Which checkpoints of the log were sent where, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was sent yet."""
    op.create_table(
        "checkpoints",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", "size", name=op.f("pk_checkpoints")),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_table("checkpoints")
