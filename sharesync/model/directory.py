"""The Workspace directory as the Directory administrator sees it: users, Google groups, their members, units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

RESTORABLE = timedelta(days=20)
"""For so long a deleted user can be brought back, contacts and all (Admin help, "Restore a recently deleted user")."""
ROOT = "/"
"""Stands for the id of the root unit, which is always there, is never renamed and never listed (orgunits.list)."""


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A user. `id` never changes, `email` may."""

    id: str
    email: str
    aliases: tuple[str, ...] = ()
    """Other addresses of the same mailbox, those of domain aliases among them."""
    given_name: str = ""
    family_name: str = ""
    unit: str = ROOT
    """Path of the organisational unit, as of the moment of this reading."""
    admin: bool = False
    suspended: bool = False
    archived: bool = False
    deleted: bool = False
    deleted_at: datetime | None = None
    """When they were deleted, where Google says it."""
    """Deleted within the last weeks; Google still lists such users apart from the others."""


@dataclass(frozen=True, slots=True)
class GoogleGroup:
    """A Google group. `id` never changes, `email` may."""

    id: str
    email: str
    name: str = ""
    aliases: tuple[str, ...] = ()


class MemberKind(Enum):
    """What a member of a Google group is."""

    USER = "USER"
    GROUP = "GROUP"
    CUSTOMER = "CUSTOMER"
    """All users of the Workspace; carries no e-mail address."""
    EXTERNAL = "EXTERNAL"


@dataclass(frozen=True, slots=True)
class Member:
    """One direct member of a Google group; a nested group is one member."""

    kind: MemberKind
    id: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """An organisational unit below the root. `id` never changes; path and parent do when it is renamed or moved."""

    id: str
    path: str
    name: str
    parent: str = ROOT
    """The id of the unit above it."""
