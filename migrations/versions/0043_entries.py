"""Entries: what happened with contacts, and what is to be done."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TO_DO = sa.text("done_at IS NULL AND removed_at IS NULL AND day IS NOT NULL")


def upgrade() -> None:
    """None yet."""
    op.create_table(
        "entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("doer", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_kind", sa.String(16), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_entries_contact_id_contacts"),
        sa.ForeignKeyConstraint(["doer"], ["directory_users.id"], name="fk_entries_doer_directory_users"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )
    op.create_index("ix_entries_contact_id_at_id", "entries", ["contact_id", "at", "id"])
    op.create_index("ix_entries_doer_day", "entries", ["doer", "day"], sqlite_where=TO_DO, postgresql_where=TO_DO)
    op.create_index("uq_entries_owner_source_external_id", "entries", ["owner", "source", "external_id"], unique=True)
    op.create_table(
        "moved_entries",
        sa.Column("merge_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["rulings.id"], name="fk_moved_entries_merge_id_rulings"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_moved_entries_entry_id_entries"),
        sa.PrimaryKeyConstraint("merge_id", "entry_id", name="pk_moved_entries"),
    )
    op.create_index("ix_moved_entries_entry_id", "moved_entries", ["entry_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("moved_entries")
    op.drop_table("entries")
