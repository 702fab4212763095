"""Decisions: every way in which something read from a mailbox can be answered. Data only; others carry them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Origin
from sharesync.model.mailbox import Seen
from sharesync.sync.merge import Conflict

# --- What became of a card that was edited in a mailbox --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """It becomes the contact's next version; `card` is the store's with the edit merged in."""

    card: Card
    fields: frozenset[str]
    conflicts: tuple[Conflict, ...] = ()


class Why(Enum):
    """Why an edit is undone."""

    VIEW = "may only view"
    MERGED = "two shared contacts were merged in Google Contacts; the web page is the place to merge"


@dataclass(frozen=True, slots=True)
class Rejected:
    """It is kept as a rejected version and undone in the mailbox."""

    card: Card
    fields: frozenset[str]
    why: Why
    private: bool = False
    """Whether a contact of the user's own was merged in: it is kept for them alone."""


@dataclass(frozen=True, slots=True)
class OnHold:
    """One of so many edits at once that someone decides about them; neither applied nor undone."""

    card: Card
    fields: frozenset[str]


EditVerdict = Accepted | Rejected | OnHold


@dataclass(frozen=True, slots=True)
class Owned:
    """What may have come from a person of the user's own, merged into this one: theirs, here only."""

    own: Card
    """All values of the user's own that the person now carries."""
    card: Card
    """The contact as it would be if it was an edit after all: what its user alone is asked."""


# --- What became of a person -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A linked person stands in the mailbox as `seen`; what its user did to it, if anything."""

    contact: str
    seen: Seen
    labels: frozenset[str]
    """Ids of groups whose label the person carries."""
    marked: bool
    """Whether it carries our mark, and no other contact's."""
    edit: EditVerdict | None = None
    owned: Owned | None = None
    joins: frozenset[str] = frozenset()
    """Groups the contact joins, because the user put the label on and may."""
    leaves: frozenset[str] = frozenset()
    """Groups the contact leaves, because the user took the label off and may."""
    put_back: frozenset[str] = frozenset()
    """Labels taken off by someone who may not: the push puts them back."""
    taken_off: frozenset[str] = frozenset()
    """Labels put on by someone who may not: the push takes them off."""
    held: frozenset[str] = frozenset()
    """Groups whose label was taken off from so many at once that someone decides about it."""
    own: Card = EMPTY
    """The user's own values that were on the person and still are, as they are now."""
    photo_sign: bytes | None = None
    """Sign of our photo on it, as its mark or else the link tells."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A linked person is no more. The contact leaves `leaves`; where other groups remain the push makes it again."""

    contact: str
    leaves: frozenset[str] = frozenset()
    remains: bool = False
    held: frozenset[str] = frozenset()
    """Groups about which someone decides: neither left nor made again there meanwhile."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An unlinked person is this contact: found by its mark, adopted for its content, or survivor of a merge."""

    contact: str
    seen: Seen
    labels: frozenset[str]
    origin: Origin
    marked: bool
    own: Card = EMPTY
    """Of the survivor of a merge: what was on the user's own person before."""
    said: Origin = Origin.CREATED
    """Whose the mark says the person was; counts where the store has forgotten the contact."""
    photo_sign: bytes | None = None
    """As above."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A person with the mark of a contact in the trash came back under labels: so does the contact, to these groups."""

    contact: str
    seen: Seen
    labels: frozenset[str]
    groups: frozenset[str]
    origin: Origin
    """As its mark says: a person of the user's own is theirs still."""
    own: Card = EMPTY
    """As above."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The user put labels on a person of their own and may: it becomes a contact of these groups."""

    seen: Seen
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unshared:
    """An unlinked person carries labels of ours and must not: they are taken off, the person stays."""

    seen: Seen
    labels: frozenset[str]
    """Resource names of the labels to take off."""


@dataclass(frozen=True, slots=True)
class SecondCopy:
    """A second person with the mark of a contact that is linked already, of our making and unchanged: it goes."""

    contact: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Lost:
    """A create whose answer was lost was certainly never carried out: the push sends it again."""

    contact: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """What was read may be stale: decide nothing, read the person directly at `look_at`."""

    contact: str
    look_at: datetime
    half_seen_at: datetime | None = None
    """Where it may be one half of a merge: since when."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A contact that was answered twice or not at all, by a fault of ours: it is set aside, and the others go on."""

    contact: str


Decision = Kept | Gone | Linked | Returned | Shared | Unshared | SecondCopy | Lost | Recheck | Unclear

DecisionLine = tuple[str, str | None, str | None, tuple[str, ...]]
"""Action, contact, group, fields."""


def in_words(decision: Decision) -> Iterator[DecisionLine]:
    """A decision as lines of a dry run. What only takes note says nothing."""
    match decision:
        case Kept(contact=contact):
            if decision.owned:
                yield "edit.own", contact, None, tuple(decision.owned.own.items)
            yield from _edit_in_words(contact, decision.edit)
            for action, groups in (
                ("group.add", decision.joins),
                ("group.take", decision.leaves),
                ("hold.keep", decision.held),
            ):
                yield from ((action, contact, group, ()) for group in sorted(groups))
        case Gone(contact=contact):
            yield from (("group.take", contact, group, ()) for group in sorted(decision.leaves))
            yield from (("hold.keep", contact, group, ()) for group in sorted(decision.held))
            if decision.remains:
                yield "contact.restore", contact, None, ()
        case Linked(contact=contact, origin=origin):
            yield ("link.adopt" if origin is Origin.ADOPTED else "link.find"), contact, None, ()
        case Returned(contact=contact):
            yield "contact.restore", contact, None, ()
        case Shared():
            yield from (("contact.share", None, group, ()) for group in sorted(decision.groups))
        case Unshared():
            yield "label.take_off", None, None, ()
        case SecondCopy(contact=contact):
            yield "person.delete", contact, None, ()
        case (
            Lost() | Recheck() | Unclear()
        ):  # pragma: no mutate - says nothing, and is named so that a new kind is asked about
            pass


def _edit_in_words(contact: str, edit: EditVerdict | None) -> Iterator[DecisionLine]:
    match edit:
        case Accepted(fields=fields):
            yield "edit.accept", contact, None, tuple(sorted(fields))
        case Rejected(fields=fields):
            yield "edit.revert", contact, None, tuple(sorted(fields))
        case OnHold(fields=fields):
            yield "hold.keep", contact, None, tuple(sorted(fields))
        case None:  # pragma: no mutate - as above
            pass
