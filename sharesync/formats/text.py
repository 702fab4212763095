"""Bytes of unknown encoding into text.

What is neither UTF-8 nor UTF-16 is in a code page, of which the bytes say nothing. Windows-1252 is read where its
letters make words, and the others are tried where they do not: `S¿rensen` was written on a Mac. A file whose code page
cannot be told so is refused, with the advice to save it as UTF-8; where one is read, the advice is a note.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sharesync.errors import InvalidInput, Sentence

GUESSED = Sentence(
    "the file is not UTF-8, so its letters were guessed; where they are wrong, save it as UTF-8 and import that"
)
"""The note on an entry whose letters rest on a guess."""
UNTOLD = Sentence("It cannot be told which letters this file is written in; save it as UTF-8 and import that.")


LEFT_OUT = Sentence("letters that cannot be read left out")
UNREADABLE = "\ufffd"
"""What stands for bytes that are no letter; cards go without it."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text. `guessed` says that its encoding was, so that letters beyond ASCII may be wrong."""

    text: str
    letters: str
    """What they are written in, as people call it."""
    guessed: bool = False
    damaged: bool = False
    """Some bytes are no letter, and each stands as U+FFFD."""
    untold: bool = False
    """No code page makes words of its letters."""

    def refuse_untold(self) -> None:
        """Raise InvalidInput where reading this text would make wrong letters."""
        if self.untold:
            raise InvalidInput(UNTOLD)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A value's text, and the note on how it was read."""

    text: str
    note: Sentence | None = None


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
    """UTF-8 or UTF-16, with or without a mark; else the code page that makes words of it.

    What cannot be read in a file that is UTF-8 for the rest is U+FFFD.
    """
    if (text := utf16_or_marked(data)) is not None:
        return Decoded(text, "UTF-16", damaged=UNREADABLE in text)
    try:
        return Decoded(data.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        mended = damaged_utf8(data)
    if mended is not None:
        return Decoded(mended.removeprefix("\ufeff"), "UTF-8", damaged=True)
    page = code_page(data)
    return Decoded(_under(data, page or WESTERN), _CALLED[page or WESTERN], guessed=True, untold=page is None)


def damaged_utf8(data: bytes) -> str | None:
    """Text that is UTF-8 but for a few bytes, which become U+FFFD; None where it is no UTF-8 at all."""
    text = data.decode("utf-8", "replace")
    bad = text.count(UNREADABLE)
    return text if sum(sign > "\x7f" for sign in text) - bad >= max(bad, 1) else None


# --- Code pages -------------------------------------------------------------------------------------------------------

WESTERN = "cp1252"
_OTHERS = {
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžľĺŕôäöüßőű",
    "mac_roman": "æøåäöüßéèàçñ",
    "cp850": "æøåäöüßéèàçñ",
}
"""Code pages that are tried where Windows-1252 makes no words, with the letters that their files are likely to hold."""

_CALLED = {WESTERN: "Windows-1252", "cp1250": "Windows-1250", "mac_roman": "Mac Roman", "cp850": "DOS (850)"}

_SIGNS = "\u2019\u2018\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u20ac\u00a0\u00a7\u00b0"
"""What stands between words in every code page."""
_NO_WORD = re.compile(
    r"[^\W\d_][\x80-\x9f¡-©«-´¶-¹»-¿×÷ˆ‰‹›†‡˜‚ƒ„“”…•]+[^\W\d_]"  # a sign inside of a word
    r"|(?<![\w.])[\x80-\x9f¢£¤¥¦¨¬¯±²³´¶¸¹‰†‡˜ˆƒ][^\W\d_]"  # or at its beginning
    r"|[\x81\x8d\x8f\x90\x9d]"
    r"|[a-zà-öø-ÿ][À-ÖØ-ÞŠŽŒŸ][a-zà-öø-ÿ]|[A-Z][ŠŽŒŸ][a-z]"  # a capital in its middle
)
"""What is seen when letters of another code page are read as Windows-1252."""


def code_page(data: bytes) -> str | None:
    """The code page under which these bytes make words; None where none does, or more than one."""
    if not _NO_WORD.search(_under(data, WESTERN)):
        return WESTERN
    found = [page for page, letters in _OTHERS.items() if _makes_words(data, page, frozenset(letters))]
    return found[0] if len(found) == 1 else None


def _makes_words(data: bytes, page: str, letters: frozenset[str]) -> bool:
    try:
        text = data.decode(page)
    except UnicodeDecodeError:
        return False
    beyond = {sign for sign in text if sign > "\x7f"}.difference(_SIGNS)
    if not all(sign.lower() in letters for sign in beyond):
        return False
    low, high = "".join(letters), "".join(letters).upper().replace("SS", "")
    return not re.search(rf"[A-Za-z{low}][{high}][a-z{low}]|[^\W\d_][‘“”„•…–—][^\W\d_]", text)


def _under(data: bytes, page: str) -> str:
    """Text in a code page; Latin-1 for the five bytes that Windows-1252 leaves undefined, so that it never fails."""
    try:
        return data.decode(page)
    except UnicodeDecodeError:
        return data.decode("latin-1")


# --- Value by value ---------------------------------------------------------------------------------------------------


class Letters:
    """A file in which each value may have an encoding of its own, as old programs write them.

    They also fold inside of a letter, so bytes that are no UTF-8 wait as surrogates until their value is whole. No
    text of the whole file is made: photos make it long, and one emoji four times as long.
    """

    def __init__(self, data: bytes) -> None:
        text = utf16_or_marked(data)
        self._data = data if text is None else text.encode("utf-8", "replace")

    def lines(self) -> Iterator[str]:
        r"""The lines one by one. A line ends with `\n`, `\r\n`, `\r\r\n` … or `\r`."""
        return (line.decode("utf-8", "surrogateescape") for line in self._lines())

    def _lines(self) -> Iterator[bytes]:
        start = 0
        while (end := self._data.find(b"\n", start)) >= 0:
            line = self._data[start:end].rstrip(b"\r")
            if b"\r" in line:
                yield from line.split(b"\r")
            else:
                yield line
            start = end + 1
        yield from self._data[start:].split(b"\r")

    def read(self, raw: str, charset: str) -> DecodedText:
        """A piece of the file's text. Raises InvalidInput where the letters of the file cannot be told."""
        try:
            raw.encode()
        except UnicodeEncodeError:
            return self.decoded(octets(raw), charset)
        return DecodedText(raw)

    def decoded(self, coded: bytes, charset: str) -> DecodedText:
        """A value as bytes, in the encoding that it names. Raises as `read` does."""
        for encoding in (charset if _CHARSETS.fullmatch(charset) else "utf-8", "utf-8"):
            try:
                return DecodedText(coded.decode(encoding))
            except (LookupError, ValueError):
                continue
        mended = damaged_utf8(coded)  # as by a phone that cuts off a long value inside of a letter
        if mended is None:
            return DecodedText(_under(coded, self._page), GUESSED)
        return DecodedText(mended.replace(UNREADABLE, ""), LEFT_OUT)

    @cached_property
    def _page(self) -> str:
        """The code page of the values that name none. A few of them in a file of UTF-8 are read as Western European."""
        page = code_page(b"\n".join(line for line in self._lines() if _is_unnamed(line)))
        if page is None and damaged_utf8(self._data) is None:
            raise InvalidInput(UNTOLD)
        return page or WESTERN


def _is_unnamed(line: bytes) -> bool:
    """Whether a line has letters that are no UTF-8, and whose encoding is not named."""
    if line.isascii() or b"CHARSET=" in line.partition(b":")[0].upper():
        return False
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


_CHARSETS = re.compile(
    r"utf-?(?:8|16)|(?:us-)?ascii|iso-?8859-?\d+|latin-?1|windows-\d+|cp-?\d+|mac\w*|koi8-[ru]"
    r"|shift[_-]jis|sjis|euc-?\w+|iso-2022-\w+|gb\w+|big5\w*|tis-620",
    re.IGNORECASE,
)
"""Encodings of letters, which is less than what Python's codecs offer under a name."""


def octets(raw: str) -> bytes:
    """The bytes of a piece of text that was read by `Letters`."""
    try:
        return raw.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # lone surrogates of a broken UTF-16 file
        return raw.encode("utf-8", "replace")
