"""The palette: from anywhere to a page, a group, a contact or a person, by a few letters (Ctrl-K)."""

from __future__ import annotations

from flask import request

from sharesync.model.filters import plain
from sharesync.model.permission import Right
from sharesync.model.searching import found, haystack_of, terms_of
from sharesync.store.queries import contact_pages, groups, lookup
from sharesync.store.queries.contact_pages import ContactFilter
from web.frame.live import page, the_world
from web.frame.menu import places
from web.frame.needs import ENTER, Pages
from web.frame.person import may, visible
from web.words.languages import alphabet

pages = Pages("palette", __name__, url_prefix="/find")

FEW = 6
"""Of each kind that are shown: who wants more searches on the page of that kind."""


@pages.get("/", needs=ENTER)
def index() -> str:
    """What the letters may mean; without any, the pages."""
    typed = request.args.get("q", "").strip()
    terms = terms_of(typed)
    with the_world().database.reading() as session:
        named = groups.named(session, alphabet()) if typed else []
        shelf = (
            contact_pages.shelf(session, ContactFilter(plain(typed), among=visible()), alphabet=alphabet(), size=FEW)
            if typed
            else None
        )
        return page(
            "palette",
            typed=typed,
            places=[one for one in places() if found(terms, haystack_of(one.said))],
            groups=[one for one in named if may(Right.VIEW, one.id) and found(terms, haystack_of(one.name))][:FEW],
            contacts=shelf.contacts if shelf else (),
            people=lookup.users(session, typed, FEW, alphabet()) if typed and may(Right.OVERSEE) else [],
        )
