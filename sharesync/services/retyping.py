"""Retyping: a field of the company's own gets another kind. No value changes, so it is taken back as easily.

A value that does not fit the new kind is kept as it was typed, is shown as not fitting, and fits again in the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sharesync.errors import NotFound
from sharesync.model.audit import Event
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.model.permission import Right
from sharesync.services.company_fields import FieldEffect, derive, movable, preview, require_unasked
from sharesync.services.who_may.permission import require
from sharesync.store.database.work import Operation, ReadOnly, Work
from sharesync.store.records import company_fields as stored


def foresee(look: ReadOnly, name: str, kind: FieldKind) -> FieldEffect:
    """How many contacts say something in the field, and what of it would not fit. Raises NotFound, NotAllowed."""
    return preview(look, _of_kind(movable(look, name), kind))


def retype(operation: Operation, name: str, kind: FieldKind) -> CompanyField:
    """Give a field another kind; what can be chosen in it stays where the kind has choices.

    Raises NotFound, InvalidInput, NotAllowed; Refused where the filter of a smart group asks for the field.
    """
    with operation.look() as look:
        old = movable(look, name)
        if old.kind is kind:
            return old
        require_unasked(look, old)
    new = _of_kind(old, kind)
    with operation.piece() as work:
        _write(work, old, new)
    derive(operation, new)
    return new


def put_back(work: Work, field: str, told: dict[str, tuple[Sequence[str], Sequence[str]]], *, cause: str) -> bool:
    """Give a field the kind and the choices of before, where it still has what it got then; `derive_anew` follows."""
    (was,), (became,) = told["kind"]
    try:
        now = stored.find(work.session, field)
    except NotFound:
        return False
    if now.kind.value != became or list(now.choices) != list(told["choices"][1]):
        return False
    _write(work, now, replace(now, kind=FieldKind(was), choices=tuple(told["choices"][0])), cause=cause)
    return True


def derive_anew(operation: Operation, field: str) -> None:
    """Let filters find contacts by what the field is now."""
    with operation.look() as look:
        found = stored.find(look.session, field)
    derive(operation, found)


def _of_kind(field: CompanyField, kind: FieldKind) -> CompanyField:
    return replace(field, kind=kind, choices=field.choices if kind.has_choices else ())


def _write(work: Work, old: CompanyField, new: CompanyField, *, cause: str | None = None) -> None:
    require(work, Right.ADMINISTER)
    stored.change(work, new)
    values = {"kind": ([old.kind.value], [new.kind.value]), "choices": (list(old.choices), list(new.choices))}
    work.record(Event("field.retype", fields=("kind",), values=values, reason=new.id, cause=cause))
