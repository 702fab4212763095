"""Each order of the list of contacts is in an index, that holds what the list shows and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LISTED, TRASHED = sa.text("deleted_at IS NULL AND erased_at IS NULL"), sa.text("deleted_at IS NOT NULL")


def upgrade() -> None:
    """Split what is listed from what lies in the trash."""
    op.drop_index("ix_contacts_title_id", "contacts")
    op.drop_index("ix_contacts_deleted_at", "contacts")
    for first in ("title", "changed_at", "created_at"):
        op.create_index(
            f"ix_contacts_{first}_id", "contacts", [first, "id"], sqlite_where=LISTED, postgresql_where=LISTED
        )
    op.create_index(
        "ix_contacts_deleted_at", "contacts", ["deleted_at"], sqlite_where=TRASHED, postgresql_where=TRASHED
    )


def downgrade() -> None:
    """One order, and everything in each index."""
    for first in ("title", "changed_at", "created_at"):
        op.drop_index(f"ix_contacts_{first}_id", "contacts")
    op.drop_index("ix_contacts_deleted_at", "contacts")
    op.create_index("ix_contacts_title_id", "contacts", ["title", "id"])
    op.create_index("ix_contacts_deleted_at", "contacts", ["deleted_at"])
