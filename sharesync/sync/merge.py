"""The three-way merge of cards: what one mailbox changed, carried into what the store holds by now.

The law, for any three cards (properties in `tests/sync/test_merge.py`):

* what only one side changed is taken; what both changed alike is taken once;
* what both changed differently stays as the store has it, and the other value is returned as a conflict;
* nothing appears that neither side has, and nothing disappears that neither side removed.

In a list, what became of an item is traced: one taken out and one put in of the same kind is a replacement of it, and
an address with another label is still that address. So two people who replace one number by two others are in
conflict, and a new label and a corrected city go together.

Rejected: newest wins (clocks of phones decide about values), and merging whole fields (two people adding an e-mail
each would be a conflict).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sharesync.model.card import Card, Item, item_key, make_item
from sharesync.model.fields import FIELDS, FieldRule, Shape, Value

Group = tuple[Item, ...]
"""Items of one key on one side, in typed order; usually none or one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Values of one field that both sides changed differently; the store's stood."""

    field: str
    store: Group
    other: Group


@dataclass(frozen=True, slots=True)
class Merged:
    """The card after the merge, and what could not be merged."""

    card: Card
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Card, store: Card, other: Card) -> Merged:
    """Carry what changed from `base` to `other` into `store`."""
    changed = base.differs(other)
    if not changed:
        return Merged(store)
    fields: dict[str, list[Item]] = {}
    conflicts: list[Conflict] = []
    for name in FIELDS:
        if name in changed:
            fields[name] = _merge_field(FIELDS[name], base[name], store[name], other[name], conflicts)
    return Merged(store.replacing(fields), tuple(conflicts))


def _merge_field(rule: FieldRule, base: Group, store: Group, other: Group, conflicts: list[Conflict]) -> list[Item]:
    if rule.shape is Shape.SINGLE:
        return _merge_single(rule, base, store, other, conflicts)
    return _merge_list(rule, base, store, other, conflicts)


def _merge_list(rule: FieldRule, base: Group, store: Group, other: Group, conflicts: list[Conflict]) -> list[Item]:
    mine, theirs = _trace(rule, base, store), _trace(rule, base, other)
    result: dict[Item, Item | None] = {item: item for item in store}
    coming: list[Item] = []
    for was in base:
        here, there = mine.now.get(was), theirs.now.get(was)
        if there in (was, here):
            continue
        merged = here and there and _merge_parts(rule, was, here, there)
        if here == was or merged:
            moves = there is not None and not merged and _is_other(rule, was, there)
            result[here or was] = merged or (None if moves else there)
        else:
            # Who takes an item out has nothing against another, nor against one of several in its place.
            changed = here or there or was
            alone = here is None or there is None
            side = mine if here is None else theirs
            moves = alone and (_is_other(rule, was, changed) or side.is_scattered(rule, was))
            if not moves:
                conflicts.append(Conflict(rule.name, _group(here), _group(there)))
        if moves and there:
            coming.append(there)
    added: list[Item] = []
    for item in (*coming, *theirs.loose):
        if item in result.values():
            continue
        if rival := _rival(rule, item, base, store, other):
            conflicts.append(Conflict(rule.name, (rival,), (item,)))
        else:
            added.append(item)
    return list(dict.fromkeys([*filter(None, result.values()), *added]))


def _group(item: Item | None) -> Group:
    return (item,) if item else ()


def _rival(rule: FieldRule, item: Item, base: Group, store: Group, other: Group) -> Item | None:
    """The store's new item of the same key, where each side has one: the same number, under two types."""
    if rule.shape is not Shape.KEYED:
        return None
    before, here, there = ([one for one in side if not _is_other(rule, item, one)] for side in (base, store, other))
    return here[0] if not before and len(here) == len(there) == 1 else None


@dataclass(frozen=True, slots=True)
class _Trace:
    """What became of the items of a list on one side."""

    now: Mapping[Item, Item]
    """By the item before; one that is not here was taken out."""
    loose: Group
    """Items that came in and replace none."""

    def is_scattered(self, rule: FieldRule, was: Item) -> bool:
        """Whether others came in for one that was taken out, of its kind or key: any of them may be in its place."""
        keyed = rule.shape is Shape.KEYED
        return any(
            _kind(rule, item) == _kind(rule, was) or (keyed and not _is_other(rule, was, item)) for item in self.loose
        )


def _trace(rule: FieldRule, base: Group, side: Group) -> _Trace:
    """Item by item: the same; else the only one of the same key, of the same substance, of the same kind.

    Only what is left on both sides is looked at, and only where it is one on each: no order decides.
    """
    now = {item: item for item in base if item in side}
    signs = (*((item_key,) if rule.shape is Shape.KEYED else ()), _substance, _kind)
    gone, new = [item for item in base if item not in now], [item for item in side if item not in now]
    for sign in signs:
        left, right = _only(rule, sign, gone), _only(rule, sign, new)
        found = {left[one]: right[one] for one in left.keys() & right.keys()}
        now |= found
        gone = [item for item in gone if item not in found]
        new = [item for item in new if item not in found.values()]
    return _Trace(now, tuple(new))


def _only(rule: FieldRule, sign: _Sign, items: Iterable[Item]) -> dict[object, Item]:
    """The items that are the only ones with their sign, by it."""
    found: dict[object, list[Item]] = {}
    for item in items:
        found.setdefault(sign(rule, item), []).append(item)
    return {key: some[0] for key, some in found.items() if len(some) == 1}


_Sign = Callable[[FieldRule, Item], object]


def _substance(_rule: FieldRule, item: Item) -> object:
    """All that an item says but its label."""
    return tuple(pair for pair in item.parts if pair[0] != "type")


def _kind(rule: FieldRule, item: Item) -> object:
    """The label under which people look for an item; of a custom field that is its name."""
    return item.text("key" if rule.name == "userDefined" else "type").casefold()


def _is_other(rule: FieldRule, one: Item, item: Item) -> bool:
    """Whether an item is another one by its key, another number and not a number with another label."""
    return rule.shape is Shape.KEYED and item_key(rule, one) != item_key(rule, item)


def _merge_parts(rule: FieldRule, was: Item, mine: Item, theirs: Item) -> Item | None:
    """One item changed on both sides: merged if they changed different parts, else None (half an address is none)."""
    parts = dict(mine.parts)
    places = [(item.get("country"), item.get("countryCode")) for item in (was, mine, theirs)]
    if len(set(places)) == len(places):
        return None  # the country of one side and the code of the other would be a third
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


def _merge_single(rule: FieldRule, base: Group, store: Group, other: Group, conflicts: list[Conflict]) -> list[Item]:
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
