"""Pushing: a plan is carried out, step by step, in the order in which each step can rely on the one before."""

from __future__ import annotations

from sharesync.model.mailbox import Deleted
from sharesync.services import push_labels, push_persons, push_release
from sharesync.services.apply import Applied
from sharesync.services.sending import Sending, batches
from sharesync.sync.plan import Plan


def push(send: Sending, plan: Plan) -> None:
    """Send everything. Raises PlanOutdated, MailboxBusy and what Google's calls raise; what was done is written."""
    push_labels.make(send, plan.make_labels)
    push_labels.rename(send, plan.rename_labels)
    for some in batches(push_persons.placeable(send, plan.create)):
        push_persons.create(send, some)
    for some in batches(plan.update):
        push_persons.update(send, some)
    for group in sorted(plan.put_on.keys() | plan.take_off.keys()):
        push_persons.modify(send, group, plan.put_on.get(group, ()), plan.take_off.get(group, ()))
    for some in batches(plan.release):
        push_release.release(send, some)
    for group in plan.drop_labels:
        push_release.drop_label(send, group)


def settle_strays(send: Sending, applied: Applied) -> None:
    """Do what no link stands for: labels off persons that are not shared, twins away."""
    by_label: dict[str, list[str]] = {}
    for stray in applied.strays:
        for label in stray.labels:
            by_label.setdefault(label, []).append(stray.seen.resource_name)
    for label, names in sorted(by_label.items()):
        send.people.modify(label, remove=names)
    if not applied.twins:
        return
    outcomes = send.people.delete([twin.seen.resource_name for twin in applied.twins])
    with send.work() as work:
        for twin, outcome in zip(applied.twins, outcomes, strict=True):
            if isinstance(outcome, Deleted):
                send.event(work, "person.delete", twin.contact, reason="twin of a linked person")
    send.raise_trouble()
