"""What reading a file yields: for each entry a card, or the one sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from sharesync.errors import InvalidCard, Sentence
from sharesync.formats.fitting import Fitted, fitted
from sharesync.formats.ledger import Ledger
from sharesync.formats.spool import KeptPhoto
from sharesync.model.card import Card


class Format(Enum):
    """What a file of contacts is written in."""

    VCARD = "vCard"
    GOOGLE_CSV = "Google CSV"
    OUTLOOK_CSV = "Outlook CSV"
    CSV = "CSV"
    JSONL = "JSON Lines"


@dataclass(frozen=True, slots=True)
class Parsed:
    """An entry that is a contact. `notes` name each value that it held and the card does not."""

    line: int
    """Where the entry starts, counted from 1."""
    card: Card
    id: str | None = None
    version: int | None = None
    notes: tuple[Sentence, ...] = ()
    photo: KeptPhoto | None = field(default=None, repr=False)
    """What may become the contact's photo."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the file says in fields of the company's own, by name."""
    format: Format | None = field(default=None, compare=False)
    """What the file is written in, which decides what it can tell."""


@dataclass(frozen=True, slots=True)
class Bad:
    """An entry that is no contact. `reason` is one sentence and never repeats the contact's values."""

    line: int
    reason: Sentence


Entry = Parsed | Bad


def entry(
    line: int,
    fields: object,
    notes: Iterable[Sentence] = (),
    photo: KeptPhoto | None = None,
    ledger: Ledger | None = None,
) -> Entry:
    """The entry that a card's fields make, as JSON: Bad where they are empty, or beyond Google's limits when fitted.

    `ledger` knows the values that were read, and adds its notes on those that do not stand in the card.
    """
    fitting = None
    try:
        card = Card.parse(fields)
    except InvalidCard:
        fitting = fitted(fields)
        try:
            card = Card.parse(fitting.fields if fitting else fields)
        except InvalidCard as refused:
            return Bad(line, refused.sentence)
    if not card:
        return Bad(line, NOTHING)
    ledger = ledger or _of_moved(line, fitting)
    noted = ledger.notes_on(card, fitting.where if fitting else ())
    return Parsed(line, card, notes=tuple(dict.fromkeys((*notes, *noted))), photo=photo)


def _of_moved(line: int, fitting: Fitted | None) -> Ledger:
    """A ledger of what alone can be lost of a card that came as one: what was too long."""
    ledger = Ledger()
    for name, text in fitting.moved if fitting else ():
        ledger.read(line, name, text).goes(name)
    return ledger


NOTHING = Sentence("There is nothing in this entry that a contact can hold.")
NAMELESS = "Custom"
"""The name of a custom field that has none in the file; a card needs one."""
