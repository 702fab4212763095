"""`audit list` and `audit export`: the change log, read and taken away; what proves it is in `proofs.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.arguments import Moment, whole
from sharesync.cli.log_key import key
from sharesync.cli.output import OutputColumn, json_option, local, show
from sharesync.cli.proofs import check, checkpoint, place, prove, signer, verify
from sharesync.cli.retirement import retire

if TYPE_CHECKING:
    from sharesync.store.database.engine import Session
    from sharesync.store.queries.contact_names import Named
    from sharesync.store.queries.events import LoggedFilter
    from sharesync.store.queries.log_names import Names

_OUTCOMES = ("ok", "intended", "reverted", "restored", "held", "denied", "failed")
_SOURCES = ("web", "google", "import", "cli", "sync", "directory")
_FORMATS = ("jsonl", "csv", "ocsf")

_ID = re.compile(r" ?\(?\b[0-9a-f]{32}\b\)?")
"""What is for programs in a reason."""

_COLUMNS: tuple[OutputColumn, ...] = (
    ("no", lambda line: line["seq"]),
    ("at", lambda line: local(datetime.fromisoformat(line["at"]))),
    ("action", lambda line: line["action"]),
    ("outcome", lambda line: line["outcome"]),
    ("actor", lambda line: line["actor"]),
    ("from", lambda line: line["source"]),
    ("group", lambda line: line["group"]),
    ("contact", lambda line: line["contact"]),
    ("mailbox", lambda line: line["mailbox"]),
    ("details", lambda line: line["details"]),
)


@click.group()
def audit() -> None:
    """The change log: who changed what, when, from where; and proof that nobody altered it."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    moment = Moment()
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
@click.option("--before", type=whole(0), metavar="SEQ", help="Older ones than this: the next page.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@json_option
def list_(*, before: int | None, limit: int, as_json: bool, **asked: Any) -> None:
    """Show events, the newest first. That someone looked is logged too."""
    from sharesync.formats.events import line
    from sharesync.services.log import log_reading as cases
    from sharesync.store.queries import log_names

    with opening.store() as database:
        with database.reading() as session:
            wanted = _filter(session, asked)
        found = cases.read(database, wanted, before=before, limit=limit)
        lines = [line(event) for event in found]
        if not as_json:
            with database.reading() as session:
                lines = _named(lines, log_names.names(session, found))
        with opening.changing_in(database) as work:
            cases.note_read(work, wanted, len(lines))
    show(lines, _COLUMNS, "There is no such event.", as_json=as_json)


@audit.command()
@_filters
@click.option("--format", "form", type=click.Choice(_FORMATS), default="jsonl", show_default=True)
@click.option("--proofs", "with_proofs", is_flag=True, help="With each line the proof that it is in the log (jsonl).")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Where to, else stdout.")
def export(*, form: str, with_proofs: bool, file: Path | None, **asked: Any) -> None:
    """Write events to a file, the oldest first, without the values. That someone took them is logged.

    Proofs belong to the checkpoint of this moment, which is the last line.
    """
    from sharesync.formats.events import LogFormat, write
    from sharesync.services.log import log_reading, proofs
    from sharesync.store.queries import events

    chosen = LogFormat(form)
    if with_proofs and chosen is not LogFormat.JSONL:
        raise click.UsageError("--proofs goes with --format jsonl alone.")
    with opening.store() as database:
        with opening.changing_in(database) as work:
            wanted = _filter(work.session, asked)
            size = log_reading.note_export(work, wanted, form)
        with database.reading() as session, place(file) as out:
            found = events.oldest_first(session, wanted, below=size)
            write(chosen, found, out, proofs.prover(session, size) if with_proofs else None)
            if with_proofs:
                signs = signer(session)
                last = {"checkpoint": proofs.checkpoint(session, signs, size), "verifier": signs.verifier()}
                out.write(json.dumps(last, ensure_ascii=False) + "\n")


for proving in (verify, checkpoint, prove, check, key, retire):
    audit.add_command(proving)


# --- As people read it -----------------------------------------------------------------------------------------------


def _named(lines: list[dict[str, Any]], names: Names) -> list[dict[str, Any]]:
    """The lines with names where ids stood, as the page has them; what was erased has none any more."""
    return [
        one
        | {
            "actor": _person(names, one["actor"].partition(":")[2]),
            "group": _called(names.groups[one["seq"]], "deleted group") if one["group"] else None,
            "contact": _called(names.contacts[one["seq"]], "erased contact") if one["contact"] else None,
            "mailbox": _person(names, one["mailbox"]) if "mailbox" in one else None,
            "details": _details(names, one),
        }
        for one in lines
    ]


def _person(names: Names, user: str) -> str:
    name, email = names.users.get(user, ("", ""))
    return name or email or user


def _called(one: Named | None, nobody: str) -> str:
    """The name of then; one that was there and had no name is said to have none."""
    if one is None or (one.gone and not one.title):
        return f"({nobody})"
    return one.title or "(no name)"


def _details(names: Names, line: dict[str, Any]) -> str | None:
    """To whom a grant was given, why it happened, which fields it changed: what the event has of that."""
    grant = names.given.get(line.get("reason") or "")
    if grant is None:
        reason = _ID.sub("", line.get("reason") or "").strip()
        return "; ".join(filter(None, (" ".join(line["fields"]), reason))) or None
    levels = (level.word if level else "nothing" for level in (grant.before, grant.after))
    return f"{grant.name or grant.principal.kind.value}: {' -> '.join(levels)}"


# --- What was asked --------------------------------------------------------------------------------------------------


def _filter(session: Session, asked: dict[str, Any]) -> LoggedFilter:
    from sharesync.model.audit import Outcome, Source
    from sharesync.store.mailboxes import directory
    from sharesync.store.queries.events import LoggedFilter
    from sharesync.store.records import groups

    def user(name: str | None) -> str | None:
        return directory.user_id(session, name) if name and "@" in name else name

    actor = asked["actor"]
    return LoggedFilter(
        actor=user(actor.partition(":")[2] or actor if actor else None),
        group=groups.find_any(session, asked["group"]) if asked["group"] else None,
        contact=asked["contact"],
        mailbox=user(asked["mailbox"]),
        action=asked["action"],
        outcome=Outcome(asked["outcome"]) if asked["outcome"] else None,
        source=Source(asked["source"]) if asked["source"] else None,
        since=asked["since"],
        until=asked["until"],
        text=asked["text"],
    )
