"""Contacts: all of them, with search as you type; one contact with its groups, versions and whereabouts."""

from __future__ import annotations

from flask import Blueprint, request

from sharesync.store import browsing, contacts, groups, timeline, whereabouts
from sharesync.store.history import history
from web.cards import facts, steps
from web.live import page, the_world

pages = Blueprint("contacts", __name__, url_prefix="/contacts")

CHANGES = 20


@pages.get("/")
def index() -> str:
    """All of them, or those that hold every word of the search."""
    search, after = request.args.get("q", ""), request.args.get("after")
    with the_world().database.reading() as session:
        return page("contacts", shelf=browsing.shelf(session, search=search, after=after), search=search)


@pages.get("/<contact>")
def show(contact: str) -> str:
    """One of them."""
    with the_world().database.reading() as session:
        found = contacts.get(session, contact)
        return page(
            "contacts",
            "show",
            contact=found,
            facts=facts(found.card),
            groups=[group for group in groups.listed(session) if group.name in found.groups],
            places=whereabouts.of_contact(session, contact),
            steps=steps(history(session, contact)),
            lines=timeline.page(session, contact=contact, deliveries=False, lines=CHANGES).lines[:CHANGES],
        )
