"""Every table. No relationships: nothing is loaded that a query did not ask for, so no loop can load lazily.

Ids that people or Google see are text; times are UTC. What each table is for stands in its class's first line.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from sharesync.model.access import Level, PrincipalKind
from sharesync.model.alphabet import Alphabet
from sharesync.model.audit import ActorKind, Outcome, Source
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.model.duplicate_decision import Ruling
from sharesync.model.endpoint import EndpointKind, EndpointState
from sharesync.model.entry import EntryKind
from sharesync.model.field_kinds import FieldKind
from sharesync.model.link import LinkState, Origin
from sharesync.model.list_order import KEY_COLUMNS
from sharesync.model.mailbox import MailboxState
from sharesync.model.permission import Role
from sharesync.model.review import ItemState
from sharesync.model.waiting import HoldKind, Resolution
from sharesync.store.database.columns import CardJson, JsonType, LevelNumber, Time, words


class Table(DeclarativeBase):
    """The root of all tables; constraint names are fixed so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: Time,
        str: Text,
        bytes: LargeBinary,
        Card: CardJson,
        Level: LevelNumber,
        dict[str, Any]: JsonType,
        list[str]: JsonType,
        list[int]: JsonType,
        list[dict[str, Any]]: JsonType,
        VersionKind: words(VersionKind),
        PrincipalKind: words(PrincipalKind),
        LinkState: words(LinkState),
        Origin: words(Origin),
        MailboxState: words(MailboxState),
        ActorKind: words(ActorKind),
        Source: words(Source),
        Outcome: words(Outcome),
        HoldKind: words(HoldKind),
        Resolution: words(Resolution),
        Role: words(Role),
        Ruling: words(Ruling),
        EndpointKind: words(EndpointKind),
        EndpointState: words(EndpointState),
        FieldKind: words(FieldKind),
        EntryKind: words(EntryKind),
        ItemState: words(ItemState),
    }


# --- What is shared --------------------------------------------------------------------------------------------------


# SQLite would look for what is not in the trash in an index of what is, and then sort nearly all contacts.
LISTED, TRASHED = text("deleted_at IS NULL AND erased_at IS NULL"), text("deleted_at IS NOT NULL")
UNDERIVED = text("sort_en IS NULL")
ENTRY_SHOWN = text("removed_at IS NULL")
HAPPENED = text("kind <> 'follow-up' AND removed_at IS NULL")
SPENT_ON = text("kind = 'purchase' AND currency IS NOT NULL AND removed_at IS NULL")
WAS_CHECKED, PICTURED = text("checked_at IS NOT NULL"), text("photo IS NOT NULL")
UNCOMPARED = text("compared <> CASE WHEN deleted_at IS NULL THEN version ELSE 0 END")
"""Contacts whose signs are not those of what they are (`records/likeness_index.py`)."""
TO_DO = text("done_at IS NULL AND removed_at IS NULL AND day IS NOT NULL")
SORTED = tuple(f"sort_{alphabet.value}" for alphabet in Alphabet)


def _only(dialect: str, index: Index) -> Any:
    index.info["dialect"] = dialect
    return index.ddl_if(dialect=dialect)


def belongs(item: SchemaItem, dialect: str) -> bool:
    """Whether this part of the tables is there on such a database: a few indexes are for one kind alone."""
    return bool(item.info.get("dialect", dialect) == dialect)


class ContactRow(Table):
    """Contacts. A row is never removed: an id once used stays known, so an unknown mark means a lost store."""

    __tablename__ = "contacts"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    card: Mapped[Card]
    fingerprint: Mapped[bytes]
    title: Mapped[str]
    """What lists call it, folded."""
    words: Mapped[str]
    """Everything that search looks at (`model/searching.py`)."""
    facets: Mapped[str] = mapped_column(server_default="")
    """What filters ask of a card by name (`model/facets.py`)."""
    sort_en: Mapped[bytes | None]
    """What lists sort by in each alphabet (`model/alphabet.py`); None until it is derived from the card."""
    sort_da: Mapped[bytes | None]
    sort_sv: Mapped[bytes | None]
    by_company_en: Mapped[bytes | None]
    """By what lists are sorted besides (`model/list_order.py`); None as `sort_en` is."""
    by_company_da: Mapped[bytes | None]
    by_company_sv: Mapped[bytes | None]
    by_title_en: Mapped[bytes | None]
    by_title_da: Mapped[bytes | None]
    by_title_sv: Mapped[bytes | None]
    by_city_en: Mapped[bytes | None]
    by_city_da: Mapped[bytes | None]
    by_city_sv: Mapped[bytes | None]
    by_email: Mapped[bytes | None]
    by_phone: Mapped[bytes | None]
    by_birthday: Mapped[bytes | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    left: Mapped[list[str] | None]
    """While it lies in the trash: the groups it left last, to which it can be restored."""
    purged_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Since when nothing of it is kept but its id: what carries its mark in a mailbox goes from there too."""
    legal_hold_at: Mapped[datetime | None]
    """Since when the law, or a lawyer, forbids to erase it."""
    photo: Mapped[bytes | None]
    """Digest of its photo, if it has one."""
    photo_event_id: Mapped[str | None]
    """The event that made the photo what it is, or none."""
    here: Mapped[dict[str, Any] | None]
    """Values of fields that are kept here, by the field's id: beside the card, so that no mailbox sees them."""
    checked_at: Mapped[datetime | None]
    """When somebody last said that it is right."""
    compared: Mapped[int] = mapped_column(server_default="0")
    """At which version its signs stand and it was compared with others; 0 where it has no signs."""
    __table_args__ = (
        *(
            Index(f"ix_contacts_{first}_id", first, "id", sqlite_where=LISTED, postgresql_where=LISTED)
            for first in (*SORTED, *KEY_COLUMNS, "changed_at", "created_at")
        ),
        Index("ix_contacts_underived", "id", sqlite_where=UNDERIVED, postgresql_where=UNDERIVED),
        Index("ix_contacts_uncompared", "id", sqlite_where=UNCOMPARED, postgresql_where=UNCOMPARED),
        # SQLite searches through this index and touches no row; PostgreSQL allows no entries of that length.
        _only(
            "sqlite",
            Index(
                "ix_contacts_searched",
                *("id", "words", "facets", *SORTED, "changed_at", "created_at", "deleted_at", "erased_at"),
                sqlite_where=LISTED,
            ),
        ),
        # A few letters anywhere in a contact; not there where the database has no pg_trgm (migration 0039).
        _only(
            "postgresql",
            Index("ix_contacts_letters", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
        ),
        *(
            Index(f"ix_contacts_{name}", name, "id", sqlite_where=there, postgresql_where=there)
            for name, there in (("checked_at", WAS_CHECKED), ("photo", PICTURED))
        ),
        Index("ix_contacts_deleted_at", "deleted_at", sqlite_where=TRASHED, postgresql_where=TRASHED),
    )


class VersionRow(Table):
    """Every card a contact had, every rejected edit, every card before a deletion: nothing anyone typed is lost."""

    __tablename__ = "contact_versions"
    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    version: Mapped[int]
    kind: Mapped[VersionKind]
    card: Mapped[Card]
    here: Mapped[dict[str, Any] | None]
    """Values of fields kept here, as above; of a rejected edit none, as a mailbox knows none."""
    at: Mapped[datetime]
    event_id: Mapped[str]
    __table_args__ = (
        Index(
            "uq_contact_versions_accepted",
            "contact_id",
            "version",
            unique=True,
            sqlite_where=text("kind = 'accepted'"),
            postgresql_where=text("kind = 'accepted'"),
        ),
        Index("ix_contact_versions_contact_id_id", "contact_id", "id"),
    )


class FieldRow(Table):
    """Fields of the company's own (`model/company_fields.py`). A deleted one stays: versions hold values of it."""

    __tablename__ = "fields"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded: Mapped[str]
    kind: Mapped[FieldKind]
    choices: Mapped[list[str]]
    help: Mapped[str]
    shown: Mapped[bool]
    """In Google; else its values are kept here."""
    required: Mapped[list[str]]
    """Ids of groups."""
    place: Mapped[int]
    """Its place in the order; fields of the same place stand as they were made."""
    derived: Mapped[bool] = mapped_column(server_default=true())
    """Whether filters find every contact by it as it is defined now."""
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_fields_folded_live",
            "folded",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )


class AmountRow(Table):
    """What contacts say in fields of numbers and days, as a number by which they are compared."""

    __tablename__ = "field_amounts"
    field_id: Mapped[str] = mapped_column(ForeignKey("fields.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    amount: Mapped[float] = mapped_column(Double)
    __table_args__ = (Index("ix_field_amounts_field_id_amount", "field_id", "amount", "contact_id"),)


class EntryRow(Table):
    """What happened with a contact, and what is to be done (`model/entry.py`). No part of it is in any mailbox."""

    __tablename__ = "entries"
    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    kind: Mapped[EntryKind]
    at: Mapped[datetime]
    text: Mapped[str]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """In ten-thousandths of the currency."""
    currency: Mapped[str | None]
    day: Mapped[date | None]
    """Of a follow-up: by when it is to be done, and by whom."""
    doer: Mapped[str | None] = mapped_column(ForeignKey("directory_users.id"))
    done_at: Mapped[datetime | None]
    author_kind: Mapped[ActorKind]
    author: Mapped[str]
    owner: Mapped[str | None]
    """Of one that a program brings: for whom the program acts, its name for where it is from, and by which id it knows
    it there (SHA-256)."""
    source: Mapped[str | None]
    external_id: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    """Since when nobody is shown it: a program that brings it again must find that people removed it."""
    __table_args__ = (
        Index("ix_entries_contact_id_at_id", "contact_id", "at", "id"),
        # What filters ask of all entries is read from these alone (`records/measures.py`).
        *(
            Index(f"ix_entries_{name}", *columns, sqlite_where=those, postgresql_where=those)
            for name, columns, those in (
                ("kind_contact_id_at", ("kind", "contact_id", "at"), ENTRY_SHOWN),
                ("happened", ("contact_id", "at"), HAPPENED),
                ("spent", ("contact_id", "currency", "amount"), SPENT_ON),
                ("due", ("contact_id", "day"), TO_DO),
            )
        ),
        Index("ix_entries_doer_day", "doer", "day", sqlite_where=TO_DO, postgresql_where=TO_DO),
        Index("uq_entries_owner_source_external_id", "owner", "source", "external_id", unique=True),
    )


class CalendarRow(Table):
    """By which secret, known by its hash (SHA-256), somebody's calendar of follow-ups is read; one a person."""

    __tablename__ = "calendars"
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class MovedEntryRow(Table):
    """Which entries came to the contact that stayed by a merge: they go back with the other."""

    __tablename__ = "moved_entries"
    merge_id: Mapped[str] = mapped_column(ForeignKey("rulings.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True, index=True)


class PhotoRow(Table):
    """Every photo that a contact had, as JPEG."""

    __tablename__ = "photos"
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    at: Mapped[datetime]


class GroupRow(Table):
    """Shared groups. A deleted one stays as a row until every mailbox has let its label go."""

    __tablename__ = "groups"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded: Mapped[str]
    """The name as compared: two live groups never differ by case alone."""
    description: Mapped[str]
    hold_count: Mapped[int | None]
    """How many removals at once pass without a question, where it is not the usual number."""
    hold_share: Mapped[float | None]
    passes_on: Mapped[bool] = mapped_column(server_default=true())
    """Whether who may edit its contacts may put them into other groups, too; who manages it always may."""
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    last_grants: Mapped[list[dict[str, Any]] | None]
    """Who had which level when it was deleted (`kind`, `subject`, `level`): they give no right, but such are told."""
    __table_args__ = (
        Index(
            "uq_groups_folded_live",
            "folded",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )


class MembershipRow(Table):
    """Which contact is in which group."""

    __tablename__ = "memberships"
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]


class SmartGroupRow(Table):
    """Groups whose contacts a filter chooses, beside their row in `groups`."""

    __tablename__ = "smart_groups"
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    filter: Mapped[str]
    """As it was typed: what it asks for depends on the day."""
    zone: Mapped[str]
    """Where its days begin, by its IANA name; empty is this machine's."""
    owner_kind: Mapped[PrincipalKind | None]
    """Who manages it, beside administrators: a user or a service; None is administrators alone."""
    owner: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it is to be looked through, as time alone may have changed it, or as it was begun; None is never."""


class SmartSourceRow(Table):
    """From which groups a smart group takes contacts."""

    __tablename__ = "smart_sources"
    group_id: Mapped[str] = mapped_column(ForeignKey("smart_groups.group_id"), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True, index=True)
    counts: Mapped[bool]
    """Whether its owner manages the source; while they do not, nothing is taken from there."""


class SavedFilterRow(Table):
    """Filters that somebody keeps under a name, for themselves or for who sees a group."""

    __tablename__ = "saved_filters"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    filter: Mapped[str]
    order: Mapped[str]
    columns: Mapped[str] = mapped_column(server_default="")
    owner: Mapped[str] = mapped_column(index=True)
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"), index=True)
    created_at: Mapped[datetime]


class ReviewRow(Table):
    """Reviews: what is looked through by whom and by when (`model/review.py`)."""

    __tablename__ = "reviews"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"), index=True)
    filter: Mapped[str]
    zone: Mapped[str]
    ticked: Mapped[bool]
    """Whether its contacts were chosen one by one."""
    field: Mapped[str]
    """Id of the field whose value names who is asked; empty: it is split evenly."""
    due: Mapped[date]
    repeats: Mapped[bool]
    starter: Mapped[str | None] = mapped_column(ForeignKey("directory_users.id"))
    started_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    previous: Mapped[str | None] = mapped_column(ForeignKey("reviews.id"), unique=True)
    """The one that it repeats; unique, so that two clocks begin the next one once."""


class ReviewerRow(Table):
    """Among whom a review is split."""

    __tablename__ = "reviewers"
    review_id: Mapped[str] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True)


class ReviewItemRow(Table):
    """Which contact of a review is asked of whom, and what they said."""

    __tablename__ = "review_items"
    review_id: Mapped[str] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    reviewer: Mapped[str | None] = mapped_column(ForeignKey("directory_users.id"))
    """None while nobody sees it who could be asked."""
    state: Mapped[ItemState]
    decided_at: Mapped[datetime | None]
    """When somebody said so; None: it is open, or the clock found it gone or elsewhere."""
    __table_args__ = (Index("ix_review_items_reviewer_state", "reviewer", "state"),)


class GrantRow(Table):
    """Which principal may do what on which group; one level a principal and group."""

    __tablename__ = "grants"
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    kind: Mapped[PrincipalKind] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[Level]
    at_once: Mapped[int | None]
    """Of a service: how many contacts it may change, or take out, at once, where that is more than usual."""
    granted_at: Mapped[datetime]
    __table_args__ = (Index("ix_grants_kind_subject", "kind", "subject"),)


class SignRow(Table):
    """Signs by which contacts that may be alike are found (`model/likeness.py`), each as a number."""

    __tablename__ = "signs"
    sign: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)
    """The row is the index: half the room."""


class PairRow(Table):
    """Two contacts that are probably one, told from their cards: `one_id` is the lesser id."""

    __tablename__ = "pairs"
    one_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    surety: Mapped[int]
    __table_args__ = (Index("ix_pairs_surety_one_id_other_id", "surety", "one_id", "other_id"),)


class RulingRow(Table):
    """What somebody decided about two contacts: that they are two, or that one stays for both."""

    __tablename__ = "rulings"
    id: Mapped[str] = mapped_column(primary_key=True)
    """Of the event that tells of it."""
    ruling: Mapped[Ruling]
    one_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    """Of a merge: the contact that stayed; else the lesser id."""
    other_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    """Of a merge: the one that went to the trash."""
    actor: Mapped[str]
    at: Mapped[datetime]
    versions: Mapped[list[int] | None]
    """Of a merge: of the one that stayed, before and after."""
    joined: Mapped[list[str] | None]
    """Of a merge: the groups that the one that stayed joined by it."""
    left: Mapped[list[str] | None]
    """Of a merge: the groups that the other left by it."""
    undone_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_rulings_one_id_other_id", "one_id", "other_id"),)


class DeclinedRow(Table):
    """Which user does not want which group in their own mailbox, whatever is granted."""

    __tablename__ = "declined"
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    since: Mapped[datetime]


class ServiceRow(Table):
    """Programs that are principals of their own. One that was removed stays: the log and its tokens name it."""

    __tablename__ = "services"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_services_name_live",
            "name",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )


class TokenRow(Table):
    """Tokens, each known by the hash of its text. One that ended stays: the log names it."""

    __tablename__ = "tokens"
    id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    hint: Mapped[str]
    """How it begins, by which its owner knows it again."""
    name: Mapped[str]
    owner_kind: Mapped[PrincipalKind]
    owner: Mapped[str] = mapped_column(index=True)
    """Id of the user or service for whom it acts."""
    scopes: Mapped[list[str]]
    groups: Mapped[list[str] | None]
    """Ids of the only groups it is for; None where it is for all that its owner sees."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was last used, give or take a few minutes."""
    revoked_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    """When the log told that its time was over."""


class ForeignIdRow(Table):
    """By which id a program knows a contact, and what it said of it last: the base of the next merge."""

    __tablename__ = "foreign_ids"
    owner: Mapped[str] = mapped_column(primary_key=True)
    """Id of the user or service for whom the program acts: another's programs have ids of their own."""
    source: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    """Its hash: some programs use an address as id, and it must not outlive an erasure."""
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    card: Mapped[Card]
    here: Mapped[dict[str, Any] | None]
    """What it said of fields that are kept here."""
    pushed_at: Mapped[datetime]


class AnswerRow(Table):
    """What a program was answered, by its key, for a day: asking again does nothing twice."""

    __tablename__ = "answers"
    token_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    """Its hash; so is the next."""
    request: Mapped[bytes]
    status: Mapped[int | None]
    """None until it is known: nobody sees it so, as it is written in the transaction of what was asked for."""
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)


class EndpointRow(Table):
    """Somebody who is told of events. One that was removed stays, without its address and secrets: the log names it."""

    __tablename__ = "endpoints"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[EndpointKind]
    target: Mapped[str]
    """An address of mail or of the web; one of the web is a secret."""
    owner_kind: Mapped[PrincipalKind]
    owner: Mapped[str] = mapped_column(index=True)
    """Id of the user or service who must be allowed to see what is told."""
    events: Mapped[list[str] | None]
    """What it is told of, by the names in `model/endpoint.py`; None: the usual."""
    groups: Mapped[list[str] | None]
    """Ids of the only groups it is told of; None: all that its owner sees."""
    language: Mapped[str | None]
    """In which its mail is written."""
    state: Mapped[EndpointState]
    trouble: Mapped[str]
    """Why it could not be told at the last try; empty where it could."""
    seq: Mapped[int]
    """The number of the first event that it was not looked at for."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    """When it took a message last."""
    rest_until: Mapped[datetime | None]
    """Until when nothing new is sent, as the last tries failed or it asked for a pause."""
    failures: Mapped[int]
    """Tries in a row that failed."""
    digest_on: Mapped[str | None]
    """The day of the last digest, by the clock of the company."""
    secret: Mapped[str | None]
    """What signs a webhook's messages; beside it the former one, as long as that holds."""
    former_secret: Mapped[str | None]
    former_until: Mapped[datetime | None]
    claim: Mapped[str | None]
    """Who sends to it just now; until when, if nothing more is heard of it."""
    claimed_until: Mapped[datetime | None]


class MessageRow(Table):
    """A message under way to an endpoint, or one that failed: which events it tells of, and when it is tried again."""

    __tablename__ = "endpoint_messages"
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("endpoints.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """Its id is made of it, so that it is the same at every try."""
    first: Mapped[int]
    last: Mapped[int]
    """The numbers of the events, of which those are told that the endpoint may hear at the moment of sending."""
    tries: Mapped[int]
    due_at: Mapped[datetime | None]
    """When it is tried; None: never again by itself."""
    since: Mapped[datetime]


class AttemptRow(Table):
    """The last tries of each endpoint, and what it answered."""

    __tablename__ = "endpoint_attempts"
    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("endpoints.id"), index=True)
    message: Mapped[str]
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    answer: Mapped[str]
    """How the answer begins."""
    trouble: Mapped[str]


# --- The directory's mirror ------------------------------------------------------------------------------------------


class UserRow(Table):
    """Users of the Workspace by Google's immutable id; one whom Google deleted stays, marked so."""

    __tablename__ = "directory_users"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    unit: Mapped[str]
    """Id of their organisational unit."""
    admin: Mapped[bool]
    suspended: Mapped[bool]
    archived: Mapped[bool]
    deleted: Mapped[bool]
    deleted_at: Mapped[datetime | None]
    """When Google deleted them, or when Directory first said so where it does not tell the time."""
    ended_at: Mapped[datetime | None]
    """When they could be brought back no longer, and their mailbox ended; nothing reaches them any more."""


class AliasRow(Table):
    """Every address by which a user or a Google group is known, the primary one among them."""

    __tablename__ = "directory_aliases"
    email: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[PrincipalKind]
    subject: Mapped[str]


class GoogleGroupRow(Table):
    """Google groups; one that vanished stays while a grant names it."""

    __tablename__ = "directory_groups"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    known: Mapped[bool]
    """Whether its members were read: those of groups that no grant reaches are not."""
    gone: Mapped[bool]


class GroupMemberRow(Table):
    """Who is in a Google group, nested groups flattened by us: Google's derived listing may leave people out."""

    __tablename__ = "directory_members"
    group_id: Mapped[str] = mapped_column(ForeignKey("directory_groups.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True, index=True)


class UnitRow(Table):
    """Organisational units by Google's immutable id, the root among them; one that vanished stays while granted."""

    __tablename__ = "directory_units"
    id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(index=True)
    """Its last known path: shown, and typed by people; nothing hangs on it."""
    name: Mapped[str]
    gone: Mapped[bool]


class UnitAboveRow(Table):
    """The units in which somebody of a unit is: itself, and all above it."""

    __tablename__ = "directory_units_above"
    unit_id: Mapped[str] = mapped_column(primary_key=True)
    above_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class ReadingRow(Table):
    """Readings of the directory, numbered as they begin: an older one is never saved over a newer one."""

    __tablename__ = "directory_readings"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]


class KeptRow(Table):
    """A path by which somebody still has a group although Directory says so no longer.

    What Directory said last is the mirror; what counts is the mirror and these.
    """

    __tablename__ = "kept_paths"
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    kind: Mapped[PrincipalKind] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True, index=True)
    hold_id: Mapped[str] = mapped_column(ForeignKey("holds.id"), index=True)
    waits: Mapped[bool]
    """Whether its hold is still to be decided: meanwhile nothing new is sent. Otherwise someone decided to keep it."""
    since: Mapped[datetime]


# --- Who uses the web page -------------------------------------------------------------------------------------------


class RoleRow(Table):
    """Who is administrator or auditor; everyone else has their levels alone."""

    __tablename__ = "roles"
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True)
    role: Mapped[Role]
    since: Mapped[datetime]


class SessionRow(Table):
    """Sessions of signed-in people, by the hash of the token that their browser holds."""

    __tablename__ = "sessions"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), index=True)
    issuer: Mapped[str]
    """Who vouched for them."""
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ToldColumnsRow(Table):
    """What a person has said that the columns of a CSV file mean, by the digest of its header."""

    __tablename__ = "told_columns"
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True)
    header: Mapped[bytes] = mapped_column(primary_key=True)
    words: Mapped[str]
    """A word each, with blanks between them (`formats/csv_meanings.py`)."""
    told_at: Mapped[datetime]


# --- Mailboxes -------------------------------------------------------------------------------------------------------


class QualityCountRow(Table):
    """How many of all contacts a check of quality found on a day, at the day's last count."""

    __tablename__ = "quality_counts"
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """The check, as a filter (`model/quality.py`)."""
    number: Mapped[int]


class MailboxRow(Table):
    """One user's Google Contacts: where reading stands, when it is due, who holds it, how it fares."""

    __tablename__ = "mailboxes"
    user_id: Mapped[str] = mapped_column(ForeignKey("directory_users.id"), primary_key=True)
    state: Mapped[MailboxState]
    reason: Mapped[str]
    """One sentence about what hinders it; empty while all is well."""
    sync_token: Mapped[str | None]
    token_params: Mapped[str]
    """Fingerprint of the request parameters that the token belongs to: Google refuses it with others."""
    full_at: Mapped[datetime | None]
    """When all its persons were last listed."""
    full_groups: Mapped[list[str] | None]
    """The groups granted at that time: for their contacts, equal persons of the user's own have been looked for."""
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    """What Google asked for (Retry-After, quota): not even a person's wish goes before it."""
    backoff_until: Mapped[datetime | None]
    """The end of our own back-off after failures."""
    failures: Mapped[int]
    last_pass_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    """When Google was last asked what changed there."""
    edited_at: Mapped[datetime | None]
    """When its user was last seen to have done something to what is shared, or it was filled."""
    lease_until: Mapped[datetime | None]
    fence: Mapped[int]
    """Rises with every claim; a pass that finds another number here has lost its claim and stops."""
    own_ids: Mapped[bytes | None]
    """Source ids of the user's own persons (nothing else of them), so that a full listing shows which disappeared."""
    deleted_ids: Mapped[bytes | None]
    """Source ids of persons that we deleted and whose tombstones we have not seen yet."""
    empty_since: Mapped[datetime | None]
    """Since when full listings are short, or show nobody known; believed after the settle time."""
    needed_since: Mapped[datetime | None]
    """Since when it needs a person, by the log; None where it does not, or has recovered."""
    standing: Mapped[int | None]
    """How many shared contacts stood there when the last pass ended."""
    behind: Mapped[int | None]
    """How many did not stand there as they should; None where something has changed since."""
    waiting_since: Mapped[datetime | None]
    """Since when something has been on its way there; None while all stands there as it should."""
    news: Mapped[str | None]
    """Ids of contacts that changed in the store since all was at rest there, each after a space; None where a pass has
    to look through all."""
    asked_at: Mapped[datetime | None]
    """Since when somebody waits for a pass over it, until one begins."""
    spent: Mapped[dict[str, Any] | None]
    """What it has used of Google's quotas in the last minute (`google/budget.py`), for the next process."""
    __table_args__ = (Index("ix_mailboxes_due_at", "due_at"),)


class LabelRow(Table):
    """A group's label in one mailbox."""

    __tablename__ = "labels"
    mailbox_id: Mapped[str] = mapped_column(ForeignKey("mailboxes.user_id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    resource_name: Mapped[str]
    etag: Mapped[str]
    name: Mapped[str]
    wrote_at: Mapped[datetime | None]
    given: Mapped[bool] = mapped_column(server_default=false())
    """Whether it was its user's own before they shared it."""
    leaving: Mapped[bool] = mapped_column(server_default=false())
    """Whether we began to delete it and do not know how far that came."""


UNSETTLED = text("(look_at IS NOT NULL OR aside <> '' OR state <> 'live')")
"""Links that may be dealt with because time passes, though nothing else happens."""


class LinkRow(Table):
    """This contact is that person in that mailbox; the columns are told in `model/link.py`."""

    __tablename__ = "links"
    mailbox_id: Mapped[str] = mapped_column(ForeignKey("mailboxes.user_id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    state: Mapped[LinkState]
    origin: Mapped[Origin]
    base_version: Mapped[int]
    source_id: Mapped[str | None]
    resource_name: Mapped[str]
    etag: Mapped[str]
    agreed: Mapped[bytes]
    seen: Mapped[bytes]
    patch: Mapped[dict[str, Any] | None]
    own: Mapped[Card | None]
    labels: Mapped[list[str]]
    moving: Mapped[list[str]]
    marked: Mapped[bool]
    wrote_at: Mapped[datetime | None]
    written_at: Mapped[datetime | None]
    before: Mapped[bytes]
    look_at: Mapped[datetime | None]
    half_seen_at: Mapped[datetime | None]
    pushes: Mapped[int]
    pushes_since: Mapped[datetime | None]
    photo: Mapped[bytes | None]
    photo_sign: Mapped[bytes | None]
    photo_sent: Mapped[bytes | None]
    aside: Mapped[str]
    aside_version: Mapped[int]
    aside_until: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("mailbox_id", "source_id"),
        Index("ix_links_unsettled", "mailbox_id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )


# --- The change log --------------------------------------------------------------------------------------------------


class EventRow(Table):
    """The change log's envelopes: no personal data, numbered without a gap, never changed, never removed."""

    __tablename__ = "events"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0 on: the event's leaf in the log's Merkle tree."""
    id: Mapped[str] = mapped_column(unique=True)
    """UUID version 7."""
    format: Mapped[int]
    """Version of the list of actions under which it was written (`model/actions.py`)."""
    at: Mapped[datetime]
    action: Mapped[str]
    actor_kind: Mapped[ActorKind]
    actor: Mapped[str]
    source: Mapped[Source]
    outcome: Mapped[Outcome]
    group_id: Mapped[str | None]
    contact_id: Mapped[str | None]
    mailbox_id: Mapped[str | None]
    fields: Mapped[list[str]]
    before_version: Mapped[int | None]
    after_version: Mapped[int | None]
    reason: Mapped[str]
    cause: Mapped[str | None]
    pass_id: Mapped[str | None]
    commitments: Mapped[dict[str, Any]]
    """By field: the salted hash of its values, which stands when they are erased."""
    leaf: Mapped[bytes]
    """The hash of all columns above (`model/audit.py`): what the tree is built of."""
    __table_args__ = (
        # By which ids are compared in the order in which they were made (`ids.py`).
        _only("postgresql", Index("ix_events_id_made", "id", postgresql_ops={"id": "text_pattern_ops"})),
        Index("ix_events_contact_id_seq", "contact_id", "seq"),
        Index("ix_events_group_id_seq", "group_id", "seq"),
        Index("ix_events_mailbox_id_seq", "mailbox_id", "seq"),
        Index("ix_events_actor_seq", "actor", "seq"),
        Index("ix_events_action_seq", "action", "seq"),
        Index("ix_events_outcome_seq", "outcome", "seq"),
        Index("ix_events_source_seq", "source", "seq"),
    )


class WaitingEventRow(Table):
    """Events that were committed and have no number yet, in the order in which they were written (PostgreSQL alone)."""

    __tablename__ = "waiting_events"
    place: Mapped[int] = mapped_column(primary_key=True)
    """Given by the database when it is written: later is larger, with gaps."""
    id: Mapped[str] = mapped_column(unique=True)
    format: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str]
    actor_kind: Mapped[ActorKind]
    actor: Mapped[str]
    source: Mapped[Source]
    outcome: Mapped[Outcome]
    group_id: Mapped[str | None]
    contact_id: Mapped[str | None]
    mailbox_id: Mapped[str | None]
    fields: Mapped[list[str]]
    before_version: Mapped[int | None]
    after_version: Mapped[int | None]
    reason: Mapped[str]
    cause: Mapped[str | None]
    pass_id: Mapped[str | None]
    commitments: Mapped[dict[str, Any]]
    told: Mapped[list[dict[str, Any]]]
    """The rows of `event_values` that go with it; their salts in hex."""


class NodeRow(Table):
    """Roots of complete subtrees of the log's Merkle tree, above the leaves; and the leaves of retired events."""

    __tablename__ = "log_nodes"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class SpanRow(Table):
    """Between which times the events of one stretch of the log lie.

    A clock may be set back, so events in order are not times in order: where a time is must be looked up.
    """

    __tablename__ = "log_spans"
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the stretch: its first event's number, divided by the stretch's length (`store/database/event_log.py`)."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class RetirementRow(Table):
    """Up to where the log's events were retired; below that the database lets them go (`migrations/`)."""

    __tablename__ = "log_retirements"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Events below this number."""
    at: Mapped[datetime]
    checkpoint: Mapped[str]
    """The signed note that covers them."""
    archive: Mapped[str]
    """SHA-256 of the file that holds them, hex."""


class PayloadRow(Table):
    """Values before and after a change: personal data, apart from the envelopes so that they can be erased."""

    __tablename__ = "event_values"
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes]
    before: Mapped[list[str] | None]
    after: Mapped[list[str] | None]


class ConflictRow(Table):
    """A value changed on both sides: the store's stood, the other is kept here until someone decides."""

    __tablename__ = "conflicts"
    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    mailbox_id: Mapped[str] = mapped_column(ForeignKey("mailboxes.user_id"))
    field: Mapped[str]
    store: Mapped[list[dict[str, Any]]]
    other: Mapped[list[dict[str, Any]]]
    since: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class HoldRow(Table):
    """So many removals or edits at once, or so many people losing a group, that someone decides about them."""

    __tablename__ = "holds"
    id: Mapped[str] = mapped_column(primary_key=True)
    mailbox_id: Mapped[str | None] = mapped_column(ForeignKey("mailboxes.user_id"), index=True)
    """None where Directory is the cause, or a program."""
    owner_kind: Mapped[PrincipalKind | None]
    owner: Mapped[str | None]
    """For whom the program acts that would do it."""
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"))
    kind: Mapped[HoldKind]
    wanted: Mapped[dict[str, Any] | None]
    """Of a smart group's filter: the one that would choose (`filter`) and from which groups (`sources`)."""
    since: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class HeldRow(Table):
    """One contact of a hold, and what became of it."""

    __tablename__ = "hold_contacts"
    hold_id: Mapped[str] = mapped_column(ForeignKey("holds.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    groups: Mapped[list[str]]
    """Groups from which it was removed in the mailbox; none for an edit."""
    version: Mapped[int]
    """The contact's version when it was held: what an edit is merged over."""
    card: Mapped[Card | None]
    """Of an edit: what the contact would become."""
    here: Mapped[dict[str, Any] | None]
    """Of a program's edit: values of fields kept here that the contact would have; None where they stay."""
    stayed_id: Mapped[str | None]
    """The person that stayed in the mailbox as its groups were taken from it; None where it was deleted."""
    resolution: Mapped[Resolution]


class ProposalRow(Table):
    """An edit by someone who may only view, kept for a manager; one open one a person and contact."""

    __tablename__ = "proposals"
    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    mailbox_id: Mapped[str] = mapped_column(ForeignKey("mailboxes.user_id"))
    version: Mapped[int]
    """The contact's version over which it was typed."""
    card: Mapped[Card]
    since: Mapped[datetime]
    resolution: Mapped[Resolution]
    resolved_at: Mapped[datetime | None]


class ArisenRow(Table):
    """In which group a proposal or a conflict arose: who manages it decides."""

    __tablename__ = "arisen"
    waiting_id: Mapped[str] = mapped_column(primary_key=True)
    """Id of the proposal or the conflict."""
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)


class PrivateRow(Table):
    """What a person showed that its user alone may see; a question to them while its resolution is open."""

    __tablename__ = "private_cards"
    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    mailbox_id: Mapped[str] = mapped_column(ForeignKey("mailboxes.user_id"), index=True)
    version: Mapped[int]
    """The contact's version over which it was typed."""
    card: Mapped[Card]
    since: Mapped[datetime]
    resolution: Mapped[Resolution | None]
    """None where nothing is asked about it: kept, so that nothing that anyone typed is lost."""
    resolved_at: Mapped[datetime | None]


class SuppressionRow(Table):
    """Keyed hashes of the addresses and numbers of erased contacts, so that they do not come back unasked."""

    __tablename__ = "suppressions"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    at: Mapped[datetime]


class SecretRow(Table):
    """Keys that live with the data they protect: what signs marks and checkpoints, what hides erased addresses."""

    __tablename__ = "secrets"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]


class CheckpointRow(Table):
    """A checkpoint of the log that was sent somewhere, or is still to be."""

    __tablename__ = "checkpoints"
    place: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """How many events it signs."""
    sent_at: Mapped[datetime | None]
    tries: Mapped[int]
    due_at: Mapped[datetime | None]
    """When it is tried again, while it is not sent."""
    trouble: Mapped[str]
    """Why it was not sent at the last try."""


class LogKeyRow(Table):
    """The public half of a key that signed the log, or signs it, and whose private half is not in `secrets`."""

    __tablename__ = "log_keys"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1 on, the oldest first."""
    public: Mapped[bytes]
