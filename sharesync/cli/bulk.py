"""`contacts bulk`: one deed on many contacts, shown first, and undone as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.arguments import asked, filter_option
from sharesync.cli.output import counted, json_option, tell

if TYPE_CHECKING:
    from sharesync.services.bulk_deeds import BulkDeed
    from sharesync.store.database.engine import Database


@dataclass(frozen=True, slots=True)
class _Which:
    """Which contacts, and whether to do it."""

    filter: str
    within: str | None
    ids: tuple[str, ...]
    dry_run: bool
    yes: bool
    as_json: bool


def _which(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say which contacts; the command gets them as one."""

    @wraps(command)
    def told(
        *, filter_: str, within: str | None, ids: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool, **rest: Any
    ) -> None:
        command(which=_Which(filter_, within, ids, dry_run, yes, as_json), **rest)

    decorated: Callable[..., None] = told
    for option in (
        json_option,
        click.option("--yes", is_flag=True, help="Do it to more than 20 without asking."),
        click.option("--dry-run", is_flag=True, help="Tell what it would do, and do nothing."),
        click.option("--id", "ids", multiple=True, metavar="ID", help="This contact; may be given again."),
        click.option("--in", "within", metavar="GROUP", help="Only those of this group."),
        filter_option,
    ):
        decorated = option(decorated)
    return decorated


@click.group("bulk")
def bulk() -> None:
    """Do one thing to many contacts: those of a --filter, of a group (--in), or of ids (--id)."""


@bulk.command("set")
@click.argument("field")
@click.argument("value")
@_which
def set_(*, field: str, value: str, which: _Which) -> None:
    """Give FIELD this VALUE."""
    _act(lambda database: _on_field(database, field, "SET", value), which)


@bulk.command()
@click.argument("field")
@_which
def clear(*, field: str, which: _Which) -> None:
    """Empty FIELD."""
    _act(lambda database: _on_field(database, field, "CLEAR"), which)


@bulk.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--field", help="Another field of several values than the tags.")
@_which
def tag(*, words: tuple[str, ...], field: str | None, which: _Which) -> None:
    """Add WORDS to the tags."""
    _act(lambda database: _on_field(database, field, "ADD", *words), which)


@bulk.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--field", help="Another field of several values than the tags.")
@_which
def untag(*, words: tuple[str, ...], field: str | None, which: _Which) -> None:
    """Take WORDS from the tags."""
    _act(lambda database: _on_field(database, field, "REMOVE", *words), which)


@bulk.command()
@click.argument("group")
@_which
def add(*, group: str, which: _Which) -> None:
    """Put them into GROUP, too."""
    from sharesync.services.bulk_deeds import PutInto

    _act(lambda database: PutInto(_group(database, group)), which)


@bulk.command()
@click.argument("group")
@_which
def take(*, group: str, which: _Which) -> None:
    """Take them out of GROUP; in no group any more they lie in the trash."""
    from sharesync.services.bulk_deeds import TakeFrom

    _act(lambda database: TakeFrom(_group(database, group)), which)


@bulk.command()
@_which
def delete(*, which: _Which) -> None:
    """Take them out of all their groups; they lie in the trash then."""
    from sharesync.services.bulk_deeds import DeleteThem

    _act(lambda _: DeleteThem(), which)


@bulk.command()
@click.argument("deed")
@json_option
def undo(*, deed: str, as_json: bool) -> None:
    """Take back what a DEED did, as it was named when it was done; what others changed since stays."""
    from sharesync.services import undoing

    with opening.store() as database:
        operation = opening.operation_in(database)
        number = undoing.undo(replace(operation, deed=operation.new_id()), deed)
    tell({"deed": deed, "undone": number}, f"Undone: {counted(number, 'change')}.", as_json=as_json)


def _act(deed_of: Callable[[Database], BulkDeed], which: _Which) -> None:
    from sharesync.services import bulk_deeds

    if bool(which.ids) == bool(which.filter or which.within):
        raise click.UsageError("Say which contacts: by --id, or by --filter and --in.")
    with opening.store() as database:
        deed, chosen = deed_of(database), list(which.ids) or _found(database, which)
        operation = opening.operation_in(database)
        operation = replace(operation, deed=operation.new_id())
        found = bulk_deeds.plan(operation, deed, chosen)
        line: dict[str, Any] = {
            "number": len(found.goes),
            "same": len(found.same),
            "refused": [{"detail": str(why), "contacts": list(some)} for why, some in found.refused.items()],
        }
        would = f"It would be done to {counted(len(found.goes), 'contact')}"
        would += "".join(f"\n  {counted(len(some), 'contact')}: {why}" for why, some in found.refused.items())
        if which.dry_run:
            tell(line | {"deed": None}, would, as_json=which.as_json)
            return
        if len(found.goes) > bulk_deeds.PREVIEWED and not which.yes:
            if which.as_json:
                raise click.UsageError(f"{would}. With --json, say --yes after a look with --dry-run.")
            click.echo(would)
            click.confirm("Do it?", abort=True)
        done = bulk_deeds.carry_out(operation, deed, found.goes) if found.goes else []
    words = f"Done to {counted(len(done), 'contact')}."
    if done:
        words += f" `sharesync contacts bulk undo {operation.deed}` takes it back."
    tell(line | {"number": len(done), "deed": operation.deed}, words, as_json=which.as_json)


def _found(database: Database, which: _Which) -> list[str]:
    from sharesync.store.queries import contact_pages
    from sharesync.store.queries.contact_pages import ContactFilter

    wanted = asked(which.filter, database)
    group = None if which.within is None else _group(database, which.within)
    with database.reading() as session:
        return contact_pages.ids(session, ContactFilter(wanted, group))


def _on_field(database: Database, name: str | None, verb: str, *words: str) -> BulkDeed:
    from sharesync.errors import NotFound
    from sharesync.model.company_fields import TAGS
    from sharesync.model.field_kinds import SET
    from sharesync.services.bulk_fields import FieldDeed, FieldVerb
    from sharesync.store.records import company_fields

    with database.reading() as session:
        fields = company_fields.defined(session)
    field = TAGS if name is None else getattr(fields.named(name), "id", None)
    if field is None:
        raise NotFound("field", name or "", "`sharesync fields list` shows them all.")
    return FieldDeed(field, FieldVerb[verb], SET.join(words))


def _group(database: Database, name: str) -> str:
    from sharesync.store.records import groups

    with database.reading() as session:
        return groups.find_id(session, name)
