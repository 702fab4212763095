"""What is known of a mailbox at one moment, and the cards that its user's edits are merged with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sharesync.model.link import NOT_HELD, Snapshot
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session
from sharesync.store.mailboxes import links
from sharesync.store.mailboxes.links import NOBODY, Persons
from sharesync.store.records import company_fields, contacts
from sharesync.sync.patches import remote_card
from sharesync.sync.reading import Sides
from sharesync.sync.scope import PassScope


@dataclass(frozen=True, slots=True)
class SnapshotAt:
    """What was known of a mailbox, and how many events the log had then."""

    known: Snapshot
    events: int


def snapshot(
    session: Session, user: str, named: Iterable[str] = (), scope: PassScope | None = None, read: Persons = NOBODY
) -> SnapshotAt:
    """What is known of a mailbox at this transaction's moment, or of the contacts in `scope` (`links.known`)."""
    return SnapshotAt(links.known(session, user, named, scope, read), event_log.size(session))


def sides_of(session: Session, known: Snapshot, edited: frozenset[str]) -> dict[str, Sides]:
    """The cards that edits are merged with: each person as last seen, and its contact now."""
    bases = contacts.cards_at(session, ((c, known.links[c].base_version) for c in edited & known.links.keys()))
    now = contacts.cards(session, edited)
    since = {contact: known.links[contact].base_version if contact in known.links else 0 for contact in edited}
    spans = ((contact, since[contact], version) for contact, (version, _) in now.items())
    between = contacts.versions_between(session, spans)
    sides, sets = {}, company_fields.defined(session).sets
    for contact, (_, store) in now.items():
        link, base = known.links.get(contact), bases.get(contact)
        if link is None:
            sides[contact] = Sides(store, store, between.get(contact, ()), sets)
        elif base is not None:
            if known.held.get(contact, NOT_HELD).edit:
                link = replace(link, patch=None)  # a held edit was not taken in: all of it is read again
            sides[contact] = Sides(remote_card(link, base), store, between.get(contact, ()), sets)
    return sides
