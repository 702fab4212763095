"""The company's fields, as they are defined; and the amounts by which contacts are found in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import FieldNameTaken, NotFound
from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField, CompanyFields, FieldValue, filter_name
from sharesync.model.custom_entries import text_of
from sharesync.model.spelling import bare
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import AmountRow, ContactRow, FieldRow
from sharesync.store.database.work import Work

_LIVE = (
    select(*FieldRow.__table__.columns)
    .where(FieldRow.deleted_at.is_(None))
    .order_by(FieldRow.place, FieldRow.created_at, FieldRow.id)
)
_KNOWN = "company_fields"
_AMOUNTS = insert(AmountRow)


def defined(session: Session) -> CompanyFields:
    """All fields, in their order; asked once a transaction."""
    if _KNOWN not in session.info:
        session.info[_KNOWN] = CompanyFields(tuple(map(_field, session.connection().execute(_LIVE))))
    known: CompanyFields = session.info[_KNOWN]
    return known


def find(session: Session, name_or_id: str) -> CompanyField:
    """The field of this name or id. Raises NotFound."""
    fields = defined(session)
    found = fields.named(name_or_id) or next((one for one in fields if one.id == name_or_id), None)
    if found is None:
        raise NotFound("field", name_or_id, "`sharesync fields list` shows them all.")
    return found


def entry_bearers(session: Session, name: str) -> dict[str, Card]:
    """Cards that have a custom entry of this name, by contact, those in the trash too."""
    rows = session.execute(
        select(ContactRow.id, ContactRow.card).where(
            ContactRow.erased_at.is_(None),
            *(ContactRow.words.contains(word, autoescape=True) for word in _needles(name)),
        )
    )
    key = name.casefold()
    return {
        row.id: row.card for row in rows if any(one.text("key").casefold() == key for one in row.card["userDefined"])
    }


def _needles(name: str) -> list[str]:
    """What the search text of a contact with an entry of this name contains: each word of the name."""
    return [bare(word) for word in re.findall(r"[^\W_]+", name)]


def value_bearers(session: Session, field: CompanyField) -> dict[str, FieldValue]:
    """What contacts say in a field, by contact, those in the trash too."""
    on_cards = {one: text_of(card, field.name) for one, card in entry_bearers(session, field.name).items()}
    beside = values_beside(session, field.id)
    told = beside | on_cards if field.shown else on_cards | beside
    return {contact: FieldValue(field, text) for contact, text in told.items() if text}


def values_beside(session: Session, field: str) -> dict[str, str]:
    """What stands beside the cards of contacts in a field, by contact."""
    asked = select(ContactRow.id, ContactRow.here).where(ContactRow.here.is_not(None))
    told = {row.id: row.here.get(field, "") for row in session.execute(asked) if row.here}
    return {contact: text for contact, text in told.items() if text}


def underived(session: Session) -> list[CompanyField]:
    """Fields that were defined or changed, and that filters do not yet find every contact by."""
    return [_field(row) for row in session.execute(_LIVE.where(FieldRow.derived.is_(False)))]


def set_derived(session: Session, field: str) -> None:
    """Say that filters find every contact by a field."""
    session.execute(update(FieldRow).where(FieldRow.id == field).values(derived=True))


def names(session: Session, fields: Iterable[str]) -> dict[str, str]:
    """What fields are called, by id, deleted ones too."""
    rows = session.execute(select(FieldRow.id, FieldRow.name).where(FieldRow.id.in_(list(fields))))
    return {row.id: row.name for row in rows}


def add(work: Work, field: CompanyField) -> None:
    """Define a field, behind the others. Raises FieldNameTaken."""
    _require_free(work, field.name)
    number = work.session.scalar(select(func.count()).select_from(FieldRow)) or 0
    row = FieldRow(
        id=field.id,
        name=field.name,
        folded=field.key,
        kind=field.kind,
        choices=list(field.choices),
        help=field.help,
        shown=field.shown,
        required=sorted(field.required),
        place=number,
        derived=False,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _forget(work.session)


def change(work: Work, field: CompanyField) -> None:
    """Write a field's name, kind and place, its choices and help, and where it is required. Raises FieldNameTaken."""
    _require_free(work, field.name, field.id)
    work.session.execute(
        update(FieldRow)
        .where(FieldRow.id == field.id)
        .values(
            name=field.name,
            folded=field.key,
            kind=field.kind,
            choices=list(field.choices),
            help=field.help,
            shown=field.shown,
            required=sorted(field.required),
            derived=False,
        )
    )
    _forget(work.session)


def arrange(work: Work, order: Sequence[str]) -> None:
    """Put the fields into this order, by id."""
    work.session.execute(update(FieldRow), [{"id": field, "place": place} for place, field in enumerate(order)])
    _forget(work.session)


def end(work: Work, field: str) -> None:
    """Delete a field's definition; its values are not touched."""
    work.session.execute(delete(AmountRow).where(AmountRow.field_id == field))
    work.session.execute(update(FieldRow).where(FieldRow.id == field).values(deleted_at=work.now))
    _forget(work.session)


def measure(session: Session, told: Mapping[str, Collection[FieldValue]], *, new: bool = False) -> None:
    """Write the amounts by which contacts are compared, by id; `new`: there are none of these contacts yet."""
    if not any(one.kind.is_amount for one in defined(session)):
        return
    for some in () if new else chunks(told):
        session.execute(delete(AmountRow).where(AmountRow.contact_id.in_(some)))
    rows = [
        {"field_id": value.field.id, "contact_id": contact, "amount": amount}
        for contact, values in told.items()
        for value in values
        if (amount := value.field.amount(value.text)) is not None
    ]
    if rows:
        session.connection().execute(_AMOUNTS, rows)


def amounts(session: Session, contacts: Sequence[str]) -> dict[str, dict[str, float]]:
    """The amounts by which a few contacts are compared: by contact, then by the field's id."""
    if not any(one.kind.is_amount for one in defined(session)):
        return {}
    found: dict[str, dict[str, float]] = {}
    for row in session.scalars(select(AmountRow).where(AmountRow.contact_id.in_(contacts))):
        found.setdefault(row.contact_id, {})[row.field_id] = row.amount
    return found


def _require_free(work: Work, name: str, field: str = "") -> None:
    """Refuse a name that stands for another field in a filter: two that differ in blanks alone would be one there."""
    if any(filter_name(name) == one.filter_name for one in defined(work.session) if one.id != field):
        raise FieldNameTaken(name)


def _forget(session: Session) -> None:
    session.info.pop(_KNOWN, None)


def _field(row: Any) -> CompanyField:
    return CompanyField(
        row.id, row.name, row.kind, tuple(row.choices), row.help, shown=row.shown, required=frozenset(row.required)
    )
