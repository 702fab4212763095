"""A label remembers that we were deleting it: that it is gone is no deed of its user's then."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those there are none is being deleted."""
    op.add_column("labels", sa.Column("leaving", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """And back."""
    with op.batch_alter_table("labels") as labels:
        labels.drop_column("leaving")
