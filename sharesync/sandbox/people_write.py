"""The writing half of the People API: create, update, delete, photos, and the all-or-nothing batches.

Every write is first prepared (all that can be refused is) and then carried out, so a batch with one bad contact changes
nothing, unless `batch_refusal` says otherwise. Source: People API reference; messages observed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from sharesync.sandbox import fields, render
from sharesync.sandbox.call import Call, with_profile
from sharesync.sandbox.contact import MY_CONTACTS, STARRED, SYSTEM_LABELS, History, Version, arrange
from sharesync.sandbox.errors import ApiError, Status, invalid_argument, not_found
from sharesync.sandbox.identity import read_person_etag
from sharesync.sandbox.limits import check_contact, check_room
from sharesync.sandbox.normalise import normalise
from sharesync.sandbox.people_read import look_up
from sharesync.sandbox.wire import Json, Text

MAX_BATCH = 200
MAX_BATCH_DELETE = 500
_STALE = "Request person.etag is different than the current person.etag. Clear local cache and get the latest person."
_STALE_SOURCE = (
    "Request person.metadata.sources.etag is different than the current person.metadata.sources.etag. "
    "Clear local cache and get the latest person."
)
_NO_ETAG = "Request must set person.etag or person.metadata.sources.etag for the source that is being updated."
_ALL = frozenset(fields.WRITABLE)

Key = TypeVar("Key", bound=Hashable)
Ready = TypeVar("Ready")


def create(call: Call) -> Json | Text:
    """people.createContact."""
    mask = fields.read_mask(call.query.get("personFields"), "personFields", fields.READABLE)
    check_room(call.mailbox, call.settings, 1)
    contact = _create(call, _ready_to_create(call, call.body))
    return _shown(call, contact, mask, call.query.get("sources"))


def update(call: Call) -> Json | Text:
    """people.updateContact: each masked field is replaced, an absent one cleared."""
    mask = fields.update_mask(call.query.get("updatePersonFields"))
    shown = fields.read_mask(call.query.get("personFields"), "personFields", fields.READABLE)
    contact, changes = _ready_to_update(call, call.resource_name, call.body, mask)
    call.mailbox.write(contact, **changes)
    return _shown(call, contact, shown, call.query.get("sources"))


def delete(call: Call) -> Json:
    """people.deleteContact: into the trash."""
    call.mailbox.delete(look_up(call.mailbox, call.resource_name))
    return {}


def batch_create(call: Call) -> Json:
    """people.batchCreateContacts: at most 200, all or nothing, answers in the order of the request."""
    given = call.body.get("contacts", [])
    mask = _batch_mask(call, len(given), MAX_BATCH)
    check_room(call.mailbox, call.settings, len(given))
    ready, refused = _prepared(
        call,
        "BatchCreateContactsErrorDetails",
        {number: entry.get("contactPerson", {}) for number, entry in enumerate(given)},
        lambda _, person: _ready_to_create(call, person),
    )
    made = {number: _create(call, one) for number, one in ready.items()}
    told = {number: _answer(call, one, mask) for number, one in made.items()} | refused
    return {"createdPeople": [told[number] for number in sorted(told)]} if mask else {}


def batch_update(call: Call) -> Json:
    """people.batchUpdateContacts: at most 200 under one mask, all or nothing."""
    given = call.body.get("contacts", {})
    mask = _batch_mask(call, len(given), MAX_BATCH)
    replaced = fields.update_mask(call.body.get("updateMask"), "updateMask")
    ready, refused = _prepared(
        call,
        "BatchUpdateContactsErrorDetails",
        given,
        lambda name, person: _ready_to_update(call, name, person, replaced),
    )
    for contact, changes in ready.values():
        call.mailbox.write(contact, **changes)
    told = {name: _answer(call, one[0], mask, name) for name, one in ready.items()}
    return {"updateResult": told | refused} if mask else {}


def batch_delete(call: Call) -> Json:
    """people.batchDeleteContacts: at most 500. For a name already gone see Settings."""
    names = call.body.get("resourceNames", [])
    if not names or len(names) > MAX_BATCH_DELETE:
        raise invalid_argument()
    ready = []
    for name in dict.fromkeys(names):
        try:
            ready.append(look_up(call.mailbox, name))
        except ApiError as refusal:
            if refusal.status is not Status.NOT_FOUND or call.settings.batch_delete_missing == "refuse":
                raise
    for contact in ready:
        call.mailbox.delete(contact)
    return {}


def update_photo(call: Call) -> Json:
    """people.updateContactPhoto: JPEG or PNG; the person comes back only under a mask."""
    contact = look_up(call.mailbox, call.resource_name)
    text = call.body.get("photoBytes", "").translate({ord("-"): "+", ord("_"): "/"})
    content = base64.b64decode(text + "=" * (-len(text) % 4))
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise invalid_argument()
    name = render.photo_id(content)
    call.mailbox.pictures[name] = content
    return _with_photo(call, contact, name, call.body)


def delete_photo(call: Call) -> Json:
    """people.deleteContactPhoto."""
    return _with_photo(call, look_up(call.mailbox, call.resource_name), None, call.query)


def _with_photo(call: Call, contact: History[Version], photo: str | None, asked: Json) -> Json:
    mask = fields.read_mask(asked.get("personFields"), "personFields", ())
    call.mailbox.write(contact, photo=photo)
    return {"person": _shown(call, contact, mask, asked.get("sources"))} if mask else {}


def _ready_to_create(call: Call, person: Json) -> tuple[dict[str, Any], tuple[str, ...]]:
    made = normalise(person, _ALL, call.region, {})
    labels = _labels(call, person) if person.get("memberships") else ()
    if not any(made.values()) and not labels:
        raise invalid_argument()  # a name of displayName only, or nothing at all
    check_contact(made)
    return made, labels


def _ready_to_update(
    call: Call, name: str, person: Json, mask: frozenset[str]
) -> tuple[History[Version], dict[str, Any]]:
    contact = look_up(call.mailbox, name)
    _check_etag(call, person, contact.now)
    changes: dict[str, Any] = {}
    if "memberships" in mask:
        if not person.get("memberships"):
            raise invalid_argument("Request must have at least one membership when memberships are updated.")
        changes["labels"] = arrange(_labels(call, person, contact.now.labels))
    present = contact.now.fields
    changes["fields"] = {**present, **normalise(person, mask, call.region, present)}
    check_contact(changes["fields"])
    return contact, changes


def _check_etag(call: Call, person: Json, version: Version) -> None:
    """Either stamp will do, each in its own place; one of them must be there, and none may be stale."""
    sources = person.get("metadata", {}).get("sources")
    if sources is not None and not any(source.get("type") == "CONTACT" for source in sources):
        raise invalid_argument(_NO_ETAG)
    inner = next((source.get("etag") for source in sources or () if source.get("type") == "CONTACT"), None)
    outer = person.get("etag")
    if not inner and not outer:
        raise invalid_argument(_NO_ETAG)
    if inner and inner != f"#{version.etag}":
        raise _stale(call, _STALE_SOURCE)
    if outer:
        stamp = read_person_etag(outer)
        fresh = stamp is not None and stamp.inner == version.etag
        if not fresh or (stamp and stamp.listed and call.settings.strict_etags):
            raise _stale(call, _STALE)


def _stale(call: Call, message: str) -> ApiError:
    if call.settings.stale_etag == "exhausted":
        return ApiError(Status.RESOURCE_EXHAUSTED, "Resource has been exhausted (e.g. check quota).")
    return ApiError(Status.FAILED_PRECONDITION, message)


def _labels(call: Call, person: Json, present: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The labels a body asks for. Raises ApiError for one that is unknown, or a deprecated one not held already."""
    asked: list[str] = []
    for membership in person["memberships"]:
        group = membership.get("contactGroupMembership", {})
        name = group.get("contactGroupResourceName") or f"contactGroups/{group.get('contactGroupId', '')}"
        label = name.removeprefix("contactGroups/")
        if label in SYSTEM_LABELS:
            if label not in (MY_CONTACTS, STARRED, *present):
                raise invalid_argument("Cannot add contacts to deprecated system contact group")
        elif call.mailbox.label(label) is None:
            raise not_found()
        asked.append(label)
    return tuple(asked)


def _create(call: Call, ready: tuple[dict[str, Any], tuple[str, ...]]) -> History[Version]:
    return call.mailbox.create(ready[0], ready[1])


def _shown(call: Call, contact: History[Version], mask: frozenset[str], sources: list[str] | None) -> Text:
    return render.person(contact.id, contact.now, mask, profile=with_profile(sources))


def _answer(call: Call, contact: History[Version], mask: frozenset[str], name: str | None = None) -> Json:
    asked = {"requestedResourceName": name} if name else {}
    person = _shown(call, contact, mask, call.body.get("sources"))
    return {**asked, "person": person, "status": {}, "httpStatusCode": 200}


def _batch_mask(call: Call, size: int, most: int) -> frozenset[str]:
    if not size or size > most:
        raise invalid_argument()
    return fields.read_mask(call.body.get("readMask"), "readMask", ())


def _prepared(
    call: Call, error_type: str, given: Mapping[Key, Json], prepare: Callable[[Key, Json], Ready]
) -> tuple[dict[Key, Ready], dict[Key, Json]]:
    """Everything prepared, or one refusal that names each bad contact and by silence says the others were good.

    Where each is refused by itself (see Settings): what can be done, and the answers for the others.
    """
    ready: dict[Key, Ready] = {}
    refused: dict[Key, ApiError] = {}
    for key, person in given.items():
        try:
            ready[key] = prepare(key, person)
        except ApiError as refusal:
            refused[key] = refusal
    if refused and call.settings.batch_refusal == "whole":
        first = next(iter(refused.values()))
        errors = {str(key): refusal.as_status() for key, refusal in refused.items()}
        detail = {"@type": f"type.googleapis.com/google.people.v1.{error_type}", "contactErrors": errors}
        raise ApiError(first.status, first.message, (detail,))
    return ready, {
        key: {"status": refusal.as_status(), "httpStatusCode": refusal.http} for key, refusal in refused.items()
    }
