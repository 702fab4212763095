"""Copies of what was ticked in a list: addresses for a letter, and files."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from flask.typing import ResponseReturnValue

from sharesync.formats.file_writing import ExportFormat, pieces
from sharesync.services import exports
from sharesync.store.queries import contact_pages
from web.frame.limits import EXPORT
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import acting, visible
from web.frame.responses import refused
from web.pages.downloads import download
from web.pages.ticked import chosen, chosen_filter, the_list, to_the_list
from web.pages.transfer import TYPES
from web.words.languages import _

pages = Pages("copies", __name__, url_prefix="/contacts/copies")


@pages.post("/addresses", needs=ENTER)
@to_the_list
def addresses() -> ResponseReturnValue:
    """Their first e-mail addresses on one line, to be copied into a letter."""
    with the_world().database.reading() as session:
        found = [
            item.text("value")
            for one in contact_pages.everyone(session, chosen_filter())
            for item in one.card["emailAddresses"][:1]
        ]
    if not found:
        return refused(_("None of them has an e-mail address."), the_list())
    return render_template("copies/addresses.html", found=list(dict.fromkeys(found)), back=the_list())


@pages.post("/vcard", needs=ENTER, limit=EXPORT)
@to_the_list
def vcard() -> ResponseReturnValue:
    """A copy of them as vCard."""
    return _export(ExportFormat.VCF)


@pages.post("/csv", needs=ENTER, limit=EXPORT)
@to_the_list
def csv() -> ResponseReturnValue:
    """A copy of them as Google's CSV."""
    return _export(ExportFormat.GOOGLE_CSV)


def _export(form: ExportFormat) -> ResponseReturnValue:
    if not chosen():
        return refused(_("Tick contacts first."), the_list())
    with acting() as work:
        which = exports.note_found(work, chosen_filter(), form)
    world, seen = the_world(), visible()

    def parts() -> Iterator[str]:
        with world.database.reading() as session:
            yield from pieces(form, exports.rows(session, which, form, seen))

    mime, ending = TYPES[form]
    return download(parts(), mime, _("Contacts"), ending)
