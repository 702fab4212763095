"""One mailbox at rest, as the decisions see it: a test says what differs, reads, and gets what was decided.

`Scene.read` goes the way of a pass: check the listing, read directly what is in doubt, name what was edited, decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sharesync.model.access import Level
from sharesync.model.card import Card
from sharesync.model.link import HeldParts, Label, Link, LinkState, Origin, Snapshot, Wanted
from sharesync.model.mailbox import MY_CONTACTS, Listing, Seen
from sharesync.model.mark import Marks
from sharesync.sync import reading as readings
from sharesync.sync.decisions import Decision
from sharesync.sync.merge import overlay
from sharesync.sync.reading import Reading, Sides
from sharesync.sync.reconcile import decide

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTLE = timedelta(minutes=15)
LONG_AGO = NOW - timedelta(days=30)
JUST_NOW = NOW - timedelta(minutes=1)
OURS, THEIRS = Marks(b"o" * 32), Marks(b"t" * 32)

SALES, TEAM, OTHERS = "sales", "team", "others"
"""Groups. A scene grants those it was given a level for; the labels of all three stand in the mailbox."""


def person(given: str = "Ida", *mails: str, **fields: Any) -> Card:
    """A card."""
    mail = [{"value": f"{mail}@x.test"} for mail in mails]
    return Card.parse({"names": [{"givenName": given}], "emailAddresses": mail} | fields)


IDA = person("Ida", "ida")


def label(group: str) -> str:
    """The resource name of a group's label."""
    return f"contactGroups/{group}"


def stranger(card: Card, *groups: str, marks: tuple[str, ...] = (), source_id: str = "own1", **changes: Any) -> Seen:
    """A person that no link knows."""
    plain = Seen(
        source_id=source_id,
        resource_name=f"people/{source_id}",
        etag="e1",
        updated_at=LONG_AGO,
        card=card,
        labels=frozenset({MY_CONTACTS, *map(label, groups)}),
        marks=marks,
    )
    return replace(plain, **changes)


def tombstone(seen: Seen) -> Seen:
    """What Google shows of a person that was deleted."""
    return Seen(seen.source_id, seen.resource_name, "gone", deleted=True)


class Scene:
    """What is known of a mailbox, and its persons."""

    def __init__(self, levels: Mapping[str, Level]) -> None:
        self.levels = dict(levels)
        self.cards: dict[str, Card] = {}
        self.wanted: dict[str, Wanted] = {}
        self.trashed: dict[str, Wanted] = {}
        self.links: dict[str, Link] = {}
        self.remote: dict[str, Card] = {}
        """By contact: the linked person without the user's own values, as the store remembers it."""
        self.between: dict[str, tuple[Card, ...]] = {}
        """By contact: its versions after the one this mailbox agreed to and before the one now."""
        self.held: dict[str, HeldParts] = {}
        self.erased: frozenset[str] = frozenset()
        self.own_ids: frozenset[str] = frozenset()
        self.labels = {group: Label(group, label(group), "e1", group) for group in (SALES, TEAM, OTHERS)}

    # -- what is known --

    def contact(self, contact: str, card: Card, *groups: str, version: int = 1) -> None:
        """Put a contact into groups; where none of them is granted, nothing is wanted here."""
        self.cards[contact] = card
        granted = frozenset(groups) & self.levels.keys()
        if granted:
            self.wanted[contact] = Wanted(version, card.fingerprint, granted)

    def link(self, contact: str, card: Card | None = None, **changes: Any) -> Seen:
        """Link a contact to a person that shows this card (the contact's own), at rest; returns the person."""
        wanted = self.wanted.get(contact)
        shown = self.cards[contact] if card is None else card
        at_rest = Link(
            contact=contact,
            state=LinkState.LIVE,
            origin=Origin.CREATED,
            base_version=wanted.version if wanted else 1,
            source_id=f"s-{contact}",
            resource_name=f"people/{contact}",
            etag="e1",
            labels=wanted.groups if wanted else frozenset(),
            marked=True,
            wrote_at=LONG_AGO,
            written_at=LONG_AGO,
        )
        link = replace(at_rest, **changes)
        whole = overlay(shown, link.own).fingerprint
        self.links[contact] = replace(link, agreed=link.agreed or whole, seen=link.seen or whole)
        self.remote[contact] = shown
        return self.person(contact)

    def creating(self, contact: str, wrote_at: datetime = LONG_AGO) -> None:
        """A create was sent and its answer is not known."""
        self.links[contact] = Link(contact, LinkState.CREATING, Origin.CREATED, 1, wrote_at=wrote_at)

    def person(self, contact: str, **changes: Any) -> Seen:
        """The linked person, as last seen but for the changes."""
        link = self.links[contact]
        as_seen = Seen(
            source_id=link.source_id,
            resource_name=link.resource_name,
            etag=link.etag,
            updated_at=link.written_at,
            card=overlay(self.remote[contact], link.own),
            labels=frozenset({MY_CONTACTS, *map(label, link.labels)}),
            marks=(OURS.contact(contact, link.origin),),
        )
        return replace(as_seen, **changes)

    def edited(self, contact: str, card: Card, **changes: Any) -> Seen:
        """The linked person after its user typed this."""
        return self.person(contact, **{"card": card, "etag": "e2", "updated_at": NOW} | changes)

    def labelled(self, contact: str, *groups: str, **changes: Any) -> Seen:
        """The linked person under the labels of exactly these groups."""
        labels = frozenset({MY_CONTACTS, *map(label, groups)})
        return self.person(contact, **{"labels": labels, "etag": "e2"} | changes)

    @property
    def known(self) -> Snapshot:
        """What the store knows."""
        return Snapshot(
            levels=self.levels,
            names={group: group for group in self.levels},
            labels=self.labels,
            links=self.links,
            wanted=self.wanted,
            trashed=self.trashed,
            erased=self.erased,
            held=self.held,
            own_ids=self.own_ids,
        )

    # -- what is read --

    def read(
        self,
        *persons: Seen,
        full: bool = False,
        direct: Mapping[str, Seen | None] | None = None,
        answers: Mapping[str, Seen | None] | None = None,
        token: str | None = "t2",
        labels_gone: Iterable[str] = (),
        now: datetime = NOW,
        settle: timedelta = SETTLE,
    ) -> tuple[Decision, ...]:
        """What is decided about this listing.

        `direct` answers direct reads by contact, `answers` by resource name; whom they lack is not there, but a
        stranger is as the listing shows.
        """
        listing = Listing({seen.source_id: seen for seen in persons}, full=full, next_sync_token=token)
        known = self.known
        had = any(link.state is not LinkState.REFUSED for link in known.links.values())
        # Where others are listed, the pass has waited for the settle time before it came to this.
        assert persons or not (had and readings.is_strange(known, listing, OURS)), "a pass concludes nothing from this"
        ours = {link.source_id for link in known.links.values()}
        there: dict[str, Seen | None] = {seen.resource_name: seen for seen in persons if seen.source_id not in ours}
        there |= {self.links[contact].resource_name: seen for contact, seen in (direct or {}).items()}
        there |= answers or {}
        asked = {name: there.get(name) for name in readings.doubtful(known, listing, now, settle)}
        reading = Reading(listing, asked, frozenset(labels_gone))
        news = readings.edited(known, reading, OURS)
        sides = {
            contact: Sides(
                overlay(self.remote[contact], self.links[contact].own)
                if contact in self.links
                else self.cards[contact],
                self.cards[contact],
                self.between.get(contact, ()),
            )
            for contact in news & self.cards.keys()
            if contact in self.remote or contact not in self.links
        }
        return decide(known, reading, sides, OURS, now, settle)


def scene(level: Level | None = Level.EDIT, **others: Level) -> Scene:
    """A mailbox with this level on Sales, and those named on other groups."""
    return Scene(({SALES: level} if level else {}) | others)
