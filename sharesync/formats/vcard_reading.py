"""vCard 2.1, 3.0 and 4.0 into cards, one card at a time.

Tolerant by law: a property that makes no sense costs itself and a note, never the card; a card that makes no sense
costs itself, never the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from sharesync.errors import Grouped, InvalidInput, Sentence
from sharesync.formats.entries import Bad, Entry, entry
from sharesync.formats.pictures import Budget, Photo, as_photo
from sharesync.formats.vcard_draft import Draft
from sharesync.formats.vcard_lines import (
    BEGIN,
    MOST_PROPERTIES,
    RawCard,
    physical_lines,
    raw_cards,
)
from sharesync.formats.vcard_meanings import leave_out, take


def read_vcards(data: bytes) -> Iterator[Entry]:
    """Every card of the file, in its order."""
    budget = Budget()
    for raw in raw_cards(data):
        yield _entry(raw, budget) if isinstance(raw, RawCard) else Bad(raw.line, _OUTSIDE)


_TOO_MANY = Sentence("This card has more than %(most)s lines.", most=Grouped(MOST_PROPERTIES))
_OUTSIDE = Sentence("These lines stand outside of any vCard.")
_GROUP = Sentence("This is a group card, which lists other cards and is no contact itself; it was skipped.")


def is_vcard(text: str) -> bool:
    """Whether a text has a line that begins a vCard."""
    return any(BEGIN.fullmatch(line.strip("\ufeff\x00 \t")) for line in physical_lines(text))


def _entry(raw: RawCard, budget: Budget) -> Entry:
    if len(raw.properties) > MOST_PROPERTIES:
        return Bad(raw.line, _TOO_MANY)
    draft = Draft(raw)
    if draft.kind == "group":
        return Bad(raw.line, _GROUP)
    for one in raw.properties:
        if one.picture and not draft.picture:
            draft.picture = one.picture
        elif one.binary:
            leave_out(draft, one)
        elif one.value.strip() or one.head.name == "ORG":  # a blank ORG may have a title beside it
            take(draft, one)
    return entry(raw.line, draft.fields(), draft.notes, _photo(draft, budget))


def _photo(draft: Draft, budget: Budget) -> Photo | None:
    if not draft.picture:
        return None
    try:
        return as_photo(draft.picture, budget)
    except InvalidInput as refused:
        draft.notes.append(Sentence("photo left out: %(why)s", why=refused.sentence))
        return None
