"""Import and export: where files are sent (`importing.py`), imports undone as one act, and copies taken."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput
from sharesync.formats.file_writing import ExportFormat, pieces
from sharesync.model.group import MAX_NAME
from sharesync.model.permission import Right
from sharesync.services import exports, imports
from sharesync.services.import_entries import Imported
from sharesync.store.queries import groups
from sharesync.store.queries import imports as stored
from web.frame import running
from web.frame.limits import EXPORT
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import acting, demand, may, operating, the_person, theirs, visible
from web.frame.responses import done, refused
from web.pages.downloads import download
from web.pages.import_steps import Done
from web.pages.importing import SHOWN
from web.words.languages import _, alphabet
from web.words.refusals import told
from web.words.terms import count, in_digits

pages = Pages("transfer", __name__, url_prefix="/moving")

TYPES = {
    ExportFormat.JSONL: ("application/jsonl", "jsonl"),
    ExportFormat.VCF: ("text/vcard", "vcf"),
    ExportFormat.GOOGLE_CSV: ("text/csv", "csv"),
}


@pages.get("/", needs=ENTER)
def index() -> str:
    """Where to send a file, what was imported lately, where to take a copy."""
    seen = visible()
    with the_world().database.reading() as session:
        everything = groups.listed(session, alphabet())
        lately = stored.latest(session, theirs(Right.EDIT))
    return render_template(
        "transfer/index.html",
        into=[group for group in everything if may(Right.EDIT, group.id) and not group.is_smart],
        out=[group for group in everything if seen is None or group.id in seen],
        chosen=request.args.get("group", ""),
        lately=lately,
        longest_name=MAX_NAME,
        going=running.of(the_person().user_id),
    )


@pages.get("/imports/<event>", needs=ENTER)
def imported(event: str) -> str:
    """What an import did: all of it for an hour, and for good what the change log knows."""
    with the_world().database.reading() as session:
        one = stored.find(session, event)
        demand(Right.EDIT, one.group, what="import", name=event)
        made = stored.made(session, event)
    known = running.ended(the_person().user_id, lambda done: isinstance(done, Done) and done.event == event)
    report = known.report if known else Imported(created=sum(two.created for two in made), changed=_changed(made))
    return render_template("transfer/imported.html", one=one, report=report, told=in_words(report), shown=SHOWN)


def _changed(made: list[stored.Made]) -> int:
    return sum(one.versions is not None for one in made)


def in_words(report: Imported) -> str:
    """What an import did."""
    told = [
        (report.created, _("new")),
        (report.changed, _("changed")),
        (report.added, _("put into the group")),
        (report.unchanged, _("known already")),
        (report.skipped, _("left out as probably known")),
        (len(report.bad), _("not imported")),
    ]
    words = [f"{in_digits(number)} {what}" for number, what in told if number]
    words += [count(report.photos, "photo")] if report.photos else []
    return ", ".join(words) or _("nothing in this file")


@pages.post("/undo", needs=ENTER)
def undo() -> ResponseReturnValue:
    """Take back one import."""
    here = url_for("transfer.index")
    try:
        with operating() as operation:
            found = imports.undo(operation, request.form.get("import", ""))
    except InvalidInput as refusal:
        return refused(told(refusal), here)
    taken, changed = count(found.taken, "contact"), count(found.changed, "contact")
    if found.changed:
        return done(_("Undone: %(taken)s removed, %(changed)s changed back.", taken=taken, changed=changed), here)
    return done(_("Undone: %(taken)s removed.", taken=taken), here)


@pages.post("/export", needs=ENTER, limit=EXPORT)
def export() -> ResponseReturnValue:
    """A copy of a group's contacts, or of all for those who oversee all; counted and logged."""
    try:
        form = ExportFormat(request.form.get("format", ""))
    except ValueError:
        return refused(_("Choose a format."), url_for("transfer.index"))
    with acting() as work:
        which = exports.note(work, request.form.get("group") or None, form)
        what = groups.find(work.session, which.group).name if which.group else _("Contacts")
    world, seen = the_world(), visible()

    def parts() -> Iterator[str]:
        with world.database.reading() as session:
            yield from pieces(form, exports.rows(session, which, form, seen))

    mime, ending = TYPES[form]
    return download(parts(), mime, what, ending)
