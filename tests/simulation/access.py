"""Who may do what, worked out a second time: from grants and the Workspace as it was when it was last read.

Written from the promises alone: levels, and which losses wait because Directory took them from too many at once. The
only thing taken from the store is its rows, and when a hold was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sharesync.sandbox.directory import EVERYONE
from sharesync.store.records import access_paths
from tests.simulation.house import House

RESTORABLE = timedelta(days=20)

VIEW, EDIT, DELETE, MANAGE = 1, 2, 3, 4
LEVELS = {"view": VIEW, "edit": EDIT, "delete": DELETE, "manage": MANAGE}


@dataclass
class Company:
    """The Workspace as the service last read it."""

    units: dict[str, frozenset[str]] = field(default_factory=dict)
    """By user: the ids of their unit and of all above it, the root as `/`."""
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    """Users of each Google group by id, those of nested ones too."""
    paused: frozenset[str] = frozenset()
    deleted: dict[str, datetime] = field(default_factory=dict)
    """Users who were deleted lately, and when."""
    purged: frozenset[str] = frozenset()
    """Users who were deleted so long ago that Google knows them no longer."""
    silent: bool = False
    """Whether every answer about members was empty: then nobody asks about groups that are nested in others."""

    @classmethod
    def read(
        cls,
        house: House,
        before: Company | None = None,
        *,
        members: bool = True,
        unheard: Mapping[str, datetime | None] | None = None,
    ) -> Company:
        """How it is now, after a reading `before`; without `members` every answer about those of groups is empty.

        `unheard`: users whom no listing names and about whom no answer came, and since when they are deleted as far as
        the service knows. They stay as they were. Whom no listing names stays in their unit.
        """
        directory, now, unheard = house.workspace.directory, house.workspace.now(), unheard or {}
        since = {user.id: unheard.get(user.id, user.deleted) for user in directory.users.values()}
        deleted = {user: when for user, when in since.items() if when is not None}
        users = [user for user in directory.users.values() if user.id not in deleted]
        purged = frozenset(user for user, when in deleted.items() if user not in unheard and now >= when + RESTORABLE)
        by_email = {group.email: group for group in directory.groups.values()}
        unlisted = purged | unheard.keys()

        def flat(email: str, above: frozenset[str]) -> frozenset[str]:
            found: set[str] = set()
            for member in by_email[email].members:
                if member == EVERYONE:
                    found |= {user.id for user in users}
                elif member in by_email and member not in above:
                    found |= flat(member, above | {member})
                else:
                    found |= {u.id for u in users if u.id not in unheard and member in (u.email, *u.aliases)}
            return frozenset(found)

        return cls(
            units={
                user.id: frozenset(
                    {"/"} | {u.id for u in directory.units.values() if f"{user.unit}/".startswith(f"{u.path}/")}
                )
                for user in directory.users.values()
            }
            | {user: units for user, units in (before.units if before else {}).items() if user in unlisted},
            members={
                group.id: flat(email, frozenset((email,))) if members else frozenset()
                for email, group in by_email.items()
            },
            paused=frozenset(
                user.id for user in directory.users.values() if user.suspended or user.archived or user.id in deleted
            ),
            deleted={user: when for user, when in deleted.items() if user not in purged},
            purged=purged,
            silent=not members,
        )


Way = tuple[str, str, str, str]
"""User, group, and the kind and subject of the grant."""
DAY = timedelta(hours=24)


@dataclass
class Access:
    """Levels by user and group."""

    house: House
    company: Company = field(default_factory=Company)
    kept: dict[Way, datetime | None] = field(default_factory=dict)
    """What people have although Directory says so no longer: since when it waits, None where someone decided."""
    deleted: dict[str, datetime] = field(default_factory=dict)
    """Since when each user who is deleted is so, as far as the service knows."""
    ended: frozenset[str] = frozenset()
    """Users whose mailboxes have ended."""

    def levels(self, user: str) -> dict[str, int]:
        """The user's highest level on each live group."""
        found: dict[str, int] = {}
        for group, kind, subject, level in self._grants():
            if self._reaches(self.company, kind, subject, user) or (user, group, kind, subject) in self.kept:
                found[group] = max(found.get(group, 0), int(level))
        return found

    def waiting(self, user: str) -> frozenset[str]:
        """The groups that the user has only until somebody decides: nothing new of them may reach the mailbox."""
        full = {
            group
            for group, kind, subject, _ in self._grants()
            if self._reaches(self.company, kind, subject, user)
            or self.kept.get((user, group, kind, subject), DAY) is None
        }
        return frozenset(self.levels(user)) - full

    def wrong(self) -> str:
        """Where the service's access is not this one, in words."""
        rows = self.house.query(
            "SELECT k.user_id, k.group_id, k.kind, k.subject, k.waits FROM kept_paths k"
            " JOIN grants g ON g.group_id = k.group_id AND g.kind = k.kind AND g.subject = k.subject"
            " JOIN groups s ON s.id = k.group_id WHERE s.deleted_at IS NULL"
        )
        said = {tuple(way): bool(waits) for *way, waits in rows}
        kept = {way: since is not None for way, since in self.kept.items()}
        ended = {user for (user,) in self.house.query("SELECT id FROM directory_users WHERE ended_at IS NOT NULL")}
        if ended != self.ended:
            return f"whose mailboxes have ended: {sorted(ended ^ self.ended)}"
        if left := self.house.query(
            "SELECT u.id FROM directory_users u JOIN links l ON l.mailbox_id = u.id WHERE u.ended_at IS NOT NULL"
        ):
            return f"links are left of mailboxes that have ended: {left}"
        if said != kept:
            return f"kept and whether it waits: {sorted(said.items() ^ kept.items())}"
        with self.house.database.reading() as session:
            for user, name in self.house.names.items():
                levels = {group: level.value for group, level in access_paths.levels(session, user).items()}
                if levels != self.levels(user):
                    return f"{name}: {levels} and not {self.levels(user)}"
        return ""

    def read(self, *, members: bool = True) -> None:
        """The service has read the directory: what ends by it for too many at once waits."""
        company = Company.read(self.house, self.company, members=members, unheard=self._unheard())
        now, limit = self.house.now(), 5
        self.deleted = {user: self.deleted.get(user, now) for user in company.purged} | company.deleted
        asked = self._asked(nested=not company.silent)
        company.members = {group: users for group, users in company.members.items() if group in asked}
        grants, users = [grant[:3] for grant in self._grants()], sorted(self.house.names)
        old = {(u, *g) for g in grants for u in users if self._reaches(self.company, g[1], g[2], u)}
        new = {(u, *g) for g in grants for u in users if self._reaches(company, g[1], g[2], u)}
        places = self._places(self.company)
        after = self._places(company)
        waited = {way for way, since in self.kept.items() if since is not None}
        self.kept = {
            way: since
            for way, since in self.kept.items()
            if way not in new and way[1:] in grants and not (since is not None and now - since >= DAY)
        }
        waited &= self.kept.keys()
        for group in {one[0] for one in grants}:
            had = {way[0] for way in old | self.kept.keys() if way[1] == group}
            losers = had - {way[0] for way in new | self.kept.keys() if way[1] == group}
            lost = {way for way in old if way[1] == group and way[0] in losers}
            act = losers | {w[0] for w in waited if w[1] == group and w[2:] in {way[2:] for way in lost}}
            if len(act) <= max(limit, len(had) / 10):
                ended = [
                    people | {way[0] for way in waited if way[2:] == place}
                    for place, people in {**{way[2:]: set[str]() for way in waited}, **places}.items()
                    if not after.get(place) and (place[0] == "ou" or place[1] in asked)
                ]
                losers &= {user for people in ended if len(people & act) > 1 for user in people}
            self.kept |= dict.fromkeys((way for way in lost if way[0] in losers), now)
        self.company = company
        self.ended |= {user for user in company.purged if now - self.deleted[user] >= RESTORABLE}
        self.kept = {way: since for way, since in self.kept.items() if way[0] not in self.ended}

    def learned(self) -> None:
        """Google groups about which the service has just asked, because somebody was to be granted something."""
        fresh = Company.read(self.house).members
        for (group,) in self.house.query("SELECT id FROM directory_groups WHERE known"):
            if group in fresh and group not in self.company.members:
                self.company.members[group] = fresh[group] & self.company.units.keys() - self.deleted.keys()

    def decided(self, group: str | None, *, apply: bool) -> None:
        """Somebody decided about those who wait in a group."""
        for way in [way for way, since in self.kept.items() if way[1] == group and since is not None]:
            if apply:
                del self.kept[way]
            else:
                self.kept[way] = None

    def revoked(self, group: str) -> None:
        """A hand took all grants of a group away, even if it gave some again at once."""
        self.kept = {way: since for way, since in self.kept.items() if way[1] != group}

    def tidy(self) -> None:
        """A grant that a hand took away keeps nothing."""
        there = {(group, kind, subject) for group, kind, subject, _ in self._grants()}
        self.kept = {way: since for way, since in self.kept.items() if way[1:] in there}

    def _grants(self) -> list[tuple[str, str, str, int]]:
        return self.house.query(
            "SELECT g.group_id, g.kind, g.subject, g.level FROM grants g JOIN groups s ON s.id = g.group_id"
            " WHERE s.deleted_at IS NULL"
        )

    def _unheard(self) -> dict[str, datetime | None]:
        """Users of whom the service could not know that they are gone for good, as Directory broke off when asked.

        Who was asked about after that waits for the next reading; where every answer came there is nobody.
        """
        told = self.house.told
        if all(told.values()):
            return {}
        users = Company.read(self.house).purged - self.ended - {user for user, answered in told.items() if answered}
        return {user: self.deleted.get(user) for user in users}

    def _asked(self, *, nested: bool) -> set[str]:
        """Google groups that a grant names, and, if `nested`, those nested in them."""
        directory = self.house.workspace.directory
        asked: set[str] = set()
        waiting = [subject for _, kind, subject, _ in self._grants() if kind == "group"]
        while waiting:
            ident = waiting.pop()
            if ident in directory.groups and ident not in asked:
                asked.add(ident)
                inside = (directory.group(member) for member in directory.groups[ident].members if nested)
                waiting += [group.id for group in inside if group]
        return asked

    def _places(self, company: Company) -> dict[tuple[str, str], set[str]]:
        """Everyone in each Google group that was asked about, and in each unit."""
        places: dict[tuple[str, str], set[str]] = {}
        for user, units in company.units.items():
            for unit in units - {"/"} if user not in self.ended else ():
                places.setdefault(("ou", unit), set()).add(user)
        for group, users in company.members.items():
            places["group", group] = set(users)
        return places

    def _reaches(self, company: Company, kind: str, subject: str, user: str) -> bool:
        if user in self.ended:
            return False
        match kind:
            case "user":
                return bool(subject == user)
            case "group":
                return user in company.members.get(subject, ())
            case "ou":
                return subject in company.units.get(user, ())
            case _:
                return user in company.units and user not in company.deleted and user not in company.purged
