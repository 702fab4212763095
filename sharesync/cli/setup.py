"""`init` and `doctor`: from nothing to a service that can work."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import click

from sharesync.cli import opening
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.output import json_line, json_option


@click.command()
def init() -> None:
    """Create the database or bring it up to date."""
    with opening.store(make=True):
        click.echo("The database is up to date.")


@click.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Check everything, and say what to do.

    Looks at settings, files, key, delegated scopes, both APIs, database and clock; each line says what is well, or what
    is wrong and what to do about it.
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
            signing=bootstrap.signing(chosen),
            checkpoints_to=bootstrap.checkpoints_to(chosen),
            checkpoint_interval=timedelta(seconds=chosen.checkpoint_interval),
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
                word = click.style("ok     ", fg="green") if finding.ok else click.style("problem", fg="red", bold=True)
                click.echo(f"{word}  {finding.check.ljust(42)}  {finding.found if finding.ok else finding.problem}")
    if problems:
        click.get_current_context().exit(DONE_IN_PART)
