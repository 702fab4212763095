"""Kinds of fields: what their values are, and the one way in which each of them is written.

A text that cannot be put so does not fit. What is written is read again as itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

from sharesync.errors import InvalidInput
from sharesync.model.spelling import clean

MAX_VALUE = 1024
"""As long as Google lets a custom entry be."""
MAX_WORD, MAX_CHOICES = 60, 200
SET = ", "
"""What stands between several values."""


class FieldKind(Enum):
    """What a field's values are."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"
    ONE_OF = "one-of"
    SEVERAL_OF = "several-of"
    LINK = "link"

    @property
    def has_choices(self) -> bool:
        """Whether it may say what is to be chosen from; without choices every word is one."""
        return self in (FieldKind.ONE_OF, FieldKind.SEVERAL_OF)

    @property
    def is_amount(self) -> bool:
        """Whether one value is more than another."""
        return self in (FieldKind.NUMBER, FieldKind.DATE)

    def canonical(self, choices: Sequence[str], text: str) -> str | None:
        """The one way to write a value; None where it does not fit. Nothing stays nothing."""
        text = clean(text)
        return _WRITTEN[self](choices, text) if text else ""

    def amount(self, canonical: str) -> float:
        """What a number, or a day, is compared by."""
        return float(date.fromisoformat(canonical).toordinal() if self is FieldKind.DATE else Decimal(canonical))


def one_line(text: str) -> str:
    """A text on one line, with one blank between its words."""
    return " ".join(clean(text).split())


def parts(text: str) -> list[str]:
    """The values of a text that holds several, each once, whatever its case."""
    told: dict[str, str] = {}
    for part in text.split(","):
        if word := one_line(part):
            told.setdefault(word.casefold(), word)
    return list(told.values())


def field_choices(kind: FieldKind, typed: Iterable[str]) -> tuple[str, ...]:
    """What can be chosen, each once, in order. Raises InvalidInput where the kind has none, and for commas."""
    told: dict[str, str] = {}
    for one in typed:
        if word := one_line(one):
            told.setdefault(word.casefold(), word)
    if told and not kind.has_choices:
        raise InvalidInput("Only “one of” and “several of” have choices.")
    if any("," in word for word in told.values()) and kind is FieldKind.SEVERAL_OF:
        raise InvalidInput("A choice holds no comma: commas stand between several of them.")
    if len(told) > MAX_CHOICES or any(len(word) > MAX_WORD for word in told.values()):
        raise InvalidInput(
            "A field has at most %(most)s choices of %(letters)s letters each.", most=MAX_CHOICES, letters=MAX_WORD
        )
    return tuple(told.values())


def likely_kind(values: Collection[str]) -> FieldKind:
    """The narrowest kind into which all of these fit; a leading zero makes a number a name of something."""
    for kind in (FieldKind.DATE, FieldKind.NUMBER, FieldKind.YES_NO):
        fit = all(kind.canonical((), one) is not None for one in values)
        if values and fit and not (kind is FieldKind.NUMBER and any(re.match(r"0\d", one) for one in values)):
            return kind
    return FieldKind.LONG_TEXT if any("\n" in one for one in values) else FieldKind.TEXT


# --- One way to write each kind --------------------------------------------------------------------------------------


def _text(choices: Sequence[str], text: str) -> str | None:
    line = one_line(text)
    return line if len(line) <= MAX_VALUE else None


def _long_text(choices: Sequence[str], text: str) -> str | None:
    return text if len(text) <= MAX_VALUE else None


_GROUPING = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"([+-]?)(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,9}))?", re.ASCII)
_COMMA = re.compile(r"([+-]?)(\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}),(\d{1,9})", re.ASCII)
_AMBIGUOUS = re.compile(r"[+-]?\d{1,3},\d{3}", re.ASCII)
"""`1,234` is a thousand and more to some, and one and a bit to others."""


def _number(choices: Sequence[str], text: str) -> str | None:
    digits = _GROUPING.sub("", text.replace("−", "-"))
    if _AMBIGUOUS.fullmatch(digits):
        return None
    found = _PLAIN.fullmatch(digits) or _COMMA.fullmatch(digits)
    if found is None:
        return None
    sign, whole, rest = found[1], found[2].replace(",", "").replace(".", "").lstrip("0"), (found[3] or "").rstrip("0")
    number = f"{whole or '0'}.{rest}" if rest else whole or "0"
    return f"-{number}" if sign == "-" and number != "0" else number


_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_SPOKEN = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4})", re.ASCII)


def _date(choices: Sequence[str], text: str) -> str | None:
    """A day, as ISO 8601 writes it; with slashes both orders are usual, so one must be the only possible."""
    if found := _ISO.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _SPOKEN.fullmatch(text):
        day_first, month_first = _day(found[4], found[3], found[1]), _day(found[4], found[1], found[3])
        if found[2] != "/" or month_first is None or month_first == day_first:
            return day_first
        return month_first if day_first is None else None
    return None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


_YES = frozenset("yes y ja j true x 1 ✓ ✔".split())
_NO = frozenset("no n nej nein false 0".split())


def _yes_no(choices: Sequence[str], text: str) -> str | None:
    word = text.casefold()
    return "yes" if word in _YES else "no" if word in _NO else None


def _one_of(choices: Sequence[str], text: str) -> str | None:
    if not choices:
        return _text(choices, text)
    return {word.casefold(): word for word in choices}.get(one_line(text).casefold())


def _several_of(choices: Sequence[str], text: str) -> str | None:
    known = {word.casefold(): word for word in choices}
    told = parts(text)
    if known and any(word.casefold() not in known for word in told):
        return None
    line = SET.join(known.get(word.casefold(), word) for word in told)
    return line if len(line) <= MAX_VALUE else None


_WEB = re.compile(r"(?i)https?://[^\s/]+\S*")
_HOST = re.compile(r"(?i)[\w-]+(?:\.[\w-]+)+(?:[/:?#]\S*)?")


def _link(choices: Sequence[str], text: str) -> str | None:
    """An address of the web; a host alone gets the https that browsers would give it."""
    line = text if _WEB.fullmatch(text) else f"https://{text}" if _HOST.fullmatch(text) else None
    return line if line and len(line) <= MAX_VALUE else None


_WRITTEN = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.YES_NO: _yes_no,
    FieldKind.ONE_OF: _one_of,
    FieldKind.SEVERAL_OF: _several_of,
    FieldKind.LINK: _link,
}
