"""At which version a contact was compared with others: who writes contacts leaves that to later."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

UNCOMPARED = sa.text("compared <> CASE WHEN deleted_at IS NULL THEN version ELSE 0 END")


def upgrade() -> None:
    """Where there are signs, those of every contact outside the trash stand, of its present version."""
    op.add_column("contacts", sa.Column("compared", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE contacts SET compared = version WHERE deleted_at IS NULL AND EXISTS (SELECT 1 FROM signs)")
    op.create_index("ix_contacts_uncompared", "contacts", ["id"], sqlite_where=UNCOMPARED, postgresql_where=UNCOMPARED)


def downgrade() -> None:
    """Let the former program compare all, as it does where it finds no signs."""
    op.execute("DELETE FROM pairs")
    op.execute("DELETE FROM signs")
    op.drop_index("ix_contacts_uncompared", "contacts")
    op.drop_column("contacts", "compared")
