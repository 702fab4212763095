"""The chosen: what is done to many contacts at once, those that were ticked in a list or all that it found."""

from __future__ import annotations

from babel.lists import format_list
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.model.permission import Right
from sharesync.services import bulk
from sharesync.store.queries import contact_names, contact_pages, groups
from web.frame.live import settings, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import demand, operating, visible
from web.frame.responses import done, refused, unconfirmed
from web.pages.contact_filters import sent
from web.words.languages import _, language
from web.words.terms import count, in_digits

pages = Pages("chosen", __name__, url_prefix="/contacts/chosen")

FEW = 5
"""Up to so many contacts are named, and deleted without typing a word; taken out of a group without a question."""


@pages.post("/add", needs=ENTER)
def add() -> ResponseReturnValue:
    """Put them into another group, too."""
    ids, back = _chosen(), _back()
    group = request.form.get("to", "")
    if not ids or not group:
        return refused(_("Tick contacts and choose a group first."), back)
    with operating() as operation:
        added = bulk.add(operation, group, ids)
    return done(
        _(
            "%(some)s of %(contacts)s were put into the group.",
            some=in_digits(len(added)),
            contacts=count(len(ids), "contact"),
        ),
        back,
    )


@pages.post("/take", needs=ENTER)
def take() -> ResponseReturnValue:
    """Take them out of a group; of many it is asked first."""
    ids, back = _chosen(), _back()
    if not ids:
        return refused(_("Tick contacts first."), back)
    group = request.form.get("from", "")
    with the_world().database.reading() as session:
        found = groups.find(session, group)
    demand(Right.DELETE, found.id, name=group)
    sentence = _(
        "%(contacts)s will be removed from %(group)s for everyone. Those in no other group go to the trash.",
        contacts=count(len(ids), "contact"),
        group=found.name,
    )
    if len(ids) > FEW and (
        question := unconfirmed(
            _("Remove them from the group?"), sentence, word=_("Remove from group"), number=len(ids), back=back
        )
    ):
        return question
    with operating() as operation:
        taken = bulk.take(operation, group, ids)
    return done(_("%(contacts)s removed from the group for everyone.", contacts=count(len(taken), "contact")), back)


@pages.post("/delete", needs=ENTER)
def delete() -> ResponseReturnValue:
    """Delete them, out of every group where one may; asked first, and of many with a word to type."""
    ids, back = _chosen(), _back()
    if not ids:
        return refused(_("Tick contacts first."), back)
    sentence = _(
        "%(contacts)s will be deleted for everyone. They stay in the trash for %(days)s and can be restored from"
        " there.",
        contacts=_named(ids),
        days=count(settings().trash_days, "day"),
    )
    typed = _("delete") if len(ids) > FEW else ""
    headline = _("Delete %(group)s?", group=_named(ids)) if len(ids) == 1 else _("Delete these contacts?")
    if question := unconfirmed(headline, sentence, word=_("Delete"), number=len(ids), typed=typed, back=back):
        return question
    with operating() as operation:
        bulk.delete(operation, ids)
    return done(_("%(contacts)s deleted for everyone.", contacts=count(len(ids), "contact")), back)


@pages.post("/compare", needs=ENTER)
def compare() -> ResponseReturnValue:
    """Two of them side by side, whether they are alike or not, to be merged or not."""
    ids = list(dict.fromkeys(request.form.getlist("contact")))
    if len(ids) != 2 or "all" in request.form:
        return refused(_("Tick the two contacts to compare."), _back())
    return redirect(url_for("duplicates.show", one=ids[0], other=ids[1]), 303)


def _chosen() -> list[str]:
    if "all" not in request.form:
        return list(dict.fromkeys(request.form.getlist("contact")))
    with the_world().database.reading() as session:
        return contact_pages.ids(session, sent())


def _named(ids: list[str]) -> str:
    """A few by name, `Ada and Grace`; many by their number."""
    if len(ids) > FEW:
        return count(len(ids), "contact")
    with the_world().database.reading() as session:
        known = contact_names.titles(session, ids, visible())
    shown = [known[one].title or _("a contact without a name") for one in ids if one in known]
    return format_list(shown, locale=language()) or count(len(ids), "contact")


def _back() -> str:
    """The list where they were ticked, or the page of the one contact."""
    if home := request.form.get("home"):
        return url_for("contacts.show", contact=home)
    group = request.form.get("page")
    return url_for("groups.show", group=group) if group else url_for("contacts.index", q=request.form.get("q") or None)
