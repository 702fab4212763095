"""Which person stayed in a mailbox as the groups that a hold is about were taken from it."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of an open hold, the person that stands there now: until now whoever stood there counted as having stayed."""
    op.add_column("hold_contacts", sa.Column("stayed_id", sa.Text()))
    op.execute(
        "UPDATE hold_contacts SET stayed_id = (SELECT links.source_id FROM links JOIN holds"
        " ON holds.mailbox_id = links.mailbox_id WHERE holds.id = hold_contacts.hold_id"
        " AND links.contact_id = hold_contacts.contact_id) WHERE card IS NULL AND resolution = 'open'"
    )


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("hold_contacts") as table:
        table.drop_column("stayed_id")
