"""What is seen in one mailbox and what may be written to it: values between the pass and Google.

A person of Google's reaches the rest of sharesync only as `Seen`; a wish reaches Google only as `Create`, `Update` or
plain resource names; each wish is answered by exactly one `WishOutcome`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sharesync.errors import Sentence
from sharesync.model.card import EMPTY, Card

MARK_KEY = "sharesync"
"""The `clientData` key under which every linked person and every label of ours carries its mark."""

MY_CONTACTS = "contactGroups/myContacts"
STARRED = "contactGroups/starred"


class MailboxState(Enum):
    """How a mailbox fares, in the words `sharesync status` uses."""

    NEW = "new"
    """Never passed over yet."""
    OK = "ok"
    """The last pass ended well."""
    HELD = "held"
    """All is done but what waits for someone's decision."""
    RETRY = "retry"
    """Something failed that heals itself."""
    ATTENTION = "attention"
    """A person must act."""
    PAUSED = "paused"
    """The user is suspended, archived or deleted; not a failure."""


PAUSED = Sentence("The user is suspended, archived or deleted in the Workspace; sharesync waits for them to come back.")


def fares(
    state: MailboxState, reason: str, *, away: bool, deleted_at: datetime | None = None
) -> tuple[MailboxState, str]:
    """State and reason as people are told them: that the user is away is true before a pass has come upon it."""
    if deleted_at is not None:
        day = deleted_at.date().isoformat()
        return MailboxState.PAUSED, Sentence(
            "The user was deleted in the Workspace on %(day)s. Google can bring them back for 20 days; then this"
            " mailbox ends.",
            day=day,
        )
    if away and state is not MailboxState.PAUSED:
        return MailboxState.PAUSED, PAUSED
    return state, reason


@dataclass(frozen=True, slots=True)
class Seen:
    """One person of a mailbox as Google showed it (`sources=READ_SOURCE_TYPE_CONTACT`)."""

    source_id: str
    """Identity: the id of the CONTACT source. Resource names change, this does not."""
    resource_name: str
    etag: str
    updated_at: datetime | None = None
    """The CONTACT source's `updateTime`; None where Google gives none or the epoch (a tombstone)."""
    card: Card = EMPTY
    labels: frozenset[str] = frozenset()
    """Resource names of every contact group the person is in, Google's own ones among them."""
    marks: tuple[str, ...] = ()
    """Values of `clientData` under our key; a person merged in Google Contacts can carry several."""
    foreign_data: tuple[tuple[str, str], ...] = ()
    """All other `clientData` pairs; kept in every write."""
    photo: bytes | None = None
    """Sign of the photo that the person was given (`photo.py`); None where Google shows its monogram."""
    has_more: bool = False
    """Whether the person holds values in fields that are not managed: always the user's."""
    deleted: bool = False
    """A tombstone: Google says that the person is gone. Nothing else is known of it then."""
    previous_names: tuple[str, ...] = ()
    """`metadata.previousResourceNames`: names under which the person was known before."""

    def is_bare(self, ours: Collection[str]) -> bool:
        """Beside card and photo nothing is on it of the user's: no label but these, no star, no unmanaged field."""
        return self.labels <= {*ours, MY_CONTACTS} and not self.has_more and not self.foreign_data


@dataclass(frozen=True, slots=True)
class Unread:
    """Google stumbles over this person whenever it is read: neither seen nor absent, and nothing follows from it."""


UNREADABLE = Sentence("Google answers with an error of its own whenever this contact is read.")


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """One contact group of a mailbox that is not Google's own."""

    resource_name: str
    etag: str
    name: str
    mark: str = ""
    """`clientData` under our key; eventually consistent, so its absence proves nothing."""
    deleted: bool = False
    members: int = field(default=0, compare=False)
    """How many persons are under it; for people to read, and nothing else."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything one reading of `people.connections.list` said; pages are joined and their order is forgotten."""

    persons: Mapping[str, Seen]
    """By source id. In a delta only what changed; a person that is alive wins over a tombstone of the same id."""
    full: bool
    """True: every person of the mailbox was listed. False: changes since the sync token."""
    next_sync_token: str | None
    short: bool = False
    """Fewer were listed than Google counts, and have been for long."""


@dataclass(frozen=True, slots=True)
class Create:
    """A person to be made: born with its labels, `myContacts` and its mark, in one request."""

    card: Card
    labels: frozenset[str]
    mark: str


@dataclass(frozen=True, slots=True)
class Update:
    """A person to be changed: `fields` of the card are replaced whole; clientData too where `data` is given."""

    source_id: str
    resource_name: str
    etag: str
    card: Card
    fields: frozenset[str]
    """Field names of the card that are replaced; a field that the card lacks is cleared."""
    data: tuple[tuple[str, str], ...] | None = None
    """The whole new `clientData`, foreign pairs included; None leaves it alone."""


# --- Outcomes: what became of one wish. ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """Done; `seen` is what Google returned, which is not always what was sent (it normalises)."""

    seen: Seen


@dataclass(frozen=True, slots=True)
class Deleted:
    """Deleted, as asked."""


@dataclass(frozen=True, slots=True)
class Stale:
    """The etag was not the current one: read the person again, decide again."""


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such person (404)."""


@dataclass(frozen=True, slots=True)
class Poisoned:
    """Google refuses this one contact, and would again: set it aside with its reason. The others went through."""

    reason: Sentence
    """One sentence without the contact's values."""
    perhaps_done: bool = False
    """Whether Google may have done it all the same: it answered with an error of its own."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: done or not done. Only a later reading can tell."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """Certainly not done, for a reason that lies with the mailbox or the moment (quota, service); ask again later."""


WishOutcome = Written | Deleted | Stale | Missing | Poisoned | Unknown | NotDone


@dataclass
class Meter:
    """What one pass cost: HTTP requests to the People API by method (without the leading `people.`), and quota units.

    Prices are Google's ("Read and Manage Contacts"): create or update of one = 1 critical read + 1 critical write;
    batch create or update = 6 + 6; delete = 1 write; batch delete = 10 writes; a read page, get or batchGet = 1 read;
    a photo = 1 photo write.
    """

    calls: dict[str, int] = field(default_factory=dict)
    quota: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("critical_read", "critical_write", "label_read", "label_write", "photo_write"), 0
        )
    )
