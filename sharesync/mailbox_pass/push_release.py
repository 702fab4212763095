"""Pushing the end of links and labels: what is ours goes, what is the user's stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sharesync.errors import Attention, LabelNameTaken, LabelStale, RetryLater, Sentence
from sharesync.mailbox_pass.apply_linked import GONE
from sharesync.mailbox_pass.push_labels import DELETE, LEAVE
from sharesync.mailbox_pass.push_photos import take_off
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.audit import Event
from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Label, Link, LinkState, Origin
from sharesync.model.mailbox import UNREADABLE, Deleted, Missing, Outcome, Poisoned, Seen, Unread, Update, Written
from sharesync.model.photo import is_ours
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import event_causes, links
from sharesync.store.records import contacts, erasure
from sharesync.sync.aside import set_aside

Causes = Mapping[str, str | None]
"""By contact: the event because of which it goes."""
NONE_STUCK: Mapping[str, Poisoned] = {}


def release(send: Sending, batch: Sequence[str]) -> None:
    """End links, 200 at most: persons that we made and nobody touched are deleted, the others are left to the user.

    Of a contact that was erased nothing is left but what its user had before; the log keeps a receipt.
    """
    with send.world.database.reading() as session:
        labels = {contact: send.known.links[contact].labels for contact in batch}
        erasures = erasure.causes(session, batch)
        reasons: Causes = {**event_causes.of_withdrawals(session, labels), **erasures}
    mine = [send.known.links[contact] for contact in batch]
    found = send.people.get([link.resource_name for link in mine if link.source_id])
    unread = [link for link in mine if link.source_id and isinstance(found[link.resource_name], Unread)]
    mine = [link for link in mine if link not in unread]
    persons = {name: seen for name, seen in found.items() if isinstance(seen, Seen)}
    # A label that a reset forgot, or that a second one stands for by now, is ours by its mark all the same.
    ours = {label.resource_name for label in send.known.labels.values()}
    ours |= {name for name, label in send.labels.items() if send.marks.read_label(label.mark)}
    gone: list[Link] = []
    remove: list[tuple[Link, Seen]] = []
    keep: list[tuple[Link, Seen, Sequence[Card]]] = []
    with send.world.database.reading() as session:
        written = _written(
            session, [link for link in mine if _is_to_be_cleared(send, link, persons.get(link.resource_name), ours)]
        )
    for link in mine:
        seen = persons.get(link.resource_name) if link.source_id else None
        if seen is None:
            if not link.wrote_at or send.world.now() >= link.wrote_at + send.world.settle:
                gone.append(link)  # else it may only not be seen yet
            continue
        cards = written.get(link.contact, ())
        as_left = seen.card.fingerprint == link.agreed or seen.card in cards
        untouched = as_left and _is_untouched(link, seen, ours) and not _shows_own(send, link, seen)
        if _is_erased(link, erasures) or untouched:
            remove.append((link, seen))
        else:
            keep.append((link, seen, cards))
    absent = {link.contact for link in gone}
    with send.work() as work:
        send.check(work, grants=False)
        # Whatever the answers, what is missing there from now on is our doing, not its user's.
        leaving = [replace(link, state=LinkState.LEAVING) for link in mine if link.source_id]
        links.update_links(work, send.mailbox, leaving)
        for link in unread:
            _missed(send, work, "person.release", link, Poisoned(UNREADABLE), reasons)
        links.remember_deleted(work, send.mailbox, [seen.source_id for _, seen in remove])
        if remove:
            send.intend(work, Sentence("delete %(contacts)s"), len(remove))
    _delete(send, remove, gone, reasons)
    _strip(send, [one for one in keep if not _shows_ours(send, *one[:2])], gone, ours, reasons)
    # Our photo goes before the mark: without it nobody would know any more that it is ours.
    pictured, stuck = _take_photos(send, [one for one in keep if _shows_ours(send, *one[:2])], gone, reasons)
    _strip(send, pictured, gone, ours, reasons, stuck)
    with send.work() as work:
        send.check(work, grants=False)
        for contact in sorted(erasures.keys() & absent):
            send.event(work, "person.delete", contact, reason=GONE, cause=erasures[contact])
        late = contacts.erased(work.session, batch) - erasures.keys()  # erased meanwhile: looked at once more
        links.delete_links(work, send.mailbox, [link.contact for link in gone if link.contact not in late])
    send.raise_trouble()


def _is_erased(link: Link, causes: Causes) -> bool:
    """What was shared goes, even if its user touched it or brought it in; what they had before stays."""
    return link.contact in causes and link.origin is not Origin.ADOPTED


def _is_untouched(link: Link, seen: Seen, ours: set[str]) -> bool:
    """Made by us, and nothing of the user's beside our values: no own value, label, star or unmanaged field."""
    return link.origin is Origin.CREATED and not link.own and seen.is_bare(ours)


def _is_to_be_cleared(send: Sending, link: Link, seen: Seen | None, ours: set[str]) -> bool:
    """Whether a person of our making may have something of its user's on it: what we wrote there must be known."""
    if seen is None or link.origin is not Origin.CREATED:
        return False
    as_left = seen.card.fingerprint == link.agreed and _is_untouched(link, seen, ours)
    return not as_left or _shows_own(send, link, seen)


def _written(session: Session, changed: Sequence[Link]) -> dict[str, Sequence[Card]]:
    """The versions of each contact that we may have written there: the one agreed to, and all since.

    The answer to a later write may have been lost; what it wrote is ours as well, and not its user's.
    """
    now = contacts.cards(session, [link.contact for link in changed])
    spans = [(one.contact, one.base_version - 1, now[one.contact][0]) for one in changed if one.contact in now]
    found = contacts.versions_between(session, spans)
    return {contact: (*found.get(contact, ()), card) for contact, (_, card) in now.items()}


def _delete(send: Sending, remove: Sequence[tuple[Link, Seen]], gone: list[Link], reasons: Causes) -> None:
    if not remove:
        return
    outcomes = send.people.delete([seen.resource_name for _, seen in remove])
    with send.work() as work:
        for (link, _), outcome in zip(remove, outcomes, strict=True):
            if isinstance(outcome, Deleted | Missing):
                gone.append(link)
                send.event(work, "person.delete", link.contact, cause=reasons.get(link.contact))
                send.tally.deleted += 1
            else:
                _missed(send, work, "person.delete", link, outcome, reasons)


def _strip(
    send: Sending,
    strip: Sequence[tuple[Link, Seen, Sequence[Card]]],
    gone: list[Link],
    ours: set[str],
    reasons: Causes,
    stuck: Mapping[str, Poisoned] = NONE_STUCK,
) -> None:
    """Leave the user what is theirs: our values and the mark go by one write, our labels by another.

    Where Google refuses to take our photo off, the mark and the link stay with it: it is tried again a day later.
    """
    if not strip:
        return
    wishes = []
    for link, seen, cards in strip:
        rest = seen.card if link.origin is not Origin.CREATED else remainder(seen.card, cards, link.own)
        fields, data = seen.card.differs(rest), None if link.contact in stuck else seen.foreign_data
        if fields or data is not None:
            wishes.append(Update(seen.source_id, seen.resource_name, seen.etag, rest, fields, data))
    send.about_to(Sentence("release %(contacts)s"), len(strip))
    outcomes = dict(zip((wish.resource_name for wish in wishes), send.people.update(wishes), strict=True))
    missed = {name: one for name, one in outcomes.items() if not isinstance(one, Written | Missing)}
    freed = [(link, seen) for link, seen, _ in strip if seen.resource_name not in missed]
    groups = {label.resource_name: group for group, label in send.known.labels.items()}
    by_label: dict[str, list[str]] = {}
    for link, seen in freed:
        for name in sorted(seen.labels & ours):
            if name in groups and send.known.is_left(groups[name], link):
                continue
            by_label.setdefault(name, []).append(seen.resource_name)
    for name, persons in sorted(by_label.items()):
        send.people.modify(name, remove=persons)
    with send.work() as work:
        for link, seen, _ in strip:
            outcome = missed.get(seen.resource_name) or stuck.get(link.contact)
            if outcome is None or isinstance(outcomes.get(seen.resource_name), Missing):
                gone.append(link)
                send.event(work, "person.release", link.contact, cause=reasons.get(link.contact))
            else:
                _missed(send, work, "person.release", link, outcome, reasons)


def _missed(send: Sending, work: Work, action: str, link: Link, outcome: Outcome, reasons: Causes) -> None:
    """Record it; one that Google refuses is left for a day, so that it holds nobody else up."""
    send.missed(work, action, link.contact, outcome, reasons.get(link.contact))
    if isinstance(outcome, Poisoned):
        leaving = replace(link, state=LinkState.LEAVING)
        links.update_links(work, send.mailbox, [set_aside(leaving, 0, outcome.reason, work.now)])


def _shows_ours(send: Sending, link: Link, seen: Seen) -> bool:
    sign = send.marks.vouched(seen.marks, seen.photo) or link.photo_sign
    return is_ours(sign, link.photo_sent, seen.photo)


def _shows_own(send: Sending, link: Link, seen: Seen) -> bool:
    """Whether the person has a photo of its user's own."""
    return seen.photo is not None and not _shows_ours(send, link, seen)


def _take_photos(
    send: Sending, pictured: Sequence[tuple[Link, Seen, Sequence[Card]]], gone: list[Link], reasons: Causes
) -> tuple[list[tuple[Link, Seen, Sequence[Card]]], dict[str, Poisoned]]:
    """Take our photos off the persons that stay; returns these as they are then, and by contact what Google refuses.

    Where no answer comes all of this is done again. A photo that is refused keeps no value of ours from going.
    """
    left, stuck = [], dict[str, Poisoned]()
    for link, seen, cards in pictured:
        came = take_off(send, link.contact, seen, reasons.get(link.contact))
        if isinstance(came, Missing):
            gone.append(link)
        elif isinstance(came, Poisoned):
            stuck[link.contact] = came
            left.append((link, seen, cards))
        elif isinstance(came, Written) and came.seen.card == seen.card and came.seen.labels == seen.labels:
            # What else its user did meanwhile is on it now, and was not judged: it is looked at once more.
            left.append((link, replace(seen, etag=came.seen.etag), cards))
    return left, stuck


def drop_label(send: Sending, group: str) -> None:
    """End a label: deleted, or left to its user where something of theirs is under it."""
    label = send.known.labels[group]
    if not label.resource_name and label.wrote_at and send.world.now() < label.wrote_at + send.world.settle:
        return  # asked for and never answered: it may stand there, and a later listing shows it by its mark
    with send.work() as work:
        send.check(work, grants=False)
        left = links.known(work.session, send.mailbox)
        if group in left.levels or any(
            _may_carry(link, group) and not left.is_left(group, link) for link in left.links.values()
        ):
            return  # granted again meanwhile, or some contact of ours still carries it
    kept = False
    if label.resource_name in send.labels:
        kept = send.people.holds_others(label.resource_name)
        with send.work() as work:
            send.check(work, grants=False)
            send.intend(work, LEAVE if kept else DELETE, group=group)
            if not kept:
                links.save_label(work, send.mailbox, replace(label, leaving=True))
        if kept:
            _unmark(send, label)
        else:
            send.people.delete_label(label.resource_name)
        del send.labels[label.resource_name]
    with send.work() as work:
        links.delete_label(work, send.mailbox, group)
        cause = event_causes.of_label(work.session, group, send.mailbox)
        work.record(Event("label.release" if kept else "label.delete", group=group, mailbox=send.mailbox, cause=cause))


def _may_carry(link: Link, group: str) -> bool:
    """Whether a person is under a group's label, or was born under it and has not been seen yet."""
    return group in link.labels or link.state is LinkState.CREATING


def _unmark(send: Sending, label: Label) -> None:
    """The user keeps something of their own under the label: it is theirs now."""
    seen = send.labels[label.resource_name]
    try:
        send.people.rename_label(seen, seen.name, "")
    except LabelStale as stale:
        raise RetryLater(stale.sentence) from None
    except LabelNameTaken:
        raise Attention("A label that sharesync leaves to its user could not be written; look at it there.") from None


def remainder(seen: Card, written: Sequence[Card], own: Card) -> Card:
    """What is the user's on a person of our making: own values, values changed since, and the name, to stay usable."""
    kept = {
        name: [
            item
            for item in items
            if name == "names" or item in own[name] or not any(item in card[name] for card in written)
        ]
        for name, items in seen.items.items()
    }
    return EMPTY.replacing(kept)
