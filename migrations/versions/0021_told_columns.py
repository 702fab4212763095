"""What people have said that the columns of a CSV file mean.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table by person and header."""
    op.create_table(
        "told_columns",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["directory_users.id"], name=op.f("fk_told_columns_user_id_directory_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "header", name=op.f("pk_told_columns")),
    )


def downgrade() -> None:
    """Everyone says it again."""
    op.drop_table("told_columns")
