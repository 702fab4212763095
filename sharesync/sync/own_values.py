"""Own values: what on a linked person is its user's alone, and what a merge may have brought there.

A merge in Google Contacts leaves one of two persons, with the lists of both and often the marks of both. It is told
from an edit by its trace: a person of the user's own disappeared in the same reading, or the survivor carries a mark
that is not its own. What it brought is the user's; when in doubt it is taken for that, never for an edit.
"""

from __future__ import annotations

from sharesync.model.card import EMPTY, Card, Item
from sharesync.model.fields import FIELDS, Shape
from sharesync.model.link import Link
from sharesync.model.mailbox import Seen
from sharesync.sync.decisions import Owned
from sharesync.sync.evidence import Evidence
from sharesync.sync.merge import without


def still_there(evidence: Evidence, link: Link, seen: Seen) -> Card:
    """The user's own values on the person as they are now: some taken away, some corrected, all theirs."""
    own = {}
    for name, items in link.own.items.items():
        own[name] = [item for item in items if item in seen.card[name]]
        if len(own[name]) < len(items) and link.contact in evidence.sides:
            remote = evidence.sides[link.contact].remote
            own[name] += [item for item in seen.card[name] if item not in remote[name]]
    return EMPTY.replacing(own)


def beyond_ours(evidence: Evidence, contact: str, seen: Seen) -> Card:
    """What stands on the survivor of a merge and never was the contact's. Where both had a name, it is ours."""
    if contact not in evidence.sides:
        return EMPTY
    sides = evidence.sides[contact]
    own = _brought(sides.remote, seen.card, sides.remote.differs(seen.card))
    for card in sides.between:
        own = without(own, card)
    return own


def apart(evidence: Evidence, link: Link, seen: Seen, own: Card, was: Card, theirs: Card) -> tuple[Owned | None, Card]:
    """What a merge may have brought, and the card without it: all that can be an edit. Both without `own`."""
    remote = evidence.sides[link.contact].remote
    if not evidence.own_vanished or not (fields := doubtful(remote, seen.card)):
        return None, theirs
    asked = was.replacing({name: theirs[name] for name in fields})
    owned = Owned(_together(own, _brought(remote, seen.card, fields)), asked)
    return owned, theirs.replacing({name: was[name] for name in fields})


def may_be_half_seen(evidence: Evidence, link: Link, seen: Seen) -> bool:
    """Whether this may be a merge of which only one half was read: directly, while the listing has yet to show it.

    The tombstone of the user's own person comes with the listing; without it, their values would be taken for an
    edit and go to everyone. A listing may lag for minutes, so the doubt lasts for the settle time, or until the
    listing shows the person as it was read.
    """
    if link.contact not in evidence.sides or evidence.own_vanished or evidence.is_listed(seen):
        return False
    waited = link.half_seen_at is not None and link.half_seen_at + evidence.settle <= evidence.now
    if waited and evidence.reading.listing.next_sync_token is not None:
        return False  # a listing read after the settle time would have shown the other half
    return bool(doubtful(evidence.sides[link.contact].remote, seen.card))


def doubtful(before: Card, after: Card) -> frozenset[str]:
    """The fields in which something may have come with a merge, and not by an edit.

    A merge in Google Contacts joins lists, fills single values that were blank, and joins notes. So a field of values
    that none has been added to, or another name, was edited; a field with one value more, also where another is
    missing, may be both.
    """
    return frozenset(name for name in before.differs(after) if _may_be_brought(name, before[name], after[name]))


def _may_be_brought(name: str, before: tuple[Item, ...], after: tuple[Item, ...]) -> bool:
    if FIELDS[name].shape is not Shape.SINGLE or not before:
        return bool(set(after) - set(before))
    if name != "biographies" or not after:
        return False
    note = after[0].text("value")  # joined, line by line, to what stood there or to what was typed instead of it
    return before[0].text("value") in note or "\n" in note


def _brought(before: Card, after: Card, fields: frozenset[str]) -> Card:
    """What a merge may have brought. Joined notes cannot be told apart: of them nothing is the user's alone."""
    told = (name for name in fields if FIELDS[name].shape is not Shape.SINGLE or not before[name])
    return EMPTY.replacing({name: [item for item in after[name] if item not in before[name]] for name in told})


def _together(one: Card, other: Card) -> Card:
    return one.replacing({name: (*one[name], *items) for name, items in other.items.items()})
