"""A link: this contact *is* that person in that mailbox, and what both sides last agreed on.

What stands in the mailbox is kept as a difference to the base version's card, so a link costs bytes, not a copy.
`agreed` and `seen` are fingerprints of the person's managed fields as Google returned them: equal while the link is
at rest, different while something seen in the mailbox still waits to be undone or completed there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from sharesync.model.access import Level
from sharesync.model.card import EMPTY, Card
from sharesync.model.portion import Portion, Value


class LinkState(Enum):
    """Where a link stands in its life."""

    CREATING = "creating"
    """A create was sent and its answer is not known; only a reading of the mailbox can tell."""
    LIVE = "live"
    """The person exists and is ours: to keep equal while the mailbox may see the contact, to release after that."""
    LEAVING = "leaving"
    """We began to release the person and do not know how far that came: what is missing there is our doing, not its
    user's."""
    REFUSED = "refused"
    """Google refused to make this contact; there is no person, and the reason stands in `aside`."""


class Origin(Enum):
    """How the person came to be; decides what happens to it when the link ends."""

    CREATED = "created"
    """Made by us: removed at the end, unless the user has added to it."""
    ADOPTED = "adopted"
    """The user's own, found equal to the contact: only label and mark go."""
    GIVEN = "given"
    """The user's own, shared by them: only label and mark go."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of one mailbox."""

    contact: str
    state: LinkState
    origin: Origin
    base_version: int
    """The contact's version that this mailbox last agreed to; 0 before the first."""
    source_id: str = ""
    resource_name: str = ""
    etag: str = ""
    agreed: bytes = b""
    seen: bytes = b""
    patch: Mapping[str, Any] | None = None
    """Fields in which the person, as last seen, differs from the base version's card with `own` laid over it."""
    own: Card = EMPTY
    """The user's own values on this person: kept in every write, never read as changes, never uploaded."""
    labels: frozenset[str] = frozenset()
    """Ids of our groups whose label the person carried when last seen."""
    moving: frozenset[str] = frozenset()
    """Ids of groups whose label we were putting on or taking off, and have not looked since: no deed of the user's."""
    marked: bool = False
    """Whether the person carries exactly our mark."""
    wrote_at: datetime | None = None
    """When we last wrote or asked for it, by our clock: the start of the settle time."""
    written_at: datetime | None = None
    """`updateTime` that Google gave our last write, by its clock: what is older is a stale read."""
    before: bytes = b""
    """Fingerprint of what stood there before our last write: within the settle time it may come back stale."""
    look_at: datetime | None = None
    """When to read this person directly, because a listing said something about it that may be stale."""
    half_seen_at: datetime | None = None
    """Since when a direct read shows values that no listing shows yet: it may be one half of a merge."""
    pushes: int = 0
    """How often the same version was written here since `pushes_since`: no undoing goes on for ever."""
    pushes_since: datetime | None = None
    photo: bytes | None = None
    """Digest of the store's photo last settled here, None for none; `photo.UNSETTLED` while an answer is lacking."""
    photo_sign: bytes | None = None
    """Sign of the last photo that we put there, whether it stands there still or not."""
    photo_sent: bytes | None = None
    """Digest of a photo that was sent and whose sign we were not told."""
    aside: str = ""
    """Why this contact is set aside in this mailbox, if it is: one sentence without its values."""
    aside_version: int = 0
    """The version that was set aside, or the photo (`photo.refusal`); another one is tried at once."""
    aside_until: datetime | None = None
    """When it is tried again all the same."""

    @property
    def at_rest(self) -> bool:
        """Nothing seen in the mailbox waits to be undone or completed there."""
        return self.agreed == self.seen


@dataclass(frozen=True, slots=True)
class Label:
    """A group's label in one mailbox. Known by resource name, never by its name."""

    group: str
    resource_name: str
    etag: str
    name: str
    """The name we gave it; the group's own, or with a suffix where the user already had a label of that name."""
    wrote_at: datetime | None = None
    """When it was asked for. An empty `resource_name` means that the answer is not known yet."""
    given: bool = False
    """Whether it was its user's own before they shared it: it stays with them, on what is theirs, when it ends."""
    leaving: bool = False
    """Whether we began to delete it and do not know how far that came: if it is gone, that is our doing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A contact that a mailbox should hold: its version, its content's fingerprint and the groups that grant it."""

    version: int
    fingerprint: bytes
    groups: frozenset[str]
    photo: bytes | None = None
    """Digest of its photo; None where it has none."""


@dataclass(frozen=True, slots=True)
class HeldParts:
    """What waits for a person's decision about one contact in one mailbox: neither applied nor undone meanwhile."""

    groups: frozenset[str] = frozenset()
    """Groups from which it was removed there."""
    edit: str = ""
    """The group whose hold an edit of it waits in, if one does."""


NOT_HELD = HeldParts()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the store knows about one mailbox at one moment: what should stand there and what was seen there.

    It is about all contacts, or about some (`Portion`): then `links`, `wanted` and `trashed` know no other.
    """

    levels: Mapping[str, Level]
    """By group id: the highest level that any grant gives this user."""
    names: Mapping[str, str]
    """Names of the granted groups by id."""
    labels: Mapping[str, Label]
    """Labels of ours by group id, also of groups no longer granted."""
    links: Mapping[str, Link]
    """By contact id."""
    wanted: Mapping[str, Wanted]
    """By contact id: every contact of every granted group."""
    trashed: Mapping[str, Wanted] = field(default_factory=dict)
    """By contact id: contacts in the trash that a person here is or may be again, with the granted groups they left."""
    erased: frozenset[str] = frozenset()
    """Contacts that were erased and that a person here is or may be: such a person goes, whoever touched it."""
    held: Mapping[str, HeldParts] = field(default_factory=dict)
    """By contact id."""
    own_ids: frozenset[str] = frozenset()
    """Source ids of the persons that are the user's own, as of the last reading, and of those gone since the last full
    one."""
    keeping: frozenset[str] = frozenset()
    """Groups whose contacts only those who manage them put into other groups."""
    smart: frozenset[str] = frozenset()
    """Granted groups whose contacts a filter chooses, and no hand."""
    deleted_ids: frozenset[str] = frozenset()
    """Source ids of the persons that we deleted and whose tombstones we have not seen yet."""
    waiting: frozenset[str] = frozenset()
    """Granted groups that Directory would take away here, until somebody decides: nothing new of them is sent."""
    counted: Mapping[str, int] | None = None
    """Where this is about some contacts: how many each granted group holds in all."""
    declined: Mapping[str, Level] = field(default_factory=dict)
    """By group id: the level on each group that the user hid. It has no label here; what they may do in it they may."""
    unshown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By contact id: the declined groups that hold it."""

    @property
    def everywhere(self) -> Mapping[str, Level]:
        """The level on each group that reaches this user, whether it is shown here or not."""
        return {**self.levels, **self.declined}

    def holders(self, contact: str) -> frozenset[str]:
        """Every group that reaches this user and holds a contact that is wanted here."""
        return self.wanted[contact].groups | self.unshown.get(contact, frozenset())

    def level(self, contact: str) -> Level | None:
        """The highest level in any group that holds the contact; None where none grants it here."""
        if contact not in self.wanted:
            return None
        levels = self.everywhere
        return max((levels[group] for group in self.holders(contact)), default=None)

    def placeable(self, contact: str) -> frozenset[str]:
        """The groups under whose labels a contact may be put now, of those for which it is wanted: none that waits.

        Where its removal from all ordinary ones waits, it waits in the smart ones as well: they keep no contact.
        """
        groups, held = self.wanted[contact].groups, self.held.get(contact, NOT_HELD).groups
        if held and (ordinary := groups - self.smart) and ordinary <= held:
            return frozenset()
        return groups - held - self.waiting

    def ordinary(self, contact: str) -> frozenset[str]:
        """The granted groups that hold a contact because somebody put it there; none where it is not wanted here."""
        wanted = self.wanted.get(contact)
        return wanted.groups - self.smart if wanted else frozenset()

    @property
    def standing(self) -> int:
        """How many shared contacts stand there."""
        return sum(link.state is LinkState.LIVE for link in self.links.values())

    @property
    def behind(self) -> int:
        """How many contacts do not stand there as they should: to make, to change, to release."""
        links = ((self.links.get(contact), wanted) for contact, wanted in self.wanted.items())
        fit = sum(
            link is not None
            and link.state is LinkState.LIVE
            and link.base_version == wanted.version
            and link.agreed == link.seen
            and link.photo == wanted.photo
            for link, wanted in links
        )
        return len(self.wanted) - fit + len(self.links.keys() - self.wanted.keys())

    def is_left(self, group: str, link: Link) -> bool:
        """Whether a label that ends here stays on this person: both were its user's own before they were shared."""
        label = self.labels.get(group)
        return label is not None and label.given and group not in self.levels and link.origin is not Origin.CREATED

    def sizes(self) -> Counter[str]:
        """How many contacts each granted group holds."""
        if self.counted is not None:
            return Counter(self.counted)
        return Counter(group for wanted in self.wanted.values() for group in wanted.groups)

    def written(self, links: Iterable[Link]) -> Snapshot:
        """The same, with these links as they are now."""
        return replace(self, links=_like(self.links, {**self.links, **{link.contact: link for link in links}}))

    def without(self, contacts: Collection[str]) -> Snapshot:
        """The same, as if there were no such contacts."""
        if not contacts:
            return self
        links = {contact: link for contact, link in self.links.items() if contact not in contacts}
        wanted = {contact: one for contact, one in self.wanted.items() if contact not in contacts}
        return replace(self, links=_like(self.links, links), wanted=_like(self.wanted, wanted))


def _like(before: Mapping[str, Value], now: Mapping[str, Value]) -> Mapping[str, Value]:
    return Portion(before.contacts, now) if isinstance(before, Portion) else now
