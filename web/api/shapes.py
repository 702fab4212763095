"""Shapes: what programs send and get, as types from which it is read, written and described.

A card's shape is made from the table of its fields (`model/fields.py`), so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from sharesync.model.company_fields import CompanyFields
from sharesync.model.contact import Contact
from sharesync.model.field_kinds import MAX_VALUE
from sharesync.model.fields import FIELDS, FieldRule, Part, Shape
from web.api.group_shapes import FieldShape, Groups, GroupShape

WholeNumber = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Date(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A day; a part that is 0 or missing is not known, as in Google's `google.type.Date`."""

    year: Annotated[int, Meta(ge=0, le=9999)] = 0
    month: Annotated[int, Meta(ge=0, le=12)] = 0
    day: Annotated[int, Meta(ge=0, le=31)] = 0


_PARTS: dict[Part, Any] = {Part.TEXT: str, Part.FLAG: bool, Part.NUMBER: int, Part.DATE: Date}


def _item(rule: FieldRule) -> Any:
    parts = [(part, _PARTS[kind] | UnsetType, UNSET) for part, kind in rule.parts.items()]
    name = f"{rule.name[0].upper()}{rule.name[1:]}Item"
    return msgspec.defstruct(name, parts, frozen=True, forbid_unknown_fields=True, module=__name__)


def _list(rule: FieldRule) -> Any:
    most = Meta(max_length=1) if rule.shape is Shape.SINGLE else Meta(max_length=500)
    return Annotated[list[_item(rule)], most]  # type: ignore[misc]  # made from the table


_LISTS = {rule.name: _list(rule) for rule in FIELDS.values()}

CardShape: Any = msgspec.defstruct(
    "Card",
    [(name, shape | UnsetType, UNSET) for name, shape in _LISTS.items()],
    frozen=True,
    forbid_unknown_fields=True,
    module=__name__,
    namespace={"__doc__": "A contact's fields, named as in the People API's Person, without what Google computes."},
)
CardPatch: Any = msgspec.defstruct(
    "CardPatch",
    [(name, shape | None | UnsetType, UNSET) for name, shape in _LISTS.items()],
    frozen=True,
    forbid_unknown_fields=True,
    module=__name__,
    namespace={"__doc__": "Fields that are replaced whole; null takes one away; what is absent stays."},
)


FieldValues = Annotated[
    dict[str, Annotated[str, Meta(max_length=MAX_VALUE)]],
    Meta(description="Values of the company's fields by name; what is absent there changes nothing, nothing clears."),
]
FieldChanges = Annotated[
    dict[str, Annotated[str, Meta(max_length=MAX_VALUE)] | None],
    Meta(description="Values of the company's fields by name; null clears one, what is absent stays."),
]


class ExpandedShape(Struct, frozen=True, omit_defaults=True):
    """What `expand` asked for: the groups that `groups` names, the company's fields that `fields` names."""

    groups: list[GroupShape] | UnsetType = UNSET
    fields: list[FieldShape] | UnsetType = UNSET


class ContactShape(Struct, frozen=True, kw_only=True):
    """A contact. `groups`: names of those that hold it and that the token may see."""

    id: str
    version: WholeNumber
    groups: list[str]
    card: CardShape
    fields: dict[str, str]
    """What it says in the company's fields, by name; those shown in Google stand in `card.userDefined`, too."""
    photo: str | None
    """SHA-256 of its photo, in hex digits."""
    deleted: datetime | None
    """Since when it lies in the trash."""
    expanded: ExpandedShape | UnsetType = UNSET


class NewContact(Struct, frozen=True, forbid_unknown_fields=True):
    """A contact to be made in these groups."""

    groups: Groups
    card: CardShape
    fields: FieldValues = {}


class NewCard(Struct, frozen=True, forbid_unknown_fields=True):
    """A card in place of the one that a contact has."""

    card: CardShape
    fields: FieldValues = {}


class ContactPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A JSON merge patch (RFC 7396) of a contact."""

    card: CardPatch | UnsetType = UNSET
    fields: FieldChanges = {}


class ContactList(Struct, frozen=True):
    """A page of contacts, in the order of their ids."""

    items: list[ContactShape]
    next_cursor: str | None


class VersionShape(Struct, frozen=True):
    """A card that a contact had."""

    version: WholeNumber
    card: CardShape
    fields: dict[str, str]


class VersionList(Struct, frozen=True):
    """Every card that a contact had, the newest first."""

    items: list[VersionShape]
    next_cursor: None = None


class HeldShape(Struct, frozen=True):
    """It is so much at once that somebody decides about it first: the ids of the holds."""

    holds: list[str]


class PushedShape(Struct, frozen=True):
    """A contact after a push; `stood`: fields in which the value that people gave it stood against the program's."""

    contact: ContactShape
    created: bool
    stood: list[str]


class Creation(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="create"):
    """To make a contact."""

    groups: Groups
    card: CardShape
    fields: FieldValues = {}


class Replacement(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="replace"):
    """To replace the card of a contact, made over this version."""

    id: str
    version: WholeNumber
    card: CardShape
    fields: FieldValues = {}


class Patching(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="patch"):
    """To replace some fields of a contact's card, made over this version."""

    id: str
    version: WholeNumber
    card: CardPatch | UnsetType = UNSET
    fields: FieldChanges = {}


class Deletion(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="delete"):
    """To delete a contact, decided over this version."""

    id: str
    version: WholeNumber


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to two hundred deeds, each done or refused by itself."""

    deeds: Annotated[list[Creation | Replacement | Patching | Deletion], Meta(min_length=1, max_length=200)]


class DeedResult(Struct, frozen=True, omit_defaults=True):
    """What became of one deed; `status` as if it had been sent alone."""

    status: int
    id: str | None = None
    version: int | None = None
    holds: list[str] = []
    problem: dict[str, Any] | None = None


class BatchResults(Struct, frozen=True):
    """One result for each deed, in their order."""

    results: list[DeedResult]


# --- Between shapes and values ----------------------------------------------------------------------------------------


def contact_shape(
    contact: Contact,
    company: CompanyFields,
    fields: Iterable[str] = (),
    groups: Mapping[str, GroupShape] | None = None,
    defined: Mapping[str, FieldShape] | None = None,
) -> ContactShape:
    """A contact as programs get it; of its card only these `fields`, where any are named.

    `groups` and `defined`: what is known of groups and of the company's fields by name, where they are expanded.
    """
    card = contact.card.as_json()
    if named := set(fields):
        card = {name: items for name, items in card.items() if name in named}
    told = company.told(contact.card, contact.here)
    expanded = ExpandedShape(
        UNSET if groups is None else [groups[name] for name in contact.groups if name in groups],
        UNSET if defined is None else [defined[name] for name in told if name in defined],
    )
    return ContactShape(
        id=contact.id,
        version=contact.version,
        groups=list(contact.groups),
        card=card,
        fields=told,
        photo=contact.photo.hex() if contact.photo else None,
        deleted=contact.deleted_at,
        expanded=UNSET if groups is None and defined is None else expanded,
    )
