"""Cards to try laws on: of every field and part, and threes of cards that differ the way edits make them differ.

Texts are any at all, for laws about one card, or a handful that collide (by case, by type, by the writing of a
number), for laws about several.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from sharesync.model.card import Card
from sharesync.model.fields import FIELDS, FieldRule, Part, Shape
from sharesync.model.spelling import clean


class Texts(Enum):
    """Where the texts of a card come from."""

    WIDE = "any text"
    NARROW = "a few that collide"


_ANY = st.text(min_size=1, max_size=12)
_FEW = ("a", "A", "b", "+45 1", "0045 1")

Raw = dict[str, Any]
"""A card or an item as JSON, as it comes in."""

_DATES = st.fixed_dictionaries(
    {}, optional={"year": st.integers(1, 9999), "month": st.integers(1, 12), "day": st.integers(1, 28)}
).filter(lambda date: date and ("month" in date or "day" not in date))


def _wide(rule: FieldRule, part: str) -> st.SearchStrategy[Any]:
    if part == "type":
        return st.sampled_from(["home", "work"])
    if part == "contentType":
        return st.just("TEXT_HTML")
    match rule.parts[part]:
        case Part.TEXT:
            return _ANY
        case Part.FLAG:
            return st.just(True)
        case Part.NUMBER:
            return st.integers(1, 3)
        case Part.DATE:
            return _DATES


def _any_items(rule: FieldRule) -> st.SearchStrategy[Raw]:
    optional = {part: _wide(rule, part) for part in rule.parts}
    if rule.name == "userDefined":
        return st.fixed_dictionaries({"key": optional["key"].filter(clean), "value": optional["value"]})
    items = st.fixed_dictionaries({}, optional=optional)
    return items.filter(lambda item: any(part in item for part in rule.needs))


def _narrow(rule: FieldRule, part: str) -> tuple[Any, ...]:
    if part == "type":
        return (None, "home", "work")
    if part == "contentType":
        return (None, "TEXT_HTML")
    match rule.parts[part]:
        case Part.TEXT:
            return (None, *_FEW) if part == rule.needs[0] else (None, "a", "b")
        case Part.FLAG:
            return (None, True)
        case Part.NUMBER:
            return (None, 1, 2)
        case Part.DATE:
            return (None, {"year": 1970}, {"month": 2, "day": 29})


def _few_items(rule: FieldRule) -> st.SearchStrategy[Raw]:
    """Items of few parts and few values, made once: or no two would ever have one in common."""
    parts = [*rule.needs[:3], *[part for part in rule.parts if part not in rule.needs][:2]]
    every = (dict(zip(parts, values, strict=True)) for values in product(*(_narrow(rule, part) for part in parts)))
    items = [{part: value for part, value in item.items() if value is not None} for item in every]
    if rule.name == "userDefined":
        items = [item for item in items if "key" in item]
    return st.sampled_from([item for item in items if any(part in item for part in rule.needs)])


_ITEMS = {(Texts.WIDE, name): _any_items(rule) for name, rule in FIELDS.items()} | {
    (Texts.NARROW, name): _few_items(rule) for name, rule in FIELDS.items()
}
FIELD_NAMES = st.sampled_from(list(FIELDS))


@st.composite
def raw_cards(draw: st.DrawFn, texts: Texts = Texts.WIDE) -> Raw:
    """JSON that `Card.parse` takes; values may be blank, doubled or not composed."""
    names = draw(st.lists(FIELD_NAMES, max_size=4, unique=True))
    return {
        name: draw(st.lists(_ITEMS[texts, name], max_size=1 if FIELDS[name].shape is Shape.SINGLE else 3))
        for name in names
    }


def cards(texts: Texts = Texts.WIDE) -> st.SearchStrategy[Card]:
    """Cards, the empty one among them."""
    return raw_cards(texts).map(Card.parse)


FEW = st.sampled_from(
    [
        Card.parse({"names": [{"givenName": name}], "emailAddresses": [{"value": f"{mail}@x.test"} for mail in mails]})
        for name in ("Ida", "Bo")
        for mails in ("", "a", "b", "ab")
    ]
)
"""A few plain cards that are often equal."""


class Three(NamedTuple):
    """What a merge is asked about."""

    base: Card
    store: Card
    other: Card


@st.composite
def threes(draw: st.DrawFn, names: Sequence[str] = tuple(FIELDS)) -> Three:
    """Three cards whose items come from one small pool, so that every way to differ is common."""
    sides: list[Raw] = [{}, {}, {}]
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        pool = draw(st.lists(_ITEMS[Texts.NARROW, name], min_size=1, max_size=4))
        most = 1 if FIELDS[name].shape is Shape.SINGLE else len(pool)
        for side in sides:
            side[name] = draw(st.lists(st.sampled_from(pool), max_size=most))
    return Three(*(Card.parse(side) for side in sides))
