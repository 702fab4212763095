"""SQLite searches through the words of contacts in the index that their list is read from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LISTED = sa.text("deleted_at IS NULL AND erased_at IS NULL")


def upgrade() -> None:
    """One index takes the other's place."""
    if op.get_bind().dialect.name == "sqlite":
        names = ["title", "id", "words", "deleted_at", "erased_at"]
        op.create_index("ix_contacts_listed", "contacts", names, sqlite_where=LISTED)
        op.drop_index("ix_contacts_title_id", "contacts")


def downgrade() -> None:
    """And back."""
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_contacts_title_id", "contacts", ["title", "id"], sqlite_where=LISTED)
        op.drop_index("ix_contacts_listed", "contacts")
