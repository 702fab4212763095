"""Bytes of unknown encoding into text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from sharesync.errors import Sentence

GUESSED = Sentence("letters read as Western European, for the file is not UTF-8")
"""The note on an entry whose letters rest on a guess."""


LEFT_OUT = Sentence("letters that cannot be read left out")
UNREADABLE = "\ufffd"
"""What stands for bytes that are no letter; cards go without it."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text. `guessed` says that its encoding was, so that letters beyond ASCII may be wrong."""

    text: str
    guessed: bool = False


def utf16_or_marked(data: bytes) -> str | None:
    """The text of data that shows its encoding by a byte order mark or by every other byte being zero."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is this one's beginning
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    head = data[:4096]
    if head[1::2].count(0) * 3 > len(head):
        return data.decode("utf-16-le", "replace")
    if head[::2].count(0) * 3 > len(head):
        return data.decode("utf-16-be", "replace")
    return None


def decode(data: bytes) -> Decoded:
    """UTF-8 or UTF-16, with or without a mark; else Windows-1252, as Excel saves it in Western Europe.

    What cannot be read in a file that is UTF-8 for the rest is U+FFFD.
    """
    if (text := utf16_or_marked(data)) is not None:
        return Decoded(text)
    try:
        return Decoded(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        mended = damaged_utf8(data)
        return Decoded(western(data), guessed=True) if mended is None else Decoded(mended.removeprefix("\ufeff"))


def damaged_utf8(data: bytes) -> str | None:
    """Text that is UTF-8 but for a few bytes, which become U+FFFD; None where it is no UTF-8 at all."""
    text = data.decode("utf-8", "replace")
    bad = text.count(UNREADABLE)
    return text if sum(sign > "\x7f" for sign in text) - bad >= max(bad, 1) else None


def western(data: bytes) -> str:
    """Windows-1252, and Latin-1 for the five bytes that Windows-1252 leaves undefined: never fails."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
