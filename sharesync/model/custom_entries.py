"""Custom entries of a card (`userDefined`), by their name: how the values of fields that Google shows stand on it."""

from __future__ import annotations

from sharesync.model.card import Card, Item, make_item
from sharesync.model.field_kinds import SET
from sharesync.model.fields import FIELDS


def text_of(card: Card, name: str) -> str:
    """What the custom entries of this name say: of several entries all, so that none is hidden by another."""
    key = name.casefold()
    return SET.join(entry.text("value") for entry in card["userDefined"] if entry.text("key").casefold() == key)


def entries_of(card: Card, name: str) -> int:
    """How many custom entries of this name the card has, whatever its case."""
    key = name.casefold()
    return sum(entry.text("key").casefold() == key for entry in card["userDefined"])


def has_entry(card: Card, name: str) -> bool:
    """Whether the card has a custom entry of this name, whatever its case."""
    return entries_of(card, name) > 0


def with_entry(card: Card, name: str, text: str) -> Card:
    """The card with this in place of its custom entries of that name; nothing takes them away."""
    key, entry = name.casefold(), make_item(FIELDS["userDefined"], {"key": name, "value": text} if text else {})
    new: list[Item] = []
    for one in card["userDefined"]:
        if one.text("key").casefold() != key:
            new.append(one)
        elif entry is not None:
            new.append(entry)
            entry = None
    return card.replacing({"userDefined": [*new, *([entry] if entry else [])]})


def renamed_entries(card: Card, before: str, after: str) -> Card:
    """The card with the custom entries of one name under another, as they are."""
    key, rule = before.casefold(), FIELDS["userDefined"]
    new = [
        make_item(rule, {**dict(one.parts), "key": after}) or one if one.text("key").casefold() == key else one
        for one in card["userDefined"]
    ]
    return card.replacing({"userDefined": new})
