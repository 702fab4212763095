"""`fields`: what the company wants to know of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, json_option, show, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sharesync.model.company_fields import CompanyField
    from sharesync.services.company_fields import FieldEffect

KINDS = ("text", "long-text", "number", "date", "yes-no", "one-of", "several-of", "link")

_COLUMNS: tuple[OutputColumn, ...] = (
    ("name", lambda line: line["name"]),
    ("kind", lambda line: line["kind"]),
    ("where", lambda line: "shown in Google" if line["where"] == "google" else "kept here"),
    ("choices", lambda line: ", ".join(line["choices"])),
    ("required", lambda line: ", ".join(line["required"])),
)


def _line(field: CompanyField, groups: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind.value,
        "choices": list(field.choices),
        "where": "google" if field.shown else "here",
        "required": sorted(groups[one] for one in field.required if one in groups),
    }


@click.group()
def fields() -> None:
    """What the company wants to know of a contact beyond Google's own form. FIELD is a name."""


def _listed(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [word.strip() for word in value.split(",") if word.strip()]


@fields.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show every field, in order."""
    from sharesync.store.records import company_fields, groups

    with opening.store() as database, database.reading() as session:
        called = {one.id: one.name for one in groups.named(session)}
        lines = [_line(one, called) for one in company_fields.defined(session)]
    show(lines, _COLUMNS, "There is no field; `sharesync fields create NAME --kind KIND` makes one.", as_json=as_json)


@fields.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--choices", callback=_listed, help="What can be chosen, comma-separated; without, every word.")
@click.option("--here", is_flag=True, help="Keep its values here: no mailbox ever sees them.")
@click.option("--help-text", default="", help="What is to be written there, for whoever fills it in.")
@click.option("--required", callback=_listed, help="Groups whose contacts are to have a value, comma-separated.")
@click.option("--dry-run", is_flag=True, help="Say how many contacts it concerns, and change nothing.")
@json_option
def create(
    *, name: str, kind: str, here: bool, help_text: str, dry_run: bool, as_json: bool, **lists: list[str] | None
) -> None:
    """Define a field. What contacts say in a custom field of that name already becomes its values."""
    from sharesync.model.company_fields import CompanyField
    from sharesync.model.field_kinds import FieldKind
    from sharesync.services import company_fields as cases

    typed = CompanyField(
        "",
        name,
        FieldKind(kind),
        tuple(lists["choices"] or ()),
        help_text,
        shown=not here,
        required=frozenset(lists["required"] or ()),
    )
    with opening.store() as database:
        operation = opening.operation_in(database)
        with operation.look() as look:
            draft = cases.checked(look.session, typed)
            effect = cases.preview(look, draft)
        field = draft if dry_run else cases.create(operation, draft)
    did = f"{'Would define' if dry_run else 'Defined'} {field.name}."
    _tell(
        field,
        effect,
        f"{did} Contacts that say something in it already: {effect.contacts}.",
        as_json,
        dry_run,
    )


@fields.command()
@click.argument("field")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say how many contacts it concerns, and change nothing.")
@json_option
def rename(*, field: str, name: str, dry_run: bool, as_json: bool) -> None:
    """Give a field another name, in every contact and mailbox."""
    from sharesync.services import company_fields as cases

    found, effect = _looked_at(field)
    if not dry_run:
        with opening.store() as database:
            found = cases.rename(opening.operation_in(database), field, name)
    did = f"Would rename {found.name}" if dry_run else f"The field is called {found.name} now"
    _tell(found, effect, f"{did}. Contacts with a value in it: {effect.contacts}.", as_json, dry_run)


@fields.command()
@click.argument("field")
@click.argument("where", type=click.Choice(("google", "here")))
@click.option("--dry-run", is_flag=True, help="Say how many contacts it concerns, and change nothing.")
@json_option
def place(*, field: str, where: str, dry_run: bool, as_json: bool) -> None:
    """Show a field's values in Google, on everybody's phone, or keep them here, where no mailbox sees them."""
    from sharesync.services import relocating

    found, effect = _looked_at(field)
    if not dry_run:
        with opening.store() as database:
            found = relocating.relocate(opening.operation_in(database), field, shown=where == "google")
    words = "shown in Google" if where == "google" else "kept here"
    did = f"{found.name} would be {words}" if dry_run else f"{found.name} is {words} now"
    _tell(found, effect, f"{did}. Contacts with a value in it: {effect.contacts}.", as_json, dry_run)


@fields.command()
@click.argument("field")
@click.option("--dry-run", is_flag=True, help="Say how many contacts it concerns, and change nothing.")
@json_option
def delete(*, field: str, dry_run: bool, as_json: bool) -> None:
    """Delete a field, and its value in every contact; earlier versions of the contacts keep it."""
    from sharesync.services import company_fields as cases

    found, effect = _looked_at(field)
    if not dry_run:
        with opening.store() as database:
            cases.delete(opening.operation_in(database), field)
    did = "Would delete" if dry_run else "Deleted"
    _tell(found, effect, f"{did} {found.name}. Contacts with a value in it: {effect.contacts}.", as_json, dry_run)


def _looked_at(field: str) -> tuple[CompanyField, FieldEffect]:
    from sharesync.services import company_fields as cases
    from sharesync.store.records import company_fields

    with opening.store() as database, opening.operation_in(database).look() as look:
        found = company_fields.find(look.session, field)
        return found, cases.preview(look, found)


def _tell(field: CompanyField, effect: FieldEffect, sentence: str, as_json: bool, dry_run: bool) -> None:
    line = {"name": field.name, "kind": field.kind.value, "contacts": effect.contacts, "unfit": effect.unfit}
    unfit = f" Values that do not fit: {effect.unfit}; `unfit:{field.filter_name}` finds them."
    tell(line | ({"dry_run": True} if dry_run else {}), sentence + (unfit if effect.unfit else ""), as_json=as_json)
