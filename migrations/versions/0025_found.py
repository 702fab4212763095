"""Contacts are found by numbers and without accents, and sorted by three alphabets: the columns are filled afterwards.

`Database.upgrade` fills them, so many contacts a transaction: to derive them all would hold up writers for seconds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LISTED, UNDERIVED = sa.text("deleted_at IS NULL AND erased_at IS NULL"), sa.text("sort_en IS NULL")
SORTED = ("sort_en", "sort_da", "sort_sv")


def upgrade() -> None:
    """Make the columns and their indexes."""
    for name in SORTED:
        op.add_column("contacts", sa.Column(name, sa.LargeBinary(), nullable=True))
        op.create_index(
            f"ix_contacts_{name}_id", "contacts", [name, "id"], sqlite_where=LISTED, postgresql_where=LISTED
        )
    op.create_index("ix_contacts_underived", "contacts", ["id"], sqlite_where=UNDERIVED, postgresql_where=UNDERIVED)
    if op.get_bind().dialect.name == "sqlite":
        names = ["id", "words", *SORTED, "changed_at", "created_at", "deleted_at", "erased_at"]
        op.drop_index("ix_contacts_listed", "contacts")
        op.create_index("ix_contacts_searched", "contacts", names, sqlite_where=LISTED)
    else:
        op.drop_index("ix_contacts_title_id", "contacts")


def downgrade() -> None:
    """And back: what words now hold is found by the release before as well, if by fewer spellings."""
    if op.get_bind().dialect.name == "sqlite":
        names = ["title", "id", "words", "deleted_at", "erased_at"]
        op.drop_index("ix_contacts_searched", "contacts")
        op.create_index("ix_contacts_listed", "contacts", names, sqlite_where=LISTED)
    else:
        op.create_index("ix_contacts_title_id", "contacts", ["title", "id"], postgresql_where=LISTED)
    op.drop_index("ix_contacts_underived", "contacts")
    for name in SORTED:
        op.drop_index(f"ix_contacts_{name}_id", "contacts")
        op.drop_column("contacts", name)
