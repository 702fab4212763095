"""Addresses and numbers are judged by more than their looks: what was said of every contact is said anew.

`sort_en` says that what is derived is missing; the next start fills it, so many contacts a transaction. And how many
contacts each check of quality found, a row a day and check.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have all judged; nothing was counted yet."""
    op.create_table(
        "quality_counts",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.execute("UPDATE contacts SET sort_en = NULL")


def downgrade() -> None:
    """Forget the counts; verdicts stay until contacts are written."""
    op.drop_table("quality_counts")
