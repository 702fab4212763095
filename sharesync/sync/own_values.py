"""Own values: what on a linked person is its user's alone, and what a merge may have brought there.

A merge in Google Contacts leaves one of two persons, with the lists of both and often the marks of both. It is told
from an edit by its trace: a person of the user's own disappeared in the same reading, or the survivor carries a mark
that is not its own, or has lost its mark as another shared person disappeared. What it brought is the user's; when in
doubt it is taken for that, never for an edit.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sharesync.model.card import EMPTY, Card
from sharesync.model.custom_entries import has_entry, text_of, with_entry
from sharesync.model.field_kinds import SET, parts
from sharesync.model.link import Link
from sharesync.model.mailbox import Seen
from sharesync.sync.brought import brought, doubtful
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


def with_words_beside(seen: Card, own: Card, was: Card, sets: Collection[str]) -> Card:
    """The card without the user's own values, and with every word of a set that still stands among these.

    Who writes the tags of two entries into one takes no tag away, though that entry passes for their own.
    """
    theirs = without(seen, own)
    for key in sets:
        if not has_entry(own, key):
            continue
        there = {word.casefold() for word in parts(text_of(seen, key))}
        before = [word for word in parts(text_of(was, key)) if word.casefold() in there]
        told = parts(SET.join((text_of(theirs, key), *before)))
        if told == before and len(told) == len(parts(text_of(was, key))):
            theirs = _with_entries(theirs, key, was)
        elif before:
            theirs = with_entry(theirs, key, SET.join(told))
    return theirs


def _with_entries(card: Card, key: str, like: Card) -> Card:
    """The card with the entries of one name as they stand on another."""
    others, its = (
        [one for one in side["userDefined"] if (one.text("key").casefold() == key) is is_its]
        for side, is_its in ((card, False), (like, True))
    )
    return card.replacing({"userDefined": [*others, *its]})


def beyond_ours(evidence: Evidence, contact: str, seen: Seen) -> Card:
    """What stands on the survivor of a merge and never was the contact's. Where both had a name, it is ours."""
    if contact not in evidence.sides:
        return EMPTY
    sides = evidence.sides[contact]
    own = brought(sides.remote, seen.card, sides.remote.differs(seen.card))
    for card in sides.between:
        own = without(own, card)
    return own


def apart(evidence: Evidence, link: Link, seen: Seen, own: Card, was: Card, theirs: Card) -> tuple[Owned | None, Card]:
    """What a merge may have brought, and the card without it: all that can be an edit. Both without `own`."""
    remote = evidence.sides[link.contact].remote
    in_doubt = evidence.own_vanished or link.contact in evidence.unmarked_survivors
    if not in_doubt or not (fields := doubtful(remote, seen.card)):
        return None, theirs
    asked = was.replacing({name: theirs[name] for name in fields})
    owned = Owned(_together(own, brought(remote, seen.card, fields)), asked)
    return owned, theirs.replacing({name: was[name] for name in fields})


def may_be_half_seen(evidence: Evidence, link: Link, seen: Seen) -> bool:
    """Whether this may be a merge of which only one half was read: directly, while the listing has yet to show it.

    The tombstone of the user's own person comes with the listing; without it, their values would be taken for an
    edit and go to everyone. A listing may lag for minutes, so the doubt lasts for the settle time, or until the
    listing shows the person as it was read; one that was written meanwhile is doubted anew. Where the mark is lost,
    the other half may be a shared person that is missing and not yet known to be gone: both are judged together, or
    its removal would pass for a deletion.
    """
    has_more = link.contact in evidence.unmarked_survivors
    waits = bool(evidence.missing) and (has_more or link.contact in evidence.newly_unmarked)
    told = evidence.own_vanished or has_more or evidence.is_listed(seen)
    if not waits and (told or link.contact not in evidence.sides):
        return False
    since, is_whole = link.half_seen_at, evidence.reading.listing.next_sync_token is not None
    if since and is_whole and doubted_until(evidence, since, seen) <= evidence.now:
        return False  # a listing read after the settle time would have shown the other half
    return waits or bool(doubtful(evidence.sides[link.contact].remote, seen.card))


def doubted_until(evidence: Evidence, since: datetime, seen: Seen) -> datetime:
    """When a listing would have shown all of a merge into this person, doubted since then and perhaps written later."""
    return max(filter(None, (since, seen.updated_at))) + evidence.settle


def _together(one: Card, other: Card) -> Card:
    return one.replacing({name: (*one[name], *items) for name, items in other.items.items()})
