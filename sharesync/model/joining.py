"""Joining: two cards of one contact brought together field by field, as somebody chooses.

The law: every value of both is offered; unless told otherwise everything is kept that the other does not say already,
so that joining loses no value, only repetitions. The first card is the one that stays: where only one value can be
kept and neither says more, its value is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sharesync.errors import InvalidInput
from sharesync.model.card import Card, Item, item_key
from sharesync.model.fields import FIELDS, FieldRule, Shape
from sharesync.model.traits import is_one_number, number

BOTH = "both"
"""Of the notes: one below the other."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be kept; `word` names it in a form."""

    word: str
    item: Item
    in_one: bool
    in_other: bool
    kept: bool = False
    """Unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The values of one field; `single`: one of them can be kept at most."""

    field: str
    single: bool
    options: tuple[Option, ...]

    @property
    def open(self) -> bool:
        """Whether there is anything to choose: the two say different things."""
        return any(not (option.in_one and option.in_other) for option in self.options)


def choices(one: Card, other: Card) -> tuple[Choice, ...]:
    """What there is to choose between, field by field; `one` is the card that stays."""
    return tuple(_choice(rule, one[name], other[name]) for name, rule in FIELDS.items() if one[name] or other[name])


def joined(one: Card, other: Card, picked: Mapping[str, Collection[str]] | None = None) -> Card:
    """The card of the values that were picked, by field and word; None: those that are kept unless told otherwise.

    Raises InvalidInput for a word that names none, or two where one can be kept; InvalidCard beyond Google's limits.
    """
    fields: dict[str, list[Item]] = {}
    for choice in choices(one, other):
        known = {option.word: option.item for option in choice.options}
        usual = [option.word for option in choice.options if option.kept]
        words = list(dict.fromkeys(usual if picked is None else picked.get(choice.field, ())))
        if not set(words) <= known.keys() or (choice.single and len(words) > 1):
            raise InvalidInput("Choose again which values to keep.")
        fields[choice.field] = [known[word] for word in words]
    card = one.replacing(fields)
    card.check_limits()
    return card


def _choice(rule: FieldRule, one: Sequence[Item], other: Sequence[Item]) -> Choice:
    options = [Option(f"one-{n}", item, in_one=True, in_other=item in other) for n, item in enumerate(one)]
    options += [
        Option(f"other-{n}", item, in_one=False, in_other=True) for n, item in enumerate(other) if item not in one
    ]
    single = rule.shape is Shape.SINGLE
    if rule.name == "biographies":
        options = _notes(options)
    elif single:
        fullest = max(options, key=lambda option: len(option.item.parts))
        options = [replace(option, kept=option is fullest) for option in options]
    else:
        options = [replace(option, kept=not _said(rule, option, options)) for option in options]
    return Choice(rule.name, single, tuple(options))


def _notes(options: list[Option]) -> list[Option]:
    texts = [option.item.text("value") for option in options]
    long = max(options, key=lambda option: len(option.item.text("value")))
    if all(text in long.item.text("value") for text in texts):
        return [replace(option, kept=option is long) for option in options]
    parts = options[0].item.parts
    below = Item(tuple((part, "\n\n".join(texts) if part == "value" else told) for part, told in parts))
    return [*options, Option(BOTH, below, in_one=False, in_other=False, kept=True)]


def _said(rule: FieldRule, option: Option, options: Sequence[Option]) -> bool:
    """Whether another of the values says the same, and more or earlier."""
    place = options.index(option)
    return any(
        _covers(rule, each.item, option.item) and (earlier < place or not _covers(rule, option.item, each.item))
        for earlier, each in enumerate(options)
    )


def _covers(rule: FieldRule, item: Item, less: Item) -> bool:
    """Whether the one item says all that the other does, but for what kind of address or number it is."""
    if rule.name == "phoneNumbers":
        dialled, other = (number(one.text("value")) for one in (item, less))
        if dialled:
            return is_one_number(dialled, other) and (dialled.startswith("+") or not other.startswith("+"))
    if rule.shape is Shape.KEYED and rule.name != "userDefined":
        return item_key(rule, item) == item_key(rule, less)
    parts = {(name, value) for name, value in less.parts if name != "type"}
    return parts <= set(item.parts)
