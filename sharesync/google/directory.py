"""The Workspace directory through the Admin SDK, read-only, as the administrator of SHARESYNC_GOOGLE_ADMIN.

Rights hang on what is read here, so a listing is whole or an error: a reply that is not marked as Google's own listing,
or a Workspace without users, is a MalformedReply and never "nobody is in this group".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from sharesync.errors import Attention, MailboxPaused, MalformedReply
from sharesync.google.budget import Price
from sharesync.google.calls import CallLine
from sharesync.google.error_bodies import CallKind
from sharesync.google.failures import EntryMissing
from sharesync.google.identity import Confirmed
from sharesync.model.directory import ROOT, DirectoryUser, GoogleGroup, Member, MemberKind, OrgUnit
from sharesync.model.mailbox import PAUSED

_CUSTOMER = "my_customer"
_FREE = Price()


class Directory:
    """One reading of the directory, for use in a `with` statement.

    Every method may raise RetryLater (and its kinds OutcomeUnknown and MalformedReply) and Attention.
    """

    def __init__(self, line: CallLine, service: Any) -> None:
        self._line = line
        self._service = service

    def close(self) -> None:
        """Close the connection."""
        self._line.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def users(self) -> tuple[DirectoryUser, ...]:
        """All users, the suspended, archived and lately deleted ones too (users.list)."""
        alive = [_user(one, deleted=False) for one in self._users(deleted=False)]
        if not alive:
            raise MalformedReply("Google listed no users at all; sharesync tries again by itself.")
        deleted = [_user(one, deleted=True) for one in self._users(deleted=True)]
        ids = {user.id for user in alive}
        return (*alive, *(user for user in deleted if user.id not in ids))

    def _users(self, *, deleted: bool) -> Iterator[dict[str, Any]]:
        parameters = {"customer": _CUSTOMER, "maxResults": 500, "projection": "basic"}
        if deleted:
            parameters["showDeleted"] = "true"
        return self._pages(self._service.users(), parameters, "users")

    def groups(self) -> tuple[GoogleGroup, ...]:
        """All Google groups of the Workspace (groups.list)."""
        pages = self._pages(self._service.groups(), {"customer": _CUSTOMER, "maxResults": 200}, "groups")
        return tuple(_group(one) for one in pages)

    def members(self, group: str) -> tuple[Member, ...]:
        """The direct members of a Google group, by its id or address (members.list); empty where it is gone."""
        pages = self._pages(self._service.members(), {"groupKey": group, "maxResults": 200}, "members")
        try:
            return tuple(member for one in pages if (member := _member(one)) is not None)
        except EntryMissing:
            return ()

    def units(self) -> tuple[OrgUnit, ...]:
        """All organisational units below the root (orgunits.list)."""
        request = self._service.orgunits().list(customerId=_CUSTOMER, type="all")
        listed = _listed(self._call(request), "organizationUnits")
        ids = {one["orgUnitId"] for one in listed}
        return tuple(
            OrgUnit(
                one["orgUnitId"],
                one["orgUnitPath"],
                one.get("name", ""),
                # Google has an id for the root, too, and never lists it: what is not listed is the root.
                above if (above := one.get("parentOrgUnitId", "")) in ids else ROOT,
            )
            for one in listed
        )

    def user(self, user_id: str) -> DirectoryUser | None:
        """One user by their id, deleted lately or not; None where there is none (users.get)."""
        try:
            entry = self._call(self._service.users().get(userKey=user_id, projection="basic"))
        except EntryMissing:
            return None
        if entry.get("id") != user_id:
            raise MalformedReply("What came back is not this user of the directory; sharesync tries again by itself.")
        return _user(entry, deleted=bool(entry.get("deletionTime")))

    def confirm(self, user_id: str) -> Confirmed:
        """Which address is this user's now (users.get); raises MailboxPaused where the user is away or not there.

        Costs one of the 2,400 queries a minute that Directory grants.
        """
        request = self._service.users().get(userKey=user_id, projection="basic")
        try:
            return Confirmed.from_directory(user_id, self._call(request))
        except EntryMissing:
            raise MailboxPaused(PAUSED) from None

    def reachable(self) -> None:
        """Ask for one user, to see that the API answers; raises as every call does."""
        self._call(self._service.users().list(customer=_CUSTOMER, maxResults=1))

    def _pages(self, resource: Any, parameters: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        token: str | None = None
        used = set[str]()
        while True:
            page = self._call(resource.list(**parameters, **({"pageToken": token} if token else {})))
            yield from _listed(page, name)
            token = page.get("nextPageToken")
            if not token:
                return
            if token in used:
                raise MalformedReply("Google's listing leads in a circle; sharesync tries again by itself.")
            used.add(token)

    def _call(self, request: Any) -> dict[str, Any]:
        try:
            return self._line.call(request, _FREE, CallKind.DIRECTORY)
        except MailboxPaused:
            raise Attention(
                "The administrator named by SHARESYNC_GOOGLE_ADMIN is suspended, deleted or unknown to Google;"
                " name another."
            ) from None


def _listed(page: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The entries of a page. Google omits an empty list, but never `kind` (Directory API)."""
    entries = page.get(name, [])
    if not str(page.get("kind", "")).startswith("admin#directory#") or not isinstance(entries, list):
        raise MalformedReply("What came back is no listing of the directory; sharesync tries again by itself.")
    for entry in entries:
        wanted = ("orgUnitId", "orgUnitPath") if name == "organizationUnits" else ("id",)
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in wanted):
            raise MalformedReply("An entry of the directory has no id; sharesync tries again by itself.")
    return entries


def _user(entry: dict[str, Any], *, deleted: bool) -> DirectoryUser:
    name = entry.get("name", {})
    return DirectoryUser(
        id=entry["id"],
        email=str(entry.get("primaryEmail", "")).casefold(),
        aliases=tuple(alias.casefold() for key in ("aliases", "nonEditableAliases") for alias in entry.get(key, ())),
        given_name=name.get("givenName", ""),
        family_name=name.get("familyName", ""),
        unit=entry.get("orgUnitPath") or ROOT,
        admin=entry.get("isAdmin") is True,
        suspended=entry.get("suspended") is True,
        archived=entry.get("archived") is True,
        deleted=deleted,
        deleted_at=_moment(entry.get("deletionTime")),
    )


def _moment(text: object) -> datetime | None:
    """A moment as Google writes it (RFC 3339); None for none, or for one that cannot be read."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _group(entry: dict[str, Any]) -> GoogleGroup:
    return GoogleGroup(
        id=entry["id"],
        email=str(entry.get("email", "")).casefold(),
        name=entry.get("name", ""),
        aliases=tuple(alias.casefold() for key in ("aliases", "nonEditableAliases") for alias in entry.get(key, ())),
    )


def _member(entry: dict[str, Any]) -> Member | None:
    """The member; None for a kind that Google may add one day, to whom nothing is given."""
    try:
        kind = MemberKind(entry.get("type", "USER"))
    except ValueError:
        return None
    return Member(kind, entry["id"], str(entry.get("email", "")).casefold())
