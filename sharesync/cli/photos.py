"""`contacts photo`: the picture of a contact, set and taken away."""

from __future__ import annotations

import click

from sharesync.cli import opening
from sharesync.cli.files import READABLE
from sharesync.cli.output import json_option, tell


@click.command()
@click.argument("contact", metavar="ID")
@click.argument("file", type=READABLE, required=False)
@click.option("--remove", is_flag=True, help="Take the photo away instead.")
@json_option
def photo(*, contact: str, file: str | None, remove: bool, as_json: bool) -> None:
    """Give a contact the picture in FILE (or -) as its photo: JPEG, PNG, WebP or GIF.

    Every mailbox that holds the contact follows, but where its user has given the contact a photo of their own.
    """
    from sharesync.formats.pictures import as_photo
    from sharesync.services import photos

    if (file is None) is not remove:
        raise click.UsageError("Name a FILE with a picture, or say --remove.")
    chosen = None
    if file is not None:
        with click.open_file(file, "rb") as opened:
            chosen = as_photo(opened.read())
    with opening.changing() as work:
        if chosen is None:
            changed, done = photos.remove_photo(work, contact), "The contact has no photo now."
        else:
            changed, done = photos.set_photo(work, contact, chosen), "The contact has this photo now."
    tell(
        {"id": contact, "photo": not remove},
        done if changed else f"{done} It was so before; nothing changed.",
        as_json=as_json,
    )
