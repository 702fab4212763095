"""Job title and phone, by which lists are sorted, too.

`sort_en` says that the keys are missing; `Database.upgrade` fills them, so many contacts a transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

LISTED = sa.text("deleted_at IS NULL AND erased_at IS NULL")
KEYS = ("by_title_en", "by_title_da", "by_title_sv", "by_phone")


def upgrade() -> None:
    """Make the columns, and have them filled."""
    for name in KEYS:
        op.add_column("contacts", sa.Column(name, sa.LargeBinary(), nullable=True))
        op.create_index(
            f"ix_contacts_{name}_id", "contacts", [name, "id"], sqlite_where=LISTED, postgresql_where=LISTED
        )
    op.execute("UPDATE contacts SET sort_en = NULL")


def downgrade() -> None:
    """And back."""
    for name in KEYS:
        op.drop_index(f"ix_contacts_{name}_id", "contacts")
        op.drop_column("contacts", name)
