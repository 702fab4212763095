"""Narrowing: what remains of a card once a file has held it, so that our own files come back as nobody new."""

from __future__ import annotations

from sharesync.formats.entries import Format, Parsed
from sharesync.formats.file_reading import read
from sharesync.formats.file_writing import Exported, ExportFormat, pieces
from sharesync.model.card import Card

_WRITTEN = {Format.VCARD: ExportFormat.VCF, Format.GOOGLE_CSV: ExportFormat.GOOGLE_CSV}


def narrows(format_: Format | None) -> bool:
    """Whether a card may come back from this format as another."""
    return format_ in _WRITTEN


def narrow(format_: Format | None, card: Card) -> Card:
    """The card as this format tells it: written and read again. The card itself where we do not write the format."""
    form = _WRITTEN.get(format_) if format_ else None
    if form is None:
        return card
    file = "".join(pieces(form, [Exported("", 1, (), card)]))
    return next((one.card for one in read(file.encode()).entries if isinstance(one, Parsed)), card)
