"""Reading: who changed, or everyone; who is in doubt directly; a listing that can hardly be true stops the pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sharesync.errors import Attention, StrangeListing, SyncTokenExpired
from sharesync.google.people import PeopleApi
from sharesync.google.person import PERSON_FIELDS
from sharesync.model.audit import Event, Outcome
from sharesync.model.link import Snapshot
from sharesync.model.mailbox import UNREADABLE, Listing, Unread
from sharesync.model.mark import Marks
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import links
from sharesync.store.mailboxes.claims import Mailbox
from sharesync.sync.aside import set_aside
from sharesync.sync.reading import Reading, belies, doubtful, forgotten_by_name, is_strange
from sharesync.sync.reading import everyone_after as with_tombstones

TOKEN_PARAMS = hashlib.sha256(PERSON_FIELDS.encode()).hexdigest()[:16]
"""Which request parameters a sync token belongs to: Google refuses it with others (people.connections.list)."""
NOTHING = Listing({}, full=False, next_sync_token=None)


@dataclass(frozen=True, slots=True)
class Heard:
    """What Google listed in answer to one question."""

    asked: datetime
    """When it was asked for: a slow answer tells no more than a quick one."""
    listing: Listing = NOTHING
    labels_gone: frozenset[str] = frozenset()
    """Groups whose label is gone for certain."""


def everyone(people: PeopleApi, mailbox: Mailbox, asked: datetime, settle: timedelta) -> Heard:
    """Everyone in the mailbox. Raises StrangeListing for fewer than Google counts, until that was so for `settle`."""
    since = mailbox.empty_since
    return Heard(asked, people.listing(None, mailbox.reason if since and asked >= since + settle else ""))


def changes(people: PeopleApi, mailbox: Mailbox, asked: datetime, settle: timedelta) -> Heard:
    """What changed since the mailbox's sync token; everyone where it has none that Google would take."""
    try:
        if token := sync_token(mailbox):
            return Heard(asked, people.listing(token))
    except SyncTokenExpired:
        pass
    return everyone(people, mailbox, asked, settle)


def sync_token(mailbox: Mailbox) -> str | None:
    """What Google gave the last reading, if it was asked as the next one will be."""
    return mailbox.sync_token if mailbox.token_params == TOKEN_PARAMS else None


def everyone_after(people: PeopleApi, mailbox: Mailbox, changes: Heard, asked: datetime, settle: timedelta) -> Heard:
    """Everyone, and the tombstones among the changes because of which they were asked for."""
    found = everyone(people, mailbox, asked, settle)
    return replace(found, listing=with_tombstones(changes.listing, found.listing), labels_gone=changes.labels_gone)


def complete(
    people: PeopleApi, known: Snapshot, heard: Heard, marks: Marks, settle: timedelta, strange_since: datetime | None
) -> tuple[Reading, bool]:
    """The reading of what was heard, doubts cleared up, and whether it shows nobody of those known there.

    `strange_since`: since when that has been so; it is believed after the settle time. Raises StrangeListing before
    that, and Attention where direct reads belie it.
    """
    listing, asked = heard.listing, heard.asked
    strange = is_strange(known, listing, marks)
    if strange and (strange_since is None or asked < strange_since + settle):
        raise StrangeListing("Google listed none of the contacts that are known here; nothing was concluded.")
    in_doubt = doubtful(known, listing, asked, settle)
    found = people.get(in_doubt) if in_doubt else {}
    direct = {name: seen for name, seen in found.items() if not isinstance(seen, Unread)}
    # One that carries a mark, or was known before a reset, is taken as it is listed: else it would be made once more.
    linked = {link.resource_name for link in known.links.values() if link.source_id}
    told = {seen.resource_name for seen in listing.persons.values() if seen.marks} | forgotten_by_name(known).keys()
    unread = frozenset(found.keys() - direct.keys() - (told - linked))
    reading = Reading(listing, direct, heard.labels_gone, unread)
    if strange and belies(known, reading):
        raise Attention(
            "Google lists none of the contacts that are known here, and shows them one by one; nothing is concluded"
            " before it lists them again."
        )
    return reading, strange


def set_unread_aside(work: Work, mailbox: str, known: Snapshot, unread: frozenset[str]) -> None:
    """Leave those who cannot be read alone for a day, and say so."""
    aside = []
    for link in known.links.values():
        if link.resource_name in unread and link.source_id:
            wanted = known.wanted.get(link.contact)
            left = set_aside(link, wanted.version if wanted else 0, UNREADABLE, work.now)
            aside.append(replace(left, look_at=left.aside_until))
            event = Event("person.refuse", Outcome.FAILED, contact=link.contact, mailbox=mailbox, reason=UNREADABLE)
            work.record(event)
    links.update_links(work, mailbox, aside)
