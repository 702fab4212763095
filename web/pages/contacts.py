"""Contacts: all of them, with search as you type; one contact with its groups, its past and its whereabouts."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from sharesync.model.company_fields import TAGS
from sharesync.model.contact import Contact
from sharesync.model.permission import Right
from sharesync.services.duplicates import compared_by_now
from sharesync.store.database.engine import Session
from sharesync.store.queries import (
    contact_pages,
    contact_status,
    contacts,
    decisions,
    duplicates,
    fates,
    groups,
    photos,
    questions,
    saved_filters,
)
from sharesync.store.queries.fates import ProposalFate
from web.frame.live import company_fields, page, the_world
from web.frame.needs import ENTER, Pages, on_contact
from web.frame.numbers import whole
from web.frame.person import asked_on, may, the_person, visible
from web.pages import contact_timeline, field_inputs
from web.pages.cards import differences, facts, job, reached
from web.pages.completing import completions
from web.pages.contact_filters import asked
from web.pages.contact_timeline import TimelineReader
from web.pages.entries import QUICK, tomorrow
from web.pages.faces import faces_of
from web.pages.grid import grid
from web.pages.options import drawn
from web.words.languages import alphabet

pages = Pages("contacts", __name__, url_prefix="/contacts")


@pages.get("/", needs=ENTER)
def index() -> str:
    """All that one may see, or those of them that hold every word of the search."""
    what = asked()
    with the_world().database.reading() as session:
        shelf = contact_pages.shelf(session, what.wanted, after=what.after, order=what.order, alphabet=alphabet())
        seen = [group for group in groups.named(session, alphabet()) if may(Right.VIEW, group.id)]
        others = [group for group in groups.ordinary(session, alphabet()) if may(Right.EDIT, group.id)]
        manages = [group for group in groups.ordinary(session, alphabet()) if may(Right.MANAGE, group.id)]
        faces = faces_of(session, [one.id for one in shelf.contacts])
        return page(
            "contacts",
            shelf=shelf,
            faces=faces,
            grid=grid(shelf, what),
            asked=what,
            groups=seen,
            others=others,
            ticks=bool(others),
            manages=bool(manages),
            saved=saved_filters.seen(session, the_person().user_id, visible()),
        )


@pages.get("/suggest", needs=ENTER)
def suggest() -> str:
    """What may follow in the search box where the cursor stands, as one types."""
    text = request.args.get("q", "")
    return drawn(completions(text, request.args.get("at", len(text), type=whole) or 0))


@pages.get("/<contact>", needs=on_contact(Right.VIEW))
def show(contact: str) -> str:
    """One of them. Its history is for those who may edit it, its whereabouts for those who run one of its groups."""
    with compared_by_now(the_world().database) as (session, comparing):
        found, fields = contacts.get(session, contact), company_fields()
        edits = may(Right.OVERSEE) or may(Right.EDIT, *asked_on())
        runs = may(Right.OVERSEE) or may(Right.MANAGE, *asked_on())
        about = fates.about(session, contact)
        reader = TimelineReader(versions=edits, log=runs)
        told, heading = field_inputs.told(fields, found.card, found.here), job(found.card)
        said = facts(field_inputs.bared(fields, found.card), heading)
        return page(
            "contacts",
            "show",
            contact=found,
            heading=heading,
            facts=said,
            call=reached(said, "phoneNumbers"),
            mail=reached(said, "emailAddresses"),
            tags=next((one for one in told if one.field.id == TAGS and one.parts), None),
            told=[one for one in told if one.field.id != TAGS or not one.parts],
            places=contact_status.of_contact(session, found, visible()) if runs else [],
            twins=[] if found.deleted_at else duplicates.of_contact(session, contact, visible()),
            comparing=comparing,
            past=contact_timeline.of_contact(session, contact, reader, about, fields),
            quick=QUICK,
            tomorrow=tomorrow(),
            runs=runs,
            asked=questions.about(session, the_person().user_id, the_person().party.levels.keys(), contact),
            **_places(session, found),
            **_proposed(session, about),
        )


def _places(session: Session, found: Contact) -> dict[str, Any]:
    """The groups that hold a contact, and what the reader may do about it there."""
    held, changes_it = set(asked_on()), may(Right.EDIT, *asked_on()) and found.deleted_at is None
    named = groups.named(session, alphabet()) if not found.deleted_at else []
    ordinary = [one for one in named if not one.is_smart]
    return {
        "groups": [one for one in named if one.id in held and may(Right.VIEW, one.id)],
        "others": [one for one in ordinary if one.id not in held and may(Right.EDIT, one.id)] if changes_it else [],
        "changes_it": changes_it,
        "proposes": not changes_it and found.deleted_at is None and bool(the_person().party.level(held)),
        "by_hand": [one for one in ordinary if one.id in held and may(Right.DELETE, one.id)] if len(held) > 1 else [],
        "deletes": may(Right.DELETE, *held) and found.deleted_at is None,
    }


def _proposed(session: Session, about: list[ProposalFate]) -> dict[str, Any]:
    """What the reader proposed about a contact, and what became of it."""
    proposed = next((one for one in about if one.user_id == the_person().user_id), None)
    waiting = decisions.open_proposals(session, [proposed.id]) if proposed and proposed.at is None else []
    return {
        "proposed": proposed,
        "proposed_changes": [change for one in waiting for change in differences(one.before, one.after)],
        "deciders": fates.deciders(session, [one.id for one in waiting]),
    }


@pages.get("/<contact>/photo", needs=on_contact(Right.VIEW))
def photo(contact: str) -> Response:
    """Its photo."""
    with the_world().database.reading() as session:
        content = photos.of(session, contact)
    if content is None:
        raise NotFound
    return Response(content, mimetype="image/jpeg")
