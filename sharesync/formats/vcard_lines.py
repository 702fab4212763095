"""A vCard file as lines: unfolded, split, decoded; what they mean is no matter here.

Every version of vCard and every known misreading of it is taken as one language (RFC 6350, RFC 2426, vCard 2.1), as
most real files claim one version and write another. A *property* is one logical line; a *raw card* is what stands
between BEGIN and END. Values keep their backslashes: only who knows the property knows which commas separate.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from sharesync.errors import Sentence
from sharesync.formats.text import GUESSED, LEFT_OUT, UNREADABLE, damaged_utf8, utf16_or_marked, western


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a property's colon: `item1.TEL;TYPE=work,voice;PREF=1`."""

    group: str
    name: str
    types: tuple[str, ...]
    """Values of TYPE, and the bare words of vCard 2.1, as typed."""
    params: tuple[tuple[str, str], ...]

    def param(self, name: str) -> str:
        """The first value of a parameter, empty where it is missing."""
        return next((value for key, value in self.params if key == name), "")


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a card; `binary` ones (photos, certificates) come without their value."""

    head: Head
    value: str
    binary: bool = False
    picture: bytes = b""
    """What a PHOTO holds itself; one that only tells an address holds nothing."""


@dataclass(slots=True)
class RawCard:
    """The properties between BEGIN and END, and what could not be read among them."""

    line: int
    properties: list[Property] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stray:
    """Lines outside of any card; `line` is the first of them."""

    line: int


BEGIN = re.compile(r"BEGIN[ \t]*:[ \t]*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"END[ \t]*:[ \t]*VCARD\s*", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*\s*")
_CHARSETS = re.compile(
    r"utf-?(?:8|16)|(?:us-)?ascii|iso-?8859-?\d+|latin-?1|windows-\d+|cp-?\d+|mac\w*|koi8-[ru]"
    r"|shift[_-]jis|sjis|euc-?\w+|iso-2022-\w+|gb\w+|big5\w*|tis-620",
    re.IGNORECASE,
)
"""Encodings of letters, which is less than what Python's codecs offer under a name."""
_BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "X-THUMBNAIL"))
_DATA = re.compile(r"\s*data:[^,:]*;base64\\?,", re.IGNORECASE)
_ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B", "Q"))
MOST_PROPERTIES = 10_000
"""A card beyond this many is not read: Google lets a contact have 500 values, and each may take a few lines."""
_JUNK = "\ufeff\x00\x1a"
"""Marks of files that were glued together, and DOS's end of file."""


def raw_cards(data: bytes) -> Iterator[RawCard | Stray]:
    """The cards of a file, in order. A card whose END is missing ends where the next begins, or with the file."""
    card: RawCard | None = None
    nested = 0
    stray = False
    for line, raw in _logical(_text(data)):
        if BEGIN.fullmatch(raw):
            if card and (nested or _is_agent(card)):
                nested += 1
                continue
            if card:
                yield _unended(card)
            card, stray = RawCard(line), False
        elif _END.fullmatch(raw):
            if nested:
                nested -= 1
            elif card:
                yield card
                card = None
        elif nested or (card and len(card.properties) > MOST_PROPERTIES):
            continue
        elif card:
            _add(card, raw)
            nested = int(_is_agent(card) and bool(BEGIN.fullmatch(card.properties[-1].value)))
        elif not stray:
            stray = True
            yield Stray(line)
    if card:
        yield _unended(card)


def physical_lines(text: str) -> Iterator[str]:
    r"""The lines of a file one by one, as photos make it long. A line ends with `\n`, `\r\n`, `\r\r\n` … or `\r`."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield from text[start:end].rstrip("\r").split("\r")
        start = end + 1
    yield from text[start:].split("\r")


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


def _text(data: bytes) -> str:
    """Text whose undecodable bytes wait as surrogates: old programs mix encodings, and fold inside of a letter."""
    text = utf16_or_marked(data)
    return data.decode("utf-8", "surrogateescape") if text is None else text


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical line; blank lines end one."""
    start, parts, soft, base64, quoted = 0, [""], False, False, False
    for number, physical in enumerate(physical_lines(text), 1):
        line = physical.strip(_JUNK) if physical[:1] in _JUNK or physical[-1:] in _JUNK else physical
        folded = line[:1] in (" ", "\t")
        if parts[0] and (folded or not (BEGIN.fullmatch(line) or _END.fullmatch(line))):
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
        base64, quoted = _is_base64(line), _is_quoted(line)
        soft = quoted and _soft_break(parts)
    if parts[0]:
        yield start, "".join(parts)


def _soft_break(parts: list[str]) -> bool:
    """Whether a quoted-printable line goes on after its `=`, which is then taken off."""
    if not parts[-1].endswith("="):
        return False
    parts[-1] = parts[-1][:-1]
    return True


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


def _add(card: RawCard, raw: str) -> None:
    colon = raw.find(":")
    if '"' in raw[:colon]:
        found = re.match(r'(?:[^":]++|"[^"]*+")*+:', raw)
        colon = found.end() - 1 if found else colon
    head = _head(raw[:colon]) if colon > 0 else None
    if head is None:
        card.notes.append(Sentence("a line that is no vCard left out"))
        return
    encoding = head.param("ENCODING").upper()
    if head.name == "PHOTO" and (picture := _picture(raw[colon + 1 :])):
        card.properties.append(Property(head, "", binary=True, picture=picture))
        return
    if head.name in _BINARY and (encoding in ("B", "BASE64") or len(raw) > 1024):
        card.properties.append(Property(head, "", binary=True))
        return
    value, note = _value(raw[colon + 1 :], encoding, head.param("CHARSET"))
    if note:
        card.notes.append(note)
    card.properties.append(Property(head, value))


@lru_cache(maxsize=2048)  # a file repeats a few dozen heads for thousands of cards
def _head(text: str) -> Head | None:
    pieces = re.findall(r'(?:[^";]|"[^"]*"|")+', text)
    group, _, name = pieces[0].rpartition(".") if pieces else ("", "", "")
    if not re.fullmatch(r"[A-Za-z0-9_/ -]+", name.strip()):
        return None
    types: list[str] = []
    params: list[tuple[str, str]] = []
    for piece in pieces[1:]:
        key, equals, value = piece.partition("=")
        key, value = key.strip().upper(), value.strip()
        if not equals and key in _ENCODINGS:
            params.append(("ENCODING", key))
        elif not equals:
            types.append(piece.strip())
        elif key == "TYPE":
            types += (word.strip() for word in value.replace('"', "").split(","))
        else:
            params.append((key, _parameter(value)))
    return Head(group.strip().lower(), name.strip().upper(), tuple(filter(None, types)), tuple(params))


def _parameter(value: str) -> str:
    """A parameter's value without its quotes (RFC 6868: `^n`, `^'` and `^^` stand for what quotes cannot hold)."""
    return re.sub(r"\^([n'^])", lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], value.replace('"', ""))


def _value(raw: str, encoding: str, charset: str) -> tuple[str, Sentence | None]:
    """A property's text, and a note where its letters rest on a guess."""
    if encoding in ("QUOTED-PRINTABLE", "Q"):
        return _decoded(quopri.decodestring(_octets(raw)), charset)
    if encoding in ("BASE64", "B"):
        try:
            return _decoded(binascii.a2b_base64(_octets(raw)), charset)
        except binascii.Error:
            return "", Sentence("a value whose encoding is broken left out")
    if raw.isascii():
        return raw, None
    try:
        raw.encode()
    except UnicodeEncodeError:
        return _decoded(_octets(raw), charset)
    return raw, None


def _picture(raw: str) -> bytes:
    """What base64 says, with or without the head of a `data:` address; nothing of any other address."""
    head = _DATA.match(raw)
    told = raw[head.end() :] if head else raw
    try:
        return b"" if ":" in told else binascii.a2b_base64(told.encode("ascii", "ignore") + b"==")
    except binascii.Error:
        return b""


def _octets(raw: str) -> bytes:
    try:
        return raw.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # lone surrogates of a broken UTF-16 file
        return raw.encode("utf-8", "replace")


def _decoded(octets: bytes, charset: str) -> tuple[str, Sentence | None]:
    for encoding in (charset if _CHARSETS.fullmatch(charset) else "utf-8", "utf-8"):
        try:
            return octets.decode(encoding), None
        except (LookupError, ValueError):
            continue
    mended = damaged_utf8(octets)  # as by a phone that cuts off a long value inside of a letter
    return (western(octets), GUESSED) if mended is None else (mended.replace(UNREADABLE, ""), LEFT_OUT)
