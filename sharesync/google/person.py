"""A `Person` or `ContactGroup` of Google's, read and written: JSON on one side, our values on the other.

Only what stands in the CONTACT source counts (People API, `Person.metadata.sources`); a linked profile is someone
else's text. Reading raises MalformedReply for JSON that cannot be a person, and never anything else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sharesync.errors import MalformedReply
from sharesync.model.card import Card
from sharesync.model.fields import FIELDS
from sharesync.model.mailbox import MARK_KEY, MY_CONTACTS, Create, Seen, SeenLabel, Update

UNMANAGED = ("externalIds", "genders", "interests", "locales", "locations", "miscKeywords")
"""What else a user can write on a contact (People API, people.updateContact): theirs, never read as changes."""
PERSON_FIELDS = ",".join((*FIELDS, *UNMANAGED, "metadata", "memberships", "clientData", "photos"))
"""The mask of every read: the managed fields, and what tells us whose a person is and what the user added."""
SOURCES = ["READ_SOURCE_TYPE_CONTACT"]
LABEL_FIELDS = "clientData,groupType,memberCount,metadata,name"

LIST_CUT = 100
"""`people.connections.list` gives at most so many e-mails and phone numbers of a person."""

_LISTS = (*FIELDS, *UNMANAGED, "memberships", "clientData", "photos")


def read_person(person: object) -> Seen | None:
    """The person as we know it; None where it has no CONTACT source, so that it is nobody's contact."""
    try:
        return _read(person)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MalformedReply("Google sent a contact in an unknown form; sharesync tries again by itself.") from error


def _read(person: Any) -> Seen | None:
    metadata = person["metadata"]
    sources = metadata.get("sources", ())
    source = next((one for one in sources if one["type"] == "CONTACT"), None)
    if source is None:
        return None
    if not isinstance(source["id"], str) or not isinstance(person["resourceName"], str):
        raise TypeError("names are text")
    previous = tuple(metadata.get("previousResourceNames", ()))
    if metadata.get("deleted") is True:
        return Seen(source["id"], person["resourceName"], person.get("etag", ""), deleted=True, previous_names=previous)
    if len(sources) > 1:
        person = _contact_only(person)
    data = [(pair["key"], pair.get("value", "")) for pair in person.get("clientData", ())]
    return Seen(
        source_id=source["id"],
        resource_name=person["resourceName"],
        etag=person["etag"],
        updated_at=_moment(source.get("updateTime")),
        card=Card.read(person),
        labels=frozenset(
            one["contactGroupMembership"]["contactGroupResourceName"]
            for one in person.get("memberships", ())
            if "contactGroupMembership" in one
        ),
        marks=tuple(value for key, value in data if key == MARK_KEY),
        foreign_data=tuple((key, value) for key, value in data if key != MARK_KEY),
        photo=next((_sign(photo) for photo in person.get("photos", ()) if not photo.get("default")), None),
        has_more=any(person.get(name) for name in UNMANAGED),
        previous_names=previous,
    )


def _contact_only(person: Mapping[str, Any]) -> dict[str, Any]:
    """The person without the items that come from another source."""
    kept = dict(person)
    for name in _LISTS:
        if name in person:
            kept[name] = [one for one in person[name] if _source(one) == "CONTACT"]
    return kept


def _source(item: Mapping[str, Any]) -> str:
    return str(item.get("metadata", {}).get("source", {}).get("type", "CONTACT"))


_SIZE = re.compile(r"=[^=/]*$")


def _sign(photo: Mapping[str, Any]) -> bytes:
    """What tells one photo from another: its address, whichever host serves it at whatever size (`…=s100`)."""
    path = urlsplit(str(photo.get("url", ""))).path
    return hashlib.sha256(_SIZE.sub("", path).encode()).digest()[:16]


def _moment(text: str | None) -> datetime | None:
    """An RFC 3339 time; None for none and for the epoch, which tombstones carry."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.timestamp() > 0 else None


def is_cut(person: Mapping[str, Any]) -> bool:
    """Whether a listing may have left out some of the person's e-mails or phone numbers."""
    return len(person.get("emailAddresses", ())) >= LIST_CUT or len(person.get("phoneNumbers", ())) >= LIST_CUT


# --- Writing a person. ------------------------------------------------------------------------------------------------


def new_person(create: Create) -> dict[str, Any]:
    """The body of a person to be made: born in its labels and in `myContacts`, with its mark."""
    labels = sorted(create.labels | {MY_CONTACTS})
    return {
        **create.card.as_json(),
        "memberships": [{"contactGroupMembership": {"contactGroupResourceName": label}} for label in labels],
        "clientData": [{"key": MARK_KEY, "value": create.mark}],
    }


def mask(update: Update) -> str:
    """The fields that an update replaces, as a field mask."""
    fields = update.fields if update.data is None else update.fields | {"clientData"}
    if not fields:
        raise ValueError("an update that changes nothing")
    return ",".join(sorted(fields))


def changed_person(update: Update) -> dict[str, Any]:
    """The body of an update: what the mask names, and what proves which state of which contact is meant.

    A masked field that is absent is cleared (People API, people.updateContact).
    """
    body: dict[str, Any] = {name: items for name, items in update.card.as_json().items() if name in update.fields}
    if update.data is not None:
        body["clientData"] = [{"key": key, "value": value} for key, value in update.data]
    body["resourceName"] = update.resource_name
    body["etag"] = update.etag
    body["metadata"] = {"sources": [{"type": "CONTACT", "id": update.source_id}]}
    return body


# --- Labels. ----------------------------------------------------------------------------------------------------------


def read_label(group: object) -> SeenLabel | None:
    """A label of the user's or ours; None for Google's own groups."""
    try:
        return _read_label(group)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MalformedReply("Google sent a label in an unknown form; sharesync tries again by itself.") from error


def _read_label(group: Any) -> SeenLabel | None:
    if group["groupType"] != "USER_CONTACT_GROUP":
        return None
    data = ((pair["key"], pair.get("value", "")) for pair in group.get("clientData", ()))
    return SeenLabel(
        resource_name=group["resourceName"],
        etag=group.get("etag", ""),
        name=group.get("name", ""),
        mark=next((value for key, value in data if key == MARK_KEY), ""),
        deleted=group.get("metadata", {}).get("deleted") is True,
        members=int(group.get("memberCount", 0)),
    )
