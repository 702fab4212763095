"""What a merge in Google Contacts may have brought to a card: it joins lists, fills what was blank, joins notes."""

from __future__ import annotations

from sharesync.model.card import EMPTY, Card, Item
from sharesync.model.fields import FIELDS, Shape


def doubtful(before: Card, after: Card) -> frozenset[str]:
    """The fields in which something may have come with a merge, and not by an edit.

    A merge in Google Contacts joins lists, fills single values that were blank, and joins notes. So a field of values
    that none has been added to, or another name, was edited; a field with one value more, also where another is
    missing, may be both.
    """
    return frozenset(name for name in before.differs(after) if _may_be_brought(name, before[name], after[name]))


def brought(before: Card, after: Card, fields: frozenset[str]) -> Card:
    """What a merge may have brought. Joined notes cannot be told apart: of them nothing is the user's alone."""
    told = (name for name in fields if FIELDS[name].shape is not Shape.SINGLE or not before[name])
    return EMPTY.replacing({name: [item for item in after[name] if item not in before[name]] for name in told})


def _may_be_brought(name: str, before: tuple[Item, ...], after: tuple[Item, ...]) -> bool:
    if FIELDS[name].shape is not Shape.SINGLE or not before:
        return bool(set(after) - set(before))
    if name != "biographies" or not after:
        return False
    note = after[0].text("value")  # joined, line by line, to what stood there or to what was typed instead of it
    return before[0].text("value") in note or "\n" in note
