"""A mailbox at rest remembers which contacts changed since, and what waits in it is found through an index."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("(look_at IS NOT NULL OR aside <> '' OR state <> 'live')")


def upgrade() -> None:
    """None of them is at rest: each is looked through once."""
    op.add_column("mailboxes", sa.Column("news", sa.Text(), nullable=True))
    op.create_index("ix_links_unsettled", "links", ["mailbox_id"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)


def downgrade() -> None:
    """And back."""
    op.drop_index("ix_links_unsettled", "links")
    op.drop_column("mailboxes", "news")
