"""`init` and `doctor`: from nothing to a service that can work."""

from __future__ import annotations

import click

from sharesync.cli import opening


@click.command()
def init() -> None:
    """Create the database or bring it up to date."""
    with opening.store():
        click.echo("The database is up to date.")
