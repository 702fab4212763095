"""What stood on a person and its user alone may see; since when a person may show half a merge."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is kept yet."""
    op.create_table(
        "private_cards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "card",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolution", sa.String(16), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_private_cards_contact_id")),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.user_id"], name=op.f("fk_private_cards_mailbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_cards")),
    )
    op.create_index(op.f("ix_private_cards_contact_id"), "private_cards", ["contact_id"])
    op.create_index(op.f("ix_private_cards_mailbox_id"), "private_cards", ["mailbox_id"])
    op.add_column("links", sa.Column("half_seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("links", "half_seen_at")
    op.drop_index(op.f("ix_private_cards_mailbox_id"), table_name="private_cards")
    op.drop_index(op.f("ix_private_cards_contact_id"), table_name="private_cards")
    op.drop_table("private_cards")
