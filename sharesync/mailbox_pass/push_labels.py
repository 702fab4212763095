"""Labels: made under a free name, known by their mark, renamed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sharesync.errors import LabelNameTaken, LabelStale, RetryLater, Sentence
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.audit import Event, Outcome
from sharesync.model.group import is_label_name, label_name
from sharesync.model.link import Label
from sharesync.model.mailbox import SeenLabel
from sharesync.store.mailboxes import event_causes, links

TAKEN = Sentence("the user has a label of this name")
NAMES = 100
"""Names that are tried for one label in a pass."""


def make(send: Sending, groups: Sequence[str]) -> None:
    """Make the label of each group: under its name, or under `Name (shared)` where the user has one of that name."""
    for group in groups:
        for attempt in range(NAMES):
            name = label_name(send.known.names[group], attempt)
            intent = _intend_label(send, group, name)
            try:
                made = send.people.create_label(name, send.marks.label(group))
                break
            except LabelNameTaken:
                _label_failed(send, group, "label.create")
                settled = (intent.wrote_at or send.world.now()) + send.world.settle
                if intent is send.known.labels.get(group) and send.world.now() < settled:
                    # Perhaps by ourselves, in a request whose answer was lost: its mark will show.
                    raise RetryLater("A label asked for earlier may be there by now; looking again.", settled) from None
        else:
            raise RetryLater(TAKEN)
        _label_made(send, group, made, "label.create")


def _intend_label(send: Sending, group: str, name: str) -> Label:
    """The intent to make this label: the one of an earlier pass, or a new one, written down."""
    pending = send.known.labels.get(group)
    with send.work() as work:
        send.check(work)
        send.intend(work, Sentence("make a label"), group=group)
        if pending and pending.name == name:
            return pending
        label = Label(group, "", "", name, work.now)
        links.save_label(work, send.mailbox, label)
        return label


def rename(send: Sending, groups: Sequence[str]) -> None:
    """Give each group's label the name it should have; names that pass from one of ours to another are freed first."""
    wanted = {group: label_name(send.known.names[group], 0) for group in groups}
    for group in groups:
        others = {name for other, name in wanted.items() if other != group}
        if send.labels[send.known.labels[group].resource_name].name in others:
            _rename(send, group, first=2)
    for group in groups:
        _rename(send, group, first=0)


def _rename(send: Sending, group: str, first: int) -> None:
    seen = send.labels[send.known.labels[group].resource_name]
    for attempt in range(first, first + NAMES):
        with send.work() as work:
            send.check(work)
            send.intend(work, Sentence("rename a label"), group=group)
        name = label_name(send.known.names[group], attempt)
        try:
            made = send.people.rename_label(seen, name, send.marks.label(group))
        except LabelNameTaken:
            _label_failed(send, group, "label.rename")
            if _wears_its_own(send, group, seen):
                return  # the name was not free after all
            continue
        except LabelStale as stale:
            raise RetryLater(stale.sentence) from None
        _label_made(send, group, made, "label.rename")
        return


def _wears_its_own(send: Sending, group: str, seen: SeenLabel) -> bool:
    """Whether the label may stay as it is: under one of its group's names, ours by its mark."""
    written = send.known.labels[group].name == seen.name and seen.mark == send.marks.label(group)
    return written and is_label_name(seen.name, send.known.names[group])


def _label_made(send: Sending, group: str, seen: SeenLabel, action: str) -> None:
    with send.work() as work:
        send.check(work, grants=False)
        before = send.known.labels.get(group)
        given = before is not None and before.given and before.resource_name == seen.resource_name
        label = Label(group, seen.resource_name, seen.etag, seen.name, work.now, given)
        links.save_label(work, send.mailbox, label)
        cause = event_causes.of_label(work.session, group, send.mailbox)
        work.record(Event(action, group=group, mailbox=send.mailbox, cause=cause))
    send.labels[seen.resource_name] = seen
    send.known = replace(send.known, labels={**send.known.labels, group: label})


def _label_failed(send: Sending, group: str, action: str) -> None:
    with send.work() as work:
        work.record(Event(action, Outcome.FAILED, group=group, mailbox=send.mailbox, reason=TAKEN))
