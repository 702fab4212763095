"""On SQLite, what refuses a REPLACE in the log stops at the row it refuses, instead of undoing the statement.

To undo one statement of a transaction, SQLite would copy every page before the statement touches it: on each event,
two thirds of what writing it costs. Nothing is undone here that matters: the row is refused before it is written, and
the transaction is rolled back by whoever asked for it.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SENTENCE = "the change log is append-only"
IN_THE_WAY = {
    "events": "id = NEW.id OR seq = NEW.seq",
    "log_nodes": "level = NEW.level AND place = NEW.place",
}


def _refuse(how: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, clash in IN_THE_WAY.items():
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {clash})"  # noqa: S608 -- our own words alone
        op.execute(f"DROP TRIGGER {table}_no_replace")
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there}"
            f" BEGIN SELECT RAISE({how}, '{SENTENCE}'); END"
        )


def upgrade() -> None:
    """Stop at the row."""
    _refuse("FAIL")


def downgrade() -> None:
    """Undo the statement."""
    _refuse("ABORT")
