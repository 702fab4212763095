"""In which order contacts are listed, and where a page of them goes on.

A list is a few **stretches**: contacts with the value that it is sorted by, in its order, then those without, by name.
Each is walked along an index, from behind a place: the value and the id of the contact before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from sharesync.model.alphabet import Alphabet
from sharesync.model.list_order import ADDED, BLANK, CHANGED, DELETED, KEYED, NAME, ListOrder, key_column
from sharesync.store.database.tables import AmountRow, ContactRow

_AMOUNT = aliased(AmountRow)  # not the one that a filter's own conditions ask
_MOMENTS = {CHANGED: ContactRow.changed_at, ADDED: ContactRow.created_at, DELETED: ContactRow.deleted_at}
SortPlace = tuple[Any, str]
"""The value that a contact is sorted by, and its id."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Contacts that are sorted by one key."""

    key: Any
    """The column."""
    down: bool = False
    within: ColumnElement[bool] | None = None
    """Which contacts are in it; None is all."""
    field: str | None = None
    """The field of numbers or days whose amounts are the key."""

    @property
    def _ident(self) -> Any:
        """The id that stands beside the key in its index."""
        return _AMOUNT.contact_id if self.field else ContactRow.id

    def joined(self, query: Select[Any]) -> Select[Any]:
        """The query with what the key is read from."""
        if self.field is None:
            return query
        return query.where(_AMOUNT.contact_id == ContactRow.id, _AMOUNT.field_id == self.field)

    def sorted(self, query: Select[Any]) -> Select[Any]:
        """In order; of equal ones by id."""
        columns = (self.key, self._ident)
        return query.order_by(*(column.desc() if self.down else column for column in columns))

    def beyond(self, query: Select[Any], place: SortPlace | None) -> Select[Any]:
        """The contacts of this stretch, in order, from behind a place on."""
        query = self.joined(query)
        if self.within is not None:
            query = query.where(self.within)
        if place is not None:
            value, ident = literal(place[0], self.key.type), place[1]
            further, next_ = self.key > value, self._ident > ident
            if self.down:
                further, next_ = self.key < value, self._ident < ident
            query = query.where(or_(further, and_(self.key == value, next_)))
        return self.sorted(query)

    def place(self, session: Session, contact: str) -> SortPlace | None:
        """Where a contact stands in this stretch; None where it is in another."""
        query = self.joined(select(self.key)).where(ContactRow.id == contact)
        value = session.scalar(query if self.within is None else query.where(self.within))
        return None if value is None else (value, contact)


def stretches(order: ListOrder, alphabet: Alphabet) -> tuple[Stretch, ...]:
    """What a list in this order is made of; by name where nobody has a value to sort by."""
    by_name = sort_key(alphabet)
    if order.by == NAME or order.by in _MOMENTS:
        return (Stretch(order_key(order, alphabet), order.down),)
    if order.by in KEYED:
        key = order_key(order, alphabet)
        # The release before writes no keys while it goes on beside this one: such contacts must not be missing.
        keyless = Stretch(by_name, within=key.is_(None))
        return Stretch(key, order.down, key < BLANK), Stretch(key, within=key >= BLANK), keyless
    has = exists().where(AmountRow.field_id == order.by, AmountRow.contact_id == ContactRow.id)
    return Stretch(_AMOUNT.amount, order.down, field=order.by), Stretch(by_name, within=~has)


def from_place(
    session: Session, found: Iterable[Stretch], after: str | None
) -> Iterator[tuple[Stretch, SortPlace | None]]:
    """The stretches from the one on in which the contact `after` stands, with its place there."""
    reached = after is None
    for one in found:
        place = None if after is None or reached else one.place(session, after)
        reached = reached or place is not None
        if reached:
            yield one, place


def sort_key(alphabet: Alphabet) -> Any:
    """The column by which contacts are sorted by name."""
    return getattr(ContactRow, f"sort_{alphabet.value}")


def order_key(order: ListOrder, alphabet: Alphabet) -> Any:
    """The column of contacts that an order goes by, where it is no field of the company."""
    if order.by == NAME:
        return sort_key(alphabet)
    return _MOMENTS[order.by] if order.by in _MOMENTS else getattr(ContactRow, key_column(order.by, alphabet))
