"""`audit key`: the key that signs the change log, shown, made in a file, and moved there."""

from __future__ import annotations

from pathlib import Path

import click

from sharesync.cli import opening
from sharesync.cli.output import json_option, tell

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def key(context: click.Context, *, as_json: bool) -> None:
    """Print the public key with which others check our checkpoints (C2SP signed-note verifier key).

    With a command: have it signed with a key that lies in a file, where who reads the database does not come.
    """
    if context.invoked_subcommand:
        return
    from sharesync import bootstrap
    from sharesync.services.log import keyring as cases

    with opening.store() as database, database.reading() as session:
        name = cases.name(session, bootstrap.log_key(opening.settings()))
        *earlier, verifier = cases.verifiers(session, name)
    tell({"verifier": verifier, "earlier": earlier}, verifier, as_json=as_json)


@key.command()
@click.argument("file", type=_FILE)
@json_option
def make(*, file: Path, as_json: bool) -> None:
    """Make a key in FILE, for its owner alone; nothing is signed with it before `move`."""
    from sharesync.services.log import keyring as cases

    made = cases.make(file)
    said = f"Made key {made} in {file}. `sharesync audit key move {file}` has the log signed with it."
    tell({"key": made, "file": str(file)}, said, as_json=as_json)


@key.command()
@click.argument("file", type=_FILE)
@json_option
def move(*, file: Path, as_json: bool) -> None:
    """Sign the log with the key in FILE from now on, and take the one in the database away.

    What the old key signed holds as before. One checkpoint, beside the others, carries both signatures: give it to
    whoever knows the old key.
    """
    from sharesync import bootstrap
    from sharesync.services.log import checkpoints
    from sharesync.services.log import keyring as cases

    chosen, file = opening.settings(), file.absolute()
    with opening.store(chosen) as database:
        with opening.changing_in(database) as work:
            point, note = cases.move(work, bootstrap.log_key(chosen), file)
        with database.reading() as session:
            verifier = cases.verifiers(session, point.origin)[-1]
    place = checkpoints.write(bootstrap.checkpoints(chosen), point.size, note)
    said = (
        f"The log is signed with the key in {file} from now on: set {cases.SETTING} to it, and start the service"
        f" again. {place} carries both signatures. Backups of before hold the old key.\n{verifier}"
    )
    tell({"verifier": verifier, "checkpoint": str(place)}, said, as_json=as_json)
