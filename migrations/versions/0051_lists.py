"""What lists of contacts are sorted by besides their names, and the columns of saved filters.

`sort_en` says that the keys are missing; `Database.upgrade` fills them, so many contacts a transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

LISTED = sa.text("deleted_at IS NULL AND erased_at IS NULL")
KEYS = (
    *("by_company_en", "by_company_da", "by_company_sv"),
    *("by_city_en", "by_city_da", "by_city_sv"),
    *("by_email", "by_birthday"),
)


def upgrade() -> None:
    """Make the columns, and have them filled."""
    for name in KEYS:
        op.add_column("contacts", sa.Column(name, sa.LargeBinary(), nullable=True))
        op.create_index(
            f"ix_contacts_{name}_id", "contacts", [name, "id"], sqlite_where=LISTED, postgresql_where=LISTED
        )
    op.execute("UPDATE contacts SET sort_en = NULL")
    op.add_column("saved_filters", sa.Column("columns", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """And back."""
    op.drop_column("saved_filters", "columns")
    for name in KEYS:
        op.drop_index(f"ix_contacts_{name}_id", "contacts")
        op.drop_column("contacts", name)
