"""Importing: a file is recognised, its columns told where nobody knows them, shown for what it would do, brought in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from sharesync.errors import InvalidInput, Sentence
from sharesync.formats import apart, reading
from sharesync.formats.csv_meanings import CUSTOM, HEADING, says_something
from sharesync.formats.reading import Format, Mapping, Parsed
from sharesync.model.audit import By, Source
from sharesync.model.group import Group
from sharesync.model.likeness import Reason
from sharesync.model.permission import Right
from sharesync.services import imports
from sharesync.services.contacts import Imported, Told
from sharesync.services.imports import Alike, Likely
from sharesync.store import groups
from web import running, uploads
from web.column_words import MEANINGS, PARTS
from web.deeds import done, refused
from web.languages import N_, Spoken, _
from web.limits import COLUMNS, IMPORT
from web.live import is_part, page, the_world
from web.needs import ENTER, Pages
from web.person import demand, the_person
from web.refusals import said
from web.running import Run
from web.words import count, in_digits

pages = Pages("importing", __name__, url_prefix="/importing")

SHOWN = 50
"""Lines of a file that are named one by one."""
SAMPLES = 3
"""Cells of a column that are shown, and twice as many contacts as they will be."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do, as it was found."""

    group: Group
    format: Format
    entries: int
    mapping: Mapping | None
    report: Imported
    alike: list[Likely]


ALIKE_BY: dict[Reason, str] = Spoken({Reason.NAME: N_("the same name"), Reason.NEARLY: N_("nearly the same name")})
"""What is said where nothing that both have can be shown."""


@pages.post("/", needs=ENTER, limit=IMPORT)
def preview() -> ResponseReturnValue:
    """What the file would do, or which of its columns is what: nothing is changed yet."""
    word, data, name = _file()
    if not data:
        return refused(_("Choose a file.") if not word else _gone(), _home())
    group, mapping = _group(), _mapping()
    if mapping is None and reading.needs_telling(apart.head(data)):
        return _columns(group, word or uploads.keep(data), data)
    person, world, by, kept = the_person().user_id, the_world(), _importing(), word or uploads.keep(data)
    begun: Run[Preview] = Run(person, group.id, group.name, rehearsal=True, asked=mapping)

    def act(told: Told) -> Preview:
        found = apart.read(data, name, mapping)
        begun.total = len(found.entries)
        report = imports.rehearse(world.operation(by), group.id, found.entries, told=told)
        with world.database.reading() as session:
            alike = imports.likely(session, group.id, found.entries)
        return Preview(group, found.format, begun.total, mapping, report, alike)

    now = running.begin(kept, begun, act)
    if now.trouble is not None:
        if not word:
            uploads.forget(kept)
        return refused(said(now.trouble) or _("The file could not be looked at; try again."), _home())
    if now.report is None:
        return redirect(url_for("importing.shown", word=kept), 303)
    return _shown(kept, now.report)


@pages.get("/<word>/preview", needs=ENTER)
def shown(word: str) -> ResponseReturnValue:
    """How far the look at a file is; then what it would do."""
    found = running.find(the_person().user_id, word, rehearsal=True)
    if found is None:
        raise NotFound
    if found.ended and is_part():  # what comes next is another page
        return "", 200, {"HX-Refresh": "true"}
    if found.trouble is not None:
        return refused(said(found.trouble) or _("The file could not be looked at; try again."), _home(found.group))
    if found.report is None:
        return page("importing", "looking", run=found, word=word)
    return _shown(word, found.report)


def _shown(word: str, preview: Preview) -> str:
    tellable = preview.format is Format.CSV
    return render_template(
        "importing/preview.html", preview=preview, tellable=tellable, word=word, shown=SHOWN, alike_by=ALIKE_BY
    )


@pages.post("/columns", needs=ENTER, limit=COLUMNS)
def columns() -> ResponseReturnValue:
    """The file's columns, what each means, and the first contacts as they will be."""
    word = request.form.get("file", "")
    data = uploads.find(word)
    if data is None:
        return refused(_gone(), _home())
    return _columns(_group(), word, data)


@pages.post("/run", needs=ENTER, limit=IMPORT)
def run() -> ResponseReturnValue:
    """Bring in the file that was shown: at once, or beside this request where it takes longer."""
    word, person = request.form.get("file", ""), the_person()
    data, known = uploads.find(word), running.find(person.user_id, word)
    if data is None and known is None:
        return refused(_gone(), _home())
    group, world, by = _group(), the_world(), _importing()
    mapping, alike, kept = _mapping(), _alike(), uploads.the_uploads()
    begun: Run[Imported] = Run(person.user_id, group.id, group.name)
    running.forget_rehearsals(person.user_id, word)

    def act(told: Told) -> Imported:
        found = apart.read(data or b"", mapping=mapping)
        begun.total = len(found.entries)
        _event, report = imports.run(world.operation(by), group.id, found, alike=alike, told=told)
        kept.forget(person.user_id, word)
        return report

    now = running.begin(word, begun, act)
    if now.report is not None:
        words = _("Imported into %(group)s: %(words)s.", group=now.group_name, words=in_words(now.report))
        return done(words, _home(now.group))
    if now.trouble:
        return refused(said(now.trouble), _home())
    return redirect(url_for("importing.progress", word=word), 303)


@pages.get("/<word>", needs=ENTER)
def progress(word: str) -> str:
    """How far an import is, or how it ended."""
    found = running.find(the_person().user_id, word)
    if found is None and uploads.find(word) is None:
        raise NotFound
    told = in_words(found.report) if found and found.report is not None else ""
    return page("importing", "progress", run=found, word=word, told=told, shown=SHOWN)


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


def _columns(group: Group, word: str, data: bytes) -> str:
    top = apart.head(data)
    sheet = reading.sheet(top)
    if sheet is None:
        raise InvalidInput(
            "%(file)s has no columns to be told; only those of a CSV file can be.", file=Sentence("This file")
        )
    mapping = _mapping() or sheet.guess()
    names, rows = sheet.names(heading=mapping.heading), sheet.rows(heading=mapping.heading)
    given = [*mapping.words, *[CUSTOM] * len(names)]
    return page(
        "importing",
        "columns",
        group=group,
        word=word,
        heading=mapping.heading,
        meanings=MEANINGS,
        parts=PARTS,
        columns=[
            (name, given[place], says_something(name), [row[place] for row in rows if row[place].strip()][:SAMPLES])
            for place, name in enumerate(names)
        ],
        sample=[
            one.card if isinstance(one, Parsed) else None for one in reading.sample(top, mapping, 2 * SAMPLES).entries
        ],
        by_heading=HEADING,
    )


def _gone() -> str:
    return _("This file is not kept any more; send it again.")


def _file() -> tuple[str, bytes, str]:
    """The word of a file that was sent before, or none; its bytes, or those of the one that comes now; its name."""
    if word := request.form.get("file", ""):
        return word, uploads.find(word) or b"", ""
    sent = request.files.get("file")
    return ("", sent.read(), sent.filename) if sent and sent.filename else ("", b"", "")


def _group() -> Group:
    """The group it goes into, which whoever asks may edit. Raises NotFound, NotAllowed."""
    with the_world().database.reading() as session:
        group = groups.find(session, request.form.get("group", ""))
    demand(Right.EDIT, group.id, name=group.id)
    return group


def _mapping() -> Mapping | None:
    words = request.form.getlist("column")
    return Mapping(tuple(words), request.form.get("heading") == "yes") if words else None


def _alike() -> Alike:
    return Alike.SKIP if request.form.get("alike") == Alike.SKIP.value else Alike.NEW


def _home(group: str | None = None) -> str:
    return url_for("moving.index", group=group or request.form.get("group") or None)


def _importing() -> By:
    return replace(the_person().by, source=Source.IMPORT)
