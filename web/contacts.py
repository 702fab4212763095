"""Contacts: all of them, with search as you type; one contact with its groups, versions and whereabouts."""

from __future__ import annotations

from flask import request

from sharesync.model.permission import Right
from sharesync.store import browsing, contacts, groups, timeline, whereabouts
from sharesync.store.history import history
from web.cards import facts, steps
from web.live import page, the_world
from web.needs import ENTER, Pages, on_contact
from web.person import asked_on, may, visible

pages = Pages("contacts", __name__, url_prefix="/contacts")

CHANGES = 20


@pages.get("/", needs=ENTER)
def index() -> str:
    """All that one may see, or those of them that hold every word of the search."""
    search, after = request.args.get("q", ""), request.args.get("after")
    with the_world().database.reading() as session:
        shelf = browsing.shelf(session, search=search, after=after, among=visible())
        return page("contacts", shelf=shelf, search=search)


@pages.get("/<contact>", needs=on_contact(Right.VIEW))
def show(contact: str) -> str:
    """One of them. Its history is for those who may edit it, its whereabouts for those who run one of its groups."""
    with the_world().database.reading() as session:
        found = contacts.get(session, contact)
        edits = may(Right.OVERSEE) or may(Right.EDIT, *asked_on())
        runs = may(Right.OVERSEE) or may(Right.MANAGE, *asked_on())
        lines = timeline.page(session, contact=contact, deliveries=False, lines=CHANGES).lines if runs else ()
        return page(
            "contacts",
            "show",
            contact=found,
            facts=facts(found.card),
            groups=[one for one in groups.listed(session) if one.name in found.groups and may(Right.VIEW, one.id)],
            places=whereabouts.of_contact(session, contact) if runs else [],
            steps=steps(history(session, contact)) if edits else [],
            runs=runs,
            lines=lines[:CHANGES],
        )
