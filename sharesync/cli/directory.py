"""`directory`: what sharesync knows of the Workspace's users, Google groups and organisational units."""

from __future__ import annotations

import click

from sharesync.cli import opening
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.output import counted, json_option, tell


@click.group()
def directory() -> None:
    """Users, Google groups and organisational units."""


@directory.command("sync")
@json_option
def sync(*, as_json: bool) -> None:
    """Read users, Google groups and organisational units; access follows at once, but where it waits for a decision.

    A step of the set-up: makes the database where there is none.
    """
    from sharesync.model.audit import OPERATOR
    from sharesync.services.directory import sync_directory

    chosen = opening.settings()
    chosen.google_admin_required()
    with opening.world(chosen, make=True) as world:
        report = sync_directory(world, OPERATOR)
    line = {
        "users": report.users,
        "groups": report.groups,
        "units": report.units,
        "changed": report.changed,
        "held": report.held,
    }
    read = (
        counted(report.users, "user"),
        counted(report.groups, "Google group"),
        counted(report.units, "organisational unit"),
    )
    changed = (
        "no mailbox's access"
        if not report.changed
        else f"the access of {counted(report.changed, 'mailbox', 'mailboxes')}"
    )
    tell(line, f"Read {read[0]}, {read[1]} and {read[2]}; this changed {changed}.", as_json=as_json)
    if report.held:
        people = counted(report.held, "person", "people")
        click.echo(
            f"By this {people} would lose a group at once: that waits; `sharesync holds list` shows it.", err=True
        )
        click.get_current_context().exit(DONE_IN_PART)
