"""Fields of the company's own: defined, changed, put in order, renamed and deleted, with what becomes of their values.

A field takes in what contacts say under its name already. Renaming one that Google shows renames the entry of every
contact; deleting one takes its values from all of them, which stay in the contacts' versions. Each is an operation in
pieces: one that breaks off is finished by doing it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from sharesync.errors import FieldNameTaken, InvalidFilter, InvalidInput, Refused, Sentence
from sharesync.model.audit import Event, Outcome
from sharesync.model.company_fields import (
    MAX_FIELDS,
    TAGS,
    CompanyField,
    field_help,
    field_name,
    filter_name,
    ordered,
)
from sharesync.model.contact import Contact
from sharesync.model.custom_entries import renamed_entries, text_of, with_entry
from sharesync.model.field_kinds import SET, field_choices
from sharesync.model.filter_names import RESERVED
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services.who_may.permission import require
from sharesync.store.database.engine import Session
from sharesync.store.database.work import PIECE, Operation, ReadOnly, Work, pieces
from sharesync.store.records import company_fields as stored
from sharesync.store.records import contacts, derived_columns, groups, smart_groups


@dataclass(frozen=True, slots=True)
class FieldEffect:
    """How many contacts an act on a field concerns, and how many of their values do not fit into it."""

    contacts: int
    unfit: int = 0


def preview(asked: ReadOnly | Work, field: CompanyField) -> FieldEffect:
    """What contacts say in a field: what is renamed or deleted with it, or taken in by one without an id yet."""
    require(asked, Right.ADMINISTER)
    told = stored.value_bearers(asked.session, field if field.id else replace(field, shown=True))
    return FieldEffect(len(told), sum(not value.fits for value in told.values()))


def checked(session: Session, typed: CompanyField) -> CompanyField:
    """A field that may be defined, as it was typed: without an id, with names of groups. Raises Refused."""
    if len(stored.defined(session).fields) >= MAX_FIELDS:
        raise InvalidInput("There are %(most)s fields already; delete one first.", most=MAX_FIELDS)
    return replace(
        typed,
        name=_sound_name(typed.name),
        choices=field_choices(typed.kind, typed.choices),
        help=field_help(typed.help),
        required=frozenset(groups.find_id(session, one) for one in typed.required),
    )


def create(operation: Operation, draft: CompanyField) -> CompanyField:
    """Define a field (`checked`); what contacts say under its name becomes its values.

    Of one that is kept here, these entries leave the cards, and so everybody's Google Contacts. Raises FieldNameTaken,
    NotAllowed.
    """
    with operation.piece() as work:
        require(work, Right.ADMINISTER)
        there = stored.defined(work.session).named(draft.name)
        waiting = [] if draft.shown else sorted(stored.entry_bearers(work.session, draft.name))
        if there and (replace(there, id="") != draft or not waiting):
            raise FieldNameTaken(draft.name)
        field = there or replace(draft, id=work.new_id())
        if there is None:
            stored.add(work, field)
        whole = len(waiting) <= PIECE
        event = _told(work, "field.create", (None, [field.name]), whole=whole, reason=_kind(field))
        if whole:
            _move_here(work, field, waiting, event)
    if not whole:
        for some in pieces(waiting):
            with operation.piece() as work:
                _move_here(work, field, some, event)
        with operation.piece() as work:
            _told(work, "field.create", (None, [field.name]), whole=True, reason=_kind(field), cause=event)
    derive(operation, field)
    return field


def _move_here(work: Work, field: CompanyField, some: Sequence[str], cause: str) -> None:
    for contact in some:
        now = contacts.get(work.session, contact)
        text, bared = text_of(now.card, field.name), with_entry(now.card, field.name, "")
        if text and bared:  # a card never becomes empty
            here = {**now.here, field.id: text}
            contact_cases.change(work, contact, now.version, now.card, bared, here=here, cause=cause)


def derive(operation: Operation, field: CompanyField) -> None:
    """Let filters find contacts by a field as it is now; where it breaks off, the next start does it."""
    with operation.look() as look:
        concerned = sorted(stored.value_bearers(look.session, field))
    for some in [*pieces(concerned)] or [[]]:
        with operation.piece() as work:
            derived_columns.rederive(work.session, some)
            if some[-1:] == concerned[-1:]:
                stored.set_derived(work.session, field.id)
                smart_groups.all_due(work.session, work.now)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What is to be said anew of a field; None leaves it as it is. `required`: groups, by name or id."""

    choices: Collection[str] | None = None
    help: str | None = None
    required: Collection[str] | None = None


def change(operation: Operation, name: str, to: FieldChange) -> CompanyField:
    """Say anew what can be chosen in a field, its help, or where it is required. No value changes.

    Raises NotFound, InvalidInput, NotAllowed.
    """
    with operation.piece() as work:
        require(work, Right.ADMINISTER)
        old = stored.find(work.session, name)
        new = _changed(work.session, old, to)
        changed = tuple(one for one in ("choices", "help", "required") if getattr(old, one) != getattr(new, one))
        if changed:
            stored.change(work, new)
            work.record(Event("field.change", fields=changed, reason=new.id))
    if changed:
        derive(operation, new)
    return new


def _changed(session: Session, old: CompanyField, to: FieldChange) -> CompanyField:
    new = old
    if to.choices is not None:
        new = replace(new, choices=field_choices(old.kind, to.choices))
    if to.help is not None:
        new = replace(new, help=field_help(to.help))
    if to.required is not None:
        new = replace(new, required=frozenset(groups.find_id(session, one) for one in to.required))
    return new


def arrange(work: Work, order: Sequence[str]) -> None:
    """Put the fields into this order, by name or id; those left out stay behind. Raises NotFound, NotAllowed."""
    require(work, Right.ADMINISTER)
    before = stored.defined(work.session).fields
    after = ordered(before, [stored.find(work.session, one).id for one in order])
    if after != before:
        stored.arrange(work, [one.id for one in after])
        work.record(Event("field.arrange"))


def rename(operation: Operation, name: str, new: str) -> CompanyField:
    """Give a field another name; the entries of all contacts follow, and those of the new name become its values.

    Raises NotFound, FieldNameTaken, NotAllowed.
    """
    with operation.look() as look:
        field = movable(look, name)
        called = _sound_name(new)
        after = replace(field, name=called)
        if any(one.filter_name == after.filter_name for one in stored.defined(look.session) if one.id != field.id):
            raise FieldNameTaken(called)
        if called == field.name:
            return field
        if after.filter_name != field.filter_name:
            require_unasked(look, field)

    def edit(work: Work, now: Contact, cause: str) -> None:
        card, here = renamed_entries(now.card, field.name, called), now.here
        if not field.shown:
            said = dict.fromkeys(filter(None, (here.get(field.id), text_of(card, called))))
            card, here = with_entry(card, called, ""), {**here, field.id: SET.join(said)}
        if card != now.card:
            contact_cases.change(work, now.id, now.version, now.card, card, here=here, cause=cause)

    def end(work: Work, cause: str | None) -> str:
        stored.change(work, after)
        return _told(work, "field.rename", ([field.name], [called]), whole=True, cause=cause)

    def begin(work: Work) -> str:
        return _told(work, "field.rename", ([field.name], [called]), whole=False)

    def waiting(work: Work) -> list[str]:
        bearers = stored.entry_bearers(work.session, field.name)
        if not field.shown:  # what anybody typed under the new name, too: no mailbox is to see it
            bearers |= stored.entry_bearers(work.session, called)
            return sorted(
                one for one, card in bearers.items() if with_entry(with_entry(card, field.name, ""), called, "")
            )
        return sorted(one for one, card in bearers.items() if renamed_entries(card, field.name, called) != card)

    _carry_out(operation, field, waiting, edit, begin, end)
    derive(operation, after)
    return after


def delete(operation: Operation, name: str) -> CompanyField:
    """Delete a field and its values; the versions of contacts keep them. Raises NotFound, InvalidInput, NotAllowed.

    Where a contact says nothing else at all, its entry stays: nobody is emptied.
    """
    with operation.look() as look:
        field = movable(look, name)
        require_unasked(look, field)

    def edit(work: Work, now: Contact, cause: str) -> None:
        card = with_entry(now.card, field.name, "") or now.card
        here = {one: text for one, text in now.here.items() if one != field.id}
        if card != now.card or here != now.here:
            contact_cases.change(work, now.id, now.version, now.card, card, here=here, cause=cause)

    def end(work: Work, cause: str | None) -> str:
        stored.end(work, field.id)
        smart_groups.all_due(work.session, work.now)
        return _told(work, "field.delete", ([field.name], None), whole=True, cause=cause)

    def begin(work: Work) -> str:
        return _told(work, "field.delete", ([field.name], None), whole=False)

    def waiting(work: Work) -> list[str]:
        bearers = stored.entry_bearers(work.session, field.name)
        on_cards = {one for one, card in bearers.items() if with_entry(card, field.name, "")}
        return sorted(on_cards | stored.values_beside(work.session, field.id).keys())

    _carry_out(operation, field, waiting, edit, begin, end)
    return field


def _carry_out(
    operation: Operation,
    field: CompanyField,
    waiting: Callable[[Work], list[str]],
    edit: Callable[[Work, Contact, str], None],
    begin: Callable[[Work], str],
    end: Callable[[Work, str | None], str],
) -> None:
    """Edit every contact that waits, a piece at a time, and the field with the last of them."""
    cause: str | None = None
    whole = False
    while not whole:
        with operation.piece() as work:
            require(work, Right.ADMINISTER)
            stored.find(work.session, field.id)
            left = waiting(work)
            whole = len(left) <= PIECE
            cause = cause or (None if whole else begin(work))
            done = end(work, cause) if whole else cause
            for contact in left[:PIECE]:
                edit(work, contacts.get(work.session, contact), cause or str(done))


def movable(look: ReadOnly, name: str) -> CompanyField:
    """A field that may be another one; Tags may not. Raises NotFound, InvalidInput, NotAllowed."""
    require(look, Right.ADMINISTER)
    if (field := stored.find(look.session, name)).id == TAGS:
        raise InvalidInput("Tags stay as they are: filters and groups go by them.")
    return field


def require_unasked(look: ReadOnly, field: CompanyField) -> None:
    """Go on only if no smart group asks for the field: without it, its filter would be text, and find nobody."""
    fields = stored.defined(look.session)
    others, known = fields.without(field.id), fields.unrequired(field.id)
    for smart in smart_groups.listed(look.session):
        with suppress(InvalidFilter):
            if replace(smart, fields=others).asks(look.now) == replace(smart, fields=known).asks(look.now):
                continue
        name = next((one.name for one in groups.named(look.session) if one.id == smart.id), "")
        raise Refused("The filter of the group “%(name)s” asks for this field; change the filter first.", name=name)


def _sound_name(typed: str) -> str:
    name = field_name(typed)
    if filter_name(name) in RESERVED:
        raise InvalidInput("“%(name)s” is part of every contact already; choose another name.", name=name)
    return name


def _told(
    work: Work,
    action: str,
    name: tuple[object, object],
    *,
    whole: bool,
    reason: str = "",
    cause: str | None = None,
) -> str:
    outcome = Outcome.OK if whole else Outcome.INTENDED
    return work.record(Event(action, outcome, fields=("name",), values={"name": name}, reason=reason, cause=cause))


def _kind(field: CompanyField) -> Sentence:
    return Sentence("%(kind)s, %(shown)s", kind=field.kind.value, shown=_SHOWN if field.shown else _HERE)


_SHOWN, _HERE = Sentence("shown in Google"), Sentence("kept here")
