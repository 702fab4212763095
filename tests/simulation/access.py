"""Who may do what, worked out a second time: from grants and the Workspace as it was when it was last read.

Written from `design.md` section 3 alone. The only thing taken from the store is its rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sharesync.sandbox.directory import EVERYONE
from tests.simulation.house import House

VIEW, EDIT, DELETE, MANAGE = 1, 2, 3, 4
LEVELS = {"view": VIEW, "edit": EDIT, "delete": DELETE, "manage": MANAGE}


@dataclass
class Company:
    """The Workspace as the service last read it."""

    units: dict[str, str] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    """Users of each Google group by id, those of nested ones too."""
    paused: frozenset[str] = frozenset()

    @classmethod
    def read(cls, house: House) -> Company:
        """How it is now."""
        directory = house.workspace.directory
        users = [user for user in directory.users.values() if user.deleted is None]
        by_email = {group.email: group for group in directory.groups.values()}

        def flat(email: str, above: frozenset[str]) -> frozenset[str]:
            found: set[str] = set()
            for member in by_email[email].members:
                if member == EVERYONE:
                    found |= {user.id for user in users}
                elif member in by_email and member not in above:
                    found |= flat(member, above | {member})
                else:
                    found |= {user.id for user in users if member in (user.email, *user.aliases)}
            return frozenset(found)

        return cls(
            units={user.id: user.unit for user in users},
            members={group.id: flat(email, frozenset((email,))) for email, group in by_email.items()},
            paused=frozenset(user.id for user in users if user.suspended or user.archived),
        )


@dataclass
class Access:
    """Levels by user and group."""

    house: House
    company: Company = field(default_factory=Company)

    def levels(self, user: str) -> dict[str, int]:
        """The user's highest level on each live group."""
        rows = self.house.query(
            "SELECT g.group_id, g.kind, g.subject, g.level FROM grants g JOIN groups s ON s.id = g.group_id"
            " WHERE s.deleted_at IS NULL"
        )
        found: dict[str, int] = {}
        for group, kind, subject, level in rows:
            if self._reaches(kind, subject, user):
                found[group] = max(found.get(group, 0), int(level))
        return found

    def _reaches(self, kind: str, subject: str, user: str) -> bool:
        match kind:
            case "user":
                return bool(subject == user)
            case "group":
                return user in self.company.members.get(subject, ())
            case "ou":
                unit = self.company.units.get(user, "/")
                return subject in ("/", unit) or unit.startswith(subject + "/")
            case _:
                return user in self.company.units
