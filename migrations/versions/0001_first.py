"""The first tables: what is shared, who may see it, what stands in each mailbox, and the change log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)
WORD = sa.String(16)


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "contacts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("left", JSON, nullable=True),
        sa.Column("purged_at", TIME, nullable=True),
        sa.Column("erased_at", TIME, nullable=True),
        sa.Column("legal_hold_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_deleted_at", "contacts", ["deleted_at"], unique=False)
    op.create_index("ix_contacts_title_id", "contacts", ["title", "id"], unique=False)

    op.create_table(
        "directory_aliases",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("email", name="pk_directory_aliases"),
    )
    op.create_table(
        "directory_groups",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_groups"),
    )
    op.create_table(
        "directory_units",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_directory_units"),
    )
    op.create_table(
        "directory_users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("admin", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_users"),
    )
    op.create_index("ix_directory_users_email", "directory_users", ["email"], unique=False)

    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_kind", WORD, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("mailbox_id", sa.Text(), nullable=True),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("before_version", sa.Integer(), nullable=True),
        sa.Column("after_version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("pass_id", sa.Text(), nullable=True),
        sa.Column("commitments", JSON, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("id", name="uq_events_id"),
    )
    op.create_index("ix_events_action_seq", "events", ["action", "seq"], unique=False)
    op.create_index("ix_events_actor_seq", "events", ["actor", "seq"], unique=False)
    op.create_index("ix_events_at", "events", ["at"], unique=False)
    op.create_index("ix_events_contact_id_seq", "events", ["contact_id", "seq"], unique=False)
    op.create_index("ix_events_group_id_seq", "events", ["group_id", "seq"], unique=False)
    op.create_index("ix_events_mailbox_id_seq", "events", ["mailbox_id", "seq"], unique=False)

    op.create_table(
        "groups",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("hold_count", sa.Integer(), nullable=True),
        sa.Column("hold_share", sa.Double(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
    )
    op.create_index(
        "uq_groups_folded_live",
        "groups",
        ["folded"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )

    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name="pk_log_nodes"),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )
    op.create_table(
        "contact_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_contact_versions_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_versions"),
    )
    op.create_index("ix_contact_versions_contact_id_id", "contact_versions", ["contact_id", "id"], unique=False)
    op.create_index(
        "uq_contact_versions_accepted",
        "contact_versions",
        ["contact_id", "version"],
        unique=True,
        sqlite_where=sa.text("kind = 'accepted'"),
        postgresql_where=sa.text("kind = 'accepted'"),
    )

    op.create_table(
        "directory_members",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["directory_groups.id"], name="fk_directory_members_group_id"),
        sa.ForeignKeyConstraint(["user_id"], ["directory_users.id"], name="fk_directory_members_user_id"),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_directory_members"),
    )
    op.create_index("ix_directory_members_user_id", "directory_members", ["user_id"], unique=False)

    op.create_table(
        "event_values",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_values_event_id"),
        sa.PrimaryKeyConstraint("event_id", "field", name="pk_event_values"),
    )
    op.create_table(
        "grants",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("granted_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_grants_group_id"),
        sa.PrimaryKeyConstraint("group_id", "kind", "subject", name="pk_grants"),
    )
    op.create_index("ix_grants_kind_subject", "grants", ["kind", "subject"], unique=False)

    op.create_table(
        "mailboxes",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sync_token", sa.Text(), nullable=True),
        sa.Column("token_params", sa.Text(), nullable=False),
        sa.Column("full_at", TIME, nullable=True),
        sa.Column("full_groups", JSON, nullable=True),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("backoff_until", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_pass_at", TIME, nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("own_ids", sa.LargeBinary(), nullable=True),
        sa.Column("deleted_ids", sa.LargeBinary(), nullable=True),
        sa.Column("empty_since", TIME, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["directory_users.id"], name="fk_mailboxes_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_mailboxes"),
    )
    op.create_index("ix_mailboxes_due_at", "mailboxes", ["due_at"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_memberships_contact_id"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_memberships_group_id"),
        sa.PrimaryKeyConstraint("group_id", "contact_id", name="pk_memberships"),
    )
    op.create_index("ix_memberships_contact_id", "memberships", ["contact_id"], unique=False)

    op.create_table(
        "suppressions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_suppressions_contact_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_suppressions"),
    )
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("store", JSON, nullable=False),
        sa.Column("other", JSON, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_conflicts_contact_id"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.user_id"], name="fk_conflicts_mailbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conflicts"),
    )
    op.create_index("ix_conflicts_contact_id", "conflicts", ["contact_id"], unique=False)

    op.create_table(
        "holds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_holds_group_id"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.user_id"], name="fk_holds_mailbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_mailbox_id", "holds", ["mailbox_id"], unique=False)

    op.create_table(
        "labels",
        sa.Column("mailbox_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wrote_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_labels_group_id"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.user_id"], name="fk_labels_mailbox_id"),
        sa.PrimaryKeyConstraint("mailbox_id", "group_id", name="pk_labels"),
    )
    op.create_table(
        "links",
        sa.Column("mailbox_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("origin", WORD, nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("agreed", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        sa.Column("patch", JSON, nullable=True),
        sa.Column("own", JSON, nullable=True),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("moving", JSON, nullable=False),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.Column("wrote_at", TIME, nullable=True),
        sa.Column("written_at", TIME, nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("look_at", TIME, nullable=True),
        sa.Column("pushes", sa.Integer(), nullable=False),
        sa.Column("pushes_since", TIME, nullable=True),
        sa.Column("aside", sa.Text(), nullable=False),
        sa.Column("aside_version", sa.Integer(), nullable=False),
        sa.Column("aside_until", TIME, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_links_contact_id"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.user_id"], name="fk_links_mailbox_id"),
        sa.PrimaryKeyConstraint("mailbox_id", "contact_id", name="pk_links"),
        sa.UniqueConstraint("mailbox_id", "source_id", name="uq_links_mailbox_id_source_id"),
    )
    op.create_index("ix_links_contact_id", "links", ["contact_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("resolution", WORD, nullable=False),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_proposals_contact_id"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.user_id"], name="fk_proposals_mailbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_contact_id", "proposals", ["contact_id"], unique=False)

    op.create_table(
        "hold_contacts",
        sa.Column("hold_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", JSON, nullable=True),
        sa.Column("resolution", WORD, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_hold_contacts_contact_id"),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name="fk_hold_contacts_hold_id"),
        sa.PrimaryKeyConstraint("hold_id", "contact_id", name="pk_hold_contacts"),
    )


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("hold_contacts")
    op.drop_index("ix_proposals_contact_id", table_name="proposals")

    op.drop_table("proposals")
    op.drop_index("ix_links_contact_id", table_name="links")

    op.drop_table("links")
    op.drop_table("labels")
    op.drop_index("ix_holds_mailbox_id", table_name="holds")

    op.drop_table("holds")
    op.drop_index("ix_conflicts_contact_id", table_name="conflicts")

    op.drop_table("conflicts")
    op.drop_table("suppressions")
    op.drop_index("ix_memberships_contact_id", table_name="memberships")

    op.drop_table("memberships")
    op.drop_index("ix_mailboxes_due_at", table_name="mailboxes")

    op.drop_table("mailboxes")
    op.drop_index("ix_grants_kind_subject", table_name="grants")

    op.drop_table("grants")
    op.drop_table("event_values")
    op.drop_index("ix_directory_members_user_id", table_name="directory_members")

    op.drop_table("directory_members")
    op.drop_index("uq_contact_versions_accepted", table_name="contact_versions")
    op.drop_index("ix_contact_versions_contact_id_id", table_name="contact_versions")

    op.drop_table("contact_versions")
    op.drop_table("secrets")
    op.drop_table("log_nodes")
    op.drop_index("uq_groups_folded_live", table_name="groups")

    op.drop_table("groups")
    op.drop_index("ix_events_mailbox_id_seq", table_name="events")
    op.drop_index("ix_events_group_id_seq", table_name="events")
    op.drop_index("ix_events_contact_id_seq", table_name="events")
    op.drop_index("ix_events_at", table_name="events")
    op.drop_index("ix_events_actor_seq", table_name="events")
    op.drop_index("ix_events_action_seq", table_name="events")

    op.drop_table("events")
    op.drop_index("ix_directory_users_email", table_name="directory_users")

    op.drop_table("directory_users")
    op.drop_table("directory_units")
    op.drop_table("directory_groups")
    op.drop_table("directory_aliases")
    op.drop_index("ix_contacts_title_id", table_name="contacts")
    op.drop_index("ix_contacts_deleted_at", table_name="contacts")

    op.drop_table("contacts")
