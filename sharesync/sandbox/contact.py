"""One contact and one label of a mailbox, as a row of versions.

Nothing is overwritten: what a lagging list shows, what a delta holds and what "Undo changes" goes back to are all older
versions of the same thing. A version is a value; `seq` numbers all changes of one mailbox from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar

from sharesync.sandbox.normalise import Items
from sharesync.sandbox.wire import dumps

MY_CONTACTS = "myContacts"
STARRED = "starred"
# Deprecated ones still stand in every list and take no members; sizes and names as observed.
SYSTEM_LABELS: Mapping[str, str] = {
    MY_CONTACTS: "My Contacts",
    STARRED: "Starred",
    "friends": "Friends",
    "family": "Family",
    "coworkers": "Coworkers",
    "chatBuddies": "Chat contacts",
    "all": "All Contacts",
    "blocked": "Blocked",
}


class State(Enum):
    """A deleted contact lies in Google's trash for 30 days, where it counts towards the limit and can come back."""

    LIVE = "live"
    TRASH = "trash"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Profile:
    """A Google profile linked to a contact: with sources=PROFILE it adds a second name and its photo."""

    id: str
    display_name: str
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A contact between two changes. `at` is the clock's time; `updated` (updateTime) grows strictly in a mailbox."""

    seq: int
    at: datetime
    updated: datetime
    etag: str
    resource_name: str
    fields: Mapping[str, Items]
    labels: tuple[str, ...]
    state: State = State.LIVE
    photo: str | None = None
    profile: Profile | None = None
    previous: tuple[str, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)  # fields, as JSON


@dataclass(frozen=True, slots=True)
class LabelVersion:
    """A label between two changes of its own; members are kept with the contacts."""

    seq: int
    at: datetime
    updated: datetime
    etag: str
    name: str
    client_data: tuple[tuple[str, str], ...] = ()
    deleted: bool = False


V = TypeVar("V", "Version", "LabelVersion")


@dataclass(slots=True)
class History(Generic[V]):
    """Everything one contact or label has been, oldest first, under the id that never changes."""

    id: str
    versions: list[V] = field(default_factory=list)

    @property
    def now(self) -> V:
        return self.versions[-1]

    def as_of(self, seq: int) -> V | None:
        """The version that stood when change number `seq` had been made; None if there was none yet."""
        for version in reversed(self.versions):
            if version.seq <= seq:
                return version
        return None

    def at(self, moment: datetime) -> V | None:
        """The version that stood at `moment`."""
        for version in reversed(self.versions):
            if version.at <= moment:
                return version
        return None


def arrange(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The user's labels, then starred, then myContacts, which the server adds to every membership write (observed)."""
    own = dict.fromkeys(label for label in labels if label not in (MY_CONTACTS, STARRED))
    return (*own, *((STARRED,) if STARRED in labels else ()), MY_CONTACTS)


def texts_of(version: Version, before: Version | None) -> Mapping[str, tuple[str, ...]]:
    """The JSON text of every item of `version`; fields that are those of `before` keep theirs."""
    known = before or version
    return {
        field: known.texts[field] if known.texts and known.fields.get(field) is items else tuple(map(dumps, items))
        for field, items in version.fields.items()
    }


def without(labels: tuple[str, ...], label: str) -> tuple[str, ...]:
    """The labels but one."""
    return tuple(one for one in labels if one != label)
