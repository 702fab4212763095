"""A contact may have a photo; a link remembers which one it put there, and how Google names it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LINKS = ("photo", "photo_sign", "photo_sent")


def upgrade() -> None:
    """No contact has one yet."""
    op.create_table(
        "photos",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_photos_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "digest", name=op.f("pk_photos")),
    )
    op.add_column("contacts", sa.Column("photo", sa.LargeBinary(), nullable=True))
    op.add_column("contacts", sa.Column("photo_event_id", sa.Text(), nullable=True))
    for column in LINKS:
        op.add_column("links", sa.Column(column, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """The photos go; those in mailboxes stay there, their users' own from then on."""
    for column in LINKS:
        op.drop_column("links", column)
    op.drop_column("contacts", "photo_event_id")
    op.drop_column("contacts", "photo")
    op.drop_table("photos")
