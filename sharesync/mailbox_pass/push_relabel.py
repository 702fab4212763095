"""Putting persons under labels, and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sharesync.errors import Contacts, Sentence
from sharesync.mailbox_pass.push_session import Sending
from sharesync.model.audit import Event
from sharesync.store.mailboxes import event_causes, links
from sharesync.sync.plan import is_look_due

MOVE = 500
"""Persons put on or off a label before they are looked at again (Google takes 1,000)."""


def relabel(send: Sending, group: str, on: Sequence[str], off: Sequence[str]) -> None:
    """Put a group's label on persons and take it off others; the next round looks at what became of it."""
    label = send.known.labels.get(group)
    if label is None or not label.resource_name:
        return
    asked = [(contact, True) for contact in on] + [(contact, False) for contact in off]
    moves = [(contact, put_on) for contact, put_on in asked if _may_move(send, contact, put_on=put_on)]
    for start in range(0, len(moves), MOVE):
        some = moves[start : start + MOVE]
        with send.work() as work:
            send.check(work)
            # From here on the labels are looked at directly: modify does not say what it did to whom.
            moved = [send.known.links[contact] for contact, _ in some]
            moving = [replace(link, look_at=work.now, moving=link.moving | {group}) for link in moved]
            links.update_links(work, send.mailbox, moving)
            send.intend(work, Sentence("put on or take off a label of %(contacts)s"), len(some), group=group)
        send.remember(moving)
        names = {contact: send.known.links[contact].resource_name for contact, _ in some}
        send.people.modify(
            label.resource_name,
            add=[names[contact] for contact, put_on in some if put_on],
            remove=[names[contact] for contact, put_on in some if not put_on],
        )
        with send.work() as work:
            cause = event_causes.of_moves(work.session, group, send.mailbox)
            reason = Sentence("%(contacts)s put on or off", contacts=Contacts(len(some)))
            work.record(Event("label.fill", group=group, mailbox=send.mailbox, reason=reason, cause=cause))


def _may_move(send: Sending, contact: str, *, put_on: bool) -> bool:
    """Whether a label may go on a person now, or off it.

    One found changed as it was to be written is decided about first. A label goes on nobody without our mark: after a
    reset it would be taken for a contact that its user shares.
    """
    link = send.known.links[contact]
    in_doubt = is_look_due(link, send.world.now()) and not link.moving
    return not in_doubt and (link.marked or not put_on)
