"""The law of reading: each value of a file stands in a card, or in a note that names its line, its place and itself.

A reader tells the *ledger* of an entry every value that it reads, before it knows what the value means. Then it says
where the value goes, or why it is left out. `notes_on` looks at the finished card: a value that does not stand where
it should, or of which nobody said anything, becomes a note by itself. So a reader that forgets a value, and a card
that lets one fall, are heard of all the same.

    ledger = Ledger()
    cell = ledger.read(7, "Fødselsdag", "2.1.1985")
    cell.goes("birthdays", "1985-01-02")    # as the card writes it; without a second word: as it was read
    notes = ledger.notes_on(Card.parse(fields))
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Self

from sharesync.errors import Sentence
from sharesync.formats.dates import write_date
from sharesync.formats.fitting import CUT, INTO_NOTES
from sharesync.model.card import Card
from sharesync.model.fields import Value
from sharesync.model.spelling import clean

LONGEST = 200
"""Characters of a value that a note repeats; its line says where the rest stands."""

LEFT_OUT = Sentence("left out")
_TOLD = Sentence("%(what)s: line %(line)s, %(place)s “%(value)s”")
_TOLD_OF_A_LINE = Sentence("%(what)s: line %(line)s “%(value)s”")
ANYWHERE = ""
"""The field of a value that may stand in any."""


class Note(Sentence):
    """A value that did not come into the card, with its place in the file.

    `kind` says why; it is equal for many notes, so that a page can count them.
    """

    kind: Sentence
    line: int
    place: str
    """The property or the column, as the file writes it; empty where the value is a line of its own."""
    value: str

    def __new__(cls, kind: Sentence, line: int, place: str, value: str) -> Self:
        """The note on this value, which is cut where it is long, and shown in one line without control signs."""
        shown = " ".join(clean(value[: LONGEST + 1]).split())
        shown = shown if len(value) <= LONGEST else shown[:LONGEST] + "…"
        if place:
            made = super().__new__(cls, _TOLD.template, what=kind, line=line, place=place, value=shown)
        else:
            made = super().__new__(cls, _TOLD_OF_A_LINE.template, what=kind, line=line, value=shown)
        made.kind, made.line, made.place, made.value = kind, line, place, value[: LONGEST + 1]
        return made


def by_kind(notes: Iterable[tuple[int, Sentence]]) -> dict[Sentence, list[tuple[int, Sentence]]]:
    """Notes, each with its line, under what they have in common; kinds in the order of the notes."""
    found: dict[Sentence, list[tuple[int, Sentence]]] = {}
    for line, note in notes:
        found.setdefault(kind_of(note), []).append((line, note))
    return found


def kind_of(note: Sentence) -> Sentence:
    """What a note has in common with others: its kind, or itself where it tells of no single value."""
    return note.kind if isinstance(note, Note) else note


class FileValue:
    """One value of a file, and what became of it."""

    __slots__ = ("_field", "_pieces", "_readings", "_why", "line", "place", "text")

    def __init__(self, line: int, place: str, text: str) -> None:
        self.line, self.place, self.text = line, place, text
        self._field = ""
        self._readings: tuple[str, ...] = ()
        """What is to stand in the field; where nothing is, the value stands nowhere."""
        self._why = LEFT_OUT
        self._pieces: tuple[FileValue, ...] = ()

    def goes(self, field: str, *readings: str, otherwise: Sentence = LEFT_OUT) -> None:
        """It is to stand in this field of the card: as it was read, or as each of `readings`; otherwise it is noted."""
        self._readings = tuple(filter(None, readings)) if readings else (self.text,)
        self._field, self._why = field, otherwise

    def left_out(self, why: Sentence) -> None:
        """It does not come into the card."""
        self._readings, self._why = (), why

    def passes(self) -> None:
        """It says nothing about the contact: it tells how the file is written, or repeats what stands elsewhere."""
        self._readings = ("",)

    def taken_apart(self, texts: Iterable[str]) -> tuple[FileValue, ...]:
        """The values that it consists of, each of which goes its own way."""
        self._pieces = tuple(FileValue(self.line, self.place, text) for text in texts)
        return self._pieces

    def stands(self, standing: _Standing) -> bool:
        """Whether it stands in the card, in its place; one that was taken apart is asked piece by piece (`notes`)."""
        if self._pieces or not self._readings:
            return False
        for reading in self._readings:  # noqa: SIM110  # asked of every value of a file: three times as fast
            if not standing.holds(self._field, reading):
                return False
        return True

    def notes(self, standing: _Standing) -> Iterator[Note]:
        """The notes on it, or on those of its pieces that do not stand in the card, or not in their place."""
        for piece in self._pieces:
            if not piece.stands(standing):
                yield from piece.notes(standing)
        if not self._pieces and not self.stands(standing) and clean(self.text):
            why = standing.why_elsewhere(self._field, self._readings) if self._readings else None
            yield Note(why or self._why, self.line, self.place, self.text)


class Ledger:
    """Every value that one entry of a file holds."""

    def __init__(self) -> None:
        self._values: list[FileValue] = []

    def read(self, line: int, place: str, text: str) -> FileValue:
        """Hear of a value: what it says, and where it stands. A blank one is none."""
        value = FileValue(line, place, text)
        self._values.append(value)
        return value

    def notes_on(self, card: Card, moved: Collection[str] = ()) -> tuple[Note, ...]:
        """The notes on all values that do not stand in the finished card, in the file's order.

        `moved` are the fields of which something had to go into the notes.
        """
        standing = _Standing(card, moved)
        notes = [note for value in self._values if not value.stands(standing) for note in value.notes(standing)]
        return tuple(sorted(notes, key=lambda note: note.line))


class _Standing:
    """What a card holds, as text, by field."""

    def __init__(self, card: Card, moved: Collection[str]) -> None:
        self._card = card
        self._moved = moved
        self._texts: dict[str, frozenset[str]] = {}
        self._folded: dict[str, str] = {}

    def holds(self, field: str, reading: str) -> bool:
        """Whether the text stands in the field, whole or within another; nothing stands everywhere."""
        texts = self._texts.get(field)
        if texts is None:
            fields = (field,) if field else tuple(self._card.items)
            texts = self._texts[field] = frozenset(
                [
                    value if isinstance(value, str) else _written(value)
                    for one in fields
                    for item in self._card[one]
                    for _, value in item.parts
                ]
            )
        if reading in texts:  # nearly always, and without a look at its letters
            return True
        wanted = _folded(reading)
        if wanted and field not in self._folded:
            self._folded[field] = "\x00".join(map(_folded, texts))
        return not wanted or wanted in self._folded[field]

    def why_elsewhere(self, field: str, readings: Iterable[str]) -> Sentence | None:
        """Why a value of this field does not stand there: it was too long. None where that is not why."""
        if not self._moved or (field and field not in self._moved):
            return None
        return INTO_NOTES if all(self.holds("biographies", reading) for reading in readings) else CUT


def _written(value: Value) -> str:
    return write_date(dict(value)) if isinstance(value, tuple) else str(value)


def _folded(text: str) -> str:
    return clean(text, dialled=True).casefold()
