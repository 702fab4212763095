"""A vCard file as lines: unfolded, split, decoded; what they mean is no matter here.

Every version of vCard and every known misreading of it is taken as one language (RFC 6350, RFC 2426, vCard 2.1), as
most real files claim one version and write another. A *property* is one logical line; a *raw card* is what stands
between BEGIN and END. Values keep their backslashes: only who knows the property knows which commas separate.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sharesync.errors import Sentence
from sharesync.formats.ledger import LONGEST, Ledger
from sharesync.formats.text import LEFT_OUT, Letters, octets
from sharesync.formats.vcard_heads import Head, head_of


class Property(NamedTuple):
    """One property of a card; `binary` ones (photos, certificates) come with no more than the beginning of a value."""

    line: int
    head: Head
    value: str
    binary: bool = False
    picture: bytes = b""
    """What a PHOTO holds itself; one that only tells an address holds nothing."""


@dataclass(slots=True)
class RawCard:
    """The properties between BEGIN and END; its ledger knows what could not be read among them."""

    line: int
    properties: list[Property] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(slots=True)
class Stray:
    """A line outside of any card, and how many follow it."""

    line: int
    text: str
    others: int = 0


BEGIN = re.compile(r"BEGIN[ \t]*:[ \t]*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"END[ \t]*:[ \t]*VCARD\s*", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*\s*")
_BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "X-THUMBNAIL"))
_DATA = re.compile(r"\s*data:[^,:]*;base64\\?,", re.IGNORECASE)
MOST_PROPERTIES = 10_000
"""A card beyond this many is not read: Google lets a contact have 500 values, and each may take a few lines."""
MOST_STRAYS = 20
"""Lines outside of cards that are told one by one; those that follow them are counted."""
WITHIN = Sentence("a card within the card left out")
_JUNK = "\ufeff\x00\x1a"
"""Marks of files that were glued together, and DOS's end of file."""


def raw_cards(data: bytes) -> Iterator[RawCard | Stray]:
    """The cards of a file, in order. A card whose END is missing ends where the next begins, or with the file.

    Raises InvalidInput where the letters of the file cannot be told.
    """
    card: RawCard | None = None
    nested = 0
    strays: list[Stray] = []
    letters = Letters(data)
    for line, raw in _logical(letters.lines()):
        if _is_begin(raw):
            if card and (nested or _is_agent(card)):
                nested += 1
                continue
            if card:
                yield _unended(card)
            yield from strays
            card, strays = RawCard(line), []
        elif _is_end(raw):
            if nested:
                nested -= 1
            elif card:
                yield card
                card = None
        elif card:
            nested = _take(card, line, raw, letters, nested)
        elif len(strays) < MOST_STRAYS:
            strays.append(Stray(line, raw[: LONGEST + 1].encode("utf-8", "replace").decode()))
        else:
            strays[-1].others += 1
    yield from strays
    if card:
        yield _unended(card)


def _take(card: RawCard, line: int, raw: str, letters: Letters, nested: int) -> int:
    """Take a line into a card; returns how many cards within the card are open after it."""
    if len(card.properties) > MOST_PROPERTIES:
        return nested
    if nested:
        card.ledger.read(line, "", letters.read(raw[: LONGEST + 1], "").text).left_out(WITHIN)
        return nested
    _add(card, line, raw, letters)
    return int(_is_agent(card) and bool(BEGIN.fullmatch(card.properties[-1].value)))


def unescape(text: str) -> str:
    r"""Text without backslashes: `\n` is a line break; `\,` `\;` `\:` `\"` `\\` stand for themselves."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text) if "\\" in text else text


def split(value: str, sign: str) -> list[str]:
    """The parts of a compound value, between signs (`;` or `,`) without a backslash before them; still escaped."""
    if "\\" not in value:
        return value.split(sign)
    parts = [""]
    for piece in _PIECES[sign].findall(value):
        if piece == sign:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


_ESCAPED = re.compile(r'\\([nN,;:\\"])')
_PIECES = {sign: re.compile(rf"{sign}|(?:[^{sign}\\]|\\.|\\\Z)+", re.DOTALL) for sign in ";,"}


# --- Unfolding ------------------------------------------------------------------------------------------------------


def _logical(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical line; blank lines end one."""
    start, parts, soft, base64, quoted = 0, [""], False, False, False
    for number, physical in enumerate(lines, 1):
        line = physical.strip(_JUNK) if physical[:1] in _JUNK or physical[-1:] in _JUNK else physical
        folded = line[:1] in (" ", "\t")
        if parts[0] and (folded or not (_is_begin(line) or _is_end(line))):
            if soft or folded:
                parts.append(line if soft else line[1:])
                if len(parts) == 2:  # a head may be folded once; to look for it each time would be quadratic
                    quoted = _is_quoted("".join(parts))
                soft = quoted and _soft_break(parts)
                continue
            if base64 and ":" not in line and _BASE64.fullmatch(line):
                parts.append(line)
                continue
        if parts[0]:
            yield start, "".join(parts)
        start, parts = number, [line if line.strip() else ""]
        head, colon, _ = line.partition(":")
        base64, quoted = _coding(head) if colon else (_is_base64(line), _is_quoted(line))
        soft = quoted and _soft_break(parts)
    if parts[0]:
        yield start, "".join(parts)


def _soft_break(parts: list[str]) -> bool:
    """Whether a quoted-printable line goes on after its `=`, which is then taken off."""
    if not parts[-1].endswith("="):
        return False
    parts[-1] = parts[-1][:-1]
    return True


@lru_cache(maxsize=2048)  # a file repeats a few dozen heads for thousands of cards
def _coding(head: str) -> tuple[bool, bool]:
    """Whether the head of a line says that its value is base64, and that it is quoted-printable."""
    return _is_base64(head), _is_quoted(head)


def _is_begin(line: str) -> bool:
    return line[:1] in ("B", "b") and BEGIN.fullmatch(line) is not None


def _is_end(line: str) -> bool:
    return line[:1] in ("E", "e") and _END.fullmatch(line) is not None


def _is_quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _is_base64(line: str) -> bool:
    head = line.partition(":")[0].upper()
    return "BASE64" in head or "ENCODING=B" in head


def _is_agent(card: RawCard) -> bool:
    return bool(card.properties) and card.properties[-1].head.name == "AGENT"


def _unended(card: RawCard) -> RawCard:
    card.notes.append(Sentence("the card's end is missing"))
    return card


# --- One property ---------------------------------------------------------------------------------------------------


def _add(card: RawCard, line: int, raw: str, letters: Letters) -> None:
    colon = raw.find(":")
    if '"' in raw[:colon]:
        found = re.match(r'(?:[^":]++|"[^"]*+")*+:', raw)
        colon = found.end() - 1 if found else colon
    head = head_of(raw[:colon]) if colon > 0 else None
    if head is None:
        card.ledger.read(line, "", letters.read(raw[: LONGEST + 1], "").text).left_out(NO_VCARD)
        return
    encoding = head.param("ENCODING").upper()
    if head.name == "PHOTO" and (picture := _picture(raw[colon + 1 :])):
        card.properties.append(Property(line, head, _beginning(raw, colon), binary=True, picture=picture))
        return
    if head.name in _BINARY and (encoding in ("B", "BASE64") or len(raw) > 1024):
        card.properties.append(Property(line, head, _beginning(raw, colon), binary=True))
        return
    value = raw[colon + 1 :]
    if encoding in ("QUOTED-PRINTABLE", "Q"):
        read = letters.decoded(quopri.decodestring(octets(value)), head.param("CHARSET"))
    elif encoding in ("BASE64", "B"):
        try:
            read = letters.decoded(binascii.a2b_base64(octets(value)), head.param("CHARSET"))
        except binascii.Error:
            card.ledger.read(line, head.name, letters.read(value[: LONGEST + 1], "").text).left_out(BROKEN)
            return
    elif value.isascii():
        card.properties.append(Property(line, head, value))
        return
    else:
        read = letters.read(value, head.param("CHARSET"))
    if read.note is LEFT_OUT:
        card.ledger.read(line, head.name, read.text).left_out(LEFT_OUT)
    elif read.note:
        card.notes.append(read.note)
    card.properties.append(Property(line, head, read.text))


def _beginning(raw: str, colon: int) -> str:
    return raw[colon + 1 : colon + 2 + LONGEST]


NO_VCARD = Sentence("a line that is no vCard left out")
BROKEN = Sentence("a value whose encoding is broken left out")


def _picture(raw: str) -> bytes:
    """What base64 says, with or without the head of a `data:` address; nothing of any other address."""
    head = _DATA.match(raw)
    told = raw[head.end() :] if head else raw
    try:
        return b"" if ":" in told else binascii.a2b_base64(told.encode("ascii", "ignore") + b"==")
    except binascii.Error:
        return b""
