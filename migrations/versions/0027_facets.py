"""Filters ask of a card by name: the column is made, and derived for every contact afterwards.

`Database.upgrade` fills what `sort_en` says is missing, so many contacts a transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

LISTED = sa.text("deleted_at IS NULL AND erased_at IS NULL")
SORTED = ("sort_en", "sort_da", "sort_sv")
TIMES = ("changed_at", "created_at", "deleted_at", "erased_at")


def _searched(*names: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_contacts_searched", "contacts")
        columns = ["id", "words", *names, *SORTED, *TIMES]
        op.create_index("ix_contacts_searched", "contacts", columns, sqlite_where=LISTED)


def upgrade() -> None:
    """Make the column, and have it filled."""
    op.add_column("contacts", sa.Column("facets", sa.Text(), nullable=False, server_default=""))
    _searched("facets")
    op.execute("UPDATE contacts SET sort_en = NULL")


def downgrade() -> None:
    """And back."""
    _searched()
    op.drop_column("contacts", "facets")
