"""Measures: the moments and amounts of contacts by which filters find them (`model/filters.py`), each as one query.

They are read from what they are about, and kept nowhere: nothing that writes an entry can forget them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from sharesync.model.entry import EntryKind
from sharesync.model.filters import CHECKED, ENTRY, FOLLOW_UP, PHOTO, SPENT, During, Measured
from sharesync.store.database.tables import ENTRY_SHOWN, HAPPENED, SPENT_ON, TO_DO, AmountRow, ContactRow, EntryRow
from sharesync.store.records import company_fields

# Conditions on entries repeat those of their indexes as literals: SQLite uses no partial index where a value is bound.
# The entries of each contact are looked up in turn, for as many contacts as a page shows: grouping all entries first
# takes at least twice as long.


def during(condition: During) -> ColumnElement[bool]:
    """Whether it holds of a contact. Only for moments that stand in no column of every contact."""
    begin, end = condition.begin, condition.end
    if condition.what == CHECKED:
        checked = select(ContactRow.id).where(ContactRow.checked_at.is_not(None))
        return ContactRow.id.in_(checked.where(*_bounds(ContactRow.checked_at, begin, end)))
    _, _, kind = condition.what.partition(".")
    its = and_(EntryRow.kind == EntryKind(kind), ENTRY_SHOWN) if kind else HAPPENED
    last = _entry(its, *_bounds(EntryRow.at, begin, None))
    return last if end is None else and_(last, ~_entry(its, EntryRow.at >= end))


def measured(condition: Measured) -> ColumnElement[bool]:
    """Whether it holds of a contact."""
    name, _, currency = condition.name.partition(".")
    begin, end = condition.begin, condition.end
    if name == PHOTO:
        return ContactRow.id.in_(select(ContactRow.id).where(ContactRow.photo.is_not(None)))
    if name == FOLLOW_UP:
        first = _entry(TO_DO, *_bounds(EntryRow.day, None, _day(end)))
        return first if begin is None else and_(first, ~_entry(TO_DO, EntryRow.day < _day(begin)))
    if name == SPENT:
        in_one = [EntryRow.currency == currency] if currency else []
        sums = select(EntryRow.currency).where(EntryRow.contact_id == ContactRow.id, SPENT_ON, *in_one)
        return sums.group_by(EntryRow.currency).having(*_bounds(func.sum(EntryRow.amount), begin, end)).exists()
    told = select(AmountRow.contact_id).where(AmountRow.field_id == condition.name)
    return ContactRow.id.in_(told.where(*_bounds(AmountRow.amount, begin, end)))


def _entry(*so: Any) -> ColumnElement[bool]:
    return exists().where(EntryRow.contact_id == ContactRow.id, *so)


@dataclass(slots=True)
class Measures:
    """What one contact is measured by, beside its own columns."""

    moments: dict[str, datetime] = field(default_factory=dict)
    amounts: dict[str, list[float]] = field(default_factory=dict)

    def add_latest(self, name: str, moment: datetime) -> None:
        """The later of two is the moment of this name."""
        self.moments[name] = max(moment, self.moments.get(name, moment))


def of(session: Session, contacts: Sequence[str]) -> dict[str, Measures]:
    """The same of a few contacts, from their entries and fields, for the answer in memory."""
    found: dict[str, Measures] = {contact: Measures() for contact in contacts}
    for contact, told in company_fields.amounts(session, contacts).items():
        found[contact].amounts |= {name: [amount] for name, amount in told.items()}
    for contact, kind, currency, at, spent, day in session.connection().execute(
        _ENTRIES.where(EntryRow.contact_id.in_(contacts))
    ):
        one = found[contact]
        if kind is EntryKind.FOLLOW_UP:
            if day is not None:
                one.amounts[FOLLOW_UP] = [float(day.toordinal())]
            continue
        for name in (ENTRY, f"{ENTRY}.{kind.value}"):
            one.add_latest(name, at)
        if kind is EntryKind.PURCHASE and currency is not None:
            one.amounts.setdefault(SPENT, []).append(float(spent))
            one.amounts[f"{SPENT}.{currency}"] = [float(spent)]
    return found


_ENTRIES = (
    select(
        *(EntryRow.contact_id, EntryRow.kind, EntryRow.currency),
        *(func.max(EntryRow.at), func.sum(EntryRow.amount), func.min(case((EntryRow.done_at.is_(None), EntryRow.day)))),
    )
    .where(ENTRY_SHOWN)
    .group_by(EntryRow.contact_id, EntryRow.kind, EntryRow.currency)
)


def _bounds(value: Any, begin: object, end: object) -> Iterator[ColumnElement[bool]]:
    if begin is not None:
        yield value >= begin
    if end is not None:
        yield value < end


def _day(number: float | None) -> date | None:
    return None if number is None else date.fromordinal(int(number))
