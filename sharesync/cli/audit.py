"""`audit`: the change log, read, exported, proved and held against checkpoints kept elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from sharesync.cli import opening
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.files import written_whole
from sharesync.cli.output import Column, counted, json_line, json_option, local, show, tell

if TYPE_CHECKING:
    from sharesync.formats.signed_note import Checkpoint
    from sharesync.store.database import Session
    from sharesync.store.events import Filter

_OUTCOMES = ("ok", "intended", "reverted", "restored", "held", "denied", "failed")
_SOURCES = ("web", "google", "import", "cli", "sync", "directory")
_FORMATS = ("jsonl", "csv", "ocsf")

_COLUMNS: tuple[Column, ...] = (
    ("no", lambda line: line["seq"]),
    ("at", lambda line: local(datetime.fromisoformat(line["at"]))),
    ("action", lambda line: line["action"]),
    ("outcome", lambda line: line["outcome"]),
    ("actor", lambda line: line["actor"]),
    ("from", lambda line: line["source"]),
    ("group", lambda line: line["group"]),
    ("contact", lambda line: line["contact"]),
    ("fields", lambda line: " ".join(line["fields"]) or None),
)


@click.group()
def audit() -> None:
    """The change log: who changed what, when, from where; and proof that nobody altered it."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    moment = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
    for option in reversed(
        (
            click.option("--actor", help="Who: an e-mail address, or an id as `audit list` shows it."),
            click.option("--group", help="A group, by name or id."),
            click.option("--contact", metavar="ID", help="A contact."),
            click.option("--mailbox", metavar="EMAIL", help="A mailbox, by its user's address or id."),
            click.option("--action", help="An action (contact.update), or all of a noun (contact)."),
            click.option("--outcome", type=click.Choice(_OUTCOMES), help="What came of it."),
            click.option("--source", type=click.Choice(_SOURCES), help="Where it came in."),
            click.option("--since", type=moment, help="Not before this moment (of this machine's zone)."),
            click.option("--until", type=moment, help="Before this moment."),
            click.option("--text", default="", help="Found in a reason, or in a value before or after."),
        )
    ):
        command = option(command)
    return command


@audit.command("list")
@_filters
@click.option("--before", type=click.IntRange(min=0), metavar="SEQ", help="Older ones than this: the next page.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@json_option
def list_(*, before: int | None, limit: int, as_json: bool, **asked: Any) -> None:
    """Show events, the newest first. That someone looked is logged too."""
    from sharesync.formats.events import line
    from sharesync.services import audit as cases

    with opening.changing() as work:
        wanted = _filter(work.session, asked)
        lines = [line(event) for event in cases.read(work, wanted, before=before, limit=limit)]
    show(lines, _COLUMNS, "There is no such event.", as_json=as_json)


@audit.command()
@_filters
@click.option("--format", "form", type=click.Choice(_FORMATS), default="jsonl", show_default=True)
@click.option("--proofs", is_flag=True, help="With each line the proof that it is in the log (jsonl).")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Where to, else stdout.")
def export(*, form: str, proofs: bool, file: Path | None, **asked: Any) -> None:
    """Write events to a file, the oldest first, without the values. That someone took them is logged.

    Proofs belong to the checkpoint of this moment, which is the last line.
    """
    from sharesync.formats.events import LogFormat, write
    from sharesync.services import audit as cases
    from sharesync.store import events

    chosen = LogFormat(form)
    if proofs and chosen is not LogFormat.JSONL:
        raise click.UsageError("--proofs goes with --format jsonl alone.")
    with opening.store() as database:
        with opening.changing_in(database) as work:
            wanted = _filter(work.session, asked)
            size = cases.note_export(work, wanted, form)
        with database.reading() as session, _place(file) as out:
            found = events.oldest_first(session, wanted, below=size)
            write(chosen, found, out, cases.prover(session, size) if proofs else None)
            if proofs:
                key = cases.signer(session, _origin())
                last = {"checkpoint": cases.checkpoint(session, key, size), "verifier": key.verifier()}
                out.write(json.dumps(last, ensure_ascii=False) + "\n")


def _place(file: Path | None) -> AbstractContextManager[TextIO]:
    return nullcontext(sys.stdout) if file is None else written_whole(file)


@audit.command()
@click.option("--checkpoint", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(*, file: Path | None, as_json: bool) -> None:
    """Recompute the whole log and hold it against every checkpoint at hand; exit status 1 if anything is wrong.

    At hand are those in the data directory, and FILE, which an auditor kept elsewhere.
    """
    from sharesync.services import audit as cases

    with opening.store() as database, database.reading() as session:
        points, strange = _checkpoints(session, file)
        verdict = cases.verify(session, points)
    findings = strange + verdict.findings
    line = {
        "whole": not findings,
        "size": verdict.size,
        "root": verdict.root.hex(),
        "findings": findings,
        "erased": verdict.erased,
        "checkpoints": sorted(set(verdict.checked)),
    }
    if as_json:
        json_line(line)
    else:
        for finding in findings:
            click.echo(finding)
        for contact in verdict.erased:
            click.echo(f"Contact {contact} was erased on request; the log says so, its values are gone.")
        held = f"held against {counted(len(set(verdict.checked)), 'checkpoint')}"
        state = "is not whole" if findings else "is whole"
        click.echo(f"The log {state}: {counted(verdict.size, 'event')}, {held}.")
    if findings:
        click.get_current_context().exit(DONE_IN_PART)


@audit.command()
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Where to, else stdout.")
def checkpoint(*, file: Path | None) -> None:
    """Sign the log as it stands. Keep what this prints where the database's owner cannot reach it."""
    from sharesync.services import audit as cases

    with opening.store() as database, database.reading() as session:
        note = cases.checkpoint(session, cases.signer(session, _origin()))
    with _place(file) as out:
        out.write(note)


@audit.command()
@click.argument("seq", type=click.IntRange(min=0))
def prove(*, seq: int) -> None:
    """Print the proof that an event is in the log: its envelope, the path to the root, the signed checkpoint."""
    from sharesync.services import audit as cases

    with opening.store() as database, database.reading() as session:
        json_line(cases.prove(session, seq, cases.signer(session, _origin())))


@audit.command()
@json_option
def key(*, as_json: bool) -> None:
    """Print the public key with which others check our checkpoints (C2SP signed-note verifier key)."""
    from sharesync.services import audit as cases

    with opening.store() as database, database.reading() as session:
        verifier = cases.signer(session, _origin()).verifier()
    tell({"verifier": verifier}, verifier, as_json=as_json)


# --- What was asked --------------------------------------------------------------------------------------------------


def _filter(session: Session, asked: dict[str, Any]) -> Filter:
    from sharesync.model.audit import Outcome, Source
    from sharesync.store import directory, groups
    from sharesync.store.events import Filter

    def user(name: str | None) -> str | None:
        return directory.user_id(session, name) if name and "@" in name else name

    actor = asked["actor"]
    return Filter(
        actor=user(actor.partition(":")[2] or actor if actor else None),
        group=groups.find_any(session, asked["group"]) if asked["group"] else None,
        contact=asked["contact"],
        mailbox=user(asked["mailbox"]),
        action=asked["action"],
        outcome=Outcome(asked["outcome"]) if asked["outcome"] else None,
        source=Source(asked["source"]) if asked["source"] else None,
        since=asked["since"].astimezone() if asked["since"] else None,
        until=asked["until"].astimezone() if asked["until"] else None,
        text=asked["text"],
    )


def _origin() -> str:
    from sharesync.bootstrap import log_origin

    return log_origin(opening.settings())


def _checkpoints(session: Session, file: Path | None) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints at hand, and what is wrong with those that cannot be read."""
    from sharesync.errors import InvalidInput
    from sharesync.formats import signed_note
    from sharesync.services import audit as cases

    points, strange = [], []
    for place in _files(file):
        try:
            note = place.read_text(encoding="utf-8")
            # Its own name: a log that was told its domain later is still this log, by its key.
            points.append(signed_note.read(note, cases.signer(session, note.partition("\n")[0]).verifier()))
        except InvalidInput as error:
            strange.append(f"{place.name}: {error}")
        except (OSError, UnicodeDecodeError):
            strange.append(f"{place.name}: This cannot be read as a checkpoint.")
    return points, strange


def _files(file: Path | None) -> Iterator[Path]:
    from sharesync.bootstrap import checkpoints
    from sharesync.services.checkpoints import kept

    yield from kept(checkpoints(opening.settings()))
    if file:
        yield file
