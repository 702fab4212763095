"""What stands before the colon of a vCard's property: its name, its types, its other parameters."""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass
from functools import lru_cache

_ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B", "Q"))


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What stands before a property's colon: `item1.TEL;TYPE=work,voice;PREF=1`.

    It is known by itself, not by its parts: one text has one head, and what a head says is looked up for every line.
    """

    group: str
    name: str
    types: tuple[str, ...]
    """Values of TYPE, and the bare words of vCard 2.1, as typed."""
    params: tuple[tuple[str, str], ...]

    def param(self, name: str) -> str:
        """The first value of a parameter, empty where it is missing."""
        for key, value in self.params:
            if key == name:
                return value
        return ""


@lru_cache(maxsize=2048)  # a file repeats a few dozen heads for thousands of cards
def head_of(text: str) -> Head | None:
    """The head that a text is; None where it is none."""
    custom = _ANDROID_LABEL.search(text)
    if custom:
        text = text[: custom.start()] + text[custom.end() :]
    pieces = re.findall(r'(?:[^";]|"[^"]*"|")+', text)
    group, _, name = pieces[0].rpartition(".") if pieces else ("", "", "")
    if not re.fullmatch(r"[A-Za-z0-9_/ -]+", name.strip()):
        return None
    types = [_android_label(custom[1])] if custom else []
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


_ANDROID_LABEL = re.compile(r";X-CUSTOM\(([^;]*)\)(?=;|\Z)", re.IGNORECASE)
"""How Android writes a type that a person typed into vCard 2.1, whose words are all fixed."""


def _android_label(told: str) -> str:
    """The label of `X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=53=6F)` or `X-CUSTOM(So)`."""
    *params, label = told.split(",") if "ENCODING=" in told.upper() else [told]
    if not params:
        return label
    charset = next((param.partition("=")[2] for param in params if param.upper().startswith("CHARSET=")), "utf-8")
    coded = quopri.decodestring(label.encode())
    try:
        return coded.decode(charset)
    except (LookupError, ValueError):
        return coded.decode("utf-8", "replace")


def _parameter(value: str) -> str:
    """A parameter's value without its quotes (RFC 6868: `^n`, `^'` and `^^` stand for what quotes cannot hold)."""
    return re.sub(r"\^([n'^])", lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], value.replace('"', ""))
