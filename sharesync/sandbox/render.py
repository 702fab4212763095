"""A version of a contact as a Person of the People API, and a label as a ContactGroup."""

from __future__ import annotations

import hashlib

from sharesync.sandbox.contact import SYSTEM_LABELS, History, LabelVersion, Profile, Version
from sharesync.sandbox.dates import EPOCH, rfc3339
from sharesync.sandbox.identity import person_etag
from sharesync.sandbox.names import complete_name
from sharesync.sandbox.wire import Json

_LIST_CUT = 100  # e-mails and phones in a list reply; the full set needs a get (documented)
_PHOTOS = "https://lh3.googleusercontent.com/"


def person(
    source_id: str,
    version: Version,
    mask: frozenset[str],
    *,
    profile: bool = False,
    listed: bool = False,
    previous: bool = False,
) -> Json:
    """The Person under `mask`. `profile`: sources include it; `listed`: cut lists, list etag; `previous`: former names."""
    source = {"type": "CONTACT", "id": source_id}
    first = {"primary": True, "source": source}
    other = {"source": source}
    shown: Json = {
        "resourceName": version.resource_name,
        "etag": person_etag(version.etag, mask, listed=listed),
    }
    linked = version.profile if profile else None
    if "metadata" in mask:
        shown["metadata"] = _metadata(source_id, version, linked)
        if previous and version.previous:
            shown["metadata"]["previousResourceNames"] = list(version.previous)
    for field, items in version.fields.items():
        if field in mask:
            rows: list[Json] = [{"metadata": other, **item} for item in items]
            rows[0]["metadata"] = first
            if listed and field in ("emailAddresses", "phoneNumbers"):
                del rows[_LIST_CUT:]
            shown[field] = rows
    if "names" in shown:
        shown["names"][0]["metadata"] = {**first, "sourcePrimary": True}
    if linked and "names" in mask:
        shown["names"] = [*shown.get("names", ()), _profile_name(linked, primary="names" not in shown)]
    if "memberships" in mask:
        shown["memberships"] = [_membership(label, other) for label in version.labels]
    if "photos" in mask:
        shown["photos"] = [_photo(source_id, version, linked, first)]
    return shown


def tombstone(source_id: str, version: Version, mask: frozenset[str]) -> Json:
    """A deleted person in a delta (shape observed); `deleted` shows only under `metadata`."""
    shown: Json = {"resourceName": version.resource_name, "etag": person_etag(version.etag, mask, listed=True)}
    source = {"type": "CONTACT", "id": source_id, "etag": f"#{version.etag}", "updateTime": EPOCH}
    if "metadata" in mask:
        shown["metadata"] = {"sources": [source], "deleted": True, "objectType": "PERSON"}
    if "photos" in mask:
        first = {"primary": True, "source": {"type": "CONTACT", "id": source_id}}
        shown["photos"] = [{"metadata": first, "url": f"{_PHOTOS}cm/{source_id}=s100", "default": True}]
    return shown


def label(name: str, version: LabelVersion, mask: frozenset[str], members: int | None = None) -> Json:
    """The user's own label under a mask of group fields. `members` is counted where the reply carries a count."""
    shown: Json = {"resourceName": f"contactGroups/{name}", "etag": version.etag}
    if "metadata" in mask:
        shown["metadata"] = {"updateTime": rfc3339(version.updated)}
        if version.deleted:
            shown["metadata"]["deleted"] = True
    if version.deleted:
        return shown
    if "groupType" in mask:
        shown["groupType"] = "USER_CONTACT_GROUP"
    if "name" in mask:
        shown["name"] = shown["formattedName"] = version.name
    if members and "memberCount" in mask:
        shown["memberCount"] = members
    if version.client_data and "clientData" in mask:
        shown["clientData"] = [{"key": key, "value": value} for key, value in version.client_data]
    return shown


def system_label(name: str, mask: frozenset[str], members: int) -> Json:
    """A system label: no etag, no metadata, no count of nought (observed)."""
    shown: Json = {"resourceName": f"contactGroups/{name}"}
    if "groupType" in mask:
        shown["groupType"] = "SYSTEM_CONTACT_GROUP"
    if "name" in mask:
        shown["name"], shown["formattedName"] = name, SYSTEM_LABELS[name]
    if members and "memberCount" in mask:
        shown["memberCount"] = members
    return shown


def true_state(contact: History[Version]) -> Json:
    """Everything known of a contact now, for oracles; no shape of Google's."""
    version = contact.now
    return {
        "id": contact.id,
        "resourceName": version.resource_name,
        "state": version.state.value,
        "etag": version.etag,
        "updateTime": rfc3339(version.updated),
        "labels": list(version.labels),
        "fields": {field: list(items) for field, items in sorted(version.fields.items())},
        "photo": version.photo,
        "previousResourceNames": list(version.previous),
    }


def _metadata(source_id: str, version: Version, linked: Profile | None) -> Json:
    etag = f"#{version.etag}"
    sources: list[Json] = [
        {"type": "CONTACT", "id": source_id, "etag": etag, "updateTime": rfc3339(version.updated)},
    ]
    if linked:
        known = {"objectType": "PERSON", "userTypes": ["GOOGLE_USER"]}
        sources.append({"type": "PROFILE", "id": linked.id, "etag": "#profile", "profileMetadata": known})
    return {"sources": sources, "objectType": "PERSON"}


def _profile_name(linked: Profile, *, primary: bool) -> Json:
    name = complete_name({"unstructuredName": linked.display_name})
    metadata: Json = {"source": {"type": "PROFILE", "id": linked.id}, "sourcePrimary": True}
    return {"metadata": {"primary": True, **metadata} if primary else metadata, **name}


def _membership(name: str, metadata: Json) -> Json:
    group = {"contactGroupId": name, "contactGroupResourceName": f"contactGroups/{name}"}
    return {"metadata": metadata, "contactGroupMembership": group}


def _photo(source_id: str, version: Version, linked: Profile | None, first: Json) -> Json:
    if version.photo:
        return {"metadata": first, "url": f"{_PHOTOS}contacts/{version.photo}=s100"}
    if linked and linked.photo:  # another person's face on this contact: what a client must not copy
        source = {"type": "PROFILE", "id": linked.id}
        return {"metadata": {"primary": True, "source": source}, "url": f"{_PHOTOS}a/{linked.photo}=s100"}
    return {"metadata": first, "url": f"{_PHOTOS}cm/{source_id}=s100", "default": True}


def photo_id(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:40]
