"""The three-way merge of cards: what one mailbox changed, carried into what the store holds by now.

The law, for any three cards (properties in `tests/sync/test_merge.py`):

* what only one side changed is taken; what both changed alike is taken once;
* what both changed differently stays as the store has it, and the other value is returned as a conflict, but for a
  field of several values (tags), of which each is there that a side added, and none that a side took away;
* nothing appears that neither side has, and nothing disappears that neither side removed.

In a list, one item taken out and one put in of the same kind is a replacement. Two people who replace one number by two
others are in conflict; a new label and a corrected city are one address.

Rejected: newest wins (clocks of phones decide about values), and merging whole fields (two people adding an e-mail
each would be a conflict).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sharesync.model.card import Card, Item, Key, item_key, make_item
from sharesync.model.company_fields import merged_set
from sharesync.model.custom_entries import text_of, with_entry
from sharesync.model.fields import FIELDS, FieldRule, Shape, Value

Keyed = tuple[Item, ...]
"""Items of one key on one side, in typed order; usually none or one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Values of one field that both sides changed differently; the store's stood."""

    field: str
    store: Keyed
    other: Keyed


@dataclass(frozen=True, slots=True)
class Merged:
    """The card after the merge, and what could not be merged."""

    card: Card
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Card, store: Card, other: Card, sets: Collection[str] = ()) -> Merged:
    """Carry what changed from `base` to `other` into `store`.

    `sets`: keys of custom entries that hold several values (`CompanyFields.sets`): what both sides made of one of them
    is never a conflict.
    """
    changed = base.differs(other)
    if not changed:
        return Merged(store)
    fields: dict[str, list[Item]] = {}
    conflicts: list[Conflict] = []
    for name in FIELDS:
        if name in changed:
            fields[name] = _merge_field(FIELDS[name], base[name], store[name], other[name], conflicts)
    merged = store.replacing(fields)
    for key in sets if "userDefined" in changed else ():
        merged, conflicts = _with_set(key, (base, store, other), merged, conflicts)
    return Merged(merged, tuple(conflicts))


def _with_set(
    key: str, sides: tuple[Card, Card, Card], merged: Card, conflicts: list[Conflict]
) -> tuple[Card, list[Conflict]]:
    """The merge with the entries of one key put together value by value, and without a conflict about them."""
    was, mine, theirs = (text_of(side, key) for side in sides)
    if theirs in (was, mine):
        return merged, conflicts
    spelt = [item.text("key") for side in (*sides[1:], sides[0]) for item in side["userDefined"] if _kind(item) == key]
    others = [one for one in conflicts if {_kind(item) for item in (*one.store, *one.other)} != {key}]
    return with_entry(merged, spelt[0], merged_set(was, mine, theirs)), others


def _merge_field(rule: FieldRule, base: Keyed, store: Keyed, other: Keyed, conflicts: list[Conflict]) -> list[Item]:
    if rule.shape is Shape.SINGLE:
        return _merge_single(rule, base, store, other, conflicts)
    if rule.shape is Shape.RECORD:
        base, store, other = _labelled_alike(rule, base, store, other)
    sides = [_by_key(rule, side) for side in (base, store, other)]
    result: list[Item] = []
    for key in dict.fromkeys([*sides[1], *sides[2]]):
        was, mine, theirs = (side.get(key, ()) for side in sides)
        result += _merge_group(rule, was, mine, theirs, conflicts)
    if rule.shape is Shape.KEYED:
        for ours, others in _replacements(rule, base, store, other):
            conflicts.append(Conflict(rule.name, (ours,), (others,)))
            result.remove(others)
    return result


def _replacements(rule: FieldRule, base: Keyed, store: Keyed, other: Keyed) -> Iterator[tuple[Item, Item]]:
    """What the two sides put in the place of one item, each something else.

    The item must be the only one of its kind that is gone on either side, and what came the only one that came. What
    both added is in the place of none.
    """
    keys = [{item_key(rule, item) for item in side} for side in (base, store, other)]
    added = (
        [item for item in store if item_key(rule, item) not in keys[0] | keys[2]],
        [item for item in other if item_key(rule, item) not in keys[0] | keys[1]],
    )
    for kind in dict.fromkeys(_kind(item) for item in base):
        gone = [
            [item for item in base if _kind(item) == kind and item_key(rule, item) not in side] for side in keys[1:]
        ]
        here, there = ([item for item in side if _kind(item) == kind] for side in added)
        if gone[0] == gone[1] and len(gone[0]) == len(here) == len(there) == 1:
            yield here[0], there[0]


def _labelled_alike(rule: FieldRule, base: Keyed, store: Keyed, other: Keyed) -> tuple[Keyed, Keyed, Keyed]:
    """The sides, with the new label that one of them gave an address on that address everywhere.

    So its parts are merged, and it is not taken for one that went and another that came. Only where no second address
    could be meant.
    """
    sides = [store, other]
    for here, there in ((0, 1), (1, 0)):
        for was in base:
            twins = [
                item for item in sides[here] if _kind(item) != _kind(was) and _unlabelled(item) == _unlabelled(was)
            ]
            if was in sides[here] or len(twins) != 1 or len(_of_kind(base, was)) != 1 or _of_kind(base, twins[0]):
                continue
            same = _of_kind(sides[there], was) or _of_kind(sides[there], twins[0])
            if len(same) == 1:
                base = tuple(_labelled(rule, item, twins[0]) if item == was else item for item in base)
                sides[there] = tuple(
                    _labelled(rule, item, twins[0]) if item == same[0] else item for item in sides[there]
                )
    return base, sides[0], sides[1]


def _kind(item: Item) -> str:
    """The label under which people look for an item; of a custom field its name."""
    return (item.text("key") or item.text("type")).casefold()


def _of_kind(items: Keyed, like: Item) -> Keyed:
    return tuple(item for item in items if _kind(item) == _kind(like))


def _unlabelled(item: Item) -> Mapping[str, Value]:
    return {part: value for part, value in item.parts if part != "type"}


def _labelled(rule: FieldRule, item: Item, like: Item) -> Item:
    """The item under the label of another."""
    label = {"type": like.text("type")} if like.text("type") else {}
    return make_item(rule, {**_unlabelled(item), **label}) or item


def _merge_group(rule: FieldRule, was: Keyed, mine: Keyed, theirs: Keyed, conflicts: list[Conflict]) -> Keyed:
    if set(theirs) == set(was) or set(theirs) == set(mine):
        return mine
    if set(mine) == set(was):
        return theirs
    if len(was) == len(mine) == len(theirs) == 1 and (item := _merge_parts(rule, was[0], mine[0], theirs[0])):
        return (item,)
    if max(len(was), len(mine), len(theirs)) > 1 or (not was and rule.shape is Shape.RECORD):
        # Several items of one key (or two new addresses of one type): each is taken or left whole.
        kept = [item for item in mine if item not in was or item in theirs]
        return tuple(dict.fromkeys([*kept, *(item for item in theirs if item not in was)]))
    conflicts.append(Conflict(rule.name, mine, theirs))
    return mine


def _merge_parts(rule: FieldRule, was: Item, mine: Item, theirs: Item) -> Item | None:
    """One item changed on both sides: merged if they changed different parts, else None (half an address is none)."""
    parts = dict(mine.parts)
    for part in rule.parts:
        old, here, there = was.get(part), mine.get(part), theirs.get(part)
        if there in (old, here):
            continue
        if here != old:
            return None
        if there is None:
            del parts[part]
        else:
            parts[part] = there
    return _whole(rule, parts)


def _whole(rule: FieldRule, parts: Mapping[str, Value]) -> Item | None:
    """The item of all these parts; None where some exclude others (a birthday in words and as a date)."""
    item = make_item(rule, parts)
    # The code of a country goes where the country is told.
    return item if item and {name for name, _ in item.parts} >= parts.keys() - {"countryCode"} else None


def _merge_single(rule: FieldRule, base: Keyed, store: Keyed, other: Keyed, conflicts: list[Conflict]) -> list[Item]:
    """A name, a birthday, the notes: part by part, each part decided for itself."""
    was, mine, theirs = (dict(side[0].parts) if side else {} for side in (base, store, other))
    parts, clash = dict(mine), False
    for part in rule.parts:
        old, here, there = was.get(part), mine.get(part), theirs.get(part)
        if there in (old, here):
            continue
        if here != old:
            clash = True
        elif there is None:
            del parts[part]
        else:
            parts[part] = there
    item = _whole(rule, parts)
    if clash or (parts and item is None):
        conflicts.append(Conflict(rule.name, store, other))
    return [item] if item else list(store) if parts else []


def _by_key(rule: FieldRule, items: Iterable[Item]) -> Mapping[Key, Keyed]:
    groups: dict[Key, Keyed] = {}
    for item in items:
        key = item_key(rule, item) if rule.shape is Shape.KEYED else (item.text("type").casefold(),)
        groups[key] = (*groups.get(key, ()), item)
    return groups


# --- The user's own values on a shared person -----------------------------------------------------------------------


def overlay(card: Card, own: Card) -> Card:
    """The card as it stands in a mailbox whose user has own values on it. Single-valued parts stay `card`'s."""
    if not own:
        return card
    fields = {}
    for name, items in own.items.items():
        if FIELDS[name].shape is not Shape.SINGLE:
            fields[name] = (*card[name], *items)
        elif not card[name]:
            fields[name] = items
    return card.replacing(fields)


def without(card: Card, own: Card) -> Card:
    """The card without the user's own values: what of it may be read as a change to the contact."""
    if not own:
        return card
    return card.replacing(
        {name: [item for item in card[name] if item not in items] for name, items in own.items.items()}
    )
