"""Pushing: a plan is carried out, step by step, in the order in which each step can rely on the one before."""

from __future__ import annotations

from sharesync.mailbox_pass import (
    push_create,
    push_drop_label,
    push_labels,
    push_photos,
    push_relabel,
    push_release,
    push_update,
)
from sharesync.mailbox_pass.push_session import Sending, batches
from sharesync.sync.plan import Plan


def push(send: Sending, plan: Plan) -> None:
    """Send everything. Raises PlanOutdated, MailboxBusy and what Google's calls raise; what was done is written.

    What ends goes first: a label on its way out would keep its name from one that comes.
    """
    for group in plan.drop_labels:
        push_relabel.relabel(send, group, (), plan.take_off.get(group, ()))
    for some in batches(plan.release):
        push_release.release(send, some)
    for group in plan.drop_labels:
        push_drop_label.drop(send, group)
    push_labels.make(send, plan.make_labels)
    push_labels.rename(send, plan.rename_labels)
    for some in push_create.in_batches(send, plan.create):
        push_create.create(send, some)
    for some in batches(plan.update):
        push_update.update(send, some)
    for group in sorted((plan.put_on.keys() | plan.take_off.keys()) - set(plan.drop_labels)):
        push_relabel.relabel(send, group, plan.put_on.get(group, ()), plan.take_off.get(group, ()))
    push_photos.push(send, plan.photos)
