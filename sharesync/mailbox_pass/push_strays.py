"""Putting right what no link stands for: our labels and marks on other persons, second copies, second labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sharesync.errors import Sentence
from sharesync.mailbox_pass import push_drop_label, push_photos
from sharesync.mailbox_pass.apply_session import Applied
from sharesync.mailbox_pass.push_effects import About, Asked, told
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.audit import Event
from sharesync.model.mailbox import Deleted, Seen, Update, Written
from sharesync.store.mailboxes import links
from sharesync.sync.decisions import SecondCopy, Unshared
from sharesync.sync.reading import named

_NOBODYS = Sentence("a mark that is no contact's")
_TWIN = Sentence("twin of a linked person")


def put_right(send: Sending, applied: Applied) -> None:
    """Do what was left to do beyond the plan. Raises what Google's calls raise; what was done is written."""
    push_drop_label.end_doubles(send)
    _take_labels(send, applied.strays, applied.causes)
    _unmark(send, [stray for stray in applied.strays if stray.seen.marks], applied.causes)
    if applied.twins:
        _delete_twins(send, applied.twins, applied.causes)
    send.raise_trouble()


def _take_labels(send: Sending, strays: Sequence[Unshared], causes: Mapping[str, str]) -> None:
    by_label: dict[str, list[str]] = {}
    for stray in strays:
        for label in stray.labels:
            by_label.setdefault(label, []).append(stray.seen.resource_name)
    groups = {label.resource_name: group for group, label in send.known.labels.items()}
    for label, names in sorted(by_label.items()):
        group = groups.get(label)
        send.about_to(Sentence("take a label off %(contacts)s"), len(names), group=group)
        send.people.modify(label, remove=names)
        with send.work() as work:
            cause = causes.get(label)
            reason = Sentence("%(number)s that are not shared taken off", number=len(names))
            work.record(Event("label.fill", group=group, mailbox=send.mailbox, reason=reason, cause=cause))


def _unmark(send: Sending, strays: Sequence[Unshared], causes: Mapping[str, str]) -> None:
    """Take our photo and our mark off: one contact's mark on two persons would be a riddle after a reset.

    The photo goes first. Without the mark nobody would know any more that it is ours.
    """
    wishes: list[tuple[About, Update]] = []
    for found in (send.people.get([stray.seen.resource_name for stray in strays]) if strays else {}).values():
        if not isinstance(found, Seen):
            continue
        seen, cause = found, causes.get(found.resource_name)
        contact = next((one for one, _ in named(seen, send.marks)), None)
        if send.marks.vouched(seen.marks, seen.photo):
            came = push_photos.take_off(send, contact, seen, cause)
            if not isinstance(came, Written):
                continue  # with its mark, the next reading of it tries again
            seen = came.seen
        wish = Update(seen.source_id, seen.resource_name, seen.etag, seen.card, frozenset(), seen.foreign_data)
        wishes.append((About(Asked.STRIP, contact, cause, reason=_NOBODYS), wish))
    if not wishes:
        return
    send.about_to(Sentence("take a mark off %(contacts)s"), len(wishes))
    outcomes = send.people.update([wish for _, wish in wishes])
    with send.work() as work:
        for (about, _), came in zip(wishes, outcomes, strict=True):
            told(send, work, about, came, done=isinstance(came, Written))


def _delete_twins(send: Sending, twins: Sequence[SecondCopy], causes: Mapping[str, str]) -> None:
    with send.work() as work:
        send.check(work, grants=False)
        links.remember_deleted(work, send.mailbox, [twin.seen.source_id for twin in twins])
        send.intend(work, Sentence("delete a second copy of %(contacts)s"), len(twins))
    outcomes = send.people.delete([twin.seen.resource_name for twin in twins])
    with send.work() as work:
        for twin, came in zip(twins, outcomes, strict=True):
            about = About(Asked.DELETE, twin.contact, causes.get(twin.seen.resource_name), reason=_TWIN)
            told(send, work, about, came, done=isinstance(came, Deleted))
