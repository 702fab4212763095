"""Fields of the company's own, Tags among them, and the values that are kept here, beside cards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """Make them; Tags is what cards have under that name already."""
    op.create_table(
        "fields",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("required", JSON, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("derived", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_fields"),
    )
    op.create_index(
        "uq_fields_folded_live", "fields", ["folded"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_table(
        "field_amounts",
        sa.Column("field_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_field_amounts_contact_id_contacts"),
        sa.ForeignKeyConstraint(["field_id"], ["fields.id"], name="fk_field_amounts_field_id_fields"),
        sa.PrimaryKeyConstraint("field_id", "contact_id", name="pk_field_amounts"),
    )
    op.create_index("ix_field_amounts_contact_id", "field_amounts", ["contact_id"])
    op.create_index("ix_field_amounts_field_id_amount", "field_amounts", ["field_id", "amount", "contact_id"])
    for table in ("contacts", "contact_versions"):
        op.add_column(table, sa.Column("here", JSON, nullable=True))
    op.execute(
        "INSERT INTO fields (id, name, folded, kind, choices, help, shown, required, place, created_at)"
        " VALUES ('tags', 'Tags', 'tags', 'several-of', '[]', '', true, '[]', 0, CURRENT_TIMESTAMP)"
    )


def downgrade() -> None:
    """Take them away, and what was kept in them."""
    for table in ("contact_versions", "contacts"):
        op.drop_column(table, "here")
    op.drop_table("field_amounts")
    op.drop_table("fields")
