"""Pushing: a plan is carried out, step by step; before each request what is asked for, after it what came of it.

Each step is three things in this order: a transaction that looks whether the plan still holds (the claim is ours, the
grants are what they were) and writes the intent; the request, with no transaction open; a transaction that writes what
Google answered. A create is intended before it is sent, so that a lost answer leaves a trace; everything else is
simply planned again. A grant taken away between two steps stops the push: nothing more of that group is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

from sharesync.errors import Attention, LabelNameTaken, LabelStale, RetryLater
from sharesync.google.people import People
from sharesync.model.audit import CLOCK, Event, Outcome
from sharesync.model.card import Card
from sharesync.model.group import label_name
from sharesync.model.link import Known, Label, Link, LinkState, Origin
from sharesync.model.mailbox import (
    MARK_KEY,
    MY_CONTACTS,
    Create,
    Deleted,
    Missing,
    Poisoned,
    Seen,
    SeenLabel,
    Stale,
    Unknown,
    Update,
    Written,
)
from sharesync.model.mark import Marks
from sharesync.services.apply import Applied, patch_from, remote_card
from sharesync.services.tally import Tally
from sharesync.services.world import World
from sharesync.store import contacts, links, mailboxes, reach
from sharesync.store.work import Work
from sharesync.sync.merge import overlay
from sharesync.sync.plan import Plan

BATCH = 200
"""People API: the most persons one batch creates, updates or gets."""
MOVE = 500
"""Persons put on or off a label before they are looked at again (Google takes 1,000)."""
ASIDE = timedelta(days=1)
"""How long a contact that Google refuses is left alone before it is tried again."""


class PlanOutdated(Exception):
    """Grants changed while the plan was carried out: make another."""


def batches(values: Sequence[str], size: int = BATCH) -> Iterator[Sequence[str]]:
    """The values, so many at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@dataclass
class Pusher:
    """Carries out plans in one mailbox during one pass."""

    world: World
    people: People
    mailbox: str
    fence: int
    pass_id: str
    marks: Marks
    tally: Tally
    labels: dict[str, SeenLabel]
    """The mailbox's labels as read in this pass, by resource name."""

    def push(self, plan: Plan, known: Known) -> None:
        """Send everything. Raises PlanOutdated, MailboxBusy and what Google's calls raise; what was done is written."""
        self.known = known
        self._make_labels(plan.make_labels)
        self._rename_labels(plan.rename_labels)
        for some in batches(self._placeable(plan.create)):
            self._create(some)
        for some in batches(plan.update):
            self._update(some)
        for group in sorted(plan.put_on.keys() | plan.take_off.keys()):
            self._modify(group, plan.put_on.get(group, ()), plan.take_off.get(group, ()))
        for some in batches(plan.release):
            self._release(some)
        for group in plan.drop_labels:
            self._drop_label(group)

    def settle_strays(self, applied: Applied) -> None:
        """Do what no link stands for: labels off persons that are not shared, twins away."""
        by_label: dict[str, list[str]] = {}
        for stray in applied.strays:
            for label in stray.labels:
                by_label.setdefault(label, []).append(stray.seen.resource_name)
        for label, names in sorted(by_label.items()):
            self.people.modify(label, remove=names)
        twins = [twin.seen.resource_name for twin in applied.twins]
        if twins:
            outcomes = self.people.delete(twins)
            with self._work() as work:
                for twin, outcome in zip(applied.twins, outcomes, strict=True):
                    if isinstance(outcome, Deleted):
                        self._event(work, "person.delete", twin.contact, reason="twin of a linked person")
            self._raise_trouble()

    # -- what each step shares --

    def _work(self) -> AbstractContextManager[Work]:
        return self.world.work(CLOCK, self.pass_id)

    def _check(self, work: Work, *, grants: bool = True) -> None:
        mailboxes.require(work.session, self.mailbox, self.fence)
        if grants and reach.levels(work.session, self.mailbox) != self.known.levels:
            raise PlanOutdated

    def _raise_trouble(self) -> None:
        if self.people.trouble:
            raise self.people.trouble

    def _event(self, work: Work, action: str, contact: str, outcome: Outcome = Outcome.OK, **more: object) -> None:
        work.record(Event(action, outcome, contact=contact, mailbox=self.mailbox, **more))  # type: ignore[arg-type]

    def _aside(self, work: Work, link: Link, version: int, reason: str) -> Link:
        self._event(work, "person.refuse", link.contact, Outcome.FAILED, after_version=version, reason=reason)
        return replace(link, aside=reason, aside_version=version, aside_until=work.now + ASIDE)

    # -- persons --

    def _placeable(self, create: Sequence[str]) -> list[str]:
        """The contacts that have a label to be born under."""
        labels = {group for group, label in self.known.labels.items() if label.resource_name}
        return [contact for contact in create if self.known.wanted[contact].groups & labels]

    def _create(self, batch: Sequence[str]) -> None:
        with self._work() as work:
            self._check(work)
            cards = contacts.cards(work.session, batch)
            intents = [
                Link(contact, LinkState.CREATING, Origin.CREATED, cards[contact][0], wrote_at=work.now)
                for contact in batch
            ]
            links.delete_links(work, self.mailbox, batch)  # those refused before
            links.insert_links(work, self.mailbox, intents)
        outcomes = self.people.create([self._wish(intent.contact, cards[intent.contact][1]) for intent in intents])
        with self._work() as work:
            mailboxes.require(work.session, self.mailbox, self.fence)
            written, dropped = [], []
            for intent, outcome in zip(intents, outcomes, strict=True):
                version, card = cards[intent.contact]
                match outcome:
                    case Written(seen):
                        written.append(self._at_rest(intent, seen, version, card, work))
                        self._event(work, "person.create", intent.contact, after_version=version)
                        self.tally.created += 1
                    case Poisoned(reason):
                        refused = replace(intent, state=LinkState.REFUSED)
                        written.append(self._aside(work, refused, version, reason))
                    case Unknown():
                        self._event(work, "person.create", intent.contact, Outcome.FAILED, reason="answer lost")
                    case _:
                        dropped.append(intent.contact)
            links.update_links(work, self.mailbox, written)
            links.delete_links(work, self.mailbox, dropped)
        self._raise_trouble()

    def _wish(self, contact: str, card: Card) -> Create:
        groups = self.known.wanted[contact].groups
        labels = frozenset(
            label.resource_name for group in groups if (label := self.known.labels.get(group)) and label.resource_name
        )
        return Create(card, labels, self.marks.contact(contact, Origin.CREATED))

    def _at_rest(self, link: Link, seen: Seen, version: int, sent: Card, work: Work) -> Link:
        """The link after a write: what Google returned is what both sides agree on."""
        groups = {label.resource_name: group for group, label in self.known.labels.items()}
        return replace(
            link,
            state=LinkState.LIVE,
            base_version=version,
            source_id=seen.source_id,
            resource_name=seen.resource_name,
            etag=seen.etag,
            agreed=seen.card.fingerprint,
            seen=seen.card.fingerprint,
            before=link.seen,
            patch=patch_from(sent, seen.card),
            labels=frozenset(groups[name] for name in seen.labels if name in groups),
            marked=seen.marks == (self.marks.contact(link.contact, link.origin),),
            wrote_at=work.now,
            written_at=seen.updated_at or link.written_at,
            look_at=None,
            aside="",
            aside_until=None,
        )

    def _update(self, batch: Sequence[str]) -> None:
        # clientData is written whole: the pairs of other programs are read right before.
        unmarked = [self.known.links[c].resource_name for c in batch if not self.known.links[c].marked]
        fresh = self.people.get(unmarked) if unmarked else {}
        with self._work() as work:
            self._check(work)
            cards = contacts.cards(work.session, batch)
            bases = contacts.cards_at(work.session, ((c, self.known.links[c].base_version) for c in batch))
            mailbox_links = [self.known.links[contact] for contact in batch]
            done, wishes = [], []
            for link in mailbox_links:
                version, card = cards[link.contact]
                target = overlay(card, link.own)
                fields = target.differs(remote_card(link, bases.get(link.contact, Card())))
                seen = fresh.get(link.resource_name)
                if not link.marked and seen is None:
                    done.append(replace(link, look_at=work.now))
                elif fields or seen:
                    wishes.append((link, version, target, self._change(link, target, fields, seen)))
                else:
                    done.append(replace(link, base_version=version, agreed=link.seen, patch=None))
            links.update_links(work, self.mailbox, done)
        if not wishes:
            return
        outcomes = self.people.update([wish for *_, wish in wishes])
        with self._work() as work:
            mailboxes.require(work.session, self.mailbox, self.fence)
            written = []
            for (link, version, target, wish), outcome in zip(wishes, outcomes, strict=True):
                match outcome:
                    case Written(seen):
                        written.append(self._at_rest(link, seen, version, target, work))
                        self._event(
                            work,
                            "person.update",
                            link.contact,
                            fields=tuple(sorted(wish.fields)),
                            after_version=version,
                        )
                        self.tally.updated += 1
                    case Poisoned(reason):
                        written.append(self._aside(work, link, version, reason))
                    case Stale() | Missing() | Unknown():
                        written.append(replace(link, look_at=work.now))
                    case _:
                        pass
            links.update_links(work, self.mailbox, written)
        self._raise_trouble()

    def _change(self, link: Link, target: Card, fields: frozenset[str], seen: Seen | None) -> Update:
        data = None
        if seen:
            data = (*seen.foreign_data, (MARK_KEY, self.marks.contact(link.contact, link.origin)))
        return Update(link.source_id, link.resource_name, seen.etag if seen else link.etag, target, fields, data)

    def _modify(self, group: str, on: Sequence[str], off: Sequence[str]) -> None:
        label = self.known.labels.get(group)
        moves = [(contact, True) for contact in on] + [(contact, False) for contact in off]
        if label is None or not label.resource_name:
            return
        for start in range(0, len(moves), MOVE):
            some = moves[start : start + MOVE]
            with self._work() as work:
                self._check(work)
                # From here on the labels are looked at directly: modify does not say what it did to whom.
                looked = [replace(self.known.links[contact], look_at=work.now) for contact, _ in some]
                links.update_links(work, self.mailbox, looked)
            names = {contact: self.known.links[contact].resource_name for contact, _ in some}
            self.people.modify(
                label.resource_name,
                add=[names[contact] for contact, put_on in some if put_on],
                remove=[names[contact] for contact, put_on in some if not put_on],
            )
            with self._work() as work:
                work.record(
                    Event("label.fill", group=group, mailbox=self.mailbox, reason=f"{len(some)} contacts put on or off")
                )

    # -- the end of links --

    def _release(self, batch: Sequence[str]) -> None:
        mine = [self.known.links[contact] for contact in batch]
        persons = self.people.get([link.resource_name for link in mine if link.source_id])
        with self._work() as work:
            self._check(work, grants=False)
            bases = contacts.cards_at(work.session, ((link.contact, link.base_version) for link in mine))
        ours = {label.resource_name for label in self.known.labels.values()}
        gone, remove, strip = [], [], []
        for link in mine:
            seen = persons.get(link.resource_name) if link.source_id else None
            if seen is None:
                gone.append(link)
            elif self._is_untouched(link, seen, ours):
                remove.append((link, seen))
            else:
                strip.append((link, seen, bases.get(link.contact, Card())))
        self._delete(remove, gone)
        self._strip(strip, gone, ours)
        with self._work() as work:
            self._check(work, grants=False)
            links.delete_links(work, self.mailbox, [link.contact for link in gone])
        self._raise_trouble()

    @staticmethod
    def _is_untouched(link: Link, seen: Seen, ours: set[str]) -> bool:
        """Made by us, as we left it, and nothing of the user's on it: no value, label, star or photo."""
        return (
            link.origin is Origin.CREATED
            and not link.own
            and seen.card.fingerprint == link.agreed
            and seen.labels <= ours | {MY_CONTACTS}
            and not seen.has_photo
            and not seen.foreign_data
        )

    def _delete(self, remove: Sequence[tuple[Link, Seen]], gone: list[Link]) -> None:
        if not remove:
            return
        outcomes = self.people.delete([seen.resource_name for _, seen in remove])
        with self._work() as work:
            for (link, _), outcome in zip(remove, outcomes, strict=True):
                if isinstance(outcome, Deleted | Missing):
                    gone.append(link)
                    self._event(work, "person.delete", link.contact)
                    self.tally.deleted += 1

    def _strip(self, strip: Sequence[tuple[Link, Seen, Card]], gone: list[Link], ours: set[str]) -> None:
        """Leave the user what is theirs: our values and the mark go by one write, our labels by another."""
        if not strip:
            return
        wishes = []
        for link, seen, base in strip:
            rest = seen.card if link.origin is not Origin.CREATED else remainder(seen.card, base, link.own)
            fields = seen.card.differs(rest)
            wishes.append(Update(seen.source_id, seen.resource_name, seen.etag, rest, fields, seen.foreign_data))
        outcomes = self.people.update(wishes)
        freed = [
            (link, seen)
            for (link, seen, _), outcome in zip(strip, outcomes, strict=True)
            if isinstance(outcome, Written | Missing)
        ]
        by_label: dict[str, list[str]] = {}
        for _, seen in freed:
            for name in sorted(seen.labels & ours):
                by_label.setdefault(name, []).append(seen.resource_name)
        for name, persons in sorted(by_label.items()):
            self.people.modify(name, remove=persons)
        with self._work() as work:
            for link, _ in freed:
                gone.append(link)
                self._event(work, "person.release", link.contact)

    # -- labels --

    def _make_labels(self, groups: Sequence[str]) -> None:
        for group in groups:
            attempt, made = 0, None
            while made is None:
                name = label_name(self.known.names[group], attempt)
                intent = self._intend_label(group, name)
                try:
                    made = self.people.create_label(name, self.marks.label(group))
                except LabelNameTaken:
                    settled = (intent.wrote_at or self.world.now()) + self.world.settle
                    if intent is self.known.labels.get(group) and self.world.now() < settled:
                        # Perhaps by ourselves, in a request whose answer was lost: its mark will show.
                        raise RetryLater(
                            "A label asked for earlier may be there by now; looking again.", settled
                        ) from None
                    attempt += 1
            self._label_made(group, made, "label.create")

    def _intend_label(self, group: str, name: str) -> Label:
        """The intent to make this label: the one of an earlier pass, or a new one, written down."""
        pending = self.known.labels.get(group)
        with self._work() as work:
            self._check(work)
            if pending and pending.name == name:
                return pending
            label = Label(group, "", "", name, work.now)
            links.save_label(work, self.mailbox, label)
            return label

    def _rename_labels(self, groups: Sequence[str]) -> None:
        for group in groups:
            seen = self.labels[self.known.labels[group].resource_name]
            for attempt in range(100):
                with self._work() as work:
                    self._check(work)
                name = label_name(self.known.names[group], attempt)
                try:
                    self._label_made(
                        group, self.people.rename_label(seen, name, self.marks.label(group)), "label.rename"
                    )
                except LabelNameTaken:
                    continue
                except LabelStale as stale:
                    raise RetryLater(stale.sentence) from None
                break

    def _label_made(self, group: str, seen: SeenLabel, action: str) -> None:
        with self._work() as work:
            label = Label(group, seen.resource_name, seen.etag, seen.name, work.now)
            links.save_label(work, self.mailbox, label)
            work.record(Event(action, group=group, mailbox=self.mailbox))
        self.labels[seen.resource_name] = seen
        self.known = replace(self.known, labels={**self.known.labels, group: label})

    def _drop_label(self, group: str) -> None:
        label = self.known.labels[group]
        with self._work() as work:
            self._check(work, grants=False)
            left = links.known(work.session, self.mailbox)
            if group in left.levels or any(group in link.labels for link in left.links.values()):
                return  # granted again meanwhile, or some contact of ours still carries it
        kept = False
        if label.resource_name in self.labels:
            kept = bool(self.people.members(label.resource_name))
            if kept:
                self._unmark(label)
            else:
                self.people.delete_label(label.resource_name)
            del self.labels[label.resource_name]
        with self._work() as work:
            links.delete_label(work, self.mailbox, group)
            work.record(Event("label.release" if kept else "label.delete", group=group, mailbox=self.mailbox))

    def _unmark(self, label: Label) -> None:
        """The user keeps something of their own under the label: it is theirs now."""
        seen = self.labels[label.resource_name]
        try:
            self.people.rename_label(seen, seen.name, "")
        except LabelStale as stale:
            raise RetryLater(stale.sentence) from None
        except LabelNameTaken:
            raise Attention(
                "A label that sharesync leaves to its user could not be written; look at it there."
            ) from None


def remainder(seen: Card, base: Card, own: Card) -> Card:
    """What is the user's on a person of our making: own values, values changed since, and the name, to stay usable."""
    kept = {
        name: [item for item in items if name == "names" or item in own[name] or item not in base[name]]
        for name, items in seen.items.items()
    }
    return Card().replacing(kept)
