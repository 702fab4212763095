"""Persons that are linked: gone, unreadable for now, or there; and what its user did to one that is there."""

from __future__ import annotations

from dataclasses import replace

from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState
from sharesync.model.mailbox import Seen
from sharesync.sync import own_values
from sharesync.sync.decisions import Accepted, EditVerdict, Gone, Kept, Owned, Recheck, Rejected, Why
from sharesync.sync.evidence import Evidence
from sharesync.sync.merge import merge, without
from sharesync.sync.reading import is_echo_of_before, is_stale
from sharesync.sync.rights import UserAction, Verdict, may_pass_on, rule, where_allowed


def answer(evidence: Evidence, link: Link) -> Kept | Gone | Recheck | None:
    """What became of a linked person; None where there is no news of it."""
    seen = evidence.persons.get(link.source_id)
    if evidence.is_gone(link):
        return _gone(evidence, link)
    if seen is None:
        return _not_found(evidence, link)
    if is_stale(link, seen):
        return None
    return _in_doubt(evidence, link, seen) or _kept(evidence, link, seen)


# -- not there --


def _gone(evidence: Evidence, link: Link) -> Gone:
    wanted = evidence.known.wanted.get(link.contact)
    if wanted is None or link.state is LinkState.LEAVING:
        return Gone(link.contact, remains=wanted is not None)
    # An edit that this mailbox had not seen wins over its deletion; a merge of two shared contacts deletes nothing.
    unseen = link.base_version != wanted.version or link.contact in evidence.absorbed
    leaves = frozenset[str]() if unseen else where_allowed(evidence.known, UserAction.DELETE, wanted.groups)
    # Out of its last ordinary group it leaves the smart ones as well.
    remains = not leaves or bool(evidence.known.ordinary(link.contact) - leaves)
    return Gone(link.contact, leaves, remains=remains)


def _not_found(evidence: Evidence, link: Link) -> Gone | Recheck | None:
    if link.resource_name not in evidence.reading.direct:
        return None
    if link.wrote_at and not evidence.is_settled(link):
        # Not listed, and a direct read did not find it: too soon after our write to believe it.
        return Recheck(link.contact, link.wrote_at + evidence.settle)
    # Its name leads to another person: it is not here, but nobody said that it was deleted.
    return Gone(link.contact, remains=link.contact in evidence.known.wanted)


# -- there, but perhaps not as it was read --


def _in_doubt(evidence: Evidence, link: Link, seen: Seen) -> Recheck | None:
    if is_echo_of_before(link, seen, evidence.now, evidence.settle) and link.wrote_at:
        return Recheck(link.contact, link.wrote_at + evidence.settle)
    if own_values.may_be_half_seen(evidence, link, seen):
        since = link.half_seen_at or evidence.now
        look_at = own_values.doubted_until(evidence, since, seen)
        return Recheck(link.contact, look_at if look_at > evidence.now else evidence.now + evidence.settle, since)
    if _is_nobodys_word(evidence, link, seen):
        return Recheck(link.contact, evidence.now + evidence.settle)
    return None


def _is_nobodys_word(evidence: Evidence, link: Link, seen: Seen) -> bool:
    """Whether this is an edit of a contact that is not shared here any more, and whose release is still to come.

    It is left unread. The release keeps it for its user, or the contact is shared here again before: then it is
    judged by the level of that time, and not written over as if it had been.
    """
    shared = link.contact in evidence.known.wanted or link.contact in evidence.known.trashed
    return not shared and link.state is LinkState.LIVE and seen.card.fingerprint != link.seen


# -- there --


def _kept(evidence: Evidence, link: Link, seen: Seen) -> Kept | None:
    labels, sign = evidence.labels_of(seen), evidence.photo_sign(link, seen)
    marked = evidence.is_marked(link.contact, link.origin, seen, sign)
    own = own_values.still_there(evidence, link, seen)
    kept = Kept(link.contact, seen, labels, marked, own=own, photo_sign=sign)
    wanted = evidence.known.wanted.get(link.contact)
    # On a link that is leaving, we may have removed what is missing: nothing there counts as the user's act.
    if link.state is not LinkState.LEAVING:
        if link.contact in evidence.sides:
            owned, edit = _news(evidence, link, seen, own)
            kept = replace(kept, owned=owned, edit=edit)
        if wanted is not None:
            kept = _relabelled(evidence, link, kept)
        elif isinstance(kept.edit, Accepted):
            # Deleted by someone who had not seen this edit: the edit wins, and the contact comes back.
            kept = replace(kept, joins=where_allowed(evidence.known, UserAction.EDIT, evidence.left(link.contact)))
    elif wanted:
        return kept
    return kept if _is_news(link, kept) else None


def _relabelled(evidence: Evidence, link: Link, kept: Kept) -> Kept:
    """With what its user did to the labels on it."""
    wanted, labels = evidence.known.wanted[link.contact], kept.labels
    put_on = labels - link.labels - wanted.groups - link.moving
    missing = (link.labels & wanted.groups) - labels - evidence.reading.labels_gone - link.moving
    joins = (
        where_allowed(evidence.known, UserAction.MOVE, put_on)
        if may_pass_on(evidence.known, link.contact)
        else frozenset[str]()
    )
    leaves = where_allowed(evidence.known, UserAction.UNLABEL, missing)
    if put_on and missing and (put_on != joins or missing != leaves):
        joins, leaves = frozenset(), frozenset()  # half of a move is denied: both halves are undone
    if leaves == evidence.known.ordinary(link.contact) and link.base_version != wanted.version:
        leaves = frozenset()  # an edit that this mailbox had not seen wins over its deletion
    return replace(kept, joins=joins, leaves=leaves, put_back=missing - leaves, taken_off=put_on - joins)


def _is_news(link: Link, kept: Kept) -> bool:
    """Whether anything about the person is new: a full listing of an unchanged mailbox decides nothing."""
    seen = kept.seen
    return not (
        link.look_at is None
        and seen.card.fingerprint == link.seen
        and (seen.etag, seen.resource_name, kept.labels) == (link.etag, link.resource_name, link.labels)
        and (link.marked, link.photo_sign) == (kept.marked, kept.photo_sign)
    )


def _news(evidence: Evidence, link: Link, seen: Seen, own: Card) -> tuple[Owned | None, EditVerdict | None]:
    """What a merge may have brought to the person, and what its user changed on it besides."""
    sides = evidence.sides[link.contact]
    was = without(sides.remote, link.own)
    theirs = own_values.with_words_beside(seen.card, own, was, sides.sets)
    fields = was.differs(theirs)
    if not fields or theirs == sides.store or theirs in sides.between:
        return None, None
    if evidence.other_marks(link.contact, seen):
        return None, Rejected(theirs, fields, Why.MERGED, private=evidence.own_vanished)
    owned, theirs = own_values.apart(evidence, link, seen, own, was, theirs)
    fields = was.differs(theirs)
    return owned, _edit(evidence, link.contact, was, theirs, fields) if fields else None


def _edit(evidence: Evidence, contact: str, was: Card, theirs: Card, fields: frozenset[str]) -> EditVerdict | None:
    if rule(UserAction.EDIT, evidence.level(contact)) is Verdict.UNDO:
        return Rejected(theirs, fields, Why.VIEW)
    if not theirs:
        return None  # an emptied contact is not an edit: the push fills it again
    sides = evidence.sides[contact]
    merged = merge(was, sides.store, theirs, sides.sets)
    return Accepted(merged.card, fields, merged.conflicts)
