"""Contacts: all of them, with search as you type; one contact with its groups, versions and whereabouts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response
from werkzeug.exceptions import NotFound

from sharesync.model.entry import EntryKind
from sharesync.model.permission import Right
from sharesync.store.queries import (
    contact_pages,
    contact_status,
    contacts,
    decisions,
    duplicates,
    entries,
    fates,
    groups,
    photos,
    questions,
    saved_filters,
    timeline,
)
from sharesync.store.queries.entries import EntryPage
from sharesync.store.queries.history import history
from web.frame.live import company_fields, page, the_world
from web.frame.needs import ENTER, Pages, on_contact
from web.frame.person import asked_on, may, the_person, visible
from web.pages import field_inputs
from web.pages.cards import differences, facts, steps
from web.pages.contact_filters import asked
from web.pages.entries import QUICK, tomorrow
from web.pages.faces import faces_of
from web.words.languages import alphabet

pages = Pages("contacts", __name__, url_prefix="/contacts")

CHANGES = 20
ENTRIES = 10


@dataclass(frozen=True, slots=True)
class EntriesShown:
    """What stands in a contact's card of entries: the latest, and what the form offers."""

    entries: EntryPage
    day: date
    kinds: tuple[EntryKind, ...] = QUICK


@pages.get("/", needs=ENTER)
def index() -> str:
    """All that one may see, or those of them that hold every word of the search."""
    what = asked()
    with the_world().database.reading() as session:
        shelf = contact_pages.shelf(session, what.sieve, after=what.after, order=what.order, alphabet=alphabet())
        seen = [group for group in groups.named(session, alphabet()) if may(Right.VIEW, group.id)]
        others = [group for group in groups.ordinary(session, alphabet()) if may(Right.EDIT, group.id)]
        manages = [group for group in groups.ordinary(session, alphabet()) if may(Right.MANAGE, group.id)]
        faces = faces_of(session, [one.id for one in shelf.contacts])
        return page(
            "contacts",
            shelf=shelf,
            faces=faces,
            asked=what,
            groups=seen,
            others=others,
            ticks=bool(others),
            manages=bool(manages),
            saved=saved_filters.seen(session, the_person().user_id, visible()),
        )


@pages.get("/<contact>", needs=on_contact(Right.VIEW))
def show(contact: str) -> str:
    """One of them. Its history is for those who may edit it, its whereabouts for those who run one of its groups."""
    with the_world().database.reading() as session:
        found, fields = contacts.get(session, contact), company_fields()
        edits = may(Right.OVERSEE) or may(Right.EDIT, *asked_on())
        changes_it = may(Right.EDIT, *asked_on())
        runs = may(Right.OVERSEE) or may(Right.MANAGE, *asked_on())
        lines = (
            timeline.page(session, contact=contact, deliveries=False, lines=CHANGES, among=visible()).lines
            if runs
            else ()
        )
        held = set(asked_on())
        everything = groups.named(session, alphabet())
        ordinary = groups.ordinary(session, alphabet())
        about = fates.about(session, contact)
        proposed = next((one for one in about if one.user_id == the_person().user_id), None)
        waiting = decisions.open_proposals(session, [proposed.id]) if proposed and proposed.at is None else []
        return page(
            "contacts",
            "show",
            contact=found,
            facts=facts(field_inputs.bared(fields, found.card)),
            told=field_inputs.told(fields, found.card, found.here),
            groups=[one for one in everything if one.id in held and not found.deleted_at and may(Right.VIEW, one.id)],
            others=[one for one in ordinary if one.id not in held and may(Right.EDIT, one.id)] if changes_it else [],
            changes_it=changes_it,
            held=held,
            by_hand=[one for one in ordinary if one.id in held and may(Right.DELETE, one.id)],
            deletes=may(Right.DELETE, *held),
            places=contact_status.of_contact(session, contact, visible()) if runs else [],
            twins=[] if found.deleted_at else duplicates.of_contact(session, contact, visible()),
            written=EntriesShown(entries.page(session, contact, size=ENTRIES), tomorrow()),
            steps=steps(history(session, contact, about), fields) if edits else [],
            runs=runs,
            asked=questions.about(session, the_person().user_id, the_person().party.levels.keys(), contact),
            lines=lines[:CHANGES],
            proposed=proposed,
            proposed_changes=[change for one in waiting for change in differences(one.before, one.after)],
            deciders=fates.deciders(session, [one.id for one in waiting]),
        )


@pages.get("/<contact>/photo", needs=on_contact(Right.VIEW))
def photo(contact: str) -> Response:
    """Its photo."""
    with the_world().database.reading() as session:
        content = photos.of(session, contact)
    if content is None:
        raise NotFound
    return Response(content, mimetype="image/jpeg")
