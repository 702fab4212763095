"""PostgreSQL finds a few letters anywhere in a contact by an index of all groups of three, where it may have one."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INDEX = "ix_contacts_letters"
MAY_HAVE = sa.text(
    "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')"
    " OR (EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm')"
    " AND has_database_privilege(current_database(), 'CREATE'))"
)
"""It comes with PostgreSQL, in a package of its own on some systems, and whoever owns the database may switch it on."""


def upgrade() -> None:
    """Make the index; without it a search reads all contacts, and finds the same."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql" and connection.scalar(MAY_HAVE):
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.create_index(INDEX, "contacts", ["words"], postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"})


def downgrade() -> None:
    """Leave the extension: others may use it."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, "contacts", if_exists=True)
