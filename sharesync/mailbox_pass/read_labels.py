"""Reading labels: which of ours are there, which are gone for certain, which were found by their mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sharesync.google.people import PeopleApi
from sharesync.model.audit import Event, Outcome
from sharesync.model.group import is_label_name
from sharesync.model.link import Label, Snapshot
from sharesync.model.mailbox import SeenLabel
from sharesync.model.mark import Marks
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import links


def confirm_gone(known: Snapshot, people: PeopleApi, seen: dict[str, SeenLabel], marks: Marks) -> frozenset[str]:
    """Groups whose label is gone: not among those listed, and a direct read says so too, because listings lag.

    A listing may also show for a while what we have deleted: a label that we were deleting, or that carries our mark
    and is not known, is there only if a direct read says so. `seen` is put right accordingly.
    """
    gone = set()
    for group, label in known.labels.items():
        doubted = label.resource_name not in seen or label.leaving
        if label.resource_name and doubted and not _look(people, seen, label.resource_name, is_ours=True):
            gone.add(group)
    for _, stranger in list(_strangers(known, seen, marks)):
        # Without its mark it was left to its user since, with what is theirs under it; where the mark is only late, a
        # later pass finds it.
        _look(people, seen, stranger.resource_name, is_ours=False)
    return frozenset(gone)


def _look(people: PeopleApi, seen: dict[str, SeenLabel], resource_name: str, *, is_ours: bool) -> bool:
    found = people.label(resource_name)
    if found is None:
        seen.pop(resource_name, None)
        return False
    if is_ours:  # what a direct read lacks of the mark is only late
        found = replace(found, mark=found.mark or seen.get(resource_name, found).mark)
    seen[resource_name] = found
    return True


def note(
    work: Work, mailbox: str, known: Snapshot, seen: Mapping[str, SeenLabel], gone: frozenset[str], marks: Marks
) -> bool:
    """Write down which labels are gone, one event each however many contacts they held, and which were found again.

    Returns whether anything was written.
    """
    for group in sorted(gone):
        links.delete_label(work, mailbox, group)
        if group in known.levels and not known.labels[group].leaving:
            work.record(Event("label.delete", Outcome.RESTORED, group=group, mailbox=mailbox))
    if gone:
        bereft = [link for link in known.links.values() if link.labels & gone]
        links.update_links(work, mailbox, [replace(link, labels=link.labels - gone) for link in bereft])
    found = False
    for group in sorted(stayed(known) - gone):
        links.save_label(work, mailbox, replace(known.labels[group], leaving=False))
        found = True
    settled = {group for group, label in known.labels.items() if label.resource_name and group not in gone}
    for marked, label in _strangers(known, seen, marks):
        if marked not in settled and links.has_group(work.session, marked):
            links.save_label(work, mailbox, Label(marked, label.resource_name, label.etag, label.name, work.now))
            settled.add(marked)
            found = True
    return bool(gone) or found


def stayed(known: Snapshot) -> frozenset[str]:
    """Groups that were granted again while we were deleting their label: what becomes of it now is its user's deed."""
    return frozenset(group for group, label in known.labels.items() if label.leaving and group in known.levels)


def found_again(known: Snapshot, seen: Mapping[str, SeenLabel], marks: Marks) -> bool:
    """Whether a label that is not known carries the mark of a group whose label is not known either."""
    settled = {group for group, label in known.labels.items() if label.resource_name}
    return any(group not in settled for group, _ in _strangers(known, seen, marks))


def _strangers(known: Snapshot, seen: Mapping[str, SeenLabel], marks: Marks) -> Iterator[tuple[str, SeenLabel]]:
    """Labels that are not known here and carry a mark of ours, each with the group it names."""
    there = {label.resource_name for label in known.labels.values()}
    for label in seen.values():
        if label.resource_name not in there and (group := marks.read_label(label.mark)):
            yield group, label


GOOGLES = frozenset(
    (
        *("my contacts", "mycontacts", "starred", "friends", "family", "coworkers", "chat contacts", "chatbuddies"),
        *("all contacts", "all", "blocked"),
    )
)
"""Names of Google's own groups, which it lists beside the labels (contactGroups.list): never free."""


def misnamed(
    known: Snapshot, seen: Mapping[str, SeenLabel], marks: Marks, now: datetime, settle: timedelta
) -> frozenset[str]:
    """Groups whose label was seen under a name or mark that is not its own.

    It was renamed there, or the group was renamed here, or it was given back to its user and granted again; or it
    wears a suffix, and nobody has the group's name any more. A mark may show late, or never: that it is missing means
    nothing before the label was changed and the settle time after our last write is over.
    """
    taken = {label.name.casefold() for label in seen.values()} | GOOGLES
    return frozenset(
        group
        for group, label in known.labels.items()
        if group in known.names
        and (found := seen.get(label.resource_name))
        and (
            found.name != label.name
            or not is_label_name(found.name, known.names[group])
            or (found.mark != marks.label(group) and (found.mark or _has_lost_it(label, found, now, settle)))
            or (found.name != known.names[group] and known.names[group].casefold() not in taken)
        )
    )


def _has_lost_it(label: Label, seen: SeenLabel, now: datetime, settle: timedelta) -> bool:
    """Whether a mark that does not show is gone, or was never written: a label given by its user has none at first.

    While the etag is that of our last write, the mark is as we wrote it.
    """
    return label.wrote_at is None or (seen.etag != label.etag and now >= label.wrote_at + settle)
