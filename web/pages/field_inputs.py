"""The company's fields in a contact's form and on its page: what they say, and what was typed into them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from sharesync.model.card import Card, Item
from sharesync.model.company_fields import CompanyField, CompanyFields, FieldValue
from sharesync.model.custom_entries import with_entry
from sharesync.model.field_kinds import SET, FieldKind, parts
from web.pages import cards
from web.words.languages import _


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One field in the form, with what stands in it."""

    value: FieldValue
    needed: bool
    """A group that holds the contact asks for it."""

    @property
    def field(self) -> CompanyField:
        return self.value.field

    @property
    def name(self) -> str:
        """Of its box."""
        return f"field-{self.field.id}"

    @property
    def fits(self) -> bool:
        return self.value.fits

    @property
    def is_folded(self) -> bool:
        """Whether the form hides it until somebody asks: no group wants it, and nothing is in it."""
        return not self.needed and not self.value.text.strip()

    @property
    def chosen(self) -> list[str]:
        """What is ticked, or would be: of what cannot be chosen any more, too."""
        return parts(self.value.told)

    @property
    def kind(self) -> str:
        """What kind of input takes it; what does not fit stands in a box for text, so that it can be mended."""
        field = self.field
        if not self.fits and field.kind is not FieldKind.LONG_TEXT:
            return "text"
        if field.kind.has_choices and not field.choices:
            return "text"
        return field.kind.value


def inputs(
    fields: CompanyFields, card: Card, here: Mapping[str, str], groups: Collection[str], *, beside: bool
) -> list[FieldInput]:
    """Every field with what a contact says in it; those kept here only where `beside` says so."""
    said = {one.field.id: one for one in fields.values(card, here)}
    return [
        FieldInput(said.get(one.id, FieldValue(one, "")), bool(one.required & set(groups)))
        for one in fields
        if one.shown or beside
    ]


def typed(asked: Iterable[FieldInput], form: MultiDict[str, str]) -> list[FieldInput]:
    """The same with what was sent; a box that was not sent stands as it was."""
    return [
        replace(one, value=FieldValue(one.field, SET.join(filter(None, form.getlist(one.name)))))
        if one.name in form
        else one
        for one in asked
    ]


def changes(asked: Iterable[FieldInput]) -> dict[str, str | None]:
    """What the boxes say, as `CompanyFields.written` takes it."""
    return {one.field.name: one.value.text for one in asked}


def lacking(asked: Iterable[FieldInput]) -> FieldInput | None:
    """The first box that must not stay empty."""
    return next((one for one in asked if one.needed and not one.value.text.strip()), None)


def bared(fields: CompanyFields, card: Card) -> Card:
    """The card without what the boxes of fields hold."""
    for one in fields:
        if one.shown:
            card = with_entry(card, one.name, "")
    return card


def with_standing(fields: CompanyFields, card: Card, standing: Card) -> Card:
    """A card without boxes of fields, with the values that stand: what is typed is written over them."""
    entries = [entry for entry in standing["userDefined"] if fields.is_shown(entry)]
    return card.replacing({"userDefined": [*card["userDefined"], *entries]})


# --- On the contact's page -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldFact:
    """What a contact says in one field, in the reader's words; `parts`: each with the filter that finds its like."""

    field: CompanyField
    text: str
    fits: bool
    href: str = ""
    parts: tuple[tuple[str, str], ...] = ()


def told(fields: CompanyFields, card: Card, here: Mapping[str, str]) -> list[FieldFact]:
    """What a contact says in the fields, in their order."""
    return [_fact(value) for value in fields.values(card, here)]


def _fact(value: FieldValue) -> FieldFact:
    field, canonical = value.field, value.canonical
    if canonical is None:
        return FieldFact(field, value.text, fits=False)
    match field.kind:
        case FieldKind.DATE:
            year, month, day = map(int, canonical.split("-"))
            item = Item((("date", (("day", day), ("month", month), ("year", year))),))
            return FieldFact(field, cards.date(item), fits=True)
        case FieldKind.YES_NO:
            return FieldFact(field, _("Yes") if canonical == "yes" else _("No"), fits=True)
        case FieldKind.SEVERAL_OF:
            some = tuple((one, f'{field.filter_term}:"{one}"') for one in parts(canonical))
            return FieldFact(field, canonical, fits=True, parts=some)
        case FieldKind.LINK:
            safe = urlsplit(canonical).scheme in ("http", "https")
            return FieldFact(field, canonical, fits=True, href=canonical if safe else "")
        case _:
            return FieldFact(field, canonical, fits=True)
