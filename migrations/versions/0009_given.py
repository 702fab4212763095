"""Which labels were their users' own before they shared them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None of them was."""
    op.add_column("labels", sa.Column("given", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take every label for one of ours."""
    op.drop_column("labels", "given")
