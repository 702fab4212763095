"""`init` and `doctor`: from nothing to a service that can work."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from sharesync.cli import opening
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.output import json_line, json_option

if TYPE_CHECKING:
    from sharesync.services.app import World


@click.command()
def init() -> None:
    """Create the database or bring it up to date."""
    with opening.store(make=True):
        click.echo("The database is up to date.")


@click.command()
@click.option("--live", "mailbox", metavar="ADDRESS", help="Also try in this user's mailbox how Google behaves.")
@json_option
def doctor(*, mailbox: str | None, as_json: bool) -> None:
    """Check everything, and say what to do.

    Looks at settings, files, key, delegated scopes, both APIs, database and clock; each line says what is well, or what
    is wrong and what to do about it. With --live it also makes a contact and a label in one mailbox, tries on them what
    no document of Google's says, and removes them again.
    """
    from sharesync import bootstrap
    from sharesync.services.operation.doctor import Patient, examine
    from sharesync.store.database import health
    from sharesync.store.database.engine import Database

    chosen = opening.settings()
    database = Database(chosen.database_url)
    problems = 0
    with closing(database):
        if health.tables(database) is not health.Tables.MISSING:
            bootstrap.make_data_dir(chosen)
        patient = Patient(
            database=database,
            open_google=lambda: bootstrap.world(chosen, database=database).google,
            key_file=chosen.google_key_file,
            log_key=bootstrap.log_key(chosen),
            checkpoints_to=bootstrap.checkpoints_to(chosen),
            checkpoint_interval=timedelta(seconds=chosen.checkpoint_interval),
            mail=bootstrap.mail_server(chosen),
            interval=timedelta(seconds=chosen.sync_interval_max),
            data_dir=chosen.data_dir,
            domains=chosen.domain,
            people_endpoint=chosen.people_endpoint,
            now=bootstrap.now,
        )
        for finding in examine(patient):
            problems += not finding.ok
            if as_json:
                json_line(
                    {"check": finding.check, "ok": finding.ok, "found": finding.found, "problem": finding.problem}
                )
            else:
                _line(finding.check, finding.found if finding.ok else finding.problem, ok=finding.ok)
        if mailbox is not None:
            problems += _try_out(bootstrap.world(chosen, database=database), mailbox, as_json=as_json)
    if problems:
        click.get_current_context().exit(DONE_IN_PART)


def _line(what: str, found: str, *, ok: bool) -> None:
    word = click.style("ok     ", fg="green") if ok else click.style("problem", fg="red", bold=True)
    click.echo(f"{word}  {what.ljust(42)}  {found}")


def _try_out(world: World, mailbox: str, *, as_json: bool) -> int:
    """Try how Google behaves; returns how many problems there were."""
    from sharesync.services.operation.live_trial import Observed, try_out
    from sharesync.store.mailboxes import directory

    problems = 0

    def tell(one: Observed) -> None:
        nonlocal problems
        problems += one.is_trouble
        if as_json:
            found, problem = ("", one.found) if one.is_trouble else (one.found, "")
            json_line({"check": f"live: {one.what}", "ok": not one.is_trouble, "found": found, "problem": problem})
        else:
            _line(f"live: {one.what}", one.found, ok=not one.is_trouble)

    with world.database.reading() as session:
        user = directory.user_id(session, mailbox)
    with world.google.people(user, patience=120.0) as people:
        try_out(people, threading.Event().wait, tell)
    return problems
