"""One field of many contacts as one act: set, emptied, or a word put to several or taken from them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from sharesync.errors import InvalidCard, InvalidInput, UnfitValue
from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField, CompanyFields
from sharesync.model.field_kinds import SET, FieldKind, parts
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services.bulk_plans import BulkPlan, reasons, sifted
from sharesync.store.database.work import Operation, ReadOnly, Work, pieces
from sharesync.store.records import company_fields, contacts


class FieldVerb(Enum):
    """What becomes of a field."""

    SET = "set"
    CLEAR = "clear"
    ADD = "add"
    """A word is put to those that stand there."""
    REMOVE = "remove"
    """A word is taken from those that stand there."""


@dataclass(frozen=True, slots=True)
class FieldDeed:
    """What is to become of one field, by id."""

    field: str
    verb: FieldVerb
    text: str = ""

    def checked(self, fields: CompanyFields) -> CompanyField:
        """The field, once what was typed fits. Raises UnfitValue, InvalidInput."""
        field = next((one for one in fields if one.id == self.field), None)
        if field is None:
            raise InvalidInput("Choose a field.")
        if self.verb in (FieldVerb.ADD, FieldVerb.REMOVE) and field.kind is not FieldKind.SEVERAL_OF:
            raise InvalidInput("Words are added to a field of several values, or removed from one.")
        if self.verb is not FieldVerb.CLEAR and not self.text.strip():
            raise InvalidInput("Type a value.")
        if self.verb in (FieldVerb.SET, FieldVerb.ADD) and field.canonical(self.text) is None:
            raise UnfitValue("“%(value)s” does not fit into “%(name)s”.", value=self.text[:60], name=field.name)
        return field

    def applied(self, stands: str) -> str:
        """What the field says afterwards."""
        mine = {word.casefold(): word for word in parts(self.text)}
        match self.verb:
            case FieldVerb.SET:
                return self.text
            case FieldVerb.CLEAR:
                return ""
            case FieldVerb.ADD:
                return SET.join(parts(SET.join(filter(None, (stands, self.text)))))
            case FieldVerb.REMOVE:
                return SET.join(word for word in parts(stands) if word.casefold() not in mine)


_Change = tuple[int, Card, Card, dict[str, str]]
"""Version, card before and after, values kept here after."""


def plan(operation: Operation, deed: FieldDeed, chosen: Collection[str]) -> BulkPlan:
    """What it will do. Raises InvalidInput."""
    with operation.look() as look:
        return _planned(look, deed, chosen)[0]


def outcome(asked: ReadOnly | Work, deed: FieldDeed, chosen: Collection[str]) -> dict[str, tuple[Card, dict[str, str]]]:
    """What each contact that it changes would be then: its card, and the values kept here. Raises InvalidInput."""
    return {contact: (card, here) for contact, (_, _, card, here) in _planned(asked, deed, chosen)[1].items()}


def carry_out(operation: Operation, deed: FieldDeed, chosen: Collection[str]) -> list[str]:
    """Change the field of each that may be changed; returns those. Raises InvalidInput."""
    changed: list[str] = []
    for some in pieces(list(dict.fromkeys(chosen))):
        with operation.piece() as work:
            _, changes = _planned(work, deed, some)
            for contact, (version, before, after, here) in changes.items():
                contact_cases.change(work, contact, version, before, after, here=here)
        changed += changes
    return changed


def _planned(asked: ReadOnly | Work, deed: FieldDeed, chosen: Collection[str]) -> tuple[BulkPlan, dict[str, _Change]]:
    fields = company_fields.defined(asked.session)
    field = deed.checked(fields)
    fit = sifted(asked, Right.EDIT, chosen)
    refused = {reason: list(some) for reason, some in fit.refused.items()}
    cards = contacts.cards(asked.session, fit.goes)
    here = contacts.here_of(asked.session, fit.goes)
    changes: dict[str, _Change] = {}
    same: list[str] = []
    for contact in fit.goes:
        version, card = cards[contact]
        beside = here.get(contact, {})
        stands = fields.told(card, beside).get(field.name, "")
        try:
            after, values = fields.written(card, beside, {field.name: deed.applied(stands)})
            after.check_limits()
        except (UnfitValue, InvalidCard) as error:
            refused.setdefault(error.sentence, []).append(contact)
            continue
        if (after, values) == (card, beside):
            same.append(contact)
        else:
            changes[contact] = (version, card, after, values)
    return BulkPlan(tuple(changes), tuple(same), reasons(refused)), changes
