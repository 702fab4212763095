"""Saved filters: kept from the list that they were typed in, and forgotten there."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.permission import Right
from sharesync.model.saved_filter import FilterDraft
from sharesync.services import saved_filters
from sharesync.store.queries import groups
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import acting, may
from web.frame.responses import done, refused
from web.frame.zones import zone
from web.words.languages import _, alphabet
from web.words.refusals import told

pages = Pages("saved", __name__, url_prefix="/contacts/saved")


@pages.get("/new", needs=ENTER)
def new() -> str:
    """The form: a page of its own, as a list that refreshes itself would take away what is typed."""
    typed, sort, columns = (request.args.get(name, "") for name in ("q", "sort", "columns"))
    with the_world().database.reading() as session:
        places = [group for group in groups.named(session, alphabet()) if may(Right.EDIT, group.id)]
    back = _list(typed, sort, columns)
    return render_template("saved/new.html", typed=typed, sort=sort, columns=columns, places=places, back=back)


@pages.post("/", needs=ENTER)
def save() -> ResponseReturnValue:
    """Keep the filter of the list under a name."""
    sent = request.form
    typed, order, columns = (sent.get(name, "").strip() for name in ("q", "sort", "columns"))
    back = _list(typed, order, columns)
    try:
        with acting() as work:
            draft = FilterDraft(sent.get("name", ""), typed, order, columns)
            saved = saved_filters.save(work, draft, sent.get("with") or None, zone())
    except Refused as error:
        return refused(told(error), back)
    return done(_("Saved as %(name)s.", name=saved.name), back)


@pages.post("/forget", needs=ENTER)
def forget() -> ResponseReturnValue:
    """Keep it no longer."""
    back = url_for("contacts.index")
    try:
        with acting() as work:
            saved = saved_filters.forget(work, request.form.get("saved", ""))
    except Refused as error:
        return refused(told(error), back)
    return done(_("The filter %(name)s is deleted.", name=saved.name), back)


def _list(typed: str, order: str, columns: str) -> str:
    return url_for("contacts.index", q=typed or None, sort=order or None, columns=columns or None)
