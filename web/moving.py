"""Import and export: a file is shown for what it would do, brought in and undone as one act; copies are taken."""

from __future__ import annotations

import io
from dataclasses import replace

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput
from sharesync.formats import reading
from sharesync.formats.writing import Exported, ExportFormat, write
from sharesync.model.audit import By, Source
from sharesync.model.group import Group
from sharesync.model.permission import Right
from sharesync.services import contacts as cases
from sharesync.services import imports
from sharesync.store import contacts, groups
from sharesync.store import imports as stored
from sharesync.store.database import Session
from web import uploads
from web.deeds import done, refused
from web.languages import _
from web.limits import EXPORT, IMPORT
from web.live import the_world
from web.needs import ENTER, Pages
from web.person import acting, may, the_person, theirs, visible
from web.words import count, in_digits

pages = Pages("moving", __name__, url_prefix="/moving")

SHOWN = 50
"""Lines of a file that are named one by one."""
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
        everything = groups.listed(session)
        lately = stored.latest(session, theirs(Right.EDIT))
    return render_template(
        "moving/index.html",
        into=[group for group in everything if may(Right.EDIT, group.id)],
        out=[group for group in everything if seen is None or group.id in seen],
        chosen=request.args.get("group", ""),
        lately=lately,
    )


@pages.post("/preview", needs=ENTER, limit=IMPORT)
def preview() -> ResponseReturnValue:
    """What the file would do: nothing is changed yet."""
    file, here = request.files.get("file"), url_for("moving.index")
    data = file.read() if file else b""
    if not file or not file.filename:
        return refused(_("Choose a file."), here)
    try:
        found = reading.not_too_many(reading.read(data, file.filename))
    except InvalidInput as refusal:
        return refused(str(refusal), here)
    with the_world().database.reading() as session:
        group = _group(session)
        alike = imports.likely(session, group.id, found.entries)
    report = imports.rehearse(the_world(), _importing(), group.id, found.entries)
    word = uploads.keep(data)
    return render_template(
        "moving/preview.html", group=group, found=found, report=report, alike=alike, word=word, shown=SHOWN
    )


@pages.post("/import", needs=ENTER, limit=IMPORT)
def run() -> ResponseReturnValue:
    """Bring in the file that was shown."""
    here, word = url_for("moving.index"), request.form.get("file", "")
    data = uploads.find(word)
    if data is None:
        return refused(_("This file is not kept any more; send it again."), here)
    with the_world().work(_importing()) as work:
        group = _group(work.session)
        _dash, report = imports.run(work, group.id, reading.read(data))
    uploads.forget(word)
    told = [
        (report.created, _("new")),
        (report.changed, _("changed")),
        (report.added, _("put into the group")),
        (report.unchanged, _("known already")),
        (len(report.bad), _("not imported")),
    ]
    words = ", ".join(f"{in_digits(number)} {what}" for number, what in told if number) or _("nothing in this file")
    return done(_("Imported into %(group)s: %(words)s.", group=group.name, words=words), here)


@pages.post("/undo", needs=ENTER)
def undo() -> ResponseReturnValue:
    """Take back one import."""
    here = url_for("moving.index")
    try:
        with acting() as work:
            found = imports.undo(work, request.form.get("import", ""))
    except InvalidInput as refusal:
        return refused(str(refusal), here)
    changed = f", {count(found.changed, 'contact')} changed back" if found.changed else ""
    return done(f"Undone: {count(found.taken, 'contact')} taken out again{changed}.", here)


@pages.post("/export", needs=ENTER, limit=EXPORT)
def export() -> ResponseReturnValue:
    """A copy of a group's contacts, or of all for those who oversee all; counted and logged."""
    try:
        form = ExportFormat(request.form.get("format", ""))
    except ValueError:
        return refused(_("Choose a format."), url_for("moving.index"))
    with acting() as work:
        within = cases.note_export(work, request.form.get("group") or None, form.value)
    out = io.StringIO(newline="")
    seen = visible()
    with the_world().database.reading() as session:
        named = {group.name for group in groups.listed(session) if seen is None or group.id in seen}
        everyone = contacts.everyone(session, group=within)
        rows = (Exported(one.id, one.version, tuple(n for n in one.groups if n in named), one.card) for one in everyone)
        write(form, rows, out)
    mime, ending = TYPES[form]
    headers = {"Content-Disposition": f'attachment; filename="contacts.{ending}"'}
    return Response(out.getvalue(), mimetype=mime, headers=headers)


def _group(session: Session) -> Group:
    return groups.find(session, request.form.get("group", ""))


def _importing() -> By:
    return replace(the_person().by, source=Source.IMPORT)
