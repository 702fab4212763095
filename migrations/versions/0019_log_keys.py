"""Public halves of the log's keys, for a log whose key lies outside the database."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No key lies outside yet."""
    op.create_table(
        "log_keys",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_keys")),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("log_keys")
