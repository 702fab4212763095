"""Persons of a user's own that had been taken for ours, when they came back out of Google's trash, are theirs again.

The link of such a person said that we had made it, so the end of sharing would have deleted it. The log knows better:
the contact was adopted or given in that mailbox, came back there, and no person was ever made of it there since.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MEND = sa.text(
    """
    UPDATE links SET origin = :origin, marked = :marked WHERE origin = 'created' AND EXISTS (
        SELECT 1 FROM events AS came JOIN events AS back
        ON back.contact_id = came.contact_id AND back.mailbox_id = came.mailbox_id AND back.seq > came.seq
        WHERE came.contact_id = links.contact_id AND came.mailbox_id = links.mailbox_id
        AND came.action = :came AND came.actor_kind = 'mailbox'
        AND back.action = 'contact.restore' AND back.actor_kind = 'mailbox'
        AND NOT EXISTS (
            SELECT 1 FROM events AS made WHERE made.contact_id = links.contact_id
            AND made.mailbox_id = links.mailbox_id AND made.action = 'person.create' AND made.seq > came.seq
        )
    )
    """
).bindparams(sa.bindparam("marked", value=False, type_=sa.Boolean()))


def upgrade() -> None:
    """Say whose they are; the next pass writes that into their marks, too."""
    for came, origin in (("link.adopt", "adopted"), ("contact.create", "given")):
        op.get_bind().execute(MEND, {"came": came, "origin": origin})


def downgrade() -> None:
    """Nothing: they were the user's all the time."""
