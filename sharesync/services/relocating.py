"""Relocating: a field of the company's own moves: it is shown in Google, or kept here. Its values go with it.

The field goes first, in one transaction with the first of its values; the rest follow in pieces, and until then each is
read from where it still is. To every mailbox it is an ordinary version of the contact, with the entry or without; so
nobody's phone is taken for having deleted or typed anything. What somebody types on a phone meanwhile is merged with
the value wherever that is by now (`mailbox_pass/apply_edits.py`).

Rejected: the values first and the field last, as a rename does it. Whoever edits a contact meanwhile would put its
value back where the field still is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sharesync.errors import NotFound
from sharesync.model.audit import Event
from sharesync.model.company_fields import CompanyField
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services.company_fields import FieldEffect, derive, movable, preview
from sharesync.services.who_may.permission import require
from sharesync.store.database.work import PIECE, Operation, ReadOnly, Work, pieces
from sharesync.store.records import company_fields as stored
from sharesync.store.records import contacts

PLACES = {True: "google", False: "here"}
"""What the log calls where a field's values are, by whether they are shown."""


def foresee(look: ReadOnly, name: str) -> FieldEffect:
    """How many contacts say something in the field, and what of it does not fit. Raises NotFound, NotAllowed."""
    return preview(look, movable(look, name))


def relocate(operation: Operation, name: str, *, shown: bool) -> CompanyField:
    """Show a field's values in Google, or keep them here; one that is there already has what was left behind moved.

    Raises NotFound, InvalidInput, NotAllowed.
    """
    with operation.look() as look:
        field = replace(movable(look, name), shown=shown)
    with operation.piece() as work:
        event = _write(work, field)
    finish(operation, field.id, event)
    return field


def put_back(work: Work, field: str, told: dict[str, tuple[Sequence[str], Sequence[str]]], *, cause: str) -> bool:
    """Let a field be where it was, where it is still where it went then; `finish` follows."""
    (was,), (became,) = told["place"]
    try:
        now = stored.find(work.session, field)
    except NotFound:
        return False
    if PLACES[now.shown] != became:
        return False
    _write(work, replace(now, shown=was == PLACES[True]), cause=cause)
    return True


def finish(operation: Operation, field: str, cause: str | None = None) -> None:
    """Move the values that are not where their field is, a piece at a time, and let filters find contacts by it."""
    with operation.look() as look:
        left = _misplaced(look, stored.find(look.session, field))
    for some in pieces(left) if left else ():
        with operation.piece() as work:
            _move(work, some, cause)
    with operation.look() as look:
        found = stored.find(look.session, field)
    derive(operation, found)


def _write(work: Work, new: CompanyField, *, cause: str | None = None) -> str | None:
    require(work, Right.ADMINISTER)
    old = stored.find(work.session, new.id)
    if old.shown == new.shown:
        return None
    stored.change(work, new)
    values = {"place": ([PLACES[old.shown]], [PLACES[new.shown]])}
    event = work.record(Event("field.place", fields=("place",), values=values, reason=new.id, cause=cause))
    _move(work, _misplaced(work, new)[:PIECE], event)
    return event


def _misplaced(asked: ReadOnly | Work, field: CompanyField) -> list[str]:
    """Contacts whose value is where the field was."""
    if not field.shown:
        return sorted(stored.entry_bearers(asked.session, field.name))
    return sorted(stored.values_beside(asked.session, field.id))


def _move(work: Work, some: Sequence[str], cause: str | None) -> None:
    """A value that cannot go, for nothing else would be on the card or too much, stays; it is read from there."""
    fields = stored.defined(work.session)
    for contact in some:
        try:
            now = contacts.get(work.session, contact)
        except NotFound:
            continue  # purged since
        card, here = fields.placed(now.card, now.here)
        if (card, here) != (now.card, dict(now.here)):
            contact_cases.change(work, contact, now.version, now.card, card, here=here, cause=cause)
