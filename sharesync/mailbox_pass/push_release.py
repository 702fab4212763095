"""Ending links: what is ours goes, what is the user's stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sharesync.errors import Sentence
from sharesync.mailbox_pass.apply_linked import GONE
from sharesync.mailbox_pass.push_effects import About, Asked, Consequence, answered
from sharesync.mailbox_pass.push_photos import take_off
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState
from sharesync.model.mailbox import UNREADABLE, Missing, NotDone, Poisoned, Seen, Unread, Update, WishOutcome, Written
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import event_causes, links
from sharesync.store.records import contacts, erasure
from sharesync.sync.aside import set_aside
from sharesync.sync.leaving import Leaver

NONE_STUCK: Mapping[str, Poisoned] = {}


@dataclass(slots=True)
class _Release:
    """The links that end together."""

    send: Sending
    causes: Mapping[str, str | None]
    """By contact: the event because of which it goes."""
    erasures: Mapping[str, str | None]
    """The same, of those that were erased."""
    our_labels: frozenset[str]
    gone: list[str] = field(default_factory=list)
    """Contacts that have no person of ours there any more."""

    def answered(self, work: Work, request: Asked, link: Link, came: WishOutcome) -> None:
        """Record it; one that Google refuses is left for a day, so that it holds nobody else up."""
        about = About(request, link.contact, self.causes.get(link.contact))
        if answered(self.send, work, about, came) is Consequence.DONE:
            self.gone.append(link.contact)
        elif isinstance(came, Poisoned):
            leaving = replace(link, state=LinkState.LEAVING)
            links.update_links(work, self.send.mailbox, [set_aside(leaving, 0, came.reason, work.now)])


def release(send: Sending, batch: Sequence[str]) -> None:
    """End links, 200 at most. What becomes of each person, `sync/leaving.py` says.

    Of a contact that was erased nothing is left but what its user had before; the log keeps a receipt.
    """
    this = _begin(send, batch)
    mine = [send.known.links[contact] for contact in batch]
    found = send.people.get([link.resource_name for link in mine if link.source_id])
    persons = {link.contact: found[link.resource_name] if link.source_id else None for link in mine}
    unread = [link for link in mine if isinstance(persons[link.contact], Unread)]
    there = [Leaver(link, seen, send.marks, this.our_labels) for link in mine if (seen := _seen(persons[link.contact]))]
    with send.world.database.reading() as session:
        written = _written(session, [one.link for one in there if one.needs_versions])
    remove, keep = list[Leaver](), list[Leaver]()
    for one in there:
        goes = one.goes(written.get(one.link.contact, ()), erased=one.link.contact in this.erasures)
        (remove if goes else keep).append(one)
    this.gone += [link.contact for link in mine if persons[link.contact] is None and not _may_be_late(send, link)]
    absent = frozenset(this.gone)
    with send.work() as work:
        send.check(work, grants=False)
        # Whatever the answers, what is missing there from now on is our doing, not its user's.
        leaving = [replace(link, state=LinkState.LEAVING) for link in mine if link.source_id and link not in unread]
        links.update_links(work, send.mailbox, leaving)
        for link in unread:
            this.answered(work, Asked.STRIP, link, Poisoned(UNREADABLE))
        links.remember_deleted(work, send.mailbox, [one.seen.source_id for one in remove])
        if remove:
            send.intend(work, Sentence("delete %(contacts)s"), len(remove))
    _delete(this, remove)
    _strip(this, [one for one in keep if not one.shows_our_photo], written)
    # Our photo goes before the mark: without it nobody would know any more that it is ours.
    pictured, stuck = _without_photos(this, [one for one in keep if one.shows_our_photo])
    _strip(this, pictured, written, stuck)
    _end(this, batch, absent)
    send.raise_trouble()


def _begin(send: Sending, batch: Sequence[str]) -> _Release:
    with send.world.database.reading() as session:
        labels = {contact: send.known.links[contact].labels for contact in batch}
        erasures = erasure.causes(session, batch)
        causes = {**event_causes.of_withdrawals(session, labels), **erasures}
    # A label that a reset forgot, or that a second one stands for by now, is ours by its mark all the same.
    ours = {label.resource_name for label in send.known.labels.values()}
    ours |= {name for name, label in send.labels.items() if send.marks.read_label(label.mark)}
    return _Release(send, causes, erasures, frozenset(ours))


def _seen(found: Seen | Unread | None) -> Seen | None:
    return found if isinstance(found, Seen) else None


def _may_be_late(send: Sending, link: Link) -> bool:
    """Whether the person may only not be seen yet."""
    return link.wrote_at is not None and send.world.now() < link.wrote_at + send.world.settle


def _written(session: Session, changed: Sequence[Link]) -> dict[str, Sequence[Card]]:
    """The versions of each contact that we may have written there: the one agreed to, and all since.

    The answer to a later write may have been lost; what it wrote is ours as well, and not its user's.
    """
    now = contacts.cards(session, [link.contact for link in changed])
    spans = [(one.contact, one.base_version - 1, now[one.contact][0]) for one in changed if one.contact in now]
    found = contacts.versions_between(session, spans)
    return {contact: (*found.get(contact, ()), card) for contact, (_, card) in now.items()}


def _delete(this: _Release, remove: Sequence[Leaver]) -> None:
    if not remove:
        return
    outcomes = this.send.people.delete([one.seen.resource_name for one in remove])
    with this.send.work() as work:
        this.send.check(work, grants=False)
        for one, came in zip(remove, outcomes, strict=True):
            this.answered(work, Asked.DELETE, one.link, came)


def _strip(
    this: _Release,
    strip: Sequence[Leaver],
    written: Mapping[str, Sequence[Card]],
    stuck: Mapping[str, Poisoned] = NONE_STUCK,
) -> None:
    """Leave the user what is theirs: our values and the mark go by one write, our labels by another.

    Where Google refuses to take our photo off (`stuck`, by contact), the mark and the link stay with it: it is tried
    again a day later.
    """
    if not strip:
        return
    send = this.send
    found = (_stripped(one, written.get(one.link.contact, ()), mark=one.link.contact in stuck) for one in strip)
    wishes = [wish for wish in found if wish.fields or wish.data is not None]
    send.about_to(Sentence("release %(contacts)s"), len(strip))
    outcomes = dict(zip((wish.resource_name for wish in wishes), send.people.update(wishes), strict=True))
    came = [(one, outcomes.get(one.seen.resource_name), stuck.get(one.link.contact)) for one in strip]
    _take_labels(this, [one for one, answer, _ in came if answer is None or isinstance(answer, Written | Missing)])
    with send.work() as work:
        send.check(work, grants=False)
        for one, answer, refused in came:
            done = answer is None or isinstance(answer, Written)
            this.answered(work, Asked.STRIP, one.link, refused if refused and done else answer or NotDone())


def _stripped(one: Leaver, written: Sequence[Card], *, mark: bool) -> Update:
    """What is to be written; with its `mark` on, or without."""
    seen, rest = one.seen, one.remainder(written)
    data = None if mark else seen.foreign_data
    return Update(seen.source_id, seen.resource_name, seen.etag, rest, seen.card.differs(rest), data)


def _take_labels(this: _Release, freed: Iterable[Leaver]) -> None:
    groups = {label.resource_name: group for group, label in this.send.known.labels.items()}
    by_label: dict[str, list[str]] = {}
    for one in freed:
        for name in sorted(one.seen.labels & this.our_labels):
            if name in groups and this.send.known.is_left(groups[name], one.link):
                continue
            by_label.setdefault(name, []).append(one.seen.resource_name)
    for name, persons in sorted(by_label.items()):
        this.send.people.modify(name, remove=persons)


def _without_photos(this: _Release, pictured: Sequence[Leaver]) -> tuple[list[Leaver], dict[str, Poisoned]]:
    """Take our photos off the persons that stay; returns these as they are then, and by contact what Google refuses.

    Where no answer comes all of this is done again. A photo that is refused keeps no value of ours from going.
    """
    left, stuck = list[Leaver](), dict[str, Poisoned]()
    for one in pictured:
        seen, contact = one.seen, one.link.contact
        came = take_off(this.send, contact, seen, this.causes.get(contact))
        if isinstance(came, Missing):
            this.gone.append(contact)
        elif isinstance(came, Poisoned):
            stuck[contact] = came
            left.append(one)
        elif isinstance(came, Written) and came.seen.card == seen.card and came.seen.labels == seen.labels:
            # What else its user did meanwhile is on it now, and was not judged: it is looked at once more.
            left.append(replace(one, seen=replace(seen, etag=came.seen.etag)))
    return left, stuck


def _end(this: _Release, batch: Sequence[str], absent: frozenset[str]) -> None:
    """Delete the links of those that are gone; of one that was erased and not there the receipt is written now."""
    send = this.send
    with send.work() as work:
        send.check(work, grants=False)
        for contact in sorted(this.erasures.keys() & absent):
            send.event(work, "person.delete", contact, reason=GONE, cause=this.erasures[contact])
        late = contacts.erased(work.session, batch) - this.erasures.keys()  # erased meanwhile: looked at once more
        links.delete_links(work, send.mailbox, [contact for contact in this.gone if contact not in late])
