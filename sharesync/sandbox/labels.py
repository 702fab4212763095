"""contactGroups: labels, their members, and the two refusals with 409.

Source: People API reference, contactGroups and contactGroups.members; system labels and messages observed.
"""

from __future__ import annotations

from datetime import timedelta

from sharesync.sandbox import render, tokens
from sharesync.sandbox.call import Call
from sharesync.sandbox.contact import (
    MY_CONTACTS,
    STARRED,
    SYSTEM_LABELS,
    History,
    LabelVersion,
    Version,
    arrange,
    without,
)
from sharesync.sandbox.dates import micros
from sharesync.sandbox.errors import ApiError, Status, invalid_argument, not_found
from sharesync.sandbox.identity import PERSON_ID
from sharesync.sandbox.people_read import check_age, page_size
from sharesync.sandbox.wire import Json

MAX_MODIFY = 1_000
MAX_BATCH_GET = 200
_FIELDS = ("clientData", "groupType", "memberCount", "metadata", "name")
_READ_DEFAULT = ("metadata", "groupType", "memberCount", "name")
_WRITE_DEFAULT = ("metadata", "groupType", "name")


def list_labels(call: Call) -> Json:
    """contactGroups.list: a sync token comes unasked and on every page; members never."""
    query, mailbox = call.query, call.mailbox
    mask = _mask(query.get("groupFields"), "groupFields", _READ_DEFAULT)
    size = page_size(query, default=30)
    same = tokens.fingerprint(mask, size)
    same_page = tokens.fingerprint(same, query.get("syncToken"))
    now = micros(mailbox.now())
    offset, since, full_sync = 0, -1, now
    if "pageToken" in query:
        page = tokens.read("labels-page", mailbox.user_id, same_page, query["pageToken"])
        offset, since, full_sync, horizon = page["o"], page["s"], page["t"], page["h"]
    else:
        horizon = mailbox.horizon(call.settings.label_lag)
        if "syncToken" in query:
            token = tokens.read("labels-sync", mailbox.user_id, same, query["syncToken"])
            check_age(call, token)
            since, full_sync = token["s"], token["t"]
            horizon = max(horizon, since)
    shown = _changed(call, mask, since, horizon) if since >= 0 else _all(call, mask, horizon)
    shown = [] if call.empty else shown
    page_rows = shown[offset : offset + size]
    reply: Json = {"contactGroups": page_rows, "totalItems": len(shown)} if page_rows else {}
    if offset + size < len(shown):
        reply["nextPageToken"] = tokens.issue(
            "labels-page", mailbox.user_id, same_page, o=offset + size, s=since, t=full_sync, h=horizon
        )
    reply["nextSyncToken"] = tokens.issue("labels-sync", mailbox.user_id, same, s=horizon, t=full_sync, l=now)
    return reply


def get(call: Call) -> Json:
    """contactGroups.get."""
    mask = _mask(call.query.get("groupFields"), "groupFields", _READ_DEFAULT)
    return _with_members(call, _id(call.resource_name), mask)


def batch_get(call: Call) -> Json:
    """contactGroups.batchGet: one answer a name."""
    mask = _mask(call.query.get("groupFields"), "groupFields", _READ_DEFAULT)
    names = call.query.get("resourceNames", [])
    if not names or len(names) > MAX_BATCH_GET:
        raise invalid_argument()
    responses: list[Json] = []
    for name in names:
        try:
            answer: Json = {"contactGroup": _with_members(call, _id(name), mask), "status": {}}
        except ApiError as refusal:
            answer = {"status": refusal.as_status()}
        responses.append({"requestedResourceName": name, **answer})
    return {"responses": responses}


def create(call: Call) -> Json:
    """contactGroups.create. A name that exists, compared without case, is refused with 409."""
    group = call.body.get("contactGroup", {})
    mask = _mask(call.body.get("readGroupFields"), "readGroupFields", _WRITE_DEFAULT)
    name = _free_name(call, group.get("name", ""), None)
    label = call.mailbox.create_label(name, _client_data(group))
    return render.label(label.id, label.now, mask)


def update(call: Call) -> Json:
    """contactGroups.update: only what `updateGroupFields` names; a stale etag is refused with 409 (observed)."""
    label = _own(call, _id(call.resource_name))
    group = call.body.get("contactGroup", {})
    shown = _mask(call.body.get("readGroupFields"), "readGroupFields", _WRITE_DEFAULT)
    mask = _mask(call.body.get("updateGroupFields"), "updateGroupFields", ("name",))
    if not group.get("etag"):
        raise invalid_argument("Request must set contact_group.etag.")  # unknown; the strict answer
    if group["etag"] != label.now.etag:
        raise ApiError(Status.ABORTED, "Contact group etag is outdated")
    if not mask <= {"name", "clientData"}:
        raise invalid_argument()
    name = _free_name(call, group.get("name", ""), label) if "name" in mask else label.now.name
    data = _client_data(group) if "clientData" in mask else label.now.client_data
    call.mailbox.write_label(label, name=name, client_data=data)
    return render.label(label.id, label.now, shown, call.mailbox.member_counts()[label.id])


def delete(call: Call) -> Json:
    """contactGroups.delete: its contacts stay unless deleteContacts=true."""
    label = _own(call, _id(call.resource_name))
    call.mailbox.delete_label(label, with_contacts=call.query.get("deleteContacts", False))
    return {}


def modify(call: Call) -> Json:
    """contactGroups.members.modify: at most 1,000 names together; the reply lists only what could not be done."""
    add = call.body.get("resourceNamesToAdd", [])
    remove = call.body.get("resourceNamesToRemove", [])
    if (not add and not remove) or len(add) + len(remove) > MAX_MODIFY:
        raise invalid_argument()
    if any(not PERSON_ID.fullmatch(name) or not name.startswith("people/c") for name in (*add, *remove)):
        raise invalid_argument()  # profile-only names are refused (observed)
    label = _id(call.resource_name)
    if label in SYSTEM_LABELS and label not in (MY_CONTACTS, STARRED):
        raise invalid_argument("Cannot add contacts to deprecated system contact group")
    if label not in SYSTEM_LABELS and not _is_known(call, label):
        raise not_found()
    found, missing = _sort_out(call, (*add, *remove))
    last: list[str] = []
    for contact in (found[name] for name in add if name in found):
        if label not in contact.now.labels:
            call.mailbox.write(contact, labels=arrange((*contact.now.labels, label)))
    for name, contact in ((name, found[name]) for name in remove if name in found):
        left = without(contact.now.labels, label)
        if not any(one != STARRED for one in left):
            last.append(name)
        elif left != contact.now.labels:
            call.mailbox.write(contact, labels=left)
    reply: Json = {"notFoundResourceNames": missing} if missing else {}
    if last:
        reply["canNotRemoveLastContactGroupResourceNames"] = last
    return reply


def _is_known(call: Call, name: str) -> bool:
    label = call.mailbox.label(name)
    lag = timedelta(seconds=call.settings.new_label_lag)
    return label is not None and label.versions[0].at + lag <= call.mailbox.now()


def _sort_out(call: Call, names: tuple[str, ...]) -> tuple[dict[str, History[Version]], list[str]]:
    found = {name: contact for name in names if (contact := call.mailbox.find(name))}
    return found, [name for name in dict.fromkeys(names) if name not in found]


def _all(call: Call, mask: frozenset[str], horizon: int) -> list[Json]:
    counts = call.mailbox.member_counts()
    rows = {name: render.system_label(name, mask, _system_count(call, name)) for name in SYSTEM_LABELS}
    for label in call.mailbox.labels.values():
        version = label.as_of(horizon)
        if version and not version.deleted:
            rows[label.id] = render.label(label.id, version, _told(call, version, mask), counts[label.id])
    return [rows[name] for name in sorted(rows)]  # mixed, as observed: no order to lean on


def _changed(call: Call, mask: frozenset[str], since: int, horizon: int) -> list[Json]:
    counts = call.mailbox.member_counts()
    rows = []
    for name in call.mailbox.changed(since, horizon, "label"):
        version = call.mailbox.labels[name].as_of(horizon)
        if version:
            rows.append(render.label(name, version, _told(call, version, mask), counts[name]))
    return rows


def _told(call: Call, version: LabelVersion, mask: frozenset[str]) -> frozenset[str]:
    """The fields that are shown so soon after a write: clientData may be missing for a while (observed)."""
    late = call.mailbox.now() < version.at + timedelta(seconds=call.settings.label_data_lag)
    return mask - {"clientData"} if late else mask


def _with_members(call: Call, name: str, mask: frozenset[str]) -> Json:
    most = call.query.get("maxMembers", 0)
    if name in SYSTEM_LABELS:
        shown = render.system_label(name, mask, _system_count(call, name))
    else:
        label = call.mailbox.label(name)
        if label is None:
            raise not_found()
        shown = render.label(name, label.now, _told(call, label.now, mask), call.mailbox.member_counts()[name])
    held = [contact.now for contact in call.mailbox.live() if name in ("all", *contact.now.labels)] if most else []
    if held:
        shown["memberResourceNames"] = [version.resource_name for version in held[:most]]
    return shown


def _system_count(call: Call, name: str) -> int:
    return sum(1 for _ in call.mailbox.live()) if name == "all" else call.mailbox.member_counts()[name]


def _own(call: Call, name: str) -> History[LabelVersion]:
    if name in SYSTEM_LABELS:
        raise invalid_argument("Cannot modify a system contact group")  # text unknown
    label = call.mailbox.label(name)
    if label is None:
        raise not_found()
    return label


def _free_name(call: Call, name: str, present: History[LabelVersion] | None) -> str:
    if not name.strip():
        raise invalid_argument()
    if call.mailbox.name_taken(name, present):
        raise ApiError(Status.ALREADY_EXISTS, "Contact group name already exists")
    return name


def _client_data(group: Json) -> tuple[tuple[str, str], ...]:
    return tuple((one.get("key", ""), one.get("value", "")) for one in group.get("clientData", ()))


def _id(resource_name: str) -> str:
    name = resource_name.removeprefix("contactGroups/")
    if name == resource_name or not name:
        raise invalid_argument("Invalid resource name")
    return name


def _mask(text: str | None, parameter: str, default: tuple[str, ...]) -> frozenset[str]:
    paths = [path.strip() for path in (text or "").split(",") if path.strip()]
    for path in paths:
        if path not in _FIELDS:
            raise invalid_argument(f'Invalid {parameter} mask path: "{path}".')
    return frozenset(paths or default)
