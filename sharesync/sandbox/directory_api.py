"""The Directory API over the directory: users, groups, members, organisational units, in the classic error shape.

Source: Admin SDK Directory API reference and its "Search for users" guide.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sharesync.sandbox import tokens
from sharesync.sandbox.dates import rfc3339
from sharesync.sandbox.directory import EVERYONE, Directory, Group, Unit, User
from sharesync.sandbox.discovery import Method
from sharesync.sandbox.errors import ApiError, DirectoryError
from sharesync.sandbox.wire import Json

Row = TypeVar("Row")

RESTORABLE = timedelta(days=20)
"""How long a deleted user can be brought back; until then `showDeleted` lists them, afterwards nothing knows them."""

_TERM = re.compile(r"(\w+)([=:])('[^']*'|\S+)")


def answer(method: Method, directory: Directory, actor: User, path: Json, query: Json, now: datetime) -> Json:
    """The reply to one Directory call made as `actor`, who must be an administrator. Raises DirectoryError.

    `now` tells which of the deleted users are gone for good.
    """
    if not actor.admin:
        raise DirectoryError(403, "forbidden", "Not Authorized to access this resource/api")
    match method.id:
        case "directory.users.list":
            return _users(directory, query, now)
        case "directory.users.get":
            return _user(directory, _there(_known_user(directory, path["userKey"]), now))
        case "directory.groups.list":
            return _groups(directory, query)
        case "directory.groups.get":
            return _group(directory, _known_group(directory, path["groupKey"]))
        case "directory.members.list":
            return _members(directory, path["groupKey"], query)
        case "directory.members.get":
            return _one_member(directory, path)
        case "directory.members.hasMember":
            return _has_member(directory, path)
        case "directory.orgunits.list":
            return _units(directory, path["customerId"], query)
        case "directory.orgunits.get":
            return _known_unit(directory, path)
        case _:
            raise DirectoryError(403, "forbidden", "Not Authorized to access this resource/api")


def _users(directory: Directory, query: Json, now: datetime) -> Json:
    _check_scope(directory, query)
    deleted = query.get("showDeleted", "").lower() == "true"
    found = [user for user in list(directory.users.values()) if bool(user.deleted) is deleted and not _gone(user, now)]
    found = [user for user in found if _matches(user, query.get("query", ""))]
    order = query.get("orderBy", "email")
    keys = {
        "familyName": lambda user: (user.family_name, user.email),
        "givenName": lambda user: (user.given_name, user.email),
    }
    found.sort(key=keys.get(order, lambda user: user.email), reverse=query.get("sortOrder") == "DESCENDING")
    page, more = _page(directory, "users", query, found, default=100, most=500)
    return _kind("users", {"users": [_user(directory, user) for user in page]}, more)


def _groups(directory: Directory, query: Json) -> Json:
    found = sorted(directory.groups.values(), key=lambda group: group.email)
    if "userKey" in query:
        user = _known_user(directory, query["userKey"])
        found = [group for group in found if user in directory.members(group)]
    else:
        _check_scope(directory, query)
    page, more = _page(directory, "groups", query, found, default=200, most=200)
    return _kind("groups", {"groups": [_group(directory, group) for group in page]}, more)


def _members(directory: Directory, key: str, query: Json) -> Json:
    group = _known_group(directory, key)
    roles = {role.strip().upper() for role in query.get("roles", "").split(",") if role.strip()}
    found = directory.members(group, derived=query.get("includeDerivedMembership", False))
    found = [] if roles and "MEMBER" not in roles else found
    page, more = _page(directory, f"members {group.id}", query, found, default=200, most=200)
    return _kind("members", {"members": [_member(directory, one) for one in page]}, more)


def _one_member(directory: Directory, path: Json) -> Json:
    group = _known_group(directory, path["groupKey"])
    wanted = directory.user(path["memberKey"]) or directory.group(path["memberKey"]) or path["memberKey"]
    if wanted not in directory.members(group):
        raise DirectoryError(404, "notFound", "Resource Not Found: memberKey")
    return _member(directory, wanted)


def _has_member(directory: Directory, path: Json) -> Json:
    group = _known_group(directory, path["groupKey"])
    user = directory.user(path["memberKey"])
    if user is None or user.deleted:
        raise DirectoryError(404, "notFound", "Resource Not Found: memberKey")
    held = directory.members(group, derived=True)
    return {"isMember": user in held or EVERYONE in held}


def _units(directory: Directory, customer: str, query: Json) -> Json:
    if customer not in ("my_customer", directory.customer_id):
        raise DirectoryError(404, "notFound", "Customer not found.")
    top = "/" + query.get("orgUnitPath", "/").strip("/")
    kind = query.get("type", "children")
    if top != "/" and directory.unit(top) is None:
        raise DirectoryError(404, "notFound", "Org unit not found")
    below = "/" if top == "/" else top + "/"
    found = [unit for unit in list(directory.units.values()) if unit.path.startswith(below)]
    if kind == "children":
        found = [unit for unit in found if "/" not in unit.path.removeprefix(below)]
    if kind == "allIncludingParent":
        found += [unit for unit in list(directory.units.values()) if unit.path == top]
    found.sort(key=lambda unit: unit.path)
    reply: Json = {"kind": "admin#directory#orgUnits", "etag": _etag([unit.path for unit in found])}
    return {**reply, "organizationUnits": [_unit(directory, unit) for unit in found]} if found else reply


def _user(directory: Directory, user: User) -> Json:
    own = user.email.partition("@")[0]
    shown: Json = {
        "kind": "admin#directory#user",
        "id": user.id,
        "primaryEmail": user.email,
        "name": {"givenName": user.given_name, "familyName": user.family_name, "fullName": user.full_name},
        "isAdmin": user.admin,
        "isDelegatedAdmin": False,
        "suspended": user.suspended,
        "archived": user.archived,
        "customerId": directory.customer_id,
        "orgUnitPath": user.unit,
        "isMailboxSetup": True,
        "includeInGlobalAddressList": True,
        "nonEditableAliases": [f"{own}@{directory.domain}.test-google-a.com"],
        "emails": [{"address": user.email, "primary": True}, *({"address": alias} for alias in user.aliases)],
    }
    if user.created:
        shown["creationTime"] = rfc3339(user.created)
    if user.deleted:
        shown["deletionTime"] = rfc3339(user.deleted)
    if user.aliases:
        shown["aliases"] = list(user.aliases)
    if user.suspended:
        shown["suspensionReason"] = "ADMIN"
    return {**shown, "etag": _etag(shown)}


def _group(directory: Directory, group: Group) -> Json:
    shown: Json = {
        "kind": "admin#directory#group",
        "id": group.id,
        "email": group.email,
        "name": group.name,
        "description": group.description,
        "directMembersCount": str(len(directory.members(group))),
        "adminCreated": True,
    }
    return {**shown, "etag": _etag(shown)}


def _member(directory: Directory, member: User | Group | str) -> Json:
    shown: Json = {"kind": "admin#directory#member", "role": "MEMBER"}
    match member:
        case User():
            status = "SUSPENDED" if member.suspended else "ARCHIVED" if member.archived else "ACTIVE"
            shown |= {"id": member.id, "email": member.email, "type": "USER", "status": status}
        case Group():
            shown |= {"id": member.id, "email": member.email, "type": "GROUP", "status": "ACTIVE"}
        case str() if member == EVERYONE:  # no e-mail address: the client expands it (observed)
            shown |= {"id": directory.customer_id, "type": "CUSTOMER", "status": "ACTIVE"}
        case str():
            number = str(int(hashlib.sha256(member.encode()).hexdigest()[:16], 16))
            shown |= {"id": number, "email": member, "type": "USER"}
    return {**shown, "etag": _etag(shown)}


def _unit(directory: Directory, unit: Unit) -> Json:
    parent, _, name = unit.path.rpartition("/")
    above = directory.unit(parent)
    shown: Json = {
        "kind": "admin#directory#orgUnit",
        "name": name,
        "orgUnitPath": unit.path,
        "orgUnitId": unit.id,
        "parentOrgUnitPath": parent or "/",
        "parentOrgUnitId": above.id if above else "id:03root",
    }
    return {**shown, "etag": _etag(shown)}


def _known_user(directory: Directory, key: str) -> User:
    user = directory.user(key)
    if user is None:
        raise DirectoryError(404, "notFound", "Resource Not Found: userKey")
    return user


def _gone(user: User, now: datetime) -> bool:
    return user.deleted is not None and now >= user.deleted + RESTORABLE


def _there(user: User, now: datetime) -> User:
    if _gone(user, now):
        raise DirectoryError(404, "notFound", "Resource Not Found: userKey")
    return user


def _known_group(directory: Directory, key: str) -> Group:
    group = directory.group(key)
    if group is None:
        raise DirectoryError(404, "notFound", "Resource Not Found: groupKey")
    return group


def _known_unit(directory: Directory, path: Json) -> Json:
    wanted = path["orgUnitPath"]
    unit = directory.units.get(wanted) or directory.unit("/" + wanted.strip("/"))
    if unit is None:
        raise DirectoryError(404, "notFound", "Org unit not found")
    return _unit(directory, unit)


def _check_scope(directory: Directory, query: Json) -> None:
    if "customer" not in query and "domain" not in query:
        raise DirectoryError(400, "badRequest", "Bad Request")
    if "domain" in query and query["domain"].lower() != directory.domain.lower():
        raise DirectoryError(404, "notFound", "Domain not found.")
    if query.get("customer", "my_customer") not in ("my_customer", directory.customer_id):
        raise DirectoryError(404, "notFound", "Customer not found.")


def _matches(user: User, query: str) -> bool:
    """Blanks mean AND; `orgUnitPath` takes in the units below."""
    for name, sign, raw in _TERM.findall(query):
        value = raw.strip("'")
        match name:
            case "isSuspended":
                fits = user.suspended is (value.lower() == "true")
            case "isArchived":
                fits = user.archived is (value.lower() == "true")
            case "isAdmin":
                fits = user.admin is (value.lower() == "true")
            case "orgUnitPath":
                fits = value in ("/", user.unit) or user.unit.startswith(value + "/")
            case "email":
                addresses = (user.email, *user.aliases)
                start = value.rstrip("*")
                fits = any(one == value or (sign == ":" and one.startswith(start)) for one in addresses)
            case _:
                raise DirectoryError(400, "invalid", f"Invalid Input: {query}")
        if not fits:
            return False
    return True


def _page(
    directory: Directory, kind: str, query: Json, found: Sequence[Row], *, default: int, most: int
) -> tuple[Sequence[Row], str | None]:
    """One page of `found` and the token of the next; other parameters must stay the same from page to page."""
    size = min(query.get("maxResults", default), most)
    if size < 1:
        raise DirectoryError(400, "invalid", "Invalid Input: maxResults")
    same = tokens.fingerprint(kind, {key: value for key, value in query.items() if key != "pageToken"})
    start = 0
    if "pageToken" in query:
        try:
            start = tokens.read("directory", directory.customer_id, same, query["pageToken"])["o"]
        except ApiError as error:
            raise DirectoryError(400, "invalid", "Invalid Input: pageToken") from error
    more = start + size < len(found)
    token = tokens.issue("directory", directory.customer_id, same, o=start + size) if more else None
    return found[start : start + size], token


def _kind(name: str, rows: Json, more: str | None) -> Json:
    """The envelope; an empty list is left out (observed)."""
    kept = {key: value for key, value in rows.items() if value}
    reply: Json = {"kind": f"admin#directory#{name}", "etag": _etag(kept), **kept}
    return {**reply, "nextPageToken": more} if more else reply


def _etag(value: object) -> str:
    digest = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
    return f'"{digest[:27]}/{digest[27:54]}"'
