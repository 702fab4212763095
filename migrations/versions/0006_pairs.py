"""Which contacts are probably one, and by what signs they are found. Those that are there are compared afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "signs",
        sa.Column("sign", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_signs_contact_id")),
        sa.PrimaryKeyConstraint("sign", "contact_id", name=op.f("pk_signs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pairs",
        sa.Column("one_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("surety", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["contacts.id"], name=op.f("fk_pairs_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["contacts.id"], name=op.f("fk_pairs_other_id")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_pairs")),
    )
    op.create_index(op.f("ix_pairs_other_id"), "pairs", ["other_id"], unique=False)
    op.create_index("ix_pairs_surety_one_id_other_id", "pairs", ["surety", "one_id", "other_id"], unique=False)


def downgrade() -> None:
    """Forget them: the cards tell them again."""
    op.drop_table("pairs")
    op.drop_table("signs")
