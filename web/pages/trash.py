"""Trash: contacts that left their last group; brought back with their groups as long as their time there lasts."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, NotAllowed, NotFound
from sharesync.model.permission import Right
from sharesync.services import trash as cases
from sharesync.store.queries import contact_pages
from web.frame.live import settings, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import acting, theirs
from web.frame.responses import done, refused
from web.pages.contact_filters import asked_of_trash
from web.pages.faces import faces_of
from web.pages.grid import grid
from web.words.languages import _, alphabet
from web.words.refusals import told
from web.words.terms import count

pages = Pages("trash", __name__, url_prefix="/trash")


@pages.get("/", needs=ENTER)
def index() -> str:
    """What one may bring back, the latest first unless another order is asked for."""
    what = asked_of_trash(theirs(Right.EDIT))
    with the_world().database.reading() as session:
        shelf = contact_pages.shelf(session, what.wanted, after=what.after, order=what.order, alphabet=alphabet())
        faces = faces_of(session, [one.id for one in shelf.contacts])
    return render_template(
        "trash/index.html", shelf=shelf, faces=faces, grid=grid(shelf, what), asked=what, days=settings().trash_days
    )


@pages.post("/", needs=ENTER)
def restore() -> ResponseReturnValue:
    """Bring the chosen back; what cannot be, or was already, is passed over and counted."""
    here, chosen = url_for("trash.index"), list(dict.fromkeys(request.form.getlist("contact")))
    if not chosen:
        return refused(_("Tick contacts first."), here)
    back, reasons = 0, []
    with acting() as work:
        for contact in chosen:
            try:
                cases.restore(work, contact)
                back += 1
            except (InvalidInput, NotAllowed, NotFound) as refusal:
                gone = isinstance(refusal, NotFound)
                reasons.append(_("It is no longer in the trash.") if gone else told(refusal))
    if not back:
        return refused(reasons[0], here)
    words = _("%(contacts)s restored. Every mailbox follows with its next pass.", contacts=count(back, "contact"))
    if reasons:
        left = count(len(reasons), "contact")
        words += " " + _("%(contacts)s not restored: %(reason)s", contacts=left, reason=reasons[0])
    return done(words, here)
