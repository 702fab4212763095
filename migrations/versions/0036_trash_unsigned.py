"""Signs and pairs are made anew: what lies in the trash has none."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget them: where there are none, all contacts are compared when the program begins."""
    op.execute("DELETE FROM pairs")
    op.execute("DELETE FROM signs")


def downgrade() -> None:
    """Let the former program make its own."""
    upgrade()
