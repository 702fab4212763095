"""The reading half of the People API: connections.list, get, batchGet, searchContacts.

Source: People API reference. A listing is a snapshot: every page of it shows the mailbox at the same horizon.
"""

from __future__ import annotations

from datetime import timedelta

from sharesync.sandbox import fields, render, tokens
from sharesync.sandbox.call import Call, with_profile
from sharesync.sandbox.contact import History, State, Version
from sharesync.sandbox.dates import micros
from sharesync.sandbox.errors import ApiError, Status, invalid_argument, not_found
from sharesync.sandbox.identity import PERSON_ID
from sharesync.sandbox.mailbox import Mailbox
from sharesync.sandbox.wire import Json, Text

MAX_PAGE = 1_000
MAX_BATCH_GET = 200
_EXPIRED = "Sync token is expired. Clear local cache and retry call without the sync token."
_ASCENDING = "LAST_MODIFIED_ASCENDING"


def list_connections(call: Call) -> Json:
    """people.connections.list: a page of a full listing, or of what changed since a sync token."""
    if call.resource_name != "people/me":
        raise invalid_argument()
    query, mailbox = call.query, call.mailbox
    mask = _mask(query)
    order = query.get("sortOrder", _ASCENDING)
    if order == "LAST_MODIFIED_DESCENDING" and query.get("requestSyncToken"):
        raise invalid_argument()  # observed
    size = page_size(query, default=100)
    sources = sorted(query.get("sources", ()))
    # Samples of Google's own leave requestSyncToken away beside a syncToken; all else must match (documented).
    same = tokens.fingerprint(mask, sources, order, size)
    same_page = tokens.fingerprint(same, query.get("syncToken"), query.get("requestSyncToken"))
    now = micros(mailbox.now())
    offset, since, full_sync = 0, -1, now
    if "pageToken" in query:
        page = tokens.read("page", mailbox.user_id, same_page, query["pageToken"])
        offset, since, full_sync, horizon = page["o"], page["s"], page["t"], page["h"]
    else:
        horizon = mailbox.horizon(call.settings.lag)
        if "syncToken" in query:
            token = tokens.read("sync", mailbox.user_id, same, query["syncToken"])
            check_age(call, token)
            since, full_sync = token["s"], token["t"]
            # A delta that a fault empties has told nothing: its token stays where it was, or what it hid were lost.
            horizon = since if call.empty else max(horizon, since)
    ids = [] if call.empty else _ids(mailbox, since, horizon, order)
    ids = ids[1:] if call.omits and since >= 0 else ids
    shown = [_listed(call, mailbox.contacts[name], horizon, mask, since) for name in ids[offset : offset + size]]
    reply: Json = {"connections": shown} if shown else {}
    if offset + size < len(ids):
        reply["nextPageToken"] = tokens.issue(
            "page", mailbox.user_id, same_page, o=offset + size, s=since, t=full_sync, h=horizon
        )
    elif query.get("requestSyncToken") or since >= 0:
        reply["nextSyncToken"] = tokens.issue("sync", mailbox.user_id, same, s=horizon, t=full_sync, l=now)
    if ids:
        reply["totalPeople"] = reply["totalItems"] = len(ids)
    return reply


def get(call: Call) -> Json | Text:
    """people.get: sees every write at once."""
    mask = _mask(call.query)
    if call.resource_name == "people/me":
        return {"resourceName": f"people/{call.mailbox.user_id}", "etag": "%" + "EgUBAi43PRoEAQIFBw=="}
    contact = look_up(call.mailbox, call.resource_name)
    return render.person(contact.id, contact.now, mask, profile=with_profile(call.query.get("sources")))


def batch_get(call: Call) -> Json:
    """people.getBatchGet: one answer a name; an unknown one has a status and no person."""
    mask = _mask(call.query)
    names = call.query.get("resourceNames", [])
    if not names or len(names) > MAX_BATCH_GET:
        raise invalid_argument()
    return {"responses": [_answer(call, name, mask) for name in names]}


def search(call: Call) -> Json:
    """people.searchContacts: word prefixes in the documented fields, at most 30, as late as any list."""
    mask = fields.read_mask(call.query.get("readMask"), "readMask")
    size = min(call.query.get("pageSize") or 10, 30)
    words = call.query.get("query", "").casefold().split()
    horizon = call.mailbox.horizon(call.settings.lag)
    results: list[Json] = []
    for contact in call.mailbox.contacts.values() if words else ():
        version = contact.as_of(horizon)
        if version and version.state is State.LIVE and _matches(version, words):
            found = render.person(
                contact.id, version, mask, profile=with_profile(call.query.get("sources")), listed=True
            )
            results.append({"person": found})
            if len(results) == size:
                break
    return {"results": results} if results else {}


def look_up(mailbox: Mailbox, name: str) -> History[Version]:
    """The live contact of that name. Raises ApiError 400 for a malformed name, 404 for an unknown one."""
    if not PERSON_ID.fullmatch(name):
        raise invalid_argument("Invalid resource name")
    contact = mailbox.find(name)
    if contact is None:
        raise not_found()
    return contact


def check_age(call: Call, token: Json) -> None:
    """Raises ApiError 400 EXPIRED_SYNC_TOKEN for a sync token past its days."""
    start = token["t"] if call.settings.sync_days_from == "full_sync" else token["l"]
    if micros(call.mailbox.now() - timedelta(days=call.settings.sync_days)) >= start:
        raise expired_sync_token(call.settings.expired_status)


def expired_sync_token(status: str) -> ApiError:
    """The 400 for an expired sync token, in either observed status."""
    reason = {"reason": "EXPIRED_SYNC_TOKEN", "domain": "people.googleapis.com"}
    return ApiError(Status[status], _EXPIRED, ({"@type": "type.googleapis.com/google.rpc.ErrorInfo", **reason},))


def page_size(query: Json, default: int) -> int:
    """0 is the default; more than the most is the most (unknown, assumed); less than 0 is refused."""
    size: int = query.get("pageSize") or default
    if size < 0:
        raise invalid_argument()
    return min(size, MAX_PAGE)


def _mask(query: Json) -> frozenset[str]:
    legacy = query.get("requestMask.includeField")
    if legacy and not query.get("personFields"):
        paths = ",".join(path.strip().removeprefix("person.") for path in legacy.split(","))
        return fields.read_mask(paths, "requestMask.includeField")
    return fields.read_mask(query.get("personFields"), "personFields")


def _ids(mailbox: Mailbox, since: int, horizon: int, order: str) -> list[str]:
    if since >= 0:
        return mailbox.changed(since, horizon, "contact")
    part = {"FIRST_NAME_ASCENDING": "displayName", "LAST_NAME_ASCENDING": "displayNameLastFirst"}.get(order)
    if part:
        return mailbox.ordered(
            horizon, order, lambda version: version.fields.get("names", ({},))[0].get(part, "").casefold()
        )
    ids = mailbox.ordered(horizon, _ASCENDING, lambda version: version.updated)
    return ids if order == _ASCENDING else ids[::-1]


def _listed(call: Call, contact: History[Version], horizon: int, mask: frozenset[str], since: int) -> Json | Text:
    version = contact.as_of(horizon)
    assert version is not None  # noqa: S101  # a listing only names contacts that have a version at its horizon
    if version.state is not State.LIVE:
        return render.tombstone(contact.id, version, mask)
    profile = with_profile(call.query.get("sources"))
    return render.person(contact.id, version, mask, profile=profile, listed=True, previous=since >= 0)


def _answer(call: Call, name: str, mask: frozenset[str]) -> Json:
    try:
        contact = look_up(call.mailbox, name)
    except ApiError as refusal:
        return {"requestedResourceName": name, "status": refusal.as_status(), "httpStatusCode": refusal.http}
    person = render.person(contact.id, contact.now, mask, profile=with_profile(call.query.get("sources")))
    return {"requestedResourceName": name, "person": person, "status": {}, "httpStatusCode": 200}


def _matches(version: Version, words: list[str]) -> bool:
    keys = ("displayName", "value", "canonicalForm", "name", "title")
    text = [
        str(item.get(key, "")) for field in fields.SEARCHED for item in version.fields.get(field, ()) for key in keys
    ]
    starts = [part for line in text for part in line.casefold().split()]
    return all(any(part.startswith(word) for part in starts) for word in words)
