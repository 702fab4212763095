"""The people of the Workspace: users, Google groups (nested), organisational units.

Only the facts; what the Directory API makes of them is in `directory_api`. Changed by whoever plays the administrator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

from sharesync.sandbox.wire import Json

EVERYONE = "*"  # as a group's member: every user of the customer


@dataclass(frozen=True, slots=True)
class User:
    """One account. `contacts_on`: whether the Contacts app is switched on for them."""

    id: str
    email: str
    given_name: str
    family_name: str
    unit: str = "/"
    aliases: tuple[str, ...] = ()
    admin: bool = False
    suspended: bool = False
    archived: bool = False
    contacts_on: bool = True
    created: datetime | None = None
    deleted: datetime | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Group:
    """A Google group. Members are e-mail addresses of users, other groups or strangers, or EVERYONE."""

    id: str
    email: str
    name: str
    members: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisational unit below the root, e.g. `/Sales/North`."""

    id: str
    path: str


class Directory:
    """Users, groups and units by id; ids never change, addresses may."""

    def __init__(self, domain: str, rng: Random, customer_id: str | None = None) -> None:
        self.domain = domain
        self.customer_id = customer_id or f"C0{rng.getrandbits(32):x}"
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.units: dict[str, Unit] = {}
        self.sink: Callable[[], None] = lambda: None  # told after every change
        self._rng = rng
        self._addresses: dict[str, str] = {}  # every address of users not deleted, in lower case -> id

    def user(self, key: str) -> User | None:
        """By id, primary address or alias; deleted users by id only."""
        if key in self.users:
            return self.users[key]
        return self.users.get(self._addresses.get(key.casefold(), ""))

    def group(self, key: str) -> Group | None:
        wanted = key.casefold()
        return self.groups.get(key) or next(
            (g for g in list(self.groups.values()) if g.email.casefold() == wanted), None
        )

    def unit(self, path: str) -> Unit | None:
        return next((unit for unit in list(self.units.values()) if unit.path == path), None)

    def add_user(self, email: str, now: datetime, **more: Any) -> User:
        """A new user; `more` are attributes of User. Raises ValueError for an address taken or a unit unknown."""
        if self.user(email) or self.group(email):
            raise ValueError(f"The address {email} is taken.")
        given, _, family = email.partition("@")[0].replace(".", " ").title().partition(" ")
        known = {"given_name": given, "family_name": family, **more}
        self._check_unit(known.get("unit", "/"))
        user = User(id=str(self._rng.randrange(10**20, 10**21)), email=email, created=now, **known)
        self.users[user.id] = user
        self._index(user)
        self.sink()
        return user

    def change_user(self, key: str, **more: Any) -> User:
        """The user with other attributes. Raises ValueError for an unknown user or unit, or an address taken."""
        user = self.user(key)
        if user is None:
            raise ValueError(f"There is no user {key}.")
        self._check_unit(more.get("unit", "/"))
        changed = replace(user, **more)
        if not changed.deleted:
            self._check_addresses(changed)
        self.users = {**self.users, user.id: changed}
        self._addresses = {address: name for address, name in self._addresses.items() if name != user.id}
        self._index(changed)
        self.sink()
        return changed

    def rename_user(self, key: str, email: str, *, keep_alias: bool = True) -> User:
        """Another primary address for a user: Google keeps the old one as an alias, until an administrator drops it.

        Groups follow the account. Raises ValueError for an unknown user or an address taken.
        """
        user = self.user(key)
        if user is None:
            raise ValueError(f"There is no user {key}.")
        old = user.email.casefold()
        kept = (user.email, *user.aliases) if keep_alias else user.aliases
        aliases = tuple(alias for alias in kept if alias.casefold() != email.casefold())
        renamed = self.change_user(user.id, email=email, aliases=aliases)
        for group in list(self.groups.values()):
            members = tuple(email if one.casefold() == old else one for one in group.members)
            if members != group.members:
                self.change_group(group.id, members=members)
        return renamed

    def hand_on(self, address: str, to: str, now: datetime, **more: Any) -> User:
        """Rename the user who bears an address to `to`, and give the address to a newcomer, whom it returns.

        `more` are attributes of the newcomer. Raises ValueError.
        """
        user = self.user(address)
        if user is None or user.email.casefold() != address.casefold():
            raise ValueError(f"{address} is no user's primary address.")
        self.rename_user(user.id, to, keep_alias=False)
        return self.add_user(address, now, **more)

    def add_group(self, email: str, name: str = "", members: tuple[str, ...] = ()) -> Group:
        """A new Google group. Raises ValueError for an address taken."""
        if self.user(email) or self.group(email):
            raise ValueError(f"The address {email} is taken.")
        group = Group(f"0{self._rng.getrandbits(52):x}", email, name or email.partition("@")[0], tuple(members))
        self.groups[group.id] = group
        self.sink()
        return group

    def change_group(self, key: str, **more: Any) -> Group:
        """The group with another name or other members. Raises ValueError for an unknown group."""
        group = self.group(key)
        if group is None:
            raise ValueError(f"There is no group {key}.")
        changed = self.groups[group.id] = replace(group, **more)
        self.sink()
        return changed

    def remove_group(self, key: str) -> None:
        group = self.group(key)
        if group is None:
            raise ValueError(f"There is no group {key}.")
        del self.groups[group.id]
        self.sink()

    def add_unit(self, path: str) -> Unit:
        """A unit and the ones above it that are missing. Raises ValueError for a malformed path."""
        if not path.startswith("/") or path == "/" or path.endswith("/"):
            raise ValueError(f"{path!r} is no path of an organisational unit such as /Sales/North.")
        parent = path.rpartition("/")[0]
        if parent and self.unit(parent) is None:
            self.add_unit(parent)
        unit = self.unit(path)
        if unit is None:
            unit = Unit(f"id:03{self._rng.getrandbits(48):x}", path)
            self.units[unit.id] = unit
            self.sink()
        return unit

    def move_unit(self, path: str, to: str) -> Unit:
        """A unit renamed, or moved below another: its id stays, its users and the units below it come along.

        Raises ValueError for a unit unknown, a path malformed or taken, or a place below itself.
        """
        unit = self.unit(path)
        if unit is None:
            raise ValueError(f"There is no organisational unit {path}.")
        if self.unit(to) or to.startswith(f"{path}/"):
            raise ValueError(f"{path} cannot become {to}.")
        parent = to.rpartition("/")[0]
        if parent:
            self.add_unit(parent)

        def moved(old: str) -> str:
            return to + old.removeprefix(path) if old == path or old.startswith(f"{path}/") else old

        self.units = {one.id: replace(one, path=moved(one.path)) for one in self.units.values()}
        self.users = {one.id: replace(one, unit=moved(one.unit)) for one in self.users.values()}
        self.sink()
        return self.units[unit.id]

    def remove_unit(self, path: str) -> None:
        """A unit away. Google refuses that while anybody or another unit is in it. Raises ValueError."""
        unit = self.unit(path)
        if unit is None:
            raise ValueError(f"There is no organisational unit {path}.")
        inside = [one for one in self.users.values() if one.unit == path and not one.deleted]
        if inside or any(one.path.startswith(f"{path}/") for one in self.units.values()):
            raise ValueError(f"{path} is not empty.")
        self.units = {ident: one for ident, one in self.units.items() if ident != unit.id}
        self.sink()

    def members(self, group: Group, *, derived: bool = False) -> list[User | Group | str]:
        """Who is in the group: users, groups, EVERYONE, or a stranger's address; `derived` follows nested groups."""
        found: dict[str, User | Group | str] = {}
        waiting, seen = list(group.members), {group.id}
        while waiting:
            address = waiting.pop(0)
            member = self.user(address) or self.group(address) or address
            if isinstance(member, User) and member.deleted:
                continue
            key = member if isinstance(member, str) else member.id
            if isinstance(member, Group) and derived and key not in seen:
                seen.add(key)
                waiting.extend(member.members)
            found.setdefault(key, member)
        return list(found.values())

    def load(self, users: Iterable[User], groups: Iterable[Group], units: Iterable[Unit]) -> None:
        """What a journal has kept."""
        self._addresses = {}
        self.users = {user.id: user for user in users}
        self.groups = {group.id: group for group in groups}
        self.units = {unit.id: unit for unit in units}
        for user in self.users.values():
            self._index(user)

    def _index(self, user: User) -> None:
        if not user.deleted:
            self._addresses |= {address.casefold(): user.id for address in (user.email, *user.aliases)}

    def _check_addresses(self, user: User) -> None:
        for address in (user.email, *user.aliases):
            if self._addresses.get(address.casefold(), user.id) != user.id or self.group(address):
                raise ValueError(f"The address {address} is taken.")

    def _check_unit(self, path: str) -> None:
        if path != "/" and self.unit(path) is None:
            raise ValueError(f"There is no organisational unit {path}.")


def describe(directory: Directory, description: Mapping[str, Any], now: datetime) -> None:
    """Fills a directory from a description (see Workspace.from_description)."""
    for path in description.get("org_units", ()):
        directory.add_unit(path)
    for raw in description.get("users", ()):
        person: Json = dict(raw)
        email = person.pop("email")
        words = str(person.pop("name", "")).rsplit(" ", 1)
        names = {"given_name": words[0], "family_name": words[-1] if len(words) > 1 else ""} if words[0] else {}
        if "ou" in person:
            person["unit"] = person.pop("ou")
        person["aliases"] = tuple(person.get("aliases", ()))
        directory.add_user(email, now, **names, **person)
    for raw in description.get("groups", ()):
        directory.add_group(raw["email"], raw.get("name", ""), tuple(raw.get("members", ())))
