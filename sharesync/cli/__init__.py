"""The command line: one module a family of commands; each reads arguments, calls a use case and prints.

With `--json`, standard output holds JSON Lines and nothing else. Commands import what they run when they run it, so
that `--help` is instant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from sharesync.cli import garbage
from sharesync.cli.audit import audit
from sharesync.cli.capacity import plan_capacity
from sharesync.cli.company_fields import fields
from sharesync.cli.contacts import contacts
from sharesync.cli.demo import demo
from sharesync.cli.directory import directory
from sharesync.cli.endings import Commands
from sharesync.cli.endpoints import endpoints
from sharesync.cli.grants import grants
from sharesync.cli.groups import groups
from sharesync.cli.programs import services, tokens
from sharesync.cli.reviews import reviews
from sharesync.cli.roles import roles, sessions
from sharesync.cli.sandbox import sandbox
from sharesync.cli.serve import clock, run, web, worker
from sharesync.cli.setup import doctor, init
from sharesync.cli.status import status
from sharesync.cli.sync import sync
from sharesync.cli.waiting import conflicts, holds, proposals

__all__ = ["main"]


OTHERS = 0o077
"""What the owner's group and everybody else may do with a file."""


@contextmanager
def _for_the_owner_alone() -> Iterator[None]:
    """While the block lasts, no file or folder is made that anyone else can open, by whatever library it is made."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 all done; 1 done in part, the report says what is not; 2 wrong usage or settings.",
)
@click.version_option(package_name="sharesync", message="%(prog)s %(version)s")
def main() -> None:
    """Contact groups that a company shares, as ordinary labels in everyone's own Google Contacts."""
    garbage.seldom()
    click.get_current_context().with_resource(_for_the_owner_alone())


for command in (
    demo,
    sandbox,
    init,
    doctor,
    directory,
    groups,
    grants,
    roles,
    sessions,
    services,
    tokens,
    endpoints,
    fields,
    reviews,
    contacts,
    sync,
    conflicts,
    status,
    holds,
    proposals,
    audit,
    run,
    web,
    clock,
    worker,
    plan_capacity,
):
    main.add_command(command)
