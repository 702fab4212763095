"""A version of a contact as a Person of the People API, and a label as a ContactGroup.

A person is put together from the JSON texts of its items, made once when they were written: a page of 1,000 as
dictionaries would cost twice the time.
"""

from __future__ import annotations

import hashlib

from sharesync.sandbox.contact import SYSTEM_LABELS, History, LabelVersion, Profile, Version
from sharesync.sandbox.dates import EPOCH, rfc3339
from sharesync.sandbox.identity import person_etag
from sharesync.sandbox.mailbox import Mailbox
from sharesync.sandbox.names import complete_name
from sharesync.sandbox.wire import Json, Text, dumps

_LIST_CUT = 100  # e-mails and phones in a list reply; the full set needs a get (documented)
_CUT_FIELDS = ("emailAddresses", "phoneNumbers")
_PHOTOS = "https://lh3.googleusercontent.com/"


def person(
    source_id: str,
    version: Version,
    mask: frozenset[str],
    *,
    profile: bool = False,
    listed: bool = False,
    previous: bool = False,
) -> Text:
    """The Person under `mask`. `profile`: sources include it; `listed`: as in a list; `previous`: with former names."""
    own = f'"source":{{"type":"CONTACT","id":"{source_id}"}}}}'
    first, other = f'{{"metadata":{{"primary":true,{own}', f'{{"metadata":{{{own}'
    etag = person_etag(version.etag, mask, listed=listed)
    parts = [f'{{"resourceName":"{version.resource_name}","etag":"{etag}"']
    linked = version.profile if profile else None
    if "metadata" in mask:
        parts.append('"metadata":' + _metadata(source_id, version, linked, previous=previous))
    for field, texts in version.texts.items():
        if field in mask and field != "names":
            shown = texts[:_LIST_CUT] if listed and field in _CUT_FIELDS else texts
            rest = "".join(f",{other},{text[1:]}" for text in shown[1:])
            parts.append(f'"{field}":[{first},{shown[0][1:]}{rest}]')
    names = [f'{first[:-1]},"sourcePrimary":true}},{text[1:]}' for text in version.texts.get("names", ())]
    if linked:
        names.append(_profile_name(linked, primary=not names))
    if names and "names" in mask:
        parts.append(f'"names":[{",".join(names)}]')
    if "memberships" in mask:
        parts.append(f'"memberships":[{",".join(_membership(label, other) for label in version.labels)}]')
    if "photos" in mask:
        parts.append('"photos":[' + _photo(source_id, version, linked, first) + "]")
    return Text(",".join(parts) + "}")


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


def true_mailbox(mailbox: Mailbox) -> Json:
    """Everything known of a mailbox now, deleted contacts and labels included, for oracles."""
    with mailbox.lock:
        labels: list[Json] = [
            {
                "id": one.id,
                "name": one.now.name,
                "etag": one.now.etag,
                "deleted": one.now.deleted,
                "clientData": [{"key": key, "value": value} for key, value in one.now.client_data],
            }
            for one in mailbox.labels.values()
        ]
        return {"contacts": [true_state(one) for one in mailbox.contacts.values()], "labels": labels}


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


def _metadata(source_id: str, version: Version, linked: Profile | None, *, previous: bool) -> str:
    source = (
        f'{{"type":"CONTACT","id":"{source_id}","etag":"#{version.etag}","updateTime":"{rfc3339(version.updated)}"}}'
    )
    if linked:
        known = '"profileMetadata":{"objectType":"PERSON","userTypes":["GOOGLE_USER"]}'
        source += f',{{"type":"PROFILE","id":"{linked.id}","etag":"#profile",{known}}}'
    former = f',"previousResourceNames":{dumps(version.previous)}' if previous and version.previous else ""
    return f'{{"sources":[{source}]{former},"objectType":"PERSON"}}'


def _profile_name(linked: Profile, *, primary: bool) -> str:
    name = complete_name({"unstructuredName": linked.display_name})
    metadata: Json = {"source": {"type": "PROFILE", "id": linked.id}, "sourcePrimary": True}
    return dumps({"metadata": {"primary": True, **metadata} if primary else metadata, **name})


def _membership(name: str, opening: str) -> str:
    group = f'{{"contactGroupId":"{name}","contactGroupResourceName":"contactGroups/{name}"}}'
    return f'{opening},"contactGroupMembership":{group}}}'


def _photo(source_id: str, version: Version, linked: Profile | None, first: str) -> str:
    if version.photo:
        return f'{first},"url":"{_PHOTOS}contacts/{version.photo}=s100"}}'
    if linked and linked.photo:  # another person's face on this contact: what a client must not copy
        source: Json = {"primary": True, "source": {"type": "PROFILE", "id": linked.id}}
        return dumps({"metadata": source, "url": f"{_PHOTOS}a/{linked.photo}=s100"})
    return f'{first},"url":"{_PHOTOS}cm/{source_id}=s100","default":true}}'


def photo_id(content: bytes) -> str:
    """The name a photo has in its address."""
    return hashlib.sha256(content).hexdigest()[:40]
