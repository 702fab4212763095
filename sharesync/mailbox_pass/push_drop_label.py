"""Ending labels: deleted, or left to the user where something of theirs is under it."""

from __future__ import annotations

from dataclasses import replace

from sharesync.errors import LabelStale, RetryLater, Sentence
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.audit import ActorKind, By, Event, Outcome, Source
from sharesync.model.link import Link, LinkState
from sharesync.model.mailbox import SeenLabel
from sharesync.store.database.beside import OwnMailbox
from sharesync.store.mailboxes import event_causes, links

LEAVE, DELETE = Sentence("leave a label to its user"), Sentence("delete a label")


def drop(send: Sending, group: str) -> None:
    """End a label: deleted, or left to its user where something of theirs is under it."""
    label = send.known.labels[group]
    if not label.resource_name and label.wrote_at and send.world.now() < label.wrote_at + send.world.settle:
        return  # its create was never answered: it may exist, and a later listing shows it by its mark
    with send.world.database.reading() as session:
        left = links.known(session, send.mailbox)
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
            _leave(send, send.labels[label.resource_name])
        else:
            send.people.delete_label(label.resource_name)
        del send.labels[label.resource_name]
    with send.work() as work:
        send.check(work, grants=False)
        links.delete_label(work, send.mailbox, group)
        cause = event_causes.of_label(work.session, group, send.mailbox)
        work.record(Event("label.release" if kept else "label.delete", group=group, mailbox=send.mailbox, cause=cause))


def _may_carry(link: Link, group: str) -> bool:
    """Whether a person is under a group's label, or was put under it or born there and has not been seen since."""
    return group in link.labels | link.moving or link.state is LinkState.CREATING


def _leave(send: Sending, label: SeenLabel) -> SeenLabel:
    """Take our mark off: the user keeps something of their own under the label, and it is theirs now."""
    try:
        return send.people.leave_label(label)
    except LabelStale as stale:
        raise RetryLater(stale.sentence) from None


def end_doubles(send: Sending) -> None:
    """End labels that carry the mark of a group whose label is another one: come back from the past.

    One under which only shared contacts stand goes; one under which the user keeps something is left to them.
    """
    for label in list(send.labels.values()):
        group = send.marks.read_label(label.mark)
        ours = send.known.labels.get(group) if group else None
        if ours is None or not ours.resource_name or ours.resource_name == label.resource_name:
            continue
        with send.world.database.reading() as session:
            linked = links.resource_names(session, send.mailbox)
        kept = send.people.holds_others(label.resource_name, linked)
        by = By(ActorKind.MAILBOX, send.mailbox, Source.GOOGLE)
        with send.world.work(by, send.pass_id, beside=OwnMailbox(send.mailbox)) as work:
            cause = work.record(Event("label.double", Outcome.REVERTED, group=group, mailbox=send.mailbox))
        send.about_to(LEAVE if kept else DELETE, group=group)
        if kept:
            send.labels[label.resource_name] = _leave(send, label)
        else:
            send.people.delete_label(label.resource_name)
            del send.labels[label.resource_name]
        with send.work() as work:
            action, reason = "label.release" if kept else "label.delete", Sentence("another label is the group's")
            work.record(Event(action, group=group, mailbox=send.mailbox, reason=reason, cause=cause))
