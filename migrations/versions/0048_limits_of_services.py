"""How much a service may change of a group at once, before somebody decides."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The usual, for all."""
    op.add_column("grants", sa.Column("at_once", sa.Integer(), nullable=True))


def downgrade() -> None:
    """The usual, for all."""
    op.drop_column("grants", "at_once")
