"""What programs do: holds of it, ids that they know contacts by, answers to what they may ask twice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """There is nothing of it yet."""
    op.add_column("holds", sa.Column("owner_kind", sa.String(length=16), nullable=True))
    op.add_column("holds", sa.Column("owner", sa.Text(), nullable=True))
    op.create_table(
        "foreign_ids",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_foreign_ids_contact_id_contacts")),
        sa.PrimaryKeyConstraint("owner", "source", "external_id", name=op.f("pk_foreign_ids")),
    )
    op.create_index(op.f("ix_foreign_ids_contact_id"), "foreign_ids", ["contact_id"])
    op.create_table(
        "answers",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", JSON, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_at"), "answers", ["at"])


def downgrade() -> None:
    """The release before knows no hold without a mailbox but Directory's: those of programs end."""
    op.drop_index(op.f("ix_answers_at"), "answers")
    op.drop_table("answers")
    op.drop_index(op.f("ix_foreign_ids_contact_id"), "foreign_ids")
    op.drop_table("foreign_ids")
    op.execute("DELETE FROM hold_contacts WHERE hold_id IN (SELECT id FROM holds WHERE owner IS NOT NULL)")
    op.execute("DELETE FROM holds WHERE owner IS NOT NULL")
    op.drop_column("holds", "owner")
    op.drop_column("holds", "owner_kind")
