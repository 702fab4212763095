"""What is written down about a person that becomes linked: found by its mark, adopted, come back, or newly shared."""

from __future__ import annotations

from dataclasses import replace

from sharesync.mailbox_pass import apply_own, apply_strays
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Link, LinkState, Origin
from sharesync.model.mailbox import Seen
from sharesync.model.photo import UNSETTLED
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.store.mailboxes import links
from sharesync.store.records import company_fields, contacts, private_cards
from sharesync.sync.decisions import Linked, Returned, Shared
from sharesync.sync.merge import overlay
from sharesync.sync.patches import patch_from


def linked(at: Applying, found: Linked) -> None:
    """Link a person with its contact, as of the version that it shows."""
    seen, intent = found.seen, at.known.links.get(found.contact)
    stored = contacts.cards(at.work.session, [found.contact]).get(found.contact)
    if stored is None:
        _recover(at, found)
        return
    version, card, of_no_version = _version_shown(at, found, intent, *stored)
    # One of the user's own that was merged with ours and survived: certainly theirs, and nobody is asked.
    survived = bool(seen.marks) and seen.source_id in at.known.own_ids
    merged = bool(found.own or survived or (intent and intent.state is LinkState.LIVE))
    # The survivor of a merge, or a person from long ago that was edited since: we cannot tell which version its user
    # edited. The push puts it right, and we keep the difference for its user.
    unexplained = merged or of_no_version
    link = _link(at, found.contact, found.origin, version, seen, found.labels)
    link = replace(link, own=found.own or _kept_own(intent, seen), marked=found.marked)
    link = _with_photo(link, found.photo_sign, intent)
    expected = overlay(card, link.own)
    if unexplained:
        link = replace(link, agreed=b"", patch=patch_from(expected, seen.card))
    else:
        link = _to_be_looked_at(at, link, seen, expected, intent)
    if intent:
        at.links.append(link)
    else:
        links.insert_links(at.work, at.mailbox, [link])
    at.event("link.adopt" if found.origin is Origin.ADOPTED else "link.find", found.contact)
    if not unexplained or seen.card == card or found.contact in at.known.erased:
        return
    if merged or found.contact not in at.known.wanted:
        private_cards.keep(at.work, found.contact, at.mailbox, version, seen.card)
    else:
        apply_own.ask(at, found.contact, seen.card)


def _kept_own(intent: Link | None, seen: Seen) -> Card:
    """The user's own values of the link as it was: on another person, those alone that stand there, too.

    Whatever became of the person before, its user took the others away with it; they are not written back.
    """
    if intent is None:
        return EMPTY
    if intent.resource_name in (seen.resource_name, *seen.previous_names):
        return intent.own
    own = intent.own.items.items()
    return EMPTY.replacing({name: [one for one in items if one in seen.card[name]] for name, items in own})


def _version_shown(
    at: Applying, found: Linked, intent: Link | None, version: int, card: Card
) -> tuple[int, Card, bool]:
    """The version that the person was made of, its card, and whether it was made of none that the store knows."""
    contact = found.contact
    if intent:
        version = intent.base_version
        card = contacts.cards_at(at.work.session, [(contact, version)]).get(contact, card)
    if found.seen.card == card:
        return version, card, False
    # The newest earlier version with this content: what a mailbox shows that has not been told since.
    history = contacts.history(at.work.session, contact)
    earlier = next(((number, old) for number, old in history if old == found.seen.card), None)
    return *(earlier or (version, card)), not (intent or earlier)


def _to_be_looked_at(at: Applying, link: Link, seen: Seen, expected: Card, intent: Link | None) -> Link:
    """The link without an etag where content was typed since: until the next look nothing can be written over it."""
    if (
        intent
        and not intent.at_rest
        and link.base_version == intent.base_version
        and intent.resource_name in (seen.resource_name, *seen.previous_names)
    ):
        # What differed was known before a reset, and no edit: it was to be put right. What was typed since is one.
        link = replace(link, agreed=intent.agreed, seen=intent.seen, patch=intent.patch)
    elif seen.card != expected:
        # What differs from the version it was made of was typed since: the next look reads it as an edit.
        link = replace(link, agreed=expected.fingerprint, seen=expected.fingerprint)
    else:
        return link
    return replace(link, etag="", look_at=at.work.now)


def _with_photo(link: Link, sign: bytes | None, before: Link | None) -> Link:
    """The link, knowing what is known of its person's photo. Whose sign is known and no more is to be looked at."""
    if before and before.resource_name == link.resource_name:
        return replace(link, photo=before.photo, photo_sign=sign, photo_sent=before.photo_sent)
    return replace(link, photo=UNSETTLED if sign else None, photo_sign=sign)


def _recover(at: Applying, found: Linked) -> None:
    """A mark we signed and an id the store never heard of: the store was restored from an older backup."""
    card = found.seen.card
    groups = (found.labels & at.known.levels.keys()) - at.known.smart
    if not groups or not card or contact_cases.is_suppressed(at.work, card):
        return
    card, here = company_fields.defined(at.work.session).placed(card, {})
    event = at.event("contact.recover", found.contact, fields=tuple(card.items))
    contacts.insert_contacts(at.work, [(found.contact, card, event)], {found.contact: here})
    for group in sorted(groups):
        group_cases.add_contacts(at.work, group, [found.contact], cause=event)
    link = _link(at, found.contact, found.said, 1, found.seen, found.labels)
    link = replace(link, marked=True, own=_beyond(card, found.seen.card))
    links.insert_links(at.work, at.mailbox, [link])


def returned(at: Applying, decision: Returned) -> None:
    """Out of Google's trash, under its label, by someone who may: the contact comes back as the store knows it."""
    for group in sorted(decision.groups):
        group_cases.add_or_restore(at.work, group, [decision.contact], mailbox=at.mailbox)
    at.tally.accepted += 1
    sign = at.marks.vouched(decision.seen.marks, decision.seen.photo)
    labels, origin, own = decision.labels, decision.origin, decision.own
    linked(at, Linked(decision.contact, decision.seen, labels, origin, marked=False, own=own, photo_sign=sign))


def shared(at: Applying, decision: Shared) -> None:
    """Make a person of the user's own a contact; one with an address of an erased contact only loses our labels."""
    if contact_cases.is_suppressed(at.work, decision.seen.card):
        apply_strays.refused(at, decision)
        return
    seen, groups = decision.seen, sorted(decision.groups)
    card, here = company_fields.defined(at.work.session).placed(seen.card, {})
    contact = contact_cases.create(at.work, groups[0], card, mailbox=at.mailbox, here=here)
    for group in groups[1:]:
        group_cases.add_contacts(at.work, group, [contact])
    names = {label.resource_name: group for group, label in at.known.labels.items()}
    labels = frozenset(names[name] for name in seen.labels if name in names)
    link = _link(at, contact, Origin.GIVEN, 1, seen, labels)
    links.insert_links(at.work, at.mailbox, [replace(link, own=_beyond(card, seen.card))])
    at.tally.accepted += 1


def _beyond(card: Card, there: Card) -> Card:
    """Entries that their user has under the name of a field that is kept here: they stay, and are theirs alone."""
    own = [entry for entry in there["userDefined"] if entry not in card["userDefined"]]
    return EMPTY.replacing({"userDefined": own})


def _link(at: Applying, contact: str, origin: Origin, version: int, seen: Seen, labels: frozenset[str]) -> Link:
    return Link(
        contact=contact,
        state=LinkState.LIVE,
        origin=origin,
        base_version=version,
        source_id=seen.source_id,
        resource_name=seen.resource_name,
        etag=seen.etag,
        agreed=seen.card.fingerprint,
        seen=seen.card.fingerprint,
        labels=labels,
        marked=False,
        wrote_at=at.work.now,
        written_at=seen.updated_at,
    )
