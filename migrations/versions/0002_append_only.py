"""Triggers that keep the log append-only: no event and no node of its tree is changed or removed, no value changed.

Whoever owns the database can drop a trigger; the log's tree and its checkpoints are there to show what was done then.
Values may be deleted: that is what an erasure does. On SQLite, REPLACE would remove rows without a DELETE; it is
refused at the INSERT.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSED = {"events": ("UPDATE", "DELETE"), "log_nodes": ("UPDATE", "DELETE"), "event_values": ("UPDATE",)}
SENTENCE = "the change log is append-only"
IN_THE_WAY = {
    "events": "id = NEW.id OR seq = NEW.seq",
    "log_nodes": "level = NEW.level AND place = NEW.place",
    "event_values": "event_id = NEW.event_id AND field = NEW.field",
}


def upgrade() -> None:
    """Refuse what would alter the log."""
    if op.get_bind().dialect.name == "sqlite":
        for table, verbs in REFUSED.items():
            for verb in verbs:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                )
            there = f"EXISTS (SELECT 1 FROM {table} WHERE {IN_THE_WAY[table]})"  # noqa: S608 -- our own words alone
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there}"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_to_alter_the_log() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    for table, verbs in REFUSED.items():
        for verb in (*verbs, "TRUNCATE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_the_log()"
            )


def downgrade() -> None:
    """Let the log be altered."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, verbs in REFUSED.items():
        for verb in (*verbs, "REPLACE" if sqlite else "TRUNCATE"):
            op.execute(f"DROP TRIGGER {table}_no_{verb.lower()}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION refuse_to_alter_the_log()")
