"""A company's own fields: what it wants to know of a contact beyond what Google's form asks, and their values.

A value is a text. Of each kind there is one way to write it, the *canonical* one, in which we write it ourselves; a
text that cannot be put so *does not fit* and is kept as it was typed, because it may come from a phone or a file. A
value *shown in Google* is the custom entry of the card that has the field's name as key; one *kept here* stands beside
the card, by the field's id, where what writes to mailboxes never looks: it is given cards alone.

Rejected: values kept here as a part of the card that is left out of what is sent (one line forgotten would show them to
everybody's phone), and rewriting what somebody typed on a phone for its writing alone (a change of nothing, sent to
every mailbox).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sharesync.errors import InvalidCard, InvalidInput, UnfitValue
from sharesync.model.card import EMPTY, Card, Item
from sharesync.model.custom_entries import entries_of, has_entry, text_of, with_entry
from sharesync.model.field_kinds import SET, FieldKind, one_line, parts
from sharesync.model.spelling import bare, clean

TAGS = "tags"
"""Id of the field that is there from the start: several of any words, shown in Google."""
MAX_NAME, MAX_HELP, MAX_FIELDS = 60, 300, 100
HERE = "fields"
"""What the log calls values that are kept here, as it calls a card's by their names."""
NOTHING: Mapping[str, str] = {}
"""No values beside the card."""


@dataclass(frozen=True, slots=True)
class CompanyField:
    """One field, as administrators define it."""

    id: str
    name: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    help: str = ""
    shown: bool = True
    """In Google; else it is kept here."""
    required: frozenset[str] = frozenset()
    """Ids of the groups whose contacts are to have a value; the form asks for it, nothing is refused elsewhere."""

    @property
    def key(self) -> str:
        """By what its custom entry is known, whatever its case."""
        return self.name.casefold()

    @property
    def filter_name(self) -> str:
        """What stands for it before the colon in a filter."""
        return filter_name(self.name)

    @property
    def filter_term(self) -> str:
        """The same, as it is offered: Tags have a name of their own there."""
        return "tag" if self.id == TAGS else self.filter_name

    def canonical(self, text: str) -> str | None:
        """The one way to write a value; None where it does not fit. Nothing stays nothing."""
        return self.kind.canonical(self.choices, text)

    def amount(self, text: str) -> float | None:
        """What a value that fits is compared by: a number, or a day's; None for other kinds."""
        canonical = self.canonical(text) if self.kind.is_amount else None
        return self.kind.amount(canonical) if canonical else None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a contact says in one field, as it was typed."""

    field: CompanyField
    text: str

    @property
    def canonical(self) -> str | None:
        """As it is written; None where it does not fit."""
        return self.field.canonical(self.text)

    @property
    def fits(self) -> bool:
        """Whether it is a value of its field's kind."""
        return self.canonical is not None

    @property
    def told(self) -> str:
        """Canonical where it fits, else as it was typed."""
        canonical = self.canonical
        return self.text if canonical is None else canonical


@dataclass(frozen=True)
class CompanyFields:
    """All fields there are, in their order."""

    fields: tuple[CompanyField, ...] = ()

    def __iter__(self) -> Iterator[CompanyField]:
        return iter(self.fields)

    @cached_property
    def sets(self) -> frozenset[str]:
        """The keys of custom entries that are merged as sets."""
        return frozenset(one.key for one in self.fields if one.shown and one.kind is FieldKind.SEVERAL_OF)

    @cached_property
    def by_filter_name(self) -> Mapping[str, CompanyField]:
        """By what stands before the colon."""
        return {one.filter_name: one for one in self.fields}

    @cached_property
    def _by_key(self) -> Mapping[str, CompanyField]:
        return {one.key: one for one in self.fields}

    def named(self, name: str) -> CompanyField | None:
        """The field of this name, whatever its case."""
        return self._by_key.get(one_line(name).casefold())

    def is_shown(self, entry: Item) -> bool:
        """Whether a custom entry of a card is the value of one of these."""
        field = self._by_key.get(entry.text("key").casefold())
        return field is not None and field.shown

    def kept_here(self, here: Mapping[str, str]) -> dict[str, str]:
        """Those of the values that a field which is kept here has: a field that was deleted has none any more."""
        known = {one.id for one in self.fields if not one.shown}
        return {field: text for field, text in here.items() if field in known}

    def without(self, field: str) -> CompanyFields:
        """All but one, by its id."""
        return CompanyFields(tuple(one for one in self.fields if one.id != field))

    def unrequired(self, field: str) -> CompanyFields:
        """All, and one of them required nowhere: a filter for whatever is required asks for no field by name."""
        return CompanyFields(
            tuple(replace(one, required=frozenset()) if one.id == field else one for one in self.fields)
        )

    def values(self, card: Card, here: Mapping[str, str]) -> tuple[FieldValue, ...]:
        """What a contact says, in the order of the fields; a field that it says nothing in is left out."""
        told = ((one, self._said(one, card, here)) for one in self.fields)
        return tuple(FieldValue(one, text) for one, text in told if text)

    @staticmethod
    def _said(field: CompanyField, card: Card, here: Mapping[str, str]) -> str:
        """What a contact says in it: where the field is, or where it was until the value follows."""
        on_card, beside = text_of(card, field.name), here.get(field.id, "")
        return (on_card or beside) if field.shown else (beside or on_card)

    def told(self, card: Card, here: Mapping[str, str]) -> dict[str, str]:
        """The same by name, as JSON has it."""
        return {one.field.name: one.told for one in self.values(card, here)}

    def placed(self, card: Card, here: Mapping[str, str]) -> tuple[Card, dict[str, str]]:
        """The same with each value where its field is: no entry of a field that is kept here is on the card.

        Of two values the one on the card was typed and stands; words of several are put together. Where nothing else
        is on the card, or it would say more than Google takes, the value stays where it is.
        """
        after = dict(here)
        for one in self.fields:
            on_card, beside = text_of(card, one.name), after.get(one.id, "")
            if not (beside if one.shown else on_card):
                continue
            text = merged_set("", on_card, beside) if one.kind is FieldKind.SEVERAL_OF else on_card or beside
            if one.shown and (full := _within_limits(with_entry(card, one.name, text))):
                card = full if text != on_card else card
                del after[one.id]
            elif not one.shown and (bared := with_entry(card, one.name, "")):
                card, after[one.id] = bared, text
        return card, after

    def on_card(self, card: Card) -> list[CompanyField]:
        """Fields kept here that the card has an entry of, and something else besides."""
        return [
            one for one in self.fields if not one.shown and has_entry(card, one.name) and with_entry(card, one.name, "")
        ]

    def joined_sets(self, card: Card) -> Card:
        """The card with one entry for each field of several values, where it has more of one."""
        for one in self.fields:
            if one.shown and one.kind is FieldKind.SEVERAL_OF and entries_of(card, one.name) > 1:
                card = with_entry(card, one.name, SET.join(parts(text_of(card, one.name))))
        return card

    def written(
        self, card: Card, here: Mapping[str, str], changes: Mapping[str, str | None], *, as_typed: bool = False
    ) -> tuple[Card, dict[str, str]]:
        """Card and values beside it with these changed, by name; None or nothing takes a value away.

        What equals the value that stands changes nothing. `as_typed`: what does not fit is kept as it is. Raises
        UnfitValue for a name that no field has, and for what does not fit.
        """
        after = dict(here)
        for name, typed in changes.items():
            field = self.named(name)
            if field is None:
                raise UnfitValue("No field is called “%(name)s”.", name=name)
            stands = self._said(field, card, after)
            text = clean(typed or "")
            if text in (stands, FieldValue(field, stands).told):
                continue
            new = field.canonical(text)
            if new is None and not as_typed:
                raise UnfitValue("“%(value)s” does not fit into “%(name)s”.", value=text[:MAX_NAME], name=field.name)
            written = text if new is None else new
            after.pop(field.id, None)
            card = with_entry(card, field.name, written if field.shown else "") or (EMPTY if field.shown else card)
            if written and not field.shown:
                after[field.id] = written
        return card, after


NO_FIELDS = CompanyFields()


def _within_limits(card: Card) -> Card | None:
    try:
        card.check_limits()
    except InvalidCard:
        return None
    return card


def merged_set(base: str, store: str, other: str) -> str:
    """What both sides make of several values: what either added is there, what either took away is not.

    A side's own text is given back where it says all of that, so that nothing is rewritten for its writing alone.
    """
    was, mine, theirs = ({part.casefold(): part for part in parts(text)} for text in (base, store, other))
    new = [word for key, word in mine.items() if key in theirs or key not in was]
    new += [word for key, word in theirs.items() if key not in mine and key not in was]
    keys = {word.casefold() for word in new}
    return store if keys == mine.keys() else other if keys == theirs.keys() else SET.join(new)


def merged_here(
    fields: CompanyFields, base: Mapping[str, str], store: Mapping[str, str], other: Mapping[str, str]
) -> dict[str, str]:
    """The three-way merge of values kept here, field by field; where both sides changed one, the store's stands.

    A field that is no more gets no value back.
    """
    base, other = fields.kept_here(base), fields.kept_here(other)
    sets = {one.id for one in fields if one.kind is FieldKind.SEVERAL_OF}
    new = dict(store)
    for field in base.keys() | other.keys():
        was, mine, theirs = (side.get(field, "") for side in (base, store, other))
        if field in sets:
            new[field] = merged_set(was, mine, theirs)
        elif mine == was:
            new[field] = theirs
    return {field: text for field, text in new.items() if text}


# --- Names and choices -----------------------------------------------------------------------------------------------


def filter_name(name: str) -> str:
    """A field's name as a filter writes it: `Account manager` is `account-manager`."""
    return re.sub(r"[^\w]+", "-", bare(name)).strip("-_")


def field_name(text: str) -> str:
    """A field's name, cleaned. Raises InvalidInput for what is none."""
    name = one_line(text)
    if not re.match(r"[^\W\d_]", filter_name(name)):
        raise InvalidInput("A field’s name begins with a letter.")
    if len(name) > MAX_NAME:
        raise InvalidInput("A field’s name has at most %(most)s letters.", most=MAX_NAME)
    return name


def field_help(text: str) -> str:
    """What a field's help says, cleaned. Raises InvalidInput where it is endless."""
    said = clean(text)
    if len(said) > MAX_HELP:
        raise InvalidInput("A field’s help has at most %(most)s letters.", most=MAX_HELP)
    return said


def ordered(fields: Sequence[CompanyField], order: Sequence[str]) -> tuple[CompanyField, ...]:
    """The fields in the order of these ids; one that is not named stays behind them."""
    places = {field: place for place, field in enumerate(order)}
    return tuple(sorted(fields, key=lambda one: places.get(one.id, len(places))))


def entries(here: Mapping[str, str]) -> list[dict[str, str]]:
    """Values kept here as the change log keeps them: by the field's id, since its name may change."""
    return [{"key": field, "value": text} for field, text in sorted(here.items())]
