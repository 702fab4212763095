"""Importing: a file is recognised, its columns told where nobody knows them, shown for what it would do, brought in.

Each step has an address of its own, which may be reloaded and gone back to: a file is named in it by the word under
which it is kept, and the group in its query. What was done is told at the address of its event, for good.
"""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, TooManyRequests

from sharesync.errors import InvalidInput, Sentence
from sharesync.formats import apart, file_reading
from sharesync.formats.csv_meanings import CUSTOM, HEADING, says_something
from sharesync.formats.file_reading import Format, Mapping, Parsed
from sharesync.model.audit import By, Source
from sharesync.model.group import group_name
from sharesync.model.permission import Right
from sharesync.services import duplicates, imports, told_columns
from sharesync.services.findings import findings
from sharesync.services.import_entries import Tick
from sharesync.services.imports import Likely, LikelyTwins
from sharesync.store.queries import groups
from web.frame import running
from web.frame.limits import COLUMNS, IMPORT, first_of_its_kind
from web.frame.live import is_part, page, the_world
from web.frame.needs import ADMINISTER, ENTER, Pages
from web.frame.person import demand, may, the_person
from web.frame.responses import refused
from web.frame.running import Run
from web.pages import uploads
from web.pages.import_fields import define, likely_fields
from web.pages.import_steps import Done, ImportPreview, Into
from web.words.columns import MEANINGS, PARTS
from web.words.languages import _
from web.words.likeness import ALIKE_BY
from web.words.refusals import said
from web.words.terms import FIELD_KINDS

pages = Pages("importing", __name__, url_prefix="/importing")

SHOWN = 50
"""Lines of a file that are named one by one."""
EXAMPLES = 3
"""Notes of one kind that are shown."""
SAMPLES = 3
"""Cells of a column that are shown, and twice as many contacts as they will be."""
LOOKS = 20
"""Looks at a file in a minute, of one person."""


@pages.post("/", needs=ENTER, limit=IMPORT)
def preview() -> ResponseReturnValue:
    """Take a file, or what its columns are, and go on to what it would do, or to its columns."""
    word, data, name = _file()
    if not data:
        return refused(_("Choose a file.") if not word else _gone(), _home())
    into, mapping = _into(), _mapping()
    if into is None:
        return refused(_("Choose the group that the contacts go into."), _home())
    kept = word or uploads.keep(data)
    if mapping is None and file_reading.needs_telling(apart.head(data)) and _recalled(data) is None:
        return redirect(_step("told", kept, into), 303)
    now = _look(kept, data, into, mapping or _recalled(data), name)
    if now.trouble is not None:
        if not word:
            uploads.forget(kept)
        return refused(said(now.trouble) or _("The file could not be looked at; try again."), _home())
    return redirect(_step("shown", kept, into), 303)


def _look(word: str, data: bytes, into: Into, mapping: Mapping | None, name: str = "") -> Run[ImportPreview]:
    """Begin to look at a file, and wait a moment for the end."""
    world, by = the_world(), _importing()
    begun: Run[ImportPreview] = Run(
        the_person().user_id, into.id, into.name, rehearsal=True, asked=into.asked, mapping=mapping
    )

    def act(told: Tick) -> ImportPreview:
        found = apart.read(data, name, mapping)
        begun.total = len(found.entries)
        if mapping and (sheet := file_reading.sheet(apart.head(data))):
            with world.work(by) as work:
                told_columns.remember(work, sheet, mapping)
        report = imports.rehearse(world.operation(by), into.target, found.entries, told=told)
        alike: list[Likely] = []
        if into.id:
            with duplicates.compared(world.database) as session:
                alike = imports.likely(session, into.id, found.entries)
        return ImportPreview(into, found, mapping, report, alike, findings(found.entries))

    return running.begin(word, begun, act)


@pages.get("/<word>/preview", needs=ENTER)
def shown(word: str) -> ResponseReturnValue:
    """How far the look at a file is; then what it would do. It is begun again where it is not known any more."""
    person = the_person().user_id
    if running.find(person, word):  # the file is coming in, or has come in
        return redirect(url_for("importing.progress", word=word))
    found, data = running.find(person, word, rehearsal=True), uploads.find(word)
    if data is None:
        raise NotFound
    asked = {name: value for name in ("group", "new") if (value := request.args.get(name, ""))}
    if found is None or (asked and found.ended and found.asked != asked):
        into, mapping = _into(), _recalled(data)
        if into is None:
            return redirect(_home())
        if mapping is None and file_reading.needs_telling(apart.head(data)):
            return redirect(_step("told", word, into))
        if not first_of_its_kind("look", LOOKS):
            raise TooManyRequests
        found = _look(word, data, into, mapping)
    if found.ended and is_part():  # what comes next is another page
        return "", 200, {"HX-Refresh": "true"}
    if found.trouble is not None:
        return refused(said(found.trouble) or _("The file could not be looked at; try again."), _home(found.group))
    if found.report is None:
        return page("importing", "looking", run=found, word=word)
    return _shown(word, found.report)


def _shown(word: str, preview: ImportPreview) -> str:
    tellable = preview.reading.format in (Format.CSV, Format.OUTLOOK_CSV)
    return render_template(
        "importing/preview.html",
        preview=preview,
        tellable=tellable,
        word=word,
        shown=SHOWN,
        examples=EXAMPLES,
        alike_by=ALIKE_BY,
        likely_fields=likely_fields(preview.reading) if may(Right.ADMINISTER) else [],
        kinds=FIELD_KINDS,
    )


@pages.post("/<word>/fields", needs=ADMINISTER, limit=COLUMNS)
def fields(word: str) -> ResponseReturnValue:
    """Make fields of what the file says under names that are none yet."""
    if uploads.find(word) is None:
        return refused(_gone(), _home())
    return define(word)


@pages.get("/<word>/columns", needs=ENTER)
def told(word: str) -> ResponseReturnValue:
    """The file's columns, to be told what they are."""
    data, into = uploads.find(word), _into()
    if data is None:
        raise NotFound
    return _columns(into, word, data) if into else redirect(_home())


@pages.post("/columns", needs=ENTER, limit=COLUMNS)
def columns() -> ResponseReturnValue:
    """The file's columns, what each means, and the first contacts as they will be."""
    word, into = request.form.get("file", ""), _into()
    data = uploads.find(word)
    if data is None or into is None:
        return refused(_gone(), _home())
    return _columns(into, word, data)


@pages.post("/run", needs=ENTER, limit=IMPORT)
def run() -> ResponseReturnValue:
    """Bring in the file that was shown, beside this request where it takes longer."""
    word, person = request.form.get("file", ""), the_person()
    data, known = uploads.find(word), running.find(person.user_id, word)
    if data is None and known is None:
        return refused(_gone(), _home())
    into, world, by = _into(), the_world(), _importing()
    if into is None:
        return refused(_("Choose the group that the contacts go into."), _home())
    mapping, alike, kept = _mapping(), _alike(), uploads.the_uploads()
    begun: Run[Done] = Run(person.user_id, into.id, into.name)
    running.forget_rehearsals(person.user_id, word)

    def act(told: Tick) -> Done:
        found = apart.read(data or b"", mapping=mapping)
        begun.total = len(found.entries)
        event, report = imports.run(world.operation(by), into.target, found, alike=alike, told=told)
        kept.forget(person.user_id, word)
        return Done(event, report)

    now = running.begin(word, begun, act)
    if now.trouble:
        return refused(said(now.trouble), _home())
    return redirect(url_for("importing.progress", word=word), 303)


@pages.get("/<word>", needs=ENTER)
def progress(word: str) -> ResponseReturnValue:
    """How far an import is; what it did stands at another address."""
    found = running.find(the_person().user_id, word)
    if found is None and uploads.find(word) is None:
        raise NotFound
    if found and found.report is not None:
        address = url_for("transfer.imported", event=found.report.event)
        return ("", 200, {"HX-Redirect": address}) if is_part() else redirect(address, 303)
    return page("importing", "progress", run=found, word=word)


def _columns(into: Into, word: str, data: bytes) -> str:
    top = apart.head(data)
    sheet = file_reading.sheet(top)
    if sheet is None:
        raise InvalidInput(
            "%(file)s has no columns to be told; only those of a CSV file can be.", file=Sentence("This file")
        )
    mapping = _mapping() or _recalled(data) or sheet.guess()
    names, rows = sheet.names(heading=mapping.heading), sheet.rows(heading=mapping.heading)
    given = [*mapping.words, *[CUSTOM] * len(names)]
    sample = file_reading.sample(top, mapping, 2 * SAMPLES)
    return page(
        "importing",
        "columns",
        into=into,
        word=word,
        heading=mapping.heading,
        meanings=MEANINGS,
        parts=PARTS,
        columns=[
            (name, given[place], says_something(name), [row[place] for row in rows if row[place].strip()][:SAMPLES])
            for place, name in enumerate(names)
        ],
        sample=[one.card if isinstance(one, Parsed) else None for one in sample.entries],
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


def _into() -> Into | None:
    """The group it goes into, which the asker may edit or make. Raises NotFound, NotAllowed, InvalidInput."""
    if new := request.values.get("new", "").strip():
        demand(Right.ADMINISTER)
        return Into("", group_name(new))
    asked = request.values.get("group", "")
    if not asked:
        return None
    with the_world().database.reading() as session:
        group = groups.find(session, asked)
    demand(Right.EDIT, group.id, name=group.id)
    return Into(group.id, group.name)


def _mapping() -> Mapping | None:
    words = request.form.getlist("column")
    return Mapping(tuple(words), request.form.get("heading") == "yes") if words else None


def _recalled(data: bytes) -> Mapping | None:
    """What they said of an earlier file with the same header."""
    sheet = file_reading.sheet(apart.head(data))
    if sheet is None:
        return None
    with the_world().database.reading() as session:
        return told_columns.recall(session, the_person().user_id, sheet)


def _step(name: str, word: str, into: Into) -> str:
    """The address of a step with this file, into this group."""
    return url_for(f"importing.{name}", word=word, group=into.id or None, new=None if into.id else into.name)


def _alike() -> LikelyTwins:
    return LikelyTwins.SKIP if request.form.get("alike") == LikelyTwins.SKIP.value else LikelyTwins.NEW


def _home(group: str | None = None) -> str:
    return url_for("transfer.index", group=group or request.values.get("group") or None)


def _importing() -> By:
    return replace(the_person().by, source=Source.IMPORT)
