"""vCard 2.1, 3.0 and 4.0 into cards, one card at a time.

Tolerant by law: a property that makes no sense costs itself and a note, never the card; a card that makes no sense
costs itself, never the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sharesync.errors import Grouped, InvalidInput, Sentence
from sharesync.formats.entries import Bad, Entry, Parsed, entry
from sharesync.formats.pictures import PictureBudget, as_photo
from sharesync.formats.spool import KeptPhoto, Spool
from sharesync.formats.vcard_draft import CardDraft
from sharesync.formats.vcard_groups import GroupCards
from sharesync.formats.vcard_lines import MOST_PROPERTIES, RawCard, Stray, raw_cards
from sharesync.formats.vcard_meanings import foresee, known_name, take
from sharesync.formats.vcard_values import Told
from sharesync.formats.vcard_words import LEFT_OUT


def read_vcards(data: bytes, spool: Spool, groups: GroupCards) -> Iterator[Entry]:
    """Every contact of the file, in its order; photos go to the spool, and group cards to the others.

    Raises InvalidInput where the letters of the file cannot be told.
    """
    budget = PictureBudget()
    for raw in raw_cards(data):
        found = _entry(raw, budget, spool, groups) if isinstance(raw, RawCard) else _outside(raw)
        if found:
            yield found


_TOO_MANY = Sentence("This card has more than %(most)s lines.", most=Grouped(MOST_PROPERTIES))


def is_vcard(text: str) -> bool:
    """Whether a text has a line that begins a vCard."""
    return _BEGINS.search(text) is not None


_BEGINS = re.compile(r"(?:\A|[\r\n])[\ufeff\x00 \t]*BEGIN[ \t]*:[ \t]*VCARD[\x00 \t]*(?=[\r\n]|\Z)", re.IGNORECASE)


def _outside(stray: Stray) -> Bad:
    text = " ".join(stray.text.split())
    if stray.others:
        return Bad(
            stray.line,
            Sentence(
                "This line and %(others)s after it stand outside of any vCard: “%(text)s”.",
                others=Grouped(stray.others),
                text=text,
            ),
        )
    return Bad(stray.line, Sentence("This line stands outside of any vCard: “%(text)s”.", text=text))


def _entry(raw: RawCard, budget: PictureBudget, spool: Spool, groups: GroupCards) -> Entry | None:
    if len(raw.properties) > MOST_PROPERTIES:
        return Bad(raw.line, _TOO_MANY)
    draft = CardDraft(raw)
    photo = None
    told = []
    for one in raw.properties:
        said = Told(one, known_name(one.head.name), draft.ledger)
        if not one.picture:
            told.append(said)
        elif photo is None:
            photo = _photo(said, one.picture, budget, spool)
        else:
            said.whole.left_out(LEFT_OUT["PHOTO"])
    for said in told:
        foresee(draft, said)
    for said in told:
        take(draft, said)
    if draft.kind == "group":
        groups.group(raw.line, told, draft.notes, draft.ledger)
        return None
    found = entry(raw.line, draft.fields(), draft.notes, photo, draft.ledger)
    if isinstance(found, Parsed):
        groups.contact(told, found.card.title)
    return found


def _photo(said: Told, picture: bytes, budget: PictureBudget, spool: Spool) -> KeptPhoto | None:
    try:
        photo = as_photo(picture, budget)
    except InvalidInput as refused:
        said.whole.left_out(Sentence("photo left out: %(why)s", why=refused.sentence))
        return None
    said.whole.passes()
    return spool.keep(photo)
