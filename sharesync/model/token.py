"""Tokens: a program's key. Its form, its scopes, and how they limit what its owner may do.

A token reads `ssp_` (a person's) or `sss_` (a service's), 30 random characters, and 6 that check them: whoever scans
texts for leaked keys finds it, and a typing error is told apart without a look at the store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from zlib import crc32

from sharesync.errors import InvalidInput
from sharesync.model.access import PrincipalKind
from sharesync.model.spelling import clean

USUAL_DAYS, MOST_DAYS = 90, 365
"""How long a token lasts where nobody says, and at most."""
NOTICE = timedelta(minutes=5)
"""How exactly it is written down when a token was last used: SQLite would have a writer with every request."""
MAX_NAME = 100

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM, CHECK = 30, 6
"""Characters: 62 to the 30th is more than 2 to the 178th, so a plain hash at rest is enough."""
PREFIXES: Mapping[PrincipalKind, str] = MappingProxyType({PrincipalKind.USER: "ssp_", PrincipalKind.SERVICE: "sss_"})
"""By the kind of owner."""
_FORM = re.compile(rf"(?:{'|'.join(PREFIXES.values())})[0-9A-Za-z]{{{RANDOM + CHECK}}}")


class Scope(Enum):
    """A part of what an owner may do that a token lets its holder do."""

    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    GROUPS_READ = "groups:read"
    GROUPS_WRITE = "groups:write"
    GRANTS_WRITE = "grants:write"
    AUDIT_READ = "audit:read"
    SYNC_RUN = "sync:run"
    HOOKS_WRITE = "hooks:write"

    @staticmethod
    def parse(word: str) -> Scope:
        """The scope of a word such as `contacts:read`. Raises InvalidInput."""
        try:
            return Scope(word.strip().lower())
        except ValueError:
            known = ", ".join(scope.value for scope in Scope)
            raise InvalidInput("“%(word)s” is no scope; there are %(known)s.", word=word, known=known) from None


_HOLDS: Mapping[Scope, Scope] = MappingProxyType(
    {
        Scope.CONTACTS_WRITE: Scope.CONTACTS_READ,
        Scope.GROUPS_WRITE: Scope.GROUPS_READ,
        Scope.GRANTS_WRITE: Scope.GROUPS_READ,
        Scope.HOOKS_WRITE: Scope.GROUPS_READ,
    }
)
"""Who may write reads what came of it."""


def scopes_of(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes of these words, with those that they hold. Raises InvalidInput, also where there is none."""
    named = frozenset(Scope.parse(word) for word in words)
    if not named:
        raise InvalidInput("A token needs a scope: what it may be used for.")
    return named | {_HOLDS[scope] for scope in named if scope in _HOLDS}


def in_order(scopes: Collection[Scope]) -> list[str]:
    """Their words, in the order of the table."""
    return [scope.value for scope in Scope if scope in scopes]


def token_name(text: str) -> str:
    """What a token is for, cleaned. Raises InvalidInput."""
    name = " ".join(clean(text).split())
    if not name or len(name) > MAX_NAME:
        raise InvalidInput("A token needs a name of at most %(most)s characters: what it is for.", most=MAX_NAME)
    return name


def written(kind: PrincipalKind, random: str) -> str:
    """The token of 30 random characters of `ALPHABET`, for an owner of this kind."""
    start = PREFIXES[kind] + random
    return start + _check(start)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token, its check included."""
    return _FORM.fullmatch(text) is not None and _check(text[:-CHECK]) == text[-CHECK:]


def _check(start: str) -> str:
    number, digits = crc32(start.encode()), ""
    for _ in range(CHECK):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
