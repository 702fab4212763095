"""Groups that a user does not want in their own mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "declined",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_declined_group_id")),
        sa.ForeignKeyConstraint(["user_id"], ["directory_users.id"], name=op.f("fk_declined_user_id")),
        sa.PrimaryKeyConstraint("user_id", "group_id", name=op.f("pk_declined")),
    )


def downgrade() -> None:
    """Let every grant reach its mailboxes again."""
    op.drop_table("declined")
