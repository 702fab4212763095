"""Files for programs: brought in beside the request that sent them, and copies taken.

A file that comes in is a job with a progress: it is asked about at its own address, for an hour after its end. Until
that end the file is kept; so a job that nobody carries on any more, for the server was started anew, is known, and said
to have failed. The same file sent again finishes it: what is in the group already is left as it is. An export is one
answer that is written while it is read: a job for it would leave a copy of everybody's contacts on a disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sharesync.errors import InvalidInput, Sentence
from sharesync.formats import apart, file_reading
from sharesync.formats.file_writing import ExportFormat, pieces
from sharesync.model.permission import LEAST, Right
from sharesync.model.token import Scope
from sharesync.services import exports, imports, program_holds
from sharesync.services.import_entries import Imported, Tick
from sharesync.services.imports import LikelyTwins
from sharesync.services.operation.uploads import Uploads
from sharesync.store.database.work import Operation
from sharesync.store.queries import groups
from sharesync.store.queries import imports as stored
from web.api.answers import Answer
from web.api.group_shapes import GroupRef
from web.api.registry import Api
from web.api.shapes import HeldShape
from web.frame import running
from web.frame.limits import first_of_its_kind
from web.frame.live import reading, settings, the_world
from web.frame.needs import ENTER
from web.frame.person import acting, demand, the_program, visible
from web.frame.problems import Problem
from web.frame.running import Run

api = Api("api_imports", __name__, url_prefix="/api/v1")

READ, WRITE = Scope.CONTACTS_READ, Scope.CONTACTS_WRITE

FILE = "application/octet-stream"
A_MINUTE = 10
"""Files that one token sends, and copies that it takes."""
MOST_TOLD = 200
"""Lines that did not go in and are named one by one."""
TYPES = {"jsonl": "application/jsonl", "vcf": "text/vcard", "google-csv": "text/csv"}
_LOST = Sentence("The server was started anew while it ran. Send the file again: what is in the group already stays.")


class ImportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a file goes, and how."""

    group: GroupRef
    mode: Annotated[Literal["run", "try"], Meta(description="`try`: tell what it would do, and do nothing.")] = "run"
    alike: Annotated[
        Literal["new", "skip"], Meta(description="What becomes of who is probably in the group already.")
    ] = "new"
    name: Annotated[str, Meta(max_length=255, description="The file's name, which may tell its format.")] = ""
    map: Annotated[
        str, Meta(max_length=4000, description="Columns of a CSV file that are told: `Kunde=company,3=email`.")
    ] = ""


class ExportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A copy of what."""

    group: GroupRef
    format: Literal["jsonl", "vcf", "google-csv"] = "jsonl"


class BadLine(Struct, frozen=True):
    """A line of the file that did not go in, and why."""

    line: int
    detail: str


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import did, or would do, in contacts. `held`: changes of so many that a person decides first."""

    created: int
    changed: int
    added: int
    unchanged: int
    skipped: int
    held: int
    photos: int
    bad: int
    bad_lines: list[BadLine]
    """The first two hundred."""


class JobShape(Struct, frozen=True, kw_only=True):
    """An import that goes on or has ended. `done` of `total` entries; `import_id` is what undoes it."""

    id: str
    state: Literal["running", "done", "failed"]
    mode: Literal["run", "try"]
    total: int
    done: int
    import_id: str | None
    report: ImportReport | None
    detail: str
    """Why it failed."""


class ImportShape(Struct, frozen=True, kw_only=True):
    """An import into a group, as the change log knows it."""

    id: str
    at: datetime
    group: str
    told: str
    undone: bool


class ImportList(Struct, frozen=True):
    """The newest imports into groups that the token may edit."""

    items: list[ImportShape]
    next_cursor: None = None


class UndoneShape(Struct, frozen=True):
    """What undoing did, in contacts: taken out of the group, given their old values back."""

    taken: int
    changed: int


ImportEnd = tuple[str | None, Imported]


@api.get("/imports", needs=ENTER, scope=READ, gives=ImportList)
def list_imports() -> Answer:
    """The ten newest imports into the groups that the token may edit."""
    party = the_program().party
    among = None if party.role else [group for group, level in party.levels.items() if level >= LEAST[Right.EDIT]]
    with reading() as session:
        found = stored.latest(session, among)
    return Answer(
        ImportList([ImportShape(id=o.id, at=o.at, group=o.group, told=o.told, undone=o.undone) for o in found])
    )


@api.post("/imports", needs=ENTER, scope=WRITE, query=ImportQuery, takes=FILE, gives=JobShape, status=202, pieces=True)
def import_file(operation: Operation, query: ImportQuery, body: bytes) -> Answer:
    """Bring the contacts of a file into a group: vCard, JSON Lines, CSV or Excel."""
    with reading() as session:
        group = groups.find(session, query.group)
    demand(Right.EDIT, group.id, name=query.group)
    _count("import")
    owner, kept = _owner(), Uploads(settings().uploads)
    kept.sweep()
    word = kept.keep(owner, body)
    run: Run[ImportEnd] = Run(owner, group.id, group.name, rehearsal=query.mode == "try")

    def act(told: Tick) -> ImportEnd:
        try:
            pairs = [one.strip() for one in query.map.split(",") if one.strip()]
            mapping = file_reading.told(apart.head(body), pairs) if pairs else None
            found = apart.read(body, query.name, mapping)
            run.total = len(found.entries)
            if run.rehearsal:
                return None, imports.rehearse(operation, group.id, found.entries, told=told)
            return imports.run(operation, group.id, found, alike=LikelyTwins(query.alike), told=told)
        finally:
            kept.forget(owner, word)

    try:
        running.begin(word, run, act)
    except InvalidInput as busy:  # one file at a time
        kept.forget(owner, word)
        raise Problem(409, "conflict", str(busy.sentence)) from None
    return Answer(_job(word, run), 202, {"Location": f"/api/v1/jobs/{word}"})


@api.get("/jobs/<job>", needs=ENTER, scope=READ, gives=JobShape)
def show_job(job: str) -> Answer:
    """How far an import is, and what it did; for an hour after its end."""
    owner = _owner()
    found = running.find(owner, job) or running.find(owner, job, rehearsal=True)
    if found is not None:
        return Answer(_job(job, found))
    if Uploads(settings().uploads).find(owner, job) is None:
        raise Problem(404, "not-found")
    lost: Run[ImportEnd] = Run(owner, "", "", trouble=str(_LOST))
    return Answer(_job(job, lost))


@api.post("/imports/<id:event>/undo", needs=ENTER, scope=WRITE, gives=UndoneShape, pieces=True, holds=True)
def undo_import(operation: Operation, event: str) -> Answer:
    """Take back what an import did, and nothing that came after."""
    with operation.piece() as work:
        one = stored.find(work.session, event)
        demand(Right.EDIT if one.actor == work.by.id else Right.DELETE, one.group, what="import", name=event)
        joined = [(one.group, made.contact) for made in stored.made(work.session, event) if made.joined]
        held = [] if one.undone else program_holds.removals(work, joined, the_world().hold_limits)
    if held:
        return Answer(HeldShape(held), 202)
    undone = imports.undo(operation, event)
    return Answer(UndoneShape(undone.taken, undone.changed))


@api.get("/exports", needs=ENTER, scope=READ, query=ExportQuery, gives=", ".join(TYPES.values()))
def export_group(query: ExportQuery) -> Answer:
    """A copy of a group's contacts, as JSON Lines, vCard or Google CSV; the change log tells of it."""
    _count("export")
    form, world, seen = ExportFormat(query.format), the_world(), visible()
    with acting() as work:
        which = exports.note(work, query.group, form)

    def parts() -> Iterator[bytes]:
        with world.database.reading() as session:
            for piece in pieces(form, exports.rows(session, which, form, seen)):
                yield piece.encode()

    return Answer(parts(), headers={"Content-Type": TYPES[query.format]})


def _owner() -> str:
    """Under whose name jobs and their files are kept: not a person's own, whose page has jobs of another kind."""
    return f"program-{the_program().token.owner.subject}"


def _count(kind: str) -> None:
    if not first_of_its_kind(kind, A_MINUTE):
        raise Problem(429, "too-often", headers={"Retry-After": "60"})


def _job(word: str, run: Run[ImportEnd]) -> JobShape:
    event, report = run.report or (None, None)
    return JobShape(
        id=word,
        state="done" if report else "failed" if run.ended else "running",
        mode="try" if run.rehearsal else "run",
        total=run.total,
        done=run.total if report else run.done,
        import_id=event,
        report=_report(report) if report else None,
        detail="" if run.trouble is None else str(run.trouble) or "Something broke on our side; nothing more is done.",
    )


def _report(report: Imported) -> ImportReport:
    return ImportReport(
        created=report.created,
        changed=report.changed,
        added=report.added,
        unchanged=report.unchanged,
        skipped=report.skipped,
        held=report.held,
        photos=report.photos,
        bad=len(report.bad),
        bad_lines=[BadLine(one.line, str(one.reason)) for one in report.bad[:MOST_TOLD]],
    )
