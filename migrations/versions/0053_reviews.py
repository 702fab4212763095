"""Reviews: who looks through which contacts, and what they said."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None yet."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("ticked", sa.Boolean(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("starter", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_reviews_group_id_groups"),
        sa.ForeignKeyConstraint(["starter"], ["directory_users.id"], name="fk_reviews_starter_directory_users"),
        sa.ForeignKeyConstraint(["previous"], ["reviews.id"], name="fk_reviews_previous_reviews"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("previous", name="uq_reviews_previous"),
    )
    op.create_index("ix_reviews_group_id", "reviews", ["group_id"])
    op.create_table(
        "reviewers",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_reviewers_review_id_reviews"),
        sa.ForeignKeyConstraint(["user_id"], ["directory_users.id"], name="fk_reviewers_user_id_directory_users"),
        sa.PrimaryKeyConstraint("review_id", "user_id", name="pk_reviewers"),
    )
    op.create_table(
        "review_items",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_review_items_review_id_reviews"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_review_items_contact_id_contacts"),
        sa.ForeignKeyConstraint(["reviewer"], ["directory_users.id"], name="fk_review_items_reviewer_directory_users"),
        sa.PrimaryKeyConstraint("review_id", "contact_id", name="pk_review_items"),
    )
    op.create_index("ix_review_items_contact_id", "review_items", ["contact_id"])
    op.create_index("ix_review_items_reviewer_state", "review_items", ["reviewer", "state"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("review_items")
    op.drop_table("reviewers")
    op.drop_table("reviews")
