"""What counts as a change has become less: what was derived from cards and kept is made anew."""

from alembic import op
from sqlalchemy.orm import Session

from sharesync.store.records.recasting import recast

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring fingerprints and words of contacts and links into the form that cards are read in."""
    with Session(op.get_bind()) as session:
        recast(session)
        session.flush()


def downgrade() -> None:
    """Nothing: what was written with it is read by the release before as well."""
