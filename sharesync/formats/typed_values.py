"""What one value of a file says, as people and programs type it: none at all, a number, several e-mail addresses."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sharesync.errors import Sentence

NO_VALUE = Sentence("no value, only how a spreadsheet writes that there is none")
DESTROYED = Sentence("a number that a spreadsheet has rounded; format its column as text there, and save it again")
NO_EMAIL = Sentence("no e-mail address, so kept as a field of its own")
WRONG_EMAIL = Sentence("an e-mail address that looks wrong, kept as it is")
WRONG_PHONE = Sentence("a number that looks wrong, kept as it is")

_NONE = re.compile(r"n/a|[-\u2013\u2014]+", re.IGNORECASE)
_ERROR = re.compile(r"#(?:n/a|nv|i/t|[^\W\d_][^\s]*[!?])", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_WITH_DECIMALS = re.compile(r"(\+?[0-9]{4,})[.,]0+")
_BETWEEN_NUMBERS = re.compile(r"\s*[;\n]\s*|,\s+|\s/\s")
_WHOLE_NUMBER = re.compile(r"\+?(?:[ ()-]*[0-9]){6,15}")
_EXTENSION = re.compile(r";ext=", re.IGNORECASE)
_NAMED = re.compile(r"([^<>,;]*)<([^<>]*)>")


def is_none(text: str, *, by_program: bool = False) -> bool:
    """Whether this is how spreadsheets and people write that there is no value: `#N/A`, `n/a`, `-`.

    A program's `by_program` cell holds what somebody typed there; only a spreadsheet's errors are none of that.
    """
    if text[:1] not in "#nN-\u2013\u2014":  # nearly always
        return False
    return bool(_ERROR.fullmatch(text) or (not by_program and _NONE.fullmatch(text)))


def is_rounded(text: str, *, surely: bool = False) -> bool:
    """Whether this was a number before a spreadsheet rounded it: `4.53312E+09`.

    `surely`: as spreadsheets write it, and not a code such as `2E10`.
    """
    return text[:1].isdecimal() and bool(_ROUNDED.fullmatch(text)) and not (surely and "+" not in text)


def whole_number(text: str) -> str:
    """A number as it was before a spreadsheet took it for one of its own: `33123456.0`."""
    found = _WITH_DECIMALS.fullmatch(text)
    return found[1] if found else text


def dialled(text: str) -> str:
    """The number that a cell holds, as it is written or as an address (RFC 3966)."""
    text = unquote(text[4:]) if text[:4].lower() == "tel:" else text
    return whole_number(_EXTENSION.sub(" ext. ", text))


def phones(text: str) -> list[str]:
    """The numbers that a cell holds: several only where each is whole, as `33/34` and a code to dial later are none."""
    found = _BETWEEN_NUMBERS.split(text)
    return found if all(map(_WHOLE_NUMBER.fullmatch, found)) else [text]


def emails(text: str) -> list[tuple[str, str]]:
    """The addresses that a cell holds, each with the name that it gives them; those without an `@` as well.

    `Ane Vig <ane@vig.test>; bo@nul.test` holds two, `mailto:ane@vig.test` one.
    """
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0])
    if "<" in text and (named := _NAMED.findall(text)):
        rest = [("", one) for one in re.split(r"[;,\s]+", _NAMED.sub(" ", text)) if one]
        return [(name.strip(" \"'"), address.strip().removeprefix("mailto:")) for name, address in named] + rest
    if text.count("@") > 1:
        return [("", one) for one in re.split(r"[;,\s]+", text) if one]
    return [("", text)]
