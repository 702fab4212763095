"""Smart groups: a filter over other groups chooses their contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None yet."""
    op.create_table(
        "smart_groups",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_smart_groups_group_id_groups")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_smart_groups")),
    )
    op.create_index(op.f("ix_smart_groups_due_at"), "smart_groups", ["due_at"])
    op.create_table(
        "smart_sources",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["smart_groups.group_id"], name=op.f("fk_smart_sources_group_id_smart_groups")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["groups.id"], name=op.f("fk_smart_sources_source_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "source_id", name=op.f("pk_smart_sources")),
    )
    op.create_index(op.f("ix_smart_sources_source_id"), "smart_sources", ["source_id"])


def downgrade() -> None:
    """And back: what was a smart group holds what its filter chose last."""
    op.drop_table("smart_sources")
    op.drop_table("smart_groups")
