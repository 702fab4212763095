"""How a text is written, as against what it says: signs that nobody sees, composition, accents, numbers."""

from __future__ import annotations

import re
import unicodedata

_DIALLED = frozenset("+*#,;")


def dial(number: str) -> str:
    """A phone number as dialled: digits, a leading `+` (also for `00`), and letters where people write them."""
    kept = "".join(sign for sign in number.casefold() if sign.isalnum() or sign in _DIALLED)
    return "+" + kept[2:] if kept.startswith("00") else kept


_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd") | frozenset(
    chr(tag) for tag in range(0xE0020, 0xE0080)
)
"""Format characters that people do see: signs that stand before a number, and the tags that make a flag of an emoji."""


def _is_unseen(sign: str) -> bool:
    return sign not in _SEEN and unicodedata.category(sign) == "Cf"


def clean(text: str, *, dialled: bool = False) -> str:
    """Text as people see it: composed Unicode, one kind of line ending, no control signs, nothing unseen around.

    Between other signs a format character may join or part letters, so it stays; in what is `dialled` none does.
    """
    if text.isascii() and text.isprintable():  # the usual case, and a listing has 25,000 × a dozen of them
        return text.strip()
    if text.isprintable():  # without signs that nobody sees, and with no blank but the usual one
        return unicodedata.normalize("NFC", text).strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Signs go before composing, so that a cleaned text stays what it is when it is cleaned again.
    text = "".join(sign for sign in text if sign in ("\n", "\t") or unicodedata.category(sign) not in ("Cc", "Cs"))
    if dialled:
        text = "".join(sign for sign in text if not _is_unseen(sign))
    text = unicodedata.normalize("NFC", text)
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or _is_unseen(text[start])):
        start += 1
    while start < end and (text[end - 1].isspace() or _is_unseen(text[end - 1])):
        end -= 1
    return text[start:end]


_ACCENTS = re.compile("[\u0300-\u036f]+")
_LETTERS = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ŋ": "n",
    "þ": "th",
    "ŧ": "t",
}
"""Letters that Unicode does not take apart."""
_WHOLE = re.compile(f"[{''.join(_LETTERS)}]")


def bare(text: str) -> str:
    """Folded text without accents, as those write it whose keyboard lacks a letter: `Østergård` is `ostergard`.

    Only accents of Latin, Greek and Cyrillic letters go: elsewhere such a sign is the vowel, and makes another word.
    """
    if text.isascii():
        return text.lower()
    apart = _WHOLE.sub(lambda letter: _LETTERS[letter.group()], unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
