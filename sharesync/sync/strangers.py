"""Persons that are not linked: found by their mark, adopted for their content, shared by their user, or strays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sharesync.model.card import EMPTY
from sharesync.model.link import Link, Origin
from sharesync.model.mailbox import Seen
from sharesync.sync.brought import doubtful
from sharesync.sync.decisions import Decision, Linked, Lost, Returned, SecondCopy, Shared, Unshared
from sharesync.sync.evidence import Evidence
from sharesync.sync.own_values import beyond_ours
from sharesync.sync.reading import age, forgotten_by_name, is_sought, named
from sharesync.sync.rights import UserAction, where_allowed


def answers(evidence: Evidence, strangers: Iterable[Seen]) -> Iterator[Decision]:
    """What becomes of the persons without a link; and which creates were never carried out."""
    claimed: set[str] = set()
    unmarked: list[Seen] = []
    for seen in sorted(strangers, key=age):
        found = _named(evidence, seen)
        if found is None or _is_of_the_past(evidence, found[0], seen):
            unmarked.append(seen)
        elif (link := evidence.known.links.get(found[0])) and link.source_id and evidence.is_missing(link):
            continue  # its survivor, or a second one: the link is looked at again, and then everyone is read
        else:
            decision = _marked(evidence, *found, seen, claimed)
            if isinstance(decision, Linked | Returned):
                claimed.add(found[0])
            yield decision
    adoptable = _adoptable(evidence, claimed)
    there = {wanted.fingerprint for wanted in evidence.known.wanted.values()}
    for seen in unmarked:
        if equal := adoptable.pop(seen.card.fingerprint, None):
            claimed.add(equal)
            labels, sign = evidence.labels_of(seen), evidence.photo_sign(None, seen)
            yield Linked(equal, seen, labels, Origin.ADOPTED, marked=False, photo_sign=sign)
        elif labels := evidence.labels_of(seen) & evidence.known.levels.keys():
            yield _newcomer(evidence, seen, labels, there)
            # Of two that are equal the older one is shared: a second would stand in every mailbox twice.
            there.add(seen.card.fingerprint)
    if evidence.reading.listing.full:
        yield from _never_made(evidence, claimed)


# -- with a mark --


def _named(evidence: Evidence, seen: Seen) -> tuple[str, Origin] | None:
    """The contact that a person is by its marks, or was before a reset; of several, the one whose survivor it is."""
    carried = named(seen, evidence.marks) or _remembered(evidence, seen)
    survivor = evidence.survivors.get(seen.source_id)
    return next((found for found in carried if found[0] == survivor), carried[0]) if carried else None


def _remembered(evidence: Evidence, seen: Seen) -> list[tuple[str, Origin]]:
    """The contact that a person without a mark was before a reset, by its name and one of our labels.

    Another program threw the mark away, and nobody has looked since: it would be shared, and so be there twice.
    """
    contact = forgotten_by_name(evidence.known).get(seen.resource_name)
    known = contact is not None and bool(evidence.labels_of(seen))
    return [(contact, evidence.known.links[contact].origin)] if contact and known else []


def _is_of_the_past(evidence: Evidence, contact: str, seen: Seen) -> bool:
    """Whether a mark names nothing shared here, while a contact that has no person here has just this content.

    So it is after a backup forgot a group that was then made anew: the persons are taken up, not doubled.
    """
    known = evidence.known
    here = contact in known.links or contact in known.wanted or contact in known.trashed or contact in known.erased
    free = (wanted for other, wanted in known.wanted.items() if evidence.is_free(known.links.get(other)))
    return not here and not evidence.labels_of(seen) and any(w.fingerprint == seen.card.fingerprint for w in free)


def _marked(evidence: Evidence, contact: str, origin: Origin, seen: Seen, claimed: Collection[str]) -> Decision:
    link, labels = evidence.known.links.get(contact), evidence.labels_of(seen)
    survives = evidence.survivors.get(seen.source_id) == contact or (
        link and _is_survivor_of_intent(evidence, link, seen)
    )
    if contact in claimed or (link is not None and link.source_id and not survives):
        return _second(evidence, contact, origin, seen)
    sign = evidence.photo_sign(link, seen)
    if survives:
        own = beyond_ours(evidence, contact, seen)
        return Linked(contact, seen, labels, Origin.ADOPTED, marked=False, own=own, photo_sign=sign)
    said, own = origin, EMPTY
    if seen.source_id in evidence.known.own_ids:
        # Merged with ours, whose tombstone was read before this, the survivor: it has been theirs all the time.
        origin, own = Origin.ADOPTED, beyond_ours(evidence, contact, seen)
    elif (
        link and link.origin is not Origin.CREATED and link.resource_name in (seen.resource_name, *seen.previous_names)
    ):
        origin = link.origin  # forgotten by a reset before the mark could tell
    if not seen.marks:
        own = beyond_ours(evidence, contact, seen)  # a merge may have brought it, and the reset forgot its other half
    if link is None and contact not in evidence.known.wanted:
        if not own and (own := beyond_ours(evidence, contact, seen)):
            origin = Origin.ADOPTED  # out of the trash with more on it than ever was ours: one of theirs took ours in
        left = evidence.left(contact)
        back = where_allowed(evidence.known, UserAction.EDIT, labels & left)
        if back:
            return Returned(contact, seen, labels, back, origin, own)
        if contact not in evidence.known.erased:
            origin = Origin.ADOPTED  # it came back under the mark of a link that had ended: its user's by now
    marked = evidence.is_marked(contact, origin, seen, sign)
    return Linked(contact, seen, labels, origin, marked, own, said, sign)


def _is_survivor_of_intent(evidence: Evidence, link: Link, seen: Seen) -> bool:
    """Whether a person was merged into one of the user's before anyone saw it: just made, or forgotten by a reset.

    One that was known for the user's own is it for certain. With values more than there should be, any other may
    be, and the one that was linked before may have taken in one of the user's that is missing now.
    """
    if link.source_id or seen.source_id in evidence.known.own_ids:
        return not link.source_id
    same = not link.resource_name or link.resource_name in (seen.resource_name, *seen.previous_names)
    if same and not evidence.own_vanished and evidence.is_listed(seen):
        return False
    sides = evidence.sides.get(link.contact)
    return sides is not None and bool(doubtful(sides.remote, seen.card))


def _second(evidence: Evidence, contact: str, origin: Origin, seen: Seen) -> SecondCopy | Unshared:
    link, erased = evidence.known.links.get(contact), contact in evidence.known.erased
    same = erased or seen.card.fingerprint in _written(evidence, contact)
    ours = seen.photo in (None, evidence.photo_sign(link, seen)) and seen.is_bare(evidence.groups)
    same = same and (erased or ours)
    return SecondCopy(contact, seen) if same and origin is Origin.CREATED else Unshared(seen, evidence.our_labels(seen))


def _written(evidence: Evidence, contact: str) -> set[bytes]:
    """What a person of this contact holds that nobody has edited: every version that we may have written there.

    A create may have been carried out unanswered, and the contact changed or withdrawn since.
    """
    link, wanted = evidence.known.links.get(contact), evidence.known.wanted.get(contact)
    seen_before = link is not None and bool(link.source_id)
    found = {wanted.fingerprint} if wanted else set()
    if link and seen_before:
        found.add(link.agreed)
    if sides := evidence.sides.get(contact):
        # Of a person that nobody has seen yet, `remote` is the version that it was made of.
        cards = (sides.store, *sides.between) if seen_before else (sides.remote, sides.store, *sides.between)
        found.update(card.fingerprint for card in cards)
    return found


# -- without one --


def _adoptable(evidence: Evidence, claimed: Collection[str]) -> dict[bytes, str]:
    """Contacts that are wanted here and have no person, by content."""
    wanted, links = evidence.known.wanted, evidence.known.links
    free = (contact for contact in sorted(wanted) if contact not in claimed and evidence.is_free(links.get(contact)))
    return {wanted[contact].fingerprint: contact for contact in free}


def _newcomer(evidence: Evidence, seen: Seen, labels: frozenset[str], there: Collection[bytes]) -> Shared | Unshared:
    granted = where_allowed(evidence.known, UserAction.GIVE, labels)
    if not granted or not seen.card or seen.card.fingerprint in there:
        return Unshared(seen, evidence.our_labels(seen))
    return Shared(seen, granted)  # a label beside these that is not theirs to give goes with the push


def _never_made(evidence: Evidence, found: Iterable[str]) -> Iterator[Lost]:
    """Creates sent before the settle time and still not to be seen, although everyone was read since."""
    for contact in sorted(evidence.known.links.keys() - set(found)):
        if is_sought(evidence.known.links[contact], evidence.now, evidence.settle):
            yield Lost(contact)
