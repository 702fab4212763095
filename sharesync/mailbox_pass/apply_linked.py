"""What is written down about a person that is linked: it is there, it is gone, or it is to be looked at later."""

from __future__ import annotations

from dataclasses import replace

from sharesync.errors import Sentence
from sharesync.mailbox_pass import apply_edits, apply_own
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.audit import Outcome
from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState, Origin
from sharesync.model.photo import UNSETTLED
from sharesync.services import groups as group_cases
from sharesync.store.mailboxes import links
from sharesync.store.records import erasure
from sharesync.sync.aside import set_aside
from sharesync.sync.decisions import Accepted, Gone, Kept, Lost, OnHold, Recheck, Rejected
from sharesync.sync.merge import overlay
from sharesync.sync.patches import patch_from

GONE = Sentence("it was not there any more")
_SILENT = Sentence("Google gives no answer when it is to be made.")
TRIES = 3
"""How often a create may be lost before its contact is set aside."""


# -- there --


def kept(at: Applying, found: Kept) -> None:
    """Write down what stands there, and do what its user may do to it; what they may not, the push undoes."""
    link, own = at.known.links[found.contact], found.owned.own if found.owned else found.own
    observed = _observed(at, found, link, own)
    if link.state is LinkState.LEAVING and found.contact in at.known.wanted:
        # The release may have taken our photo off, its answer lost: it is looked at again.
        observed = replace(observed, photo=UNSETTLED)
        apply_own.keep_typed(at, link, found.seen.card)
    if found.owned:
        # What a merge brought is the user's, here only; it may have been an edit after all, and they alone know.
        at.event("link.merge", found.contact, fields=tuple(own.items))
        apply_own.ask(at, found.contact, found.owned.card)
    elif own != link.own:
        apply_own.keep_changed(at, link, own, found.seen.card)
    observed = _at_rest(at, found, observed)
    for group in sorted(found.put_back):
        at.event("label.take_off", found.contact, Outcome.REVERTED, group=group)
    for group in sorted(found.taken_off):
        at.event("label.put_on", found.contact, Outcome.REVERTED, group=group)
    if isinstance(found.edit, Rejected):
        apply_edits.reject(at, found.contact, found.edit)
    for group in sorted(found.joins):
        group_cases.add_or_restore(at.work, group, [found.contact], mailbox=at.mailbox)
    at.links.append(_leaves(at, found, observed))
    at.tally.reverted += bool(found.put_back or found.taken_off or isinstance(found.edit, Rejected))
    at.tally.accepted += bool(isinstance(found.edit, Accepted) or found.joins or found.leaves)


def _observed(at: Applying, found: Kept, link: Link, own: Card) -> Link:
    """The link, saying what stands there; whether both sides agree on it is another question."""
    seen = found.seen
    observed = replace(
        link,
        own=own,
        resource_name=seen.resource_name,
        etag=seen.etag,
        seen=seen.card.fingerprint,
        labels=found.labels,
        moving=frozenset(),
        state=LinkState.LIVE if found.contact in at.known.wanted else link.state,
        look_at=None,
        half_seen_at=None,
        marked=found.marked,
        photo=link.photo if found.photo_sign == link.photo_sign else UNSETTLED,
        photo_sign=found.photo_sign,
        written_at=max(filter(None, (link.written_at, seen.updated_at)), default=None),
    )
    if found.contact in at.bases:
        observed = replace(observed, patch=patch_from(overlay(at.bases[found.contact], own), seen.card))
    return observed


def _at_rest(at: Applying, found: Kept, link: Link) -> Link:
    """The link once the edit is taken in: at rest where the mailbox already holds what the store wants."""
    wanted = at.known.wanted.get(found.contact) or at.known.trashed.get(found.contact)
    if wanted is None or isinstance(found.edit, Rejected | OnHold):
        return link
    version, fingerprint, card = wanted.version, wanted.fingerprint, None
    if isinstance(found.edit, Accepted):
        version, card = apply_edits.accept(at, found.contact, version, found.edit)
        fingerprint = card.fingerprint
    elif found.contact in at.sides:
        card = at.sides[found.contact].store
    if link.seen == (overlay(card, link.own).fingerprint if card and link.own else fingerprint):
        return replace(link, base_version=version, agreed=link.seen, patch=None, aside="", aside_until=None)
    return link


def _leaves(at: Applying, found: Kept, link: Link) -> Link:
    pairs = [(group, found.contact) for group in sorted(found.leaves)]
    group_cases.remove_contacts(at.work, pairs, mailbox=at.mailbox)
    if found.leaves and found.leaves == at.known.ordinary(found.contact):
        # They took it out of the group and kept it: the copy is theirs now.
        return replace(link, origin=Origin.GIVEN)
    return link


# -- not there, or not to be told yet --


def gone(at: Applying, decision: Gone) -> None:
    """End the link. The contact leaves the groups where its user may delete; the push makes it again in others."""
    links.delete_links(at.work, at.mailbox, [decision.contact])
    pairs = [(group, decision.contact) for group in sorted(decision.leaves)]
    group_cases.remove_contacts(at.work, pairs, mailbox=at.mailbox)
    at.tally.accepted += bool(decision.leaves)
    for contact, cause in erasure.causes(at.work.session, at.known.erased & {decision.contact}).items():
        at.event("person.delete", contact, reason=GONE, cause=cause)
    if decision.remains:
        at.event("contact.delete", decision.contact, Outcome.RESTORED)
        at.tally.restored += 1


def recheck(at: Applying, decision: Recheck) -> None:
    """Note when the person is to be read directly."""
    link = at.known.links[decision.contact]
    later = replace(link, look_at=decision.look_at, half_seen_at=decision.half_seen_at)
    if link != later:
        at.links.append(later)


def lost(at: Applying, decision: Lost) -> None:
    """Send it again, alone; one whose create is lost time and again is set aside, so that it stops no other."""
    link = at.known.links[decision.contact]
    again = replace(link, state=LinkState.REFUSED, wrote_at=None)
    if link.pushes >= TRIES:
        again = set_aside(again, link.base_version, _SILENT, at.work.now)
    at.links.append(again)
