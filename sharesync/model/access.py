"""Who may do what on a group: levels, principals, and the paths by which a level reaches a person.

A level comes from grants to the person, to a Google group they are in (nested groups count), to their organisational
unit or one above it, or to the whole domain. The highest wins; every path can be shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntEnum

from sharesync.errors import InvalidInput


class Level(IntEnum):
    """What a grant allows, each level including those below it."""

    VIEW = 1
    EDIT = 2
    DELETE = 3
    MANAGE = 4

    @property
    def word(self) -> str:
        """The level as people write it."""
        return self.name.lower()

    @staticmethod
    def parse(word: str) -> Level:
        """The level of a word such as `edit`. Raises InvalidInput."""
        try:
            return Level[word.strip().upper()]
        except KeyError:
            raise InvalidInput("“%(word)s” is no level; use view, edit, delete or manage.", word=word) from None


_SERVICE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


def service_name(text: str) -> str:
    """The name of a service as it is kept: small letters, digits, points and dashes. Raises InvalidInput."""
    name = text.strip().casefold()
    if not _SERVICE.fullmatch(name):
        raise InvalidInput(
            "“%(text)s” is no name for a service; write letters, digits, points and dashes, such as crm-nightly.",
            text=text,
        )
    return name


class PrincipalKind(Enum):
    """To whom a grant is given."""

    USER = "user"
    GROUP = "group"
    UNIT = "ou"
    DOMAIN = "domain"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Principal:
    """To whom a grant is given. `subject` is Google's immutable id, or our own of a service; empty for the domain.

    The subject of a unit is a path where sharesync kept paths once and Directory has not known that unit since.
    """

    kind: PrincipalKind
    subject: str


@dataclass(frozen=True, slots=True)
class PrincipalName:
    """A principal as people write it: `someone@x.test`, `group:sales@x.test`, `ou:/Sales`, `domain`, `service:crm`.

    A unit that has vanished from Directory has no path any more and is written by its id: `ou:id:03ph8a2z`.
    """

    kind: PrincipalKind
    name: str

    @staticmethod
    def parse(text: str) -> PrincipalName:
        """Read what people write. Raises InvalidInput, in a sentence that shows the five forms."""
        text = text.strip()
        if text.casefold() == "domain":
            return PrincipalName(PrincipalKind.DOMAIN, "")
        head, colon, rest = text.partition(":")
        rest = rest.strip()
        if colon and head == "group" and "@" in rest:
            return PrincipalName(PrincipalKind.GROUP, rest.casefold())
        if colon and head == "ou" and rest.startswith("id:"):
            return PrincipalName(PrincipalKind.UNIT, rest)
        if colon and head == "ou" and rest.startswith("/"):
            return PrincipalName(PrincipalKind.UNIT, "/" + rest.strip("/"))
        if colon and head == "service":
            return PrincipalName(PrincipalKind.SERVICE, service_name(rest))
        if colon and head == "user":
            text = rest
        if "@" in text and ":" not in text:
            return PrincipalName(PrincipalKind.USER, text.casefold())
        raise InvalidInput(
            "“%(text)s” is nobody; write someone@x.test, group:sales@x.test, ou:/Sales, domain or service:NAME.",
            text=text,
        )

    def __str__(self) -> str:
        match self.kind:
            case PrincipalKind.USER:
                return self.name
            case PrincipalKind.DOMAIN:
                return "domain"
            case _:
                return f"{self.kind.value}:{self.name}"
