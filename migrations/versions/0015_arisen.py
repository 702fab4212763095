"""In which groups proposals and conflicts arose; which groups keep their contacts together."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that wait arose in every group that holds their contact, as was believed; no group keeps its contacts."""
    op.create_table(
        "arisen",
        sa.Column("waiting_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_arisen_group_id_groups"),
        sa.PrimaryKeyConstraint("waiting_id", "group_id", name="pk_arisen"),
    )
    for table in ("proposals", "conflicts"):
        op.execute(
            f"INSERT INTO arisen (waiting_id, group_id) SELECT {table}.id, memberships.group_id FROM {table}"  # noqa: S608 -- our own words alone
            f" JOIN memberships ON memberships.contact_id = {table}.contact_id WHERE {table}.resolved_at IS NULL"
        )
    op.add_column("groups", sa.Column("passes_on", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Who manages any group of the contact decides."""
    op.drop_column("groups", "passes_on")
    op.drop_table("arisen")
