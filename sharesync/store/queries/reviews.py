"""Reviews as people see them: what is theirs to look through, one contact after the other, and how far everybody is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from sharesync.model.alphabet import Alphabet
from sharesync.model.card import Card
from sharesync.model.review import DECISIONS, ItemState, Review
from sharesync.store.database.tables import ContactRow, GroupRow, ReviewItemRow, ReviewRow, UserRow
from sharesync.store.queries.contact_order import sort_key
from sharesync.store.records.access_paths import PATHS
from sharesync.store.records.actors import people
from sharesync.store.records.membership_filters import inside
from sharesync.store.records.reviews import get, listed

__all__ = [
    "AskedReview",
    "GoneContact",
    "Progress",
    "ReviewPlace",
    "ReviewReader",
    "ReviewStep",
    "asked_of",
    "could_be_asked",
    "counts",
    "get",
    "gone",
    "places",
    "step",
    "was_asked",
]


@dataclass(frozen=True, slots=True)
class AskedReview:
    """What somebody is asked in a review."""

    review: str
    name: str
    due: date
    left: int
    """Contacts that they have still to look at."""
    all: int


def asked_of(session: Session, user: str, among: Collection[str] | None) -> list[AskedReview]:
    """The reviews that go on in which a user is asked, of what they may see (None: all), in order of their days."""
    is_open = ReviewItemRow.state == ItemState.OPEN
    rows = session.execute(
        select(
            *(ReviewRow.id, ReviewRow.name, ReviewRow.due),
            *(func.count().filter(is_open), func.count()),
        )
        .join(ReviewItemRow, ReviewItemRow.review_id == ReviewRow.id)
        .join(ContactRow, ContactRow.id == ReviewItemRow.contact_id)
        .where(ReviewRow.ended_at.is_(None), ReviewItemRow.reviewer == user, _counts(among))
        .group_by(ReviewRow.id, ReviewRow.name, ReviewRow.due)
        .order_by(ReviewRow.due, ReviewRow.id)
    )
    return [AskedReview(*row) for row in rows]


def _counts(among: Collection[str] | None) -> ColumnElement[bool]:
    """What somebody may see and is asked about, or has answered: what lies in the trash was gone, or is by now."""
    there = and_(ContactRow.deleted_at.is_(None), ReviewItemRow.state != ItemState.LEFT)
    seen = there if among is None else and_(there, inside(ReviewItemRow.contact_id, among))
    return or_(seen, ReviewItemRow.state == ItemState.GONE)


@dataclass(frozen=True, slots=True)
class ReviewReader:
    """Who looks through contacts: a user, the groups that they see (None: all), and how names are sorted for them."""

    user: str
    among: Collection[str] | None
    alphabet: Alphabet = Alphabet.ENGLISH


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """The contact that somebody looks at, what they said of it, and where they go on."""

    contact: str
    state: ItemState
    back: str | None
    """The contact before it; None where it is the first."""
    skip: str | None
    """The next one that is open; None where no other is."""


def step(
    session: Session, review: str, reader: ReviewReader, *, at: str | None = None, after: str | None = None
) -> ReviewStep | None:
    """The contact `at`, else the first open one behind the contact `after`, else the first that is open, by name.

    None where nothing is left, and nothing is at that place.
    """
    key = sort_key(reader.alphabet)
    there = and_(ContactRow.deleted_at.is_(None), ReviewItemRow.state != ItemState.LEFT)
    mine: Select[Any] = (
        select(ReviewItemRow.contact_id, ReviewItemRow.state, key.label("place"))
        .join(ContactRow, ContactRow.id == ReviewItemRow.contact_id)
        .where(ReviewItemRow.review_id == review, ReviewItemRow.reviewer == reader.user, there)
    )
    if reader.among is not None:
        mine = mine.where(inside(ReviewItemRow.contact_id, reader.among))
    open_ones = mine.where(ReviewItemRow.state == ItemState.OPEN).order_by(key, ContactRow.id).limit(1)

    def behind(contact: str) -> ColumnElement[bool]:
        place = session.scalar(select(key).where(ContactRow.id == contact))
        return _beyond(key, place, contact)

    found = session.execute(mine.where(ReviewItemRow.contact_id == at)).first() if at else None
    if found is None and after:
        found = session.execute(open_ones.where(behind(after))).first()
    found = found or session.execute(open_ones).first()
    if found is None:
        return None
    contact, state, place = found
    before = or_(key < literal(place, key.type), and_(key == literal(place, key.type), ContactRow.id < contact))
    back = session.execute(mine.where(before).order_by(key.desc(), ContactRow.id.desc()).limit(1)).first()
    others = open_ones.where(ReviewItemRow.contact_id != contact)
    skip = session.execute(others.where(_beyond(key, place, contact))).first() or session.execute(others).first()
    return ReviewStep(contact, state, back.contact_id if back else None, skip.contact_id if skip else None)


def _beyond(key: Any, place: bytes | None, contact: str) -> ColumnElement[bool]:
    if place is None:
        return ContactRow.id > contact
    return or_(key > literal(place, key.type), and_(key == literal(place, key.type), ContactRow.id > contact))


# --- For who runs it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person is; without a name: what nobody who could be asked sees."""

    user: str | None
    name: str
    email: str
    states: Mapping[ItemState, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Contacts still to be looked at."""
        return self.states.get(ItemState.OPEN, 0)

    @property
    def all(self) -> int:
        """Contacts that they were asked about and that belong to it."""
        return sum(number for state, number in self.states.items() if state is not ItemState.LEFT)

    @property
    def done(self) -> int:
        """Contacts of which it is known how they are."""
        return sum(self.states.get(state, 0) for state in DECISIONS)


def counts(session: Session, reviews: Collection[str]) -> dict[str, list[Progress]]:
    """How far everybody is in each of these reviews, by name."""
    rows = session.execute(
        select(ReviewItemRow.review_id, ReviewItemRow.reviewer, ReviewItemRow.state, func.count())
        .where(ReviewItemRow.review_id.in_(list(reviews)))
        .group_by(ReviewItemRow.review_id, ReviewItemRow.reviewer, ReviewItemRow.state)
    ).all()
    named = people(session, {who for _, who, _, _ in rows if who})
    found: dict[str, dict[str | None, Counter[ItemState]]] = {}
    for review, who, state, number in rows:
        found.setdefault(review, {}).setdefault(who, Counter())[state] += number
    return {
        review: sorted(
            (Progress(who, *(named.get(who, ("", who)) if who else ("", "")), states) for who, states in each.items()),
            key=lambda one: (one.user is None, one.name.casefold(), one.email),
        )
        for review, each in found.items()
    }


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """A review with the name of its group."""

    review: Review
    group: str | None


def places(session: Session, only: Collection[str] | None = None) -> list[ReviewPlace]:
    """These reviews, or all, the newest first."""
    found = listed(session, only)
    ids = {one.draft.group for one in found if one.draft.group}
    names = dict(session.execute(select(GroupRow.id, GroupRow.name).where(GroupRow.id.in_(ids))).all()) if ids else {}
    return [ReviewPlace(one, names.get(one.draft.group or "")) for one in found]


@dataclass(frozen=True, slots=True)
class GoneContact:
    """A contact that somebody said is gone, and that still stands, as they may not delete it."""

    id: str
    card: Card
    who: str
    """The name of whoever said so."""


def gone(session: Session, review: str, among: Collection[str] | None, limit: int = 200) -> Sequence[GoneContact]:
    """The contacts that wait for who runs the review, of those that they may see (None: all)."""
    query = (
        select(ContactRow.id, ContactRow.card, ReviewItemRow.reviewer)
        .join(ReviewItemRow, ReviewItemRow.contact_id == ContactRow.id)
        .where(
            ReviewItemRow.review_id == review,
            ReviewItemRow.state == ItemState.GONE,
            ReviewItemRow.decided_at.is_not(None),
            ContactRow.deleted_at.is_(None),
            ContactRow.erased_at.is_(None),
        )
        .order_by(ContactRow.id)
        .limit(limit)
    )
    if among is not None:
        query = query.where(inside(ContactRow.id, among))
    rows = session.execute(query).all()
    named = people(session, {who for _, _, who in rows if who})
    return [GoneContact(ident, card, named.get(who or "", ("", ""))[0]) for ident, card, who in rows]


# --- Before it begins ------------------------------------------------------------------------------------------------


def was_asked(session: Session, review: str, user: str) -> bool:
    """Whether a user is asked about any contact of a review."""
    mine = ReviewItemRow.review_id == review, ReviewItemRow.reviewer == user
    return session.scalar(select(ReviewItemRow.contact_id).where(*mine).limit(1)) is not None


def could_be_asked(session: Session, groups: Collection[str], limit: int) -> list[tuple[str, str, str]]:
    """Users who see one of these groups, with name and address: first those with the highest level, then by name."""
    level = func.max(PATHS.c.level)
    rows = session.execute(
        select(UserRow.id, UserRow.name, UserRow.email)
        .join(PATHS, PATHS.c.user_id == UserRow.id)
        .where(PATHS.c.group_id.in_(list(groups)), ~UserRow.deleted, ~UserRow.suspended, ~UserRow.archived)
        .group_by(UserRow.id, UserRow.name, UserRow.email)
        .order_by(level.desc(), UserRow.name, UserRow.id)
        .limit(limit)
    )
    return [(ident, name, email) for ident, name, email in rows]
