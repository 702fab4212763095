"""Refusals: the sentences in which services say no, in the language of the request.

A sentence that was stored (why a mailbox is paused, what an event gives as its reason) is English text alone. It is
found again by its template among all that are translated, and then said as if it had never been stored.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from babel.messages.mofile import read_mo

from sharesync.errors import COUNTED, Counted, Grouped, Sentence, SharesyncError
from sharesync.model.access import Level
from sharesync.model.field_kinds import FieldKind
from web.words.fields import HEADINGS
from web.words.languages import FOLDER, _
from web.words.terms import FIELD_KINDS, LEVELS, count, in_digits


def told(refusal: SharesyncError) -> str:
    """What an error says, without what is for the command line alone."""
    return said(refusal.sentence)


def said(sentence: str) -> str:
    """A sentence of a service's, as it is or as it was stored; what is none of ours stays as it is."""
    whole = sentence if isinstance(sentence, Sentence) else recalled(sentence)
    if whole is None:
        return _(sentence) if sentence else ""
    return _(whole.template, **{name: _value(name, value) for name, value in whole.values.items()})


def _value(name: str, value: object) -> object:
    if isinstance(value, Sentence) or (name in _SAID and isinstance(value, str)):
        return said(value)
    if name == "level":
        return LEVELS[Level.parse(str(value))]
    if name == "kind" and value in _FIELD_KINDS:
        return FIELD_KINDS[FieldKind(value)]
    if name == "where":
        return ", ".join(str(HEADINGS.get(one, one)) for one in str(value).split(", "))
    if isinstance(value, Counted):
        return count(int(value), value.one, value.many)
    return in_digits(int(value)) if isinstance(value, Grouped) else value


_SAID = frozenset({"why", "how", "role", "shown", "was"})
"""Values that are sentences or words of ours, too."""
_FIELD_KINDS = frozenset(kind.value for kind in FieldKind)


# --- What was stored --------------------------------------------------------------------------------------------------

_NUMBER = r"[0-9][0-9,.]*"
_VALUES = {
    **{slot: rf"{_NUMBER} (?:{kind.one}|{kind.many})" for slot, kind in COUNTED.items()},
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "filters": r"[a-z_, ]+",
    "form": r"[a-z][a-z-]*",
    "format": r"[A-Za-z0-9 .-]+",
    "host": r"[A-Za-z0-9._:-]+",
    "how": r"[A-Za-z -]+",
    "id": r"[0-9a-f]{32}",
    "kind": r"[a-z-]+",
    "number": _NUMBER,
    "request": r"[A-Z]+ [a-z_.]+",
    "role": r"[a-z]+",
    "scope": r"[a-z.]+",
    "scopes": r".+",
    "shown": r"(?:shown in Google|kept here)",
    "share": rf"{_NUMBER}%",
    "status": _NUMBER,
    "was": r"[a-z]+",
}
"""How values look that stand in what is stored; all others may be anything."""
_SLOT = re.compile(r"%\((\w+)\)s")
_LETTERS = 12
"""So many a template that takes anything has of its own; by fewer, it would be seen in what was never ours."""


class _Known(NamedTuple):
    template: str
    pattern: re.Pattern[str]
    letters: int
    """Of its own, which no value brought."""


@lru_cache(maxsize=2048)
def recalled(text: str) -> Sentence | None:
    """A stored sentence with its parts again; None where it has none, or is not ours."""
    plain, templates = _messages()
    for known in () if text in plain else templates:
        if found := known.pattern.fullmatch(text):
            return Sentence(known.template, **{name: _read(name, value) for name, value in found.groupdict().items()})
    return None


def template_of(text: str) -> str | None:
    """A stored sentence without its values: the same for everybody, and of nobody. None where it is not ours."""
    if text in _messages()[0]:
        return text
    whole = recalled(text)
    return whole.template if whole else None


def _read(name: str, value: str) -> object:
    return COUNTED[name](value.partition(" ")[0].replace(",", "")) if name in COUNTED else value


@cache
def _messages() -> tuple[frozenset[str], tuple[_Known, ...]]:
    """Every message without a value, and every template that can be known again, the one that says most first.

    Whatever is translated is in each catalogue; so one of them will do.
    """
    with (FOLDER / "da" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        messages = [one.id for one in read_mo(file) if isinstance(one.id, str)]
    plain = frozenset(one for one in messages if "%(" not in one)
    found = (known for one in messages if "%(" in one if (known := _known(one)))
    return plain, tuple(sorted(found, key=lambda known: -known.letters))


def _known(template: str) -> _Known | None:
    words, *rest = _SLOT.split(template)
    letters, pattern, seen = sum(map(str.isalpha, words)), _own(words), set[str]()
    for name, own in zip(rest[::2], rest[1::2], strict=True):
        pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{_VALUES.get(name, '.+')})"
        pattern += _own(own)
        letters += sum(map(str.isalpha, own))
        seen.add(name)
    return _Known(template, re.compile(pattern), letters) if letters >= _LETTERS or seen <= _VALUES.keys() else None


def _own(words: str) -> str:
    return re.escape(words.replace("%%", "%"))
