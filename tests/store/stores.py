"""A store to try things on: a database, a clock that stands still, ids that count up; and a company to fill it with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.model.audit import OPERATOR, By
from sharesync.model.card import Card
from sharesync.model.directory import DirectoryUser, GoogleGroup, Member, MemberKind, OrgUnit
from sharesync.model.group import Group
from sharesync.services.directory import flatten
from sharesync.store.database.engine import Database
from sharesync.store.database.tables import EventRow, UserRow
from sharesync.store.database.work import Operation, Work, working
from sharesync.store.mailboxes import claims, mirror
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import contacts, groups

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

ANNA, BO, CY, DAN = "u-anna", "u-bo", "u-cy", "u-dan"
USERS = (
    DirectoryUser(ANNA, "Anna@x.test", ("ann@x.test",), "Anna", "Ågård", unit="/Sales", admin=True),
    DirectoryUser(BO, "bo@x.test", (), "Bo", "Bøgh", unit="/Sales/North"),
    DirectoryUser(CY, "cy@x.test", (), "Cy", "Chen", unit="/SalesEast"),
    DirectoryUser(DAN, "dan@x.test", (), "Dan", "Dahl", unit="/"),
)
INNER, OUTER = GoogleGroup("g-inner", "inner@x.test", "Inner"), GoogleGroup("g-outer", "outer@x.test", "Outer")
DIRECT = {
    INNER.id: [Member(MemberKind.USER, CY, "cy@x.test")],
    OUTER.id: [
        Member(MemberKind.USER, BO, "bo@x.test"),
        Member(MemberKind.GROUP, INNER.id, "inner@x.test"),
        Member(MemberKind.EXTERNAL, "x", "guest@elsewhere.test"),
    ],
}
UNITS = (
    OrgUnit("/Sales", "/Sales", "Sales"),
    OrgUnit("/Sales/North", "/Sales/North", "North", "/Sales"),
    OrgUnit("/SalesEast", "/SalesEast", "SalesEast"),
)

DOMAIN = Principal(PrincipalKind.DOMAIN, "")


def user(user_id: str) -> Principal:
    return Principal(PrincipalKind.USER, user_id)


def google_group(group: GoogleGroup) -> Principal:
    return Principal(PrincipalKind.GROUP, group.id)


def unit(path: str) -> Principal:
    return Principal(PrincipalKind.UNIT, path)


def card(given: str = "Ida", *mails: str, **fields: Any) -> Card:
    mail = [{"value": f"{mail}@x.test"} for mail in mails]
    return Card.parse({"names": [{"givenName": given}], "emailAddresses": mail} | fields)


@dataclass
class Store:
    """What a use case is given."""

    database: Database
    now: datetime = NOW
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def new_id(self) -> str:
        """Ids that sort by the order in which they were made."""
        return f"{next(self.ids):032x}"

    def work(self, by: By = OPERATOR) -> AbstractContextManager[Work]:
        """The transaction of one use case."""
        return working(self.database, lambda: self.now, by, self.new_id)

    def operation(self, by: By = OPERATOR) -> Operation:
        """An act in several transactions."""
        return Operation(self.database, lambda: self.now, by, self.new_id)

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that reads."""
        return self.database.reading()

    # -- filling it --

    def save_directory(
        self,
        users: Iterable[DirectoryUser] = USERS,
        google_groups: Iterable[GoogleGroup] = (INNER, OUTER),
        units: Iterable[OrgUnit] = UNITS,
    ) -> int:
        """Make the mirror equal to this; returns how many mailboxes it concerned."""
        users, google_groups = list(users), list(google_groups)
        everyone = frozenset(user.id for user in users if not user.deleted)
        with self.work() as work:
            listed = {group.id for group in google_groups}
            direct = {group: members if group in listed else [] for group, members in DIRECT.items()}
            members = flatten(google_groups, direct, everyone)
            gone = set(work.session.scalars(select(UserRow.id))) - {user.id for user in users}
            return mirror.save(work, mirror.DirectoryReading(users, google_groups, members, list(units), gone)).changed

    def group(self, name: str, *, contacts_in: Iterable[str] = ()) -> str:
        """A group of this name, its id too."""
        with self.work() as work:
            groups.insert_group(work, Group(name, name))
            contacts.join(work, name, contacts_in)
        return name

    def contact(self, contact: str, of: Card | None = None, *in_groups: str) -> str:
        """A contact of this id."""
        with self.work() as work:
            contacts.insert_contacts(work, [(contact, of or card(contact), "event")])
            for group in in_groups:
                contacts.join(work, group, [contact])
        return contact

    def grant(self, group: str, principal: Principal, level: Level = Level.VIEW) -> None:
        """Grant a level, and make the mailboxes that it reaches."""
        with self.work() as work:
            groups.set_grant(work, group, principal, level)

            claims.ensure(work)

    # -- asking it --

    def count(self, table: type[Any]) -> int:
        """How many rows a table has."""
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def actions(self) -> list[str]:
        """What the change log tells, in order."""
        with self.reading() as session:
            return list(session.scalars(select(EventRow.action).order_by(EventRow.id)))


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database, closed in the end."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def rest(store: Store) -> None:
    """Nobody is due."""
    with store.work() as work:
        for mailbox in claims.concerned(work.session):
            claims.write(work, mailbox.user_id, due_at=NOW.replace(year=2030))


def due(store: Store) -> set[str]:
    """The users whose mailbox is due."""
    with store.reading() as session:
        return {mailbox.user_id for mailbox in claims.due(session, store.now, timedelta(minutes=5))}


def trashed(store: Store) -> set[str]:
    """The contacts that lie in the trash."""
    with store.reading() as session:
        return set(contact_pages.ids(session, ContactFilter(in_trash=True)))
