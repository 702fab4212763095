"""Events that were archived may go; events are found by outcome, by source and by time.

The log stays append-only for everything else: an event can be removed only below a retirement, and a retirement can
be written only once the leaves of all that it lets go are kept in the tree.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STRETCH = 1024
SENTENCE = "the change log is append-only"
KEPT = "(SELECT coalesce(max(size), 0) FROM log_retirements)"
NOT_READY = (
    f"NEW.size <= {KEPT} OR NEW.size > (SELECT coalesce(max(seq), -1) + 1 FROM events)"  # noqa: S608 -- our own words
    " OR NEW.size <> (SELECT count(*) FROM log_nodes WHERE level = 0 AND place < NEW.size)"
)


def upgrade() -> None:
    """Make room for retirements and times; let go what was retired."""
    op.create_table(
        "log_retirements",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_log_retirements"),
    )
    op.create_table(
        "log_spans",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_log_spans"),
    )
    op.execute(
        f"INSERT INTO log_spans (place, first_at, last_at) SELECT seq / {STRETCH}, min(at), max(at) FROM events"  # noqa: S608 -- our own number
        f" GROUP BY seq / {STRETCH}"
    )
    op.drop_index("ix_events_at", table_name="events")
    op.create_index("ix_events_outcome_seq", "events", ["outcome", "seq"], unique=False)
    op.create_index("ix_events_source_seq", "events", ["source", "seq"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER events_no_delete")
        op.execute(
            f"CREATE TRIGGER events_no_delete BEFORE DELETE ON events WHEN OLD.seq >= {KEPT}"
            f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER log_retirements_no_{verb.lower()} BEFORE {verb} ON log_retirements"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        op.execute(
            f"CREATE TRIGGER log_retirements_ready BEFORE INSERT ON log_retirements WHEN {NOT_READY}"
            f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        return
    op.execute("DROP TRIGGER events_no_delete ON events")
    op.execute(
        "CREATE FUNCTION refuse_unless_retired() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF OLD.seq >= {KEPT} THEN RAISE EXCEPTION '{SENTENCE}'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_unless_retired()"
    )
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER log_retirements_no_{verb.lower()} BEFORE {verb} ON log_retirements"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_the_log()"
        )
    op.execute(
        "CREATE FUNCTION refuse_unless_kept() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {NOT_READY} THEN RAISE EXCEPTION '{SENTENCE}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER log_retirements_ready BEFORE INSERT ON log_retirements"
        " FOR EACH ROW EXECUTE FUNCTION refuse_unless_kept()"
    )


def downgrade() -> None:
    """Nothing more is retired; what was stays away."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER events_no_delete" + ("" if sqlite else " ON events"))
    op.drop_table("log_retirements")  # its triggers go with it
    op.drop_table("log_spans")
    op.drop_index("ix_events_outcome_seq", table_name="events")
    op.drop_index("ix_events_source_seq", table_name="events")
    op.create_index("ix_events_at", "events", ["at"], unique=False)
    if sqlite:
        op.execute(
            f"CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        return
    op.execute("DROP FUNCTION refuse_unless_retired()")
    op.execute("DROP FUNCTION refuse_unless_kept()")
    op.execute(
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_the_log()"
    )
