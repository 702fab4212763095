"""The grid: a list of contacts as a table with the columns that its reader chose, sorted by a click on a header."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField, CompanyFields
from sharesync.model.contact import Contact
from sharesync.model.field_kinds import FieldKind
from sharesync.model.list_look import COLUMNS
from sharesync.model.list_order import ADDED, CHANGED, DELETED, NAME, ListOrder
from sharesync.store.queries.duplicates import SUREST
from web.frame.live import company_fields, settings
from web.pages import cards, field_inputs
from web.pages.contact_filters import ERASED, AskedList
from web.words.languages import N_, Spoken, _, alphabet

TITLES: dict[str, str] = Spoken(
    {
        NAME: N_("Name"),
        "company": N_("Company"),
        "title": N_("Job title"),
        "email": N_("E-mail"),
        "phone": N_("Phone"),
        "groups": N_("Groups"),
        "city": N_("City"),
        "birthday": N_("Birthday"),
        CHANGED: N_("Changed"),
        ADDED: N_("Added"),
        DELETED: N_("Deleted"),
        ERASED: N_("Erased for good"),
        SUREST.by: N_("Sureness"),
    }
)
"""What stands in the header of a column that every list may show."""


class Listed(Protocol):
    """One page of contacts, as the store found it."""

    @property
    def contacts(self) -> Sequence[Contact]:
        """In their order."""

    @property
    def changed(self) -> Mapping[str, datetime]:
        """By id: when each was changed last, …"""

    @property
    def added(self) -> Mapping[str, datetime]:
        """… and when it was made."""


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column with its header."""

    id: str
    title: str
    kind: str
    """How its cells are drawn: `text`, `tags`, `time`, `until` or `number`."""
    address: str | None = None
    """Of the list sorted by it, or the other way round where it is already; None where nothing is sorted by it."""
    sorted: str | None = None
    """`ascending` or `descending`, where the list is sorted by it."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A contact with what stands in its cells, by column: values in words, or a moment."""

    contact: Contact
    cells: Mapping[str, tuple[str, ...] | datetime]

    @property
    def title(self) -> str:
        """Its name."""
        return self.contact.card.title or _("No name")

    def brief(self, columns: tuple[GridColumn, ...]) -> str:
        """The first two cells with a value on one line, for a screen that has no room for columns."""
        told = (self.cells[one.id] for one in columns)
        found = [", ".join(one) for one in told if isinstance(one, tuple) and one]
        return " · ".join(found[:2])


@dataclass(frozen=True, slots=True)
class Grid:
    """A page of contacts, ready to be drawn."""

    headers: tuple[GridColumn, ...]
    """The name, then the columns."""
    choices: tuple[GridColumn, ...]
    """All columns that there could be: those that there are in their order, then the others."""
    rows: tuple[GridRow, ...]
    high: bool
    sorted_by: str
    """The header of what it is sorted by, which need not be one of the columns."""

    @property
    def columns(self) -> tuple[GridColumn, ...]:
        """Those beside the name."""
        return self.headers[1:]


def grid(shelf: Listed, asked: AskedList, in_group: str | None = None) -> Grid:
    """The contacts of a page with the columns that are asked for; `in_group`: the name that each row need not say."""
    fields, order = company_fields(), alphabet()
    others = [one for one in (*COLUMNS, *(field.id for field in fields)) if one not in asked.look.columns]
    shown = [one for one in asked.look.columns if one not in COLUMNS]

    def cells(contact: Contact) -> Iterator[tuple[str, tuple[str, ...] | datetime]]:
        own = {one.field.id: one for one in field_inputs.told(fields, contact.card, contact.here)} if shown else {}
        for column in asked.columns:
            if column in _OF_CARD:
                yield column, tuple(dict.fromkeys(filter(None, _OF_CARD[column](contact.card))))
            elif column in (CHANGED, ADDED):
                yield column, (shelf.changed if column == CHANGED else shelf.added)[contact.id]
            elif column in (DELETED, ERASED):
                keep = timedelta(settings().trash_days if column == ERASED else 0)
                yield column, contact.deleted_at + keep if contact.deleted_at else ()
            elif column == "groups":
                yield column, tuple(order.in_order((one for one in contact.groups if one != in_group), str))
            else:
                said = own.get(column)
                yield column, () if said is None else tuple(part for part, _ in said.parts) or (said.text,)

    return Grid(
        tuple(column(one, asked, fields) for one in (NAME, *asked.columns)),
        tuple(column(one, asked, fields) for one in (*asked.look.columns, *others)),
        tuple(GridRow(one, dict(cells(one))) for one in shelf.contacts),
        asked.look.high,
        column(asked.order.by, asked, fields).title,
    )


def column(ident: str, asked: AskedList, fields: CompanyFields) -> GridColumn:
    """One column with its header; a click on it sorts, and another one turns the order round."""
    field = next((one for one in fields if one.id == ident), None)
    is_sorted, address = asked.order.by == ident, None
    if ident in asked.orders:
        address = asked.address(order=ListOrder(ident, is_sorted and not asked.order.turned))
    direction = ("descending" if asked.order.down else "ascending") if is_sorted else None
    return GridColumn(ident, title(ident, field), _kind(ident, field), address, direction)


def title(ident: str, field: CompanyField | None) -> str:
    """What stands above a column; what a field is called was typed by people of the company."""
    return field.name if field else TITLES[ident]


def _kind(ident: str, field: CompanyField | None) -> str:
    if ident == "groups" or (field and field.kind is FieldKind.SEVERAL_OF):
        return "tags"
    if ident in (CHANGED, ADDED, DELETED):
        return "time"
    if ident == ERASED:
        return "until"
    return "number" if field and field.kind is FieldKind.NUMBER else "text"


def _all(field: str, part: str = "value") -> Callable[[Card], Iterator[str]]:
    return lambda card: (item.text(part) for item in card[field])


_OF_CARD: Mapping[str, Callable[[Card], Iterator[str]]] = {
    "company": _all("organizations", "name"),
    "title": _all("organizations", "title"),
    "email": _all("emailAddresses"),
    "phone": _all("phoneNumbers"),
    "city": _all("addresses", "city"),
    "birthday": lambda card: (cards.words("birthdays", item) for item in card["birthdays"]),
}
"""What a card says in a column."""
