"""What was decided about two contacts that are probably one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
    )
    op.create_table(
        "rulings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ruling", sa.String(length=16), nullable=False),
        sa.Column("one_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("versions", json, nullable=True),
        sa.Column("joined", json, nullable=True),
        sa.Column("left", json, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["contacts.id"], name=op.f("fk_rulings_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["contacts.id"], name=op.f("fk_rulings_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index(op.f("ix_rulings_other_id"), "rulings", ["other_id"], unique=False)
    op.create_index("ix_rulings_one_id_other_id", "rulings", ["one_id", "other_id"], unique=False)


def downgrade() -> None:
    """Forget what was decided; what was merged stays so."""
    op.drop_table("rulings")
