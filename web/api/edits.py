"""Edits: what a program asks for of one contact, looked at before it is done, alone or with others in a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET

from sharesync.errors import InvalidCard, StaleVersion
from sharesync.model.card import Card
from sharesync.model.contact import Contact
from sharesync.model.custom_entries import has_entry
from sharesync.model.permission import Right
from sharesync.services import contacts as cases
from sharesync.services.who_may.permission import groups_with, require, require_on_contact
from sharesync.store.database.work import Work
from sharesync.store.queries import contacts, groups
from web.api.shapes import ContactPatch, Creation, NewCard, NewContact, Patching, Replacement
from web.frame.live import company_fields
from web.frame.problems import BadValue, Problem


@dataclass(frozen=True, slots=True)
class Edit:
    """A contact is to get this card."""

    contact: str
    version: int
    card: Card
    here: Mapping[str, str]
    """Values of fields kept here."""

    def carry_out(self, work: Work) -> Contact:
        """Do it. Raises Refused."""
        return cases.edit(work, self.contact, self.card, here=self.here, version=self.version)


@dataclass(frozen=True, slots=True)
class Removal:
    """A contact is to leave these groups: (group, contact)."""

    contact: str
    version: int
    pairs: tuple[tuple[str, str], ...]

    def carry_out(self, work: Work) -> None:
        """Do it. Raises Refused."""
        _at(work, self.contact, self.version, Right.DELETE)
        cases.delete(work, self.contact)


def make(work: Work, new: NewContact | Creation) -> str:
    """Make a contact; returns its id. Raises Refused, Problem."""
    card, here = company_fields().written(card_of_body(new.card), {}, new.fields)
    first, *others = places(work, new.groups)
    return cases.create(work, first, card, also=others, here=here)


def places(work: Work, named: Sequence[str]) -> list[str]:
    """Ids of groups by name or id, each once. Raises NotFound in the same words for one that is not there or hidden."""
    found = {}
    for name in named:
        group = groups.find_id(work.session, name)
        require(work, Right.VIEW, (group,), name=name)
        found[group] = name
    return list(found)


def replacing(work: Work, contact: str, version: int, new: NewCard | Replacement) -> Edit:
    """To replace a contact's card. Raises Refused, Problem."""
    now = _at(work, contact, version, Right.EDIT)
    return _edit(now, card_of_body(new.card), new.fields)


def patching(work: Work, contact: str, version: int, changes: ContactPatch | Patching) -> Edit:
    """To replace the fields that are named. Raises Refused, Problem."""
    now = _at(work, contact, version, Right.EDIT)
    told: dict[str, Any] = {} if changes.card is UNSET else msgspec.to_builtins(changes.card)
    new = _parsed({name: items for name, items in told.items() if items is not None})
    card = now.card.replacing({name: new[name] for name in told})
    return _edit(now, card, changes.fields)


def _edit(now: Contact, card: Card, told: Mapping[str, str | None]) -> Edit:
    """With values of fields. What is sent back as it was read changes nothing, though the card did."""
    fields = company_fields()
    before = fields.told(now.card, now.here)
    new = {name: text for name, text in told.items() if before.get(name) != text or not has_entry(card, name)}
    card, here = fields.written(card, now.here, new)
    card.check_limits()
    return Edit(now.id, now.version, _filled(card), here)


def deleting(work: Work, contact: str, version: int) -> Removal:
    """To delete a contact: it leaves every group where the token may delete. Raises Refused."""
    _at(work, contact, version, Right.DELETE)
    held = contacts.held_by(work.session, [contact]).get(contact, [])
    return Removal(contact, version, tuple((group, contact) for group in groups_with(work, Right.DELETE, held)))


def card_of_body(shape: Any) -> Card:
    """The card that was sent. Raises Problem, also where nothing is in it."""
    return _filled(_parsed(msgspec.to_builtins(shape)))


def _parsed(told: Mapping[str, Any]) -> Card:
    """The card of these fields. Raises Problem, which points at each value that no card can have."""
    try:
        return Card.parse(told)
    except InvalidCard as error:
        bad = list(_bad_values(told))
        raise Problem(422, "invalid", errors=bad) if bad else error from None


def _bad_values(told: Mapping[str, Any]) -> Iterator[BadValue]:
    for name, items in told.items():
        for place, item in enumerate(items):
            try:
                Card.parse({name: [item]})
            except InvalidCard as error:
                yield BadValue(f"#/card/{name}/{place}", str(error.sentence))


def _at(work: Work, contact: str, version: int, right: Right) -> Contact:
    require_on_contact(work, right, contact)
    now = contacts.get(work.session, contact)
    if now.version != version:
        raise StaleVersion(contact, version, now.version)
    return now


def _filled(card: Card) -> Card:
    if not card:
        said = "A contact cannot be empty; delete it instead."
        raise Problem(422, "invalid", said, [BadValue("#/card", said)])
    return card
