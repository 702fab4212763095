"""`audit verify`, `checkpoint`, `prove`, `check`: that the change log is whole, and proof of it for others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from sharesync.cli import opening
from sharesync.cli.arguments import whole
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.files import written_whole
from sharesync.cli.output import counted, json_line, json_option
from sharesync.errors import Refused

if TYPE_CHECKING:
    from sharesync.formats.signed_note import Checkpoint, Signer
    from sharesync.services.log.verification import LogVerdict
    from sharesync.store.database.engine import Session

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUTPUT = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--checkpoint", "files", type=_FILE, multiple=True, help="One that was kept elsewhere; may be repeated.")
@click.option("--checkpoints", "folder", type=_FOLDER, help="All of a folder that is kept elsewhere.")
@json_option
def verify(*, files: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Recompute the whole log and hold it against every checkpoint at hand; exit status 1 if anything is wrong.

    At hand are those in the data directory, and FILE or FOLDER, which an auditor kept elsewhere. That the log only grew
    since the checkpoint was signed is part of what is checked; `audit prove --from FILE` is the proof of it for others.
    """
    from sharesync.services.log import verification as cases

    files += _all_of(folder) if folder else ()
    with opening.store() as database, database.reading_log() as session:
        points, strange = at_hand(session, files)
        verdict = cases.verify(session, [point for _, point in points])
    findings = strange + verdict.told
    proven = verdict.proven([point for file, point in points if file in files])
    if as_json:
        json_line(
            {
                "whole": not findings,
                "size": verdict.size,
                "root": verdict.root.hex(),
                "findings": findings,
                "erased": verdict.erased,
                "retired": verdict.retired,
                "checkpoints": sorted(set(verdict.checked)),
                "proven": proven,
            }
        )
    else:
        _tell(verdict, findings, [(file, point) for file, point in points if file in files])
        click.echo(_proof(verdict.size, proven))
    if findings:
        click.get_current_context().exit(DONE_IN_PART)


def _tell(verdict: LogVerdict, findings: Sequence[str], kept: Sequence[tuple[Path, Checkpoint]]) -> None:
    """Say what was found; `kept` are the checkpoints that an auditor brought."""
    for finding in findings:
        click.echo(finding)
    for contact in verdict.erased:
        click.echo(f"Contact {contact} was erased on request; the log says so, its values are gone.")
    if verdict.retired:
        click.echo(
            f"Events below {verdict.retired} were retired to an archive; the log says so, their hashes are here."
        )
    for file, point in kept:
        if point not in verdict.differing:
            click.echo(f"The log only grew since {file.name}: its first {counted(point.size, 'event')} are the same.")
    held = f"held against {counted(len(set(verdict.checked)), 'checkpoint')}"
    state = "is not whole" if findings else "is whole"
    click.echo(f"The log {state}: {counted(verdict.size, 'event')}, {held}.")


def _proof(size: int, proven: int) -> str:
    """What all of this is worth against whoever owns the database."""
    if not proven:
        return (
            "Against whoever owns the database this proves nothing: they can write a log that is whole, and the"
            " checkpoints beside it. Give one that was kept where they cannot reach, with --checkpoint FILE;"
            " `sharesync audit checkpoint` prints one to keep."
        )
    later = f"; of the {counted(size - proven, 'event')} after them none is proven" if size > proven else ""
    return f"Against whoever owns the database, the checkpoint kept elsewhere proves {counted(proven, 'event')}{later}."


@click.command()
@click.option("-o", "--output", "file", type=_OUTPUT, help="Where to, else stdout.")
def checkpoint(*, file: Path | None) -> None:
    """Sign the log as it stands. Keep what this prints where the database's owner cannot reach it."""
    from sharesync.services.log import proofs

    with opening.store() as database, database.reading_log() as session:
        note = proofs.checkpoint(session, signer(session))
    with place(file) as out:
        out.write(note)


@click.command()
@click.argument("seq", type=whole(0), required=False)
@click.option("--from", "old", type=_FILE, help="An older checkpoint: proof that the log only grew since then.")
@click.option("--to", "new", type=_FILE, help="With --from: a newer checkpoint, instead of the log as it stands.")
def prove(*, seq: int | None, old: Path | None, new: Path | None) -> None:
    """Print a proof for others, who check it with `audit check` and the public key alone.

    With SEQ: that an event is in the log: its envelope, the path to the root, the signed checkpoint. With --from: that
    the log of one checkpoint is the beginning of the log of another.
    """
    from sharesync.services.log import log_reading, proofs

    if (seq is None) == (old is None) or (new and not old):
        raise click.UsageError("Name an event, or a checkpoint with --from FILE (and perhaps --to FILE).")
    with opening.store() as database:
        with database.reading_log() as session:
            key = signer(session)
            if old is not None:
                json_line(proofs.prove_growth(session, text(old), text(new) if new else None, key))
                return
            number = seq or 0
            proof = proofs.prove(session, number, key)
        with opening.changing_in(database) as work:
            log_reading.note_proof(work, number)
    json_line(proof)


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--key",
    "verifiers",
    required=True,
    multiple=True,
    help="The public key, as `audit key` printed it to you; may be repeated where the log has had several.",
)
@json_option
def check(*, file: TextIO, verifiers: tuple[str, ...], as_json: bool) -> None:
    """Check the proofs in FILE (- for standard input) with the public key alone; exit status 1 if one does not hold.

    FILE is what `audit prove`, `audit export --proofs` or `audit retire` wrote. No database is opened: a third party
    needs none.
    """
    from sharesync.services.log import proofs

    try:
        found = proofs.check(file, *verifiers)
    except UnicodeDecodeError:
        raise Refused("This file is not text in UTF-8, as proofs are.") from None
    line = {
        "holds": not found.wrong,
        "events": found.events,
        "growths": found.growths,
        "wrong": found.wrong,
        "checkpoints": [point.size for point in found.points],
    }
    if as_json:
        json_line(line)
    else:
        for number in found.wrong:
            click.echo(f"Line {number} is not proved.")
        proved = f"{counted(found.events, 'event')} and {counted(found.growths, 'growth')}"
        ends = ", ".join(f"{point.size} of {point.origin}" for point in found.points)
        click.echo(f"{'Not every proof holds' if found.wrong else 'Every proof holds'}: {proved}; signed: {ends}.")
    if found.wrong:
        click.get_current_context().exit(DONE_IN_PART)


# --- What they share -------------------------------------------------------------------------------------------------


def place(file: Path | None) -> AbstractContextManager[TextIO]:
    """Where a command writes to: the file, once all of it is written, or standard output."""
    return nullcontext(sys.stdout) if file is None else written_whole(file)


def signer(session: Session) -> Signer:
    """The log's key. Raises SettingsError where it is not at hand."""
    from sharesync import bootstrap
    from sharesync.services.log import keyring

    return keyring.signer(session, bootstrap.log_key(opening.settings()))


def text(file: Path) -> str:
    """A signed note, byte for byte. Raises Refused."""
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise Refused("This cannot be read as a checkpoint.") from None


def at_hand(session: Session, files: tuple[Path, ...]) -> tuple[list[tuple[Path, Checkpoint]], list[str]]:
    """The checkpoints at hand, and what is wrong with those that cannot be read."""
    from sharesync.services.log import keyring

    points, strange = [], []
    for file in _files(files):
        try:
            points.append((file, keyring.read(session, text(file))))
        except Refused as error:
            strange.append(f"{file.name}: {error}")
    return points, strange


def _all_of(folder: Path) -> tuple[Path, ...]:
    """The checkpoints in a folder, of any name that ends in .txt. Raises Refused where there are none."""
    found = tuple(sorted(folder.glob("[!.]*.txt")))
    if not found:
        raise Refused(f"There is no checkpoint in {folder} (*.txt); nothing was held against anything.")
    return found


def _files(files: tuple[Path, ...]) -> Iterator[Path]:
    from sharesync.bootstrap import checkpoints
    from sharesync.services.log.checkpoints import kept

    yield from kept(checkpoints(opening.settings()))
    yield from files
