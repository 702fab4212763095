"""Units by id; what counts beside what Directory said last; readings in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A unit's path stands for its id until the next reading tells it; the members of all Google groups are known."""
    op.execute("CREATE TABLE units_by_path AS SELECT path, name FROM directory_units")
    op.drop_table("directory_units")
    op.create_table(
        "directory_units",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_units")),
    )
    op.create_table(
        "directory_units_above",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("above_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "above_id", name=op.f("pk_directory_units_above")),
    )
    op.create_index(op.f("ix_directory_units_above_above_id"), "directory_units_above", ["above_id"])
    op.execute("INSERT INTO directory_units (id, path, name, gone) SELECT path, path, name, FALSE FROM units_by_path")
    op.execute(
        "INSERT INTO directory_units_above (unit_id, above_id) SELECT unit.path, above.path"
        " FROM units_by_path unit JOIN units_by_path above ON above.path = '/'"
        " OR above.path = unit.path OR substr(unit.path, 1, length(above.path) + 1) = above.path || '/'"
    )
    op.drop_table("units_by_path")
    op.create_index(op.f("ix_directory_units_path"), "directory_units", ["path"])
    # The paths of users whose unit no reading has listed, as the root counts for everyone.
    op.execute("UPDATE directory_users SET unit = '/' WHERE unit NOT IN (SELECT id FROM directory_units)")
    op.add_column("directory_groups", sa.Column("known", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("directory_groups", sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "directory_readings",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_readings")),
    )
    with op.batch_alter_table("holds") as holds:
        holds.alter_column("mailbox_id", existing_type=sa.Text(), nullable=True)
    op.create_table(
        "kept_paths",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("hold_id", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_kept_paths_group_id_groups")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["directory_users.id"], name=op.f("fk_kept_paths_user_id_directory_users")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_kept_paths_hold_id_holds")),
        sa.PrimaryKeyConstraint("group_id", "kind", "subject", "user_id", name=op.f("pk_kept_paths")),
    )
    op.create_index(op.f("ix_kept_paths_user_id"), "kept_paths", ["user_id"])
    op.create_index(op.f("ix_kept_paths_hold_id"), "kept_paths", ["hold_id"])


def downgrade() -> None:
    """Units by path again; what waited is as Directory said last."""
    op.drop_table("kept_paths")
    op.execute("DELETE FROM holds WHERE mailbox_id IS NULL")
    with op.batch_alter_table("holds") as holds:
        holds.alter_column("mailbox_id", existing_type=sa.Text(), nullable=False)
    op.drop_table("directory_readings")
    op.drop_column("directory_groups", "gone")
    op.drop_column("directory_groups", "known")
    op.drop_table("directory_units_above")
    for table, column, which in (("grants", "subject", "kind = 'ou' AND "), ("directory_users", "unit", "")):
        op.execute(
            f"UPDATE {table} SET {column} = (SELECT path FROM directory_units WHERE id = {column})"  # noqa: S608 -- our own words alone
            f" WHERE {which}{column} IN (SELECT id FROM directory_units)"
        )
    op.execute("CREATE TABLE units_by_id AS SELECT path, min(name) AS name FROM directory_units GROUP BY path")
    op.drop_table("directory_units")
    op.create_table(
        "directory_units",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_directory_units")),
    )
    op.execute("INSERT INTO directory_units (path, name) SELECT path, name FROM units_by_id")
    op.drop_table("units_by_id")
