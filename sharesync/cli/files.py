"""`contacts import` and `contacts export`: files of contacts, in and out."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from sharesync.cli import opening
from sharesync.cli.arguments import asked, filter_option
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.output import counted, json_line, json_option, tell
from sharesync.errors import Refused

if TYPE_CHECKING:
    from sharesync.formats.file_reading import FileReading
    from sharesync.services.import_entries import Imported

READABLE = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True)
FORMATS = ("jsonl", "vcf", "google-csv")
EXAMPLES = 5
"""Notes of one kind that are shown."""


@click.command("import")
@click.argument("file", type=READABLE)
@click.option("--group", required=True, help="The group they go into (name or id).")
@click.option("--allow-erased", is_flag=True, help="Bring back those with an address or number of an erased contact.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--map",
    "told",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column of a CSV file means, by its heading or number; may be repeated. The others are guessed.",
)
@json_option
def import_(*, file: str, group: str, allow_erased: bool, dry_run: bool, told: tuple[str, ...], as_json: bool) -> None:
    """Bring the contacts of FILE (- for standard input) into a group.

    FILE is vCard, Google CSV, Outlook CSV, any CSV whose first lines name its columns in English, Danish, Norwegian,
    Swedish or German, or JSON Lines. Columns that are not recognised are named, and kept as fields. A contact equal to
    one already in the group is skipped, so importing a file twice changes nothing. Photos that a vCard holds go to
    contacts that have none. The import can be undone as a whole in the web page.

    FIELD of --map is one of name, first-name, last-name, email, phone, mobile, company, title, street, postal-code,
    city, country, birthday, website, notes and more; custom (a field of its own), skip or heading (what the heading
    says).
    """
    from sharesync.model.audit import ActorKind, By, Source
    from sharesync.services import imports

    found = _read(file, told)
    with opening.store() as database:
        operation = opening.operation_in(database, By(ActorKind.SYSTEM, "operator", Source.IMPORT))
        if dry_run:
            report = imports.rehearse(operation, group, found.entries, allow_erased=allow_erased)
        else:
            _, report = imports.run(operation, group, found, allow_erased=allow_erased)
    report.notes[:0] = [(note.line, note) for note in found.notes]
    _tell_unknown(found.unknown, as_json=as_json)
    _tell_bad(report, as_json=as_json)
    line = {name: getattr(report, name) for name in ("created", "changed", "added", "unchanged", "photos")}
    line |= {"bad": len(report.bad)}
    tell(line | ({"dry_run": True} if dry_run else {}), _in_words(report, dry_run=dry_run), as_json=as_json)
    if report.bad:
        click.get_current_context().exit(DONE_IN_PART)


def _read(file: str, told: Sequence[str]) -> FileReading:
    """What the file holds; its bytes are let go of."""
    from sharesync.formats import file_reading

    with click.open_file(file, "rb") as opened:
        data, name = opened.read(), "" if file == "-" else Path(file).name
    return file_reading.read(data, name, file_reading.told(data, told) if told else None)


def _tell_unknown(columns: Sequence[str], *, as_json: bool) -> None:
    """Say on standard error which columns nobody knows."""
    if columns and as_json:
        json_line({"columns_not_recognised": list(columns)}, err=True)
    elif columns:
        click.echo(
            f"columns not recognised: {', '.join(columns)} (kept as fields of these names; use --map COLUMN=FIELD to"
            " say what they mean)",
            err=True,
        )


def _tell_bad(report: Imported, *, as_json: bool) -> None:
    """Say on standard error which lines did not go in, and what was left out of those that did."""
    for bad in sorted(report.bad, key=lambda bad: bad.line):
        if as_json:
            json_line({"line": bad.line, "reason": bad.reason}, err=True)
        else:
            click.echo(f"line {bad.line}: {bad.reason}", err=True)
    for kind, notes in report.notes_by_kind().items():
        if as_json:
            for line, note in notes:
                json_line({"note": note, "line": line}, err=True)
            continue
        lines = ", ".join(str(line) for line, _ in notes[:EXAMPLES]) + (" …" if len(notes) > EXAMPLES else "")
        click.echo(f"note: {kind} ({counted(len(notes), 'time')}; line {lines})", err=True)
        for _, note in notes[:EXAMPLES]:
            if note != kind:
                click.echo(f"  {note}", err=True)


def _in_words(report: Imported, *, dry_run: bool) -> str:
    done = [
        (report.created, "new"),
        (report.changed, "changed"),
        (report.added, "put into the group"),
        (report.unchanged, "known already"),
        (len(report.bad), "not imported"),
        (report.photos, "photo" if report.photos == 1 else "photos"),
    ]
    told = ", ".join(f"{number} {what}" for number, what in done if number) or "nothing in this file"
    return f"{'Would import' if dry_run else 'Imported'}: {told}."


@click.command()
@click.option("--group", help="Only those of this group (name or id).")
@filter_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True)
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Where to, else stdout.")
def export(*, group: str | None, filter_: str, form: str, file: Path | None) -> None:
    """Write contacts as JSON Lines, vCard or Google CSV; not those in the trash. That it was done is logged.

    Photos go with vCard alone.
    """
    from sharesync.formats.file_writing import ExportFormat, pieces
    from sharesync.services import exports

    chosen = ExportFormat(form)
    with opening.store() as database:
        wanted = asked(filter_, database)
        with opening.changing_in(database) as work:
            which = exports.note(work, group, chosen, wanted)
        with database.reading() as session, nullcontext(sys.stdout) if file is None else written_whole(file) as out:
            out.writelines(pieces(chosen, exports.rows(session, which, chosen)))


@contextmanager
def written_whole(file: Path) -> Iterator[TextIO]:
    """A file for its owner alone, which appears under its name only when all of it is written.

    Raises Refused where it cannot be.
    """
    with _or_refuse(file):
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        with _or_refuse(file):
            Path(draft).replace(file)
            _keep_name(file.parent)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _keep_name(folder: Path) -> None:
    """Make the folder's new entry outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _or_refuse(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"{file} cannot be written ({error.strerror}); choose another place.") from None
