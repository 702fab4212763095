"""Names and stamps of persons and labels: resource names, ids, etags, all of the shapes observed.

A person's etag is `%` and a base64 message of (mask ids, kind of read, source etag): the same unchanged contact has
another etag under another mask, and the same inner part. A source etag is `#` and eight random bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from functools import cache
from random import Random

from sharesync.sandbox.fields import mask_ids

PERSON_ID = re.compile(r"people/(me|c?\d{1,20})")
_DIRECT, _LISTED = bytes((1, 2, 5, 7)), bytes((1, 2, 5, 8))  # the second is ours: strict etags tell list reads by it


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a person's etag says: the source etag inside it, and whether a list or search minted it."""

    inner: str
    listed: bool


def new_id(rng: Random) -> str:
    """64 bits as lower-case hex without leading zeros, as contacts and labels are numbered."""
    return format(rng.getrandbits(63) | 1 << 40, "x")


def new_etag(rng: Random) -> str:
    """Eight random bytes, base64."""
    return base64.b64encode(rng.randbytes(8)).decode()


def person_name(source_id: str) -> str:
    """The resource name of a contact: the decimal of its hexadecimal source id (observed)."""
    return f"people/c{int(source_id, 16)}"


def person_etag(inner: str, mask: frozenset[str], *, listed: bool) -> str:
    """The etag of a person read under `mask`."""
    return "%" + base64.b64encode(_front(mask, listed) + bytes((0x22, len(inner))) + inner.encode()).decode()


@cache
def _front(mask: frozenset[str], listed: bool) -> bytes:  # noqa: FBT001  # a cache wants its key positional
    ids, kind = mask_ids(mask), _LISTED if listed else _DIRECT
    return bytes((0x12, len(ids))) + ids + bytes((0x1A, len(kind))) + kind


def read_person_etag(text: str) -> Stamp | None:
    """The stamp in a person's etag; None if it is not one (a source etag, for instance)."""
    if not text.startswith("%"):
        return None
    try:
        raw = base64.b64decode(text[1:], validate=True)
        parts: dict[int, bytes] = {}
        while raw:
            tag, size = raw[0], raw[1]
            parts[tag], raw = raw[2 : 2 + size], raw[2 + size :]
        return Stamp(parts[0x22].decode(), parts[0x1A] == _LISTED)
    except (binascii.Error, ValueError, KeyError, IndexError):
        return None
