"""A contact's form: a new one, another card for one there is, or a proposal by who may only view it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidCard, InvalidInput, Refused, StaleVersion, Suppressed, UnfitValue
from sharesync.formats.pictures import Photo, as_photo
from sharesync.model.card import EMPTY, Card
from sharesync.model.company_fields import merged_here
from sharesync.model.contact import Contact
from sharesync.model.permission import Right
from sharesync.services import contacts as cases
from sharesync.services import photos, proposals, trash
from sharesync.store.database.beside import CardEdits
from sharesync.store.database.work import Work
from sharesync.store.queries import contacts, groups
from sharesync.sync.merge import Conflict, merge
from web.frame import numbers
from web.frame.live import company_fields, the_world
from web.frame.needs import ENTER, Pages, on_contact
from web.frame.person import acting, asked_on, may
from web.frame.responses import done, refused
from web.pages import card_form, field_inputs, review_forms
from web.pages.card_form import Draft
from web.pages.cards import Difference, differences, in_words, whole
from web.pages.field_inputs import FieldInput
from web.words import refusals
from web.words.languages import _, alphabet

pages = Pages("contact_edit", __name__, url_prefix="/contacts")

PHOTO = "photo"
"""The box of the form that a picture is chosen in."""
FIELDS = "fields"
"""The part of the form that holds the company's fields."""


@pages.get("/new", needs=ENTER)
def new() -> ResponseReturnValue:
    """The form for another contact."""
    return _new(card_form.draft(EMPTY))


@pages.post("/new", needs=ENTER)
def create() -> ResponseReturnValue:
    """Make it, or take the form's rows as they were changed."""
    rows = card_form.sent(request.form)
    if (changed := _rows_changed(rows)) is not None:
        return _new(changed)
    group = request.form.get("group", "")
    if not group:
        return _new(rows, told=_("Choose the group that it goes into."))
    try:
        boxes = _boxes(EMPTY, {}, [group])
        if lack := field_inputs.lacking(boxes):
            return _new(rows, told=_lacking(lack), where=lack.name)
        card, here = company_fields().written(card_form.card(rows), {}, field_inputs.changes(boxes))
        if not card:
            return _new(rows, told=_("Write something into the form first."))
        photo = _photo()
        with acting() as work:
            within, erased = groups.find_id(work.session, group), "allow_erased" in request.form
            made = cases.create(work, within, card, here=here, allow_erased=erased)
            _set_photo(work, made, photo)
    except InvalidCard as error:
        return _new(rows, told=refusals.told(error), where=error.field)
    except Suppressed as error:
        return _new(rows, told=refusals.told(error), erased=True)
    except UnfitValue as error:
        return _new(rows, told=refusals.told(error), where=FIELDS)
    except InvalidInput as error:
        return _new(rows, told=refusals.told(error), where=PHOTO)
    return done(_("Contact created. It is on its way to everyone’s mailbox."), url_for("contacts.show", contact=made))


@pages.get("/<contact>/edit", needs=on_contact(Right.VIEW))
def edit(contact: str) -> str:
    """The form with how it stands. Who may only view proposes."""
    with the_world().database.reading() as session:
        found = contacts.get(session, contact)
    return _edit(found, _draft(found.card))


@pages.post("/<contact>/edit", needs=on_contact(Right.VIEW))
def change(contact: str) -> ResponseReturnValue:
    """Save it or propose it; where someone was faster, show both."""
    rows = card_form.sent(request.form)
    with the_world().database.reading() as session:
        found = contacts.get(session, contact)
    if (changed := _rows_changed(rows)) is not None:
        return _edit(found, changed)
    there, edits = url_for("contacts.show", contact=contact), may(Right.EDIT, *asked_on())
    boxes = _boxes(found.card, found.here, asked_on())
    try:
        if edits and (lack := field_inputs.lacking(boxes)):
            return _edit(found, rows, told=_lacking(lack), where=lack.name)
        card, here = _written(found, rows, boxes)
        if not card:
            return _edit(found, rows, told=_("A contact cannot be empty; delete it instead."))
        if edits:
            photo = _photo()
            alone = not (photo or "remove_photo" in request.form or review_forms.asked())
            with acting(CardEdits() if alone else None) as work:
                cases.edit(work, contact, card, here=here, version=_version(found))
                _set_photo(work, contact, photo)
                review_forms.corrected(work, contact)
            return done(_("Saved. It is on its way to everyone’s mailbox."), review_forms.onward(contact, there))
        with acting(None if review_forms.asked() else CardEdits()) as work:
            proposals.propose(work, contact, card, _version(found))
            review_forms.corrected(work, contact)
        return done(_("Proposed. Whoever manages the group decides."), review_forms.onward(contact, there))
    except InvalidCard as error:
        return _edit(found, rows, told=refusals.told(error), where=error.field)
    except UnfitValue as error:
        return _edit(found, rows, told=refusals.told(error), where=FIELDS)
    except InvalidInput as error:
        return _edit(found, rows, told=refusals.told(error), where=PHOTO)
    except StaleVersion:
        return _both(contact, *_written(found, rows, boxes))
    except Refused as error:
        return refused(refusals.told(error), there)


@pages.post("/<contact>/restore-version", needs=on_contact(Right.EDIT))
def restore_version(contact: str) -> ResponseReturnValue:
    """Make an earlier card the next version."""
    version = request.form.get("version", 0, type=numbers.whole)
    with acting(CardEdits()) as work:
        trash.restore_version(work, contact, version)
    return done(_("The earlier version is back, as a new one."), url_for("contacts.show", contact=contact))


def _photo() -> Photo | None:
    """The picture that was chosen in the form, before anything is written. Raises InvalidInput."""
    chosen = request.files.get(PHOTO)
    return as_photo(chosen.read()) if chosen else None


def _set_photo(work: Work, contact: str, photo: Photo | None) -> None:
    """Give the contact the photo that was chosen, or take its own away where that was ticked."""
    if photo is not None:
        photos.set_photo(work, contact, photo)
    elif "remove_photo" in request.form:
        photos.remove_photo(work, contact)


def _rows_changed(rows: Draft) -> Draft | None:
    """The rows with one more or one less, where that was asked for."""
    if field := request.form.get("add"):
        return card_form.with_row(rows, field)
    if name := request.form.get("remove"):
        return card_form.without_row(rows, name)
    return None


def _draft(card: Card) -> Draft:
    """The card as rows, but for what stands in boxes of fields."""
    return card_form.draft(field_inputs.bared(company_fields(), card))


def _boxes(card: Card, here: Mapping[str, str], places: Collection[str]) -> list[FieldInput]:
    """The boxes of fields: what the contact says, or what was sent instead."""
    edits = not places or may(Right.EDIT, *places)
    boxes = field_inputs.inputs(company_fields(), card, here, places, beside=edits)
    return field_inputs.typed(boxes, request.form)


def _written(found: Contact, rows: Draft, boxes: Iterable[FieldInput]) -> tuple[Card, dict[str, str]]:
    """What was typed, over the version that the form was opened with. Raises InvalidInput."""
    with the_world().database.reading() as session:
        version = _version(found)
        base = contacts.cards_at(session, [(found.id, version)]).get(found.id, found.card)
        here = contacts.here_at(session, found.id, version)
    fields = company_fields()
    card = field_inputs.with_standing(fields, card_form.card(rows), base)
    return fields.written(card, here, field_inputs.changes(boxes))


def _lacking(box: FieldInput) -> str:
    return _("“%(name)s” is required in this group.", name=box.field.name)


@dataclass(frozen=True, slots=True)
class Clash:
    """What somebody else did while the form was open, and the boxes of fields with what both did."""

    theirs: list[Difference]
    conflicts: tuple[Conflict, ...]
    boxes: list[FieldInput]


def _version(found: Contact) -> int:
    """The version that was shown when the form was opened."""
    return request.form.get("version", found.version, type=numbers.whole)


def _both(contact: str, mine: Card, my_here: dict[str, str]) -> ResponseReturnValue:
    """Someone was faster: both changes in one form, and what stands against what."""
    with the_world().database.reading() as session:
        now = contacts.get(session, contact)
        version = _version(now)
        base = contacts.cards_at(session, [(contact, version)]).get(contact, now.card)
        base_here = contacts.here_at(session, contact, version)
    fields = company_fields()
    merged = merge(base, now.card, mine, fields.sets)
    both = replace(now, card=merged.card, here=merged_here(fields, base_here, now.here, my_here))
    boxes = field_inputs.inputs(fields, both.card, both.here, asked_on(), beside=may(Right.EDIT, *asked_on()))
    theirs = differences(whole(base, base_here, fields), whole(now.card, now.here, fields))
    return _edit(now, _draft(both.card), clash=Clash(theirs, merged.conflicts, boxes)), 409


def _new(rows: Draft, told: str = "", where: str = "", *, erased: bool = False) -> str:
    with the_world().database.reading() as session:
        places = [group for group in groups.ordinary(session, alphabet()) if may(Right.EDIT, group.id)]
    chosen = request.form.get("group") or request.args.get("group") or (places[0].id if len(places) == 1 else "")
    return render_template(
        "contact_edit/new.html",
        rows=rows,
        boxes=_boxes(EMPTY, {}, [chosen] if chosen else []),
        told=told,
        where=where,
        erased=erased,
        places=places,
        chosen=chosen,
    )


def _edit(
    found: Contact,
    rows: Draft,
    told: str = "",
    where: str = "",
    clash: Clash | None = None,
) -> str:
    """The form: filled with `rows`; why they were not taken, and `where`; or what somebody else did meanwhile."""
    against = [
        (one.field, *(in_words(one.field, EMPTY.replacing({one.field: side})) for side in (one.store, one.other)))
        for one in (clash.conflicts if clash else ())
    ]
    return render_template(
        "contact_edit/edit.html",
        contact=found,
        rows=rows,
        boxes=clash.boxes if clash else _boxes(found.card, found.here, asked_on()),
        told=told,
        where=where,
        version=found.version if clash else _version(found),
        theirs=clash.theirs if clash else None,
        against=against,
        proposes=not may(Right.EDIT, *asked_on()),
    )
