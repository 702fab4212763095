"""Deciding: what waits for a person, page by page, with the names they know; and of which groups each thing is.

`among` are the ids of the groups that the reader runs; None is all. A hold that emptied several groups at once
and one whose cause is Directory are for those who run all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from sharesync.model.access import Principal
from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card
from sharesync.model.review import ItemState
from sharesync.model.waiting import HoldKind, OpenConflict, OpenHold, OpenProposal, Resolution
from sharesync.store.database.tables import (
    ArisenRow,
    ConflictRow,
    ContactRow,
    GroupRow,
    HeldRow,
    HoldRow,
    ProposalRow,
    ReviewItemRow,
    ReviewRow,
)
from sharesync.store.queries.contact_names import Named, titles
from sharesync.store.queries.contact_order import sort_key
from sharesync.store.records import conflicts, contacts, holds, proposals
from sharesync.store.records.actors import people
from sharesync.store.records.arisen import arose_in

PAGE = 50
"""Things on one page."""
SAMPLE = 3
"""Contacts of a hold that a list names."""
OpenCase = TypeVar("OpenCase", OpenProposal, OpenConflict)
Among = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits."""

    holds: int
    proposals: int
    conflicts: int
    gone: int
    """Contacts of reviews that somebody says are gone, who may not delete them."""

    @property
    def all(self) -> int:
        """Together."""
        return self.holds + self.proposals + self.conflicts + self.gone


@dataclass(frozen=True, slots=True)
class ShownHold:
    """A hold as people look at it: whose hands it came from, a few of the contacts, and the groups it is about."""

    hold: OpenHold
    who: str
    named: tuple[Named, ...]
    groups: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class HeldContact:
    """One contact that waits in a hold; `before` and `after` where it was edited."""

    contact: Named
    groups: tuple[str, ...]
    """Names of the groups it was removed from."""
    card: Card
    before: Card | None
    after: Card | None


@dataclass(frozen=True, slots=True)
class Pending(Generic[OpenCase]):
    """A proposal or a conflict, in whose mailbox it arose, and the contact as it stands now."""

    what: OpenCase
    who: str
    contact: Named
    now: Card


def counts(session: Session, among: Among, who: str | None = None) -> Counts:
    """How much waits for whoever runs these groups; `who`: and the reviews that this user has started."""
    theirs = [] if among is None else [HoldRow.group_id.in_(among), HoldRow.kind != HoldKind.DIRECTORY]
    asked = select(
        select(func.count()).select_from(HoldRow).where(HoldRow.resolved_at.is_(None), *theirs).scalar_subquery(),
        select(func.count()).select_from(ProposalRow).where(*_proposed(among)).scalar_subquery(),
        select(func.count()).select_from(ConflictRow).where(*_conflicting(among)).scalar_subquery(),
        _said_gone(func.count(), among, who).scalar_subquery(),
    )
    return Counts(*session.execute(asked).one())


def by_group(session: Session) -> dict[str, int]:
    """How much waits in each group in which anything does, by its id; what arose in two counts in both."""
    held = select(HoldRow.group_id).where(HoldRow.resolved_at.is_(None), HoldRow.group_id.is_not(None))
    proposed = select(ArisenRow.group_id).join(ProposalRow, ProposalRow.id == ArisenRow.waiting_id)
    conflicting = select(ArisenRow.group_id).join(ConflictRow, ConflictRow.id == ArisenRow.waiting_id)
    all_of_them = union_all(held, proposed.where(*_proposed(None)), conflicting.where(*_conflicting(None))).subquery(
        "waiting"
    )
    return dict(session.execute(select(all_of_them.c.group_id, func.count()).group_by(all_of_them.c.group_id)).all())


@dataclass(frozen=True, slots=True)
class ReviewWaiting:
    """A review in which contacts are said to be gone that still stand."""

    id: str
    name: str
    number: int


def said_gone(session: Session, among: Among, who: str | None) -> list[ReviewWaiting]:
    """The reviews that wait for whoever runs these groups or has started them, the oldest first."""
    asked = _said_gone(ReviewRow.id, among, who).add_columns(ReviewRow.name, func.count())
    rows = session.execute(asked.group_by(ReviewRow.id, ReviewRow.name).order_by(ReviewRow.id))
    return [ReviewWaiting(ident, name, number) for ident, name, number in rows]


def _said_gone(what: Any, among: Among, who: str | None) -> Select[Any]:
    """Of each contact that is said to be gone and still stands, in reviews that go on."""
    query = (
        select(what)
        .select_from(ReviewItemRow)
        .join(ReviewRow, ReviewRow.id == ReviewItemRow.review_id)
        .join(ContactRow, ContactRow.id == ReviewItemRow.contact_id)
        .where(
            ReviewRow.ended_at.is_(None),
            ReviewItemRow.state == ItemState.GONE,
            ReviewItemRow.decided_at.is_not(None),
            ContactRow.deleted_at.is_(None),
            ContactRow.erased_at.is_(None),
        )
    )
    return query if among is None else query.where(or_(ReviewRow.group_id.in_(among), ReviewRow.starter == who))


# --- Holds -----------------------------------------------------------------------------------------------------------


def held(session: Session, among: Among) -> list[ShownHold]:
    """The open holds, the oldest first."""
    return _named_holds(session, _open_to(holds.listed(session), among))


def held_for_program(session: Session, among: Among, owner: Principal, seen: Among) -> list[OpenHold]:
    """The same, and what this owner's programs asked for in the groups that they may see."""
    found = holds.listed(session)
    asked = [hold for hold in _open_to(found, seen) if hold.program == owner]
    return [hold for hold in found if hold in asked or _open_to([hold], among)]


def one_held(session: Session, hold: str) -> ShownHold:
    """One of them. Raises NotFound."""
    return _named_holds(session, [holds.find(session, hold)])[0]


def page(
    session: Session, hold: ShownHold, alphabet: Alphabet, after: str = "", size: int = PAGE
) -> tuple[list[HeldContact], str | None]:
    """The contacts of a hold that come after one, by name; and after which the next page begins, if there is one."""
    waiting = HeldRow.hold_id == hold.hold.id, HeldRow.resolution == Resolution.OPEN
    key = sort_key(alphabet)
    everyone = select(ContactRow.id).join(HeldRow, HeldRow.contact_id == ContactRow.id).where(*waiting)
    wanted = list(session.scalars(everyone.order_by(key, ContactRow.id)))
    wanted = wanted[wanted.index(after) + 1 :] if after in wanted else wanted
    rows = session.execute(
        select(HeldRow, ContactRow.card)
        .join(ContactRow, ContactRow.id == HeldRow.contact_id)
        .where(HeldRow.hold_id == hold.hold.id, HeldRow.contact_id.in_(wanted[:size]))
        .order_by(key, ContactRow.id)
    ).all()
    before = contacts.cards_at(session, [(row.contact_id, row.version) for row, _ in rows if row.card is not None])
    named = {group.id: group.title for group in hold.groups}
    found = [
        HeldContact(
            Named(row.contact_id, card.title),
            tuple(named[group] for group in row.groups if group in named),
            card,
            before.get(row.contact_id),
            row.card,
        )
        for row, card in rows
    ]
    return found, wanted[size - 1] if len(wanted) > size else None


def _open_to(found: Sequence[OpenHold], among: Among) -> list[OpenHold]:
    return [hold for hold in found if among is None or (hold.group_id in among and hold.kind is not HoldKind.DIRECTORY)]


def _named_holds(session: Session, found: Sequence[OpenHold]) -> list[ShownHold]:
    known = people(session, [hold.user_id for hold in found])
    named = titles(session, [contact for hold in found for contact in hold.contacts[:SAMPLE]])
    about = {hold.id: {hold.group_id} if hold.group_id else set[str]() for hold in found}
    emptied = [hold.id for hold in found if hold.group_id is None]
    waiting = HeldRow.hold_id.in_(emptied), HeldRow.resolution == Resolution.OPEN
    for row in session.execute(select(HeldRow.hold_id, HeldRow.groups).where(*waiting)):
        about[row.hold_id].update(row.groups)
    wanted = {group for groups in about.values() for group in groups}
    rows = session.execute(select(GroupRow.id, GroupRow.name, GroupRow.deleted_at).where(GroupRow.id.in_(wanted)))
    groups = {row.id: Named(row.id, row.name, gone=row.deleted_at is not None) for row in rows}
    return [
        ShownHold(
            hold,
            _name(known, hold.user_id, hold.mailbox),
            tuple(named[contact] for contact in hold.contacts[:SAMPLE] if contact in named),
            tuple(sorted((groups[one] for one in about[hold.id]), key=lambda group: group.title.casefold())),
        )
        for hold in found
    ]


# --- Proposals and conflicts -----------------------------------------------------------------------------------------

_Page = tuple[list[Pending[OpenCase]], str | None]


def proposed(session: Session, among: Among, after: str = "", size: int = PAGE) -> _Page[OpenProposal]:
    """The open proposals after one, by id, the oldest first; and after which the next page begins, if there is one."""
    ids = _ids(session, ProposalRow, _proposed(among), after, size)
    return _pending(session, proposals.listed(session, ids[:size])), ids[size - 1] if len(ids) > size else None


def one_proposed(session: Session, proposal: str) -> Pending[OpenProposal]:
    """One of them. Raises NotFound."""
    return _pending(session, [proposals.find(session, proposal)[0]])[0]


def conflicting(session: Session, among: Among, after: str = "", size: int = PAGE) -> _Page[OpenConflict]:
    """The open conflicts after one, by id, the oldest first; and after which the next page begins, if there is one."""
    ids = _ids(session, ConflictRow, _conflicting(among), after, size)
    return _pending(session, conflicts.listed(session, ids[:size])), ids[size - 1] if len(ids) > size else None


def one_conflicting(session: Session, conflict: str) -> Pending[OpenConflict]:
    """One of them. Raises NotFound."""
    return _pending(session, [conflicts.find(session, conflict)])[0]


_Table = type[ProposalRow] | type[ConflictRow]
_Conditions = list[ColumnElement[bool]]


def _ids(session: Session, table: _Table, which: _Conditions, after: str, size: int) -> list[str]:
    query = select(table.id).where(*which, table.id > after).order_by(table.id).limit(size + 1)
    return list(session.scalars(query))


def _proposed(among: Among) -> _Conditions:
    return [ProposalRow.resolution == Resolution.OPEN, *_run(ProposalRow, among)]


def _conflicting(among: Among) -> _Conditions:
    return [ConflictRow.resolved_at.is_(None), *_run(ConflictRow, among)]


def _run(table: _Table, among: Among) -> _Conditions:
    return [] if among is None else [arose_in(table.id, table.contact_id, among)]


def _pending(session: Session, found: Sequence[OpenCase]) -> list[Pending[OpenCase]]:
    known = people(session, [one.user_id for one in found])
    now = {contact: card for contact, (_, card) in contacts.cards(session, [one.contact for one in found]).items()}
    return [
        Pending(
            one, _name(known, one.user_id, one.mailbox), Named(one.contact, now[one.contact].title), now[one.contact]
        )
        for one in found
    ]


def _name(known: dict[str, tuple[str, str]], user: str, email: str) -> str:
    return known.get(user, ("", ""))[0] or email
