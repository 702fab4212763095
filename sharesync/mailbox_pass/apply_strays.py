"""What is written down about a person that no link stands for: our labels on it, or a mark too many."""

from __future__ import annotations

from sharesync.errors import Suppressed
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.audit import Outcome
from sharesync.sync.decisions import SecondCopy, Shared, Unshared
from sharesync.sync.reading import named


def refused(at: Applying, decision: Shared) -> None:
    """One with an address of an erased contact is not shared again unasked: the labels go, the person stays."""
    labels = {label.resource_name for group, label in at.known.labels.items() if group in at.known.levels}
    unshared(at, Unshared(decision.seen, decision.seen.labels & labels), Suppressed().sentence)


def unshared(at: Applying, stray: Unshared, reason: str = "") -> None:
    """Say which labels go, and why; the push takes them off."""
    for group, label in sorted(at.known.labels.items()):
        if label.resource_name in stray.labels:
            event = at.event("label.put_on", None, Outcome.REVERTED, group=group, reason=reason)
            at.applied.causes[label.resource_name] = event
    if stray.seen.marks:
        contact = next((contact for contact, _ in named(stray.seen, at.marks)), None)
        at.applied.causes[stray.seen.resource_name] = at.event("link.double", contact, Outcome.REVERTED)
    at.tally.reverted += bool(stray.labels)
    at.applied.strays.append(stray)


def second_copy(at: Applying, twin: SecondCopy) -> None:
    """Say that a second person goes; the push deletes it."""
    at.applied.causes[twin.seen.resource_name] = at.event("link.double", twin.contact, Outcome.REVERTED)
    at.applied.twins.append(twin)
