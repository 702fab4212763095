"""How every mailbox stood when its last pass ended."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has counted yet: the next pass does."""
    op.add_column("mailboxes", sa.Column("standing", sa.Integer()))
    op.add_column("mailboxes", sa.Column("behind", sa.Integer()))


def downgrade() -> None:
    """Count each time."""
    op.drop_column("mailboxes", "behind")
    op.drop_column("mailboxes", "standing")
