"""Pushing: a plan is carried out, step by step, in the order in which each step can rely on the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sharesync.errors import Sentence
from sharesync.mailbox_pass import push_labels, push_persons, push_photos, push_release
from sharesync.mailbox_pass.apply_session import Applied
from sharesync.mailbox_pass.push_session import Sending, batches
from sharesync.model.audit import Event
from sharesync.model.mailbox import Deleted, Seen, Update, Written
from sharesync.store.mailboxes import links
from sharesync.sync.decisions import SecondCopy
from sharesync.sync.plan import Plan
from sharesync.sync.reading import named


def push(send: Sending, plan: Plan) -> None:
    """Send everything. Raises PlanOutdated, MailboxBusy and what Google's calls raise; what was done is written.

    What ends goes first: a label on its way out would keep its name from one that comes.
    """
    for group in plan.drop_labels:
        push_persons.modify(send, group, (), plan.take_off.get(group, ()))
    for some in batches(plan.release):
        push_release.release(send, some)
    for group in plan.drop_labels:
        push_release.drop_label(send, group)
    push_labels.make(send, plan.make_labels)
    push_labels.rename(send, plan.rename_labels)
    for some in push_persons.in_batches(send, plan.create):
        push_persons.create(send, some)
    for some in batches(plan.update):
        push_persons.update(send, some)
    for group in sorted((plan.put_on.keys() | plan.take_off.keys()) - set(plan.drop_labels)):
        push_persons.modify(send, group, plan.put_on.get(group, ()), plan.take_off.get(group, ()))
    push_photos.settle(send, plan.photos)


def settle_strays(send: Sending, applied: Applied) -> None:
    """Do what no link stands for: labels off persons that are not shared, twins away, labels known twice told apart."""
    push_labels.end_doubles(send)
    by_label: dict[str, list[str]] = {}
    for stray in applied.strays:
        for label in stray.labels:
            by_label.setdefault(label, []).append(stray.seen.resource_name)
    groups = {label.resource_name: group for group, label in send.known.labels.items()}
    for label, names in sorted(by_label.items()):
        group = groups.get(label)
        send.about_to(Sentence("take a label off %(contacts)s"), len(names), group=group)
        send.people.modify(label, remove=names)
        with send.work() as work:
            cause = applied.causes.get(label)
            reason = Sentence("%(number)s that are not shared taken off", number=len(names))
            work.record(Event("label.fill", group=group, mailbox=send.mailbox, reason=reason, cause=cause))
    _unmark(send, applied)
    if applied.twins:
        _delete_twins(send, applied.twins, applied.causes)
    send.raise_trouble()


_NOBODYS = Sentence("a mark that is no contact's")


def _unmark(send: Sending, applied: Applied) -> None:
    """Take our photo and our mark off strays: one contact's mark on two persons would be a riddle after a reset.

    The photo goes first. Without the mark nobody would know any more that it is ours.
    """
    marked = [stray.seen.resource_name for stray in applied.strays if stray.seen.marks]
    if not marked:
        return
    wishes: list[Update] = []
    contacts: list[str | None] = []
    for found in send.people.get(marked).values():
        if not isinstance(found, Seen):
            continue
        seen = found
        contact, cause = next((one for one, _ in named(seen, send.marks)), None), applied.causes.get(seen.resource_name)
        if send.marks.vouched(seen.marks, seen.photo):
            came = push_photos.take_off(send, contact, seen, cause)
            if not isinstance(came, Written):
                continue  # with its mark, the next reading of it tries again
            seen = came.seen
        wishes.append(Update(seen.source_id, seen.resource_name, seen.etag, seen.card, frozenset(), seen.foreign_data))
        contacts.append(contact)
    if not wishes:
        return
    send.about_to(Sentence("take a mark off %(contacts)s"), len(wishes))
    outcomes = send.people.update(wishes)
    with send.work() as work:
        for wish, contact, outcome in zip(wishes, contacts, outcomes, strict=True):
            cause = applied.causes.get(wish.resource_name)
            if isinstance(outcome, Written):
                send.event(work, "person.release", contact, reason=_NOBODYS, cause=cause)
            else:
                send.missed(work, "person.release", contact, outcome, cause)


def _delete_twins(send: Sending, twins: Sequence[SecondCopy], causes: Mapping[str, str]) -> None:
    with send.work() as work:
        links.remember_deleted(work, send.mailbox, [twin.seen.source_id for twin in twins])
        send.intend(work, Sentence("delete a second copy of %(contacts)s"), len(twins))
    outcomes = send.people.delete([twin.seen.resource_name for twin in twins])
    with send.work() as work:
        for twin, outcome in zip(twins, outcomes, strict=True):
            cause = causes.get(twin.seen.resource_name)
            if isinstance(outcome, Deleted):
                send.event(work, "person.delete", twin.contact, reason=Sentence("twin of a linked person"), cause=cause)
            else:
                send.missed(work, "person.delete", twin.contact, outcome, cause)
