"""When a contact was last checked; and indexes by which filters ask for that, for photos and for entries."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TO_DO = "done_at IS NULL AND removed_at IS NULL AND day IS NOT NULL"
INDEXES = (
    ("ix_contacts_checked_at", "contacts", ["checked_at", "id"], "checked_at IS NOT NULL"),
    ("ix_contacts_photo", "contacts", ["photo", "id"], "photo IS NOT NULL"),
    ("ix_entries_kind_contact_id_at", "entries", ["kind", "contact_id", "at"], "removed_at IS NULL"),
    ("ix_entries_happened", "entries", ["contact_id", "at"], "kind <> 'follow-up' AND removed_at IS NULL"),
    (
        *("ix_entries_spent", "entries", ["contact_id", "currency", "amount"]),
        "kind = 'purchase' AND currency IS NOT NULL AND removed_at IS NULL",
    ),
    ("ix_entries_due", "entries", ["contact_id", "day"], TO_DO),
)


def upgrade() -> None:
    """Nobody has checked any."""
    op.add_column("contacts", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Forget when."""
    for name, table, *_ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_column("contacts", "checked_at")
