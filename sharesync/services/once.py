"""Once: what a program asked for with a key of its own is done once, however often it asks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sharesync.errors import InvalidInput
from sharesync.store.database.work import Work
from sharesync.store.records import answers
from sharesync.store.records.answers import KeptAnswer

LONGEST = 255
"""Characters of a key."""


def claim(work: Work, key: str, asked: bytes) -> KeptAnswer | None:
    """Take a key for what is asked, or get the answer that was given to it within a day.

    Raises InvalidInput for a key of the wrong length, or one that was used for something else.
    """
    if not 1 <= len(key) <= LONGEST:
        raise InvalidInput("A key has 1 to %(most)s characters.", most=LONGEST)
    request = hashlib.sha256(asked).digest()
    found = answers.claim(work, work.by.id, _hash(key), request)
    if found is not None and found.request != request:
        raise InvalidInput("This key was used for another request.")
    return found


def keep(work: Work, key: str, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keep the answer, in the transaction of what was done."""
    answers.keep(work, work.by.id, _hash(key), status, headers, body)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
