"""`audit retire`: the oldest events of the change log, archived and taken away."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharesync.cli import opening
from sharesync.cli.arguments import Moment
from sharesync.cli.files import written_whole
from sharesync.cli.output import counted, json_option, tell
from sharesync.cli.proofs import at_hand, text
from sharesync.errors import Refused

if TYPE_CHECKING:
    from sharesync.services.log.retention import Retirable
    from sharesync.store.database.engine import Session

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--before", type=Moment(), required=True)
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="The archive to write.")
@click.option("--checkpoint", "files", type=_FILE, multiple=True, help="One that covers them, if kept elsewhere.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and do nothing.")
@json_option
def retire(*, before: datetime, file: Path | None, files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Archive the events of before a moment in a file, and take them away here.

    Whole beginnings of the log go, up to the newest checkpoint of before the moment. The archive holds each event with
    its proof (`audit check` reads it), not the values before and after: those are gone. The hashes stay, so that
    `audit verify` and every older checkpoint hold as before. While a legal hold is on a contact in it, nothing goes.
    """
    from sharesync.services.log import retention as cases

    if not dry_run and file is None:
        raise click.UsageError("Name the archive to write: -o FILE.")
    if file is not None and file.exists():
        raise Refused(f"{file} exists already; an archive is never written over.")
    with opening.store() as database:
        with database.reading_log() as session:
            found = _found(session, before, files)
            if found is None:
                nothing = "No checkpoint covers events of before then only; nothing is retired."
                tell({"retired": 0, "below": None}, nothing, as_json=as_json)
                return
            digest = _archived(session, found, file) if file is not None and not dry_run else ""
        if digest:
            with opening.changing_in(database) as work:
                cases.retire(work, found, digest)
    what = f"{counted(found.events, 'event')} (those below {found.size})"
    line = {"retired": found.events, "below": found.size} | ({"dry_run": True} if dry_run else {})
    said = f"Would retire {what}." if dry_run else f"Retired {what}; keep {file}, no other copy is left."
    tell(line, said, as_json=as_json)


def _found(session: Session, before: datetime, files: tuple[Path, ...]) -> Retirable | None:
    from sharesync.services.log import retention as cases

    points, strange = at_hand(session, files)
    if strange:
        raise Refused(strange[0])
    return cases.retirable(session, before, {text(file): point for file, point in points})


def _archived(session: Session, found: Retirable, file: Path) -> str:
    """Write the archive and read it back; returns its SHA-256."""
    from sharesync.services.log import proofs
    from sharesync.services.log import retention as cases

    with written_whole(file) as out:
        verifier = cases.archive(session, found, out)
    with file.open(encoding="utf-8") as lines:
        checked = proofs.check(lines, verifier)
    if checked.wrong or checked.events != found.events:
        raise Refused(f"{file} cannot be read back as it was written; nothing is retired.")
    return hashlib.sha256(file.read_bytes()).hexdigest()
