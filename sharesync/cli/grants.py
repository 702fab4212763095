"""`grants`: who may do what on a group, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, json_option, show, tell
from sharesync.errors import GoogleError, InvalidInput, SettingsError
from sharesync.model.access import Level, PrincipalName

if TYPE_CHECKING:
    from sharesync.services.grants import Grant


class _Principal(click.ParamType[str]):
    """A principal in one of its five forms; another form is wrong usage, before anything is opened."""

    name = "principal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(PrincipalName.parse(value))
        except InvalidInput as wrong:
            self.fail(str(wrong), param, ctx)


_principal = click.argument("principal", type=_Principal())
_level = click.argument("level", type=click.Choice([level.word for level in Level], case_sensitive=False))

_COLUMNS: tuple[OutputColumn, ...] = (
    ("group", lambda line: line["group"]),
    ("principal", lambda line: line["principal"]),
    ("level", lambda line: line["level"]),
)


def _line(grant: Grant) -> dict[str, Any]:
    return {"group": grant.group.name, "principal": str(grant.principal), "level": grant.level.word}


@click.group()
def grants() -> None:
    """Access. PRINCIPAL: someone@x.test, group:sales@x.test, ou:/Sales, domain, service:NAME.

    LEVEL: view, edit, delete, manage.
    """


@grants.command("list")
@click.argument("group", required=False)
@json_option
def list_(*, group: str | None, as_json: bool) -> None:
    """Show all grants, or those on one group."""
    from sharesync.services import grants as cases

    with opening.store() as database, database.reading() as session:
        lines = [_line(grant) for grant in cases.listed(session, group)]
    nothing = "There is no grant yet; `sharesync grants set GROUP PRINCIPAL LEVEL` makes one."
    show(lines, _COLUMNS, nothing, as_json=as_json)


_dry_run = click.option("--dry-run", is_flag=True, help="Only show who would gain, lose or change what.")

_EFFECTS: tuple[OutputColumn, ...] = (
    ("email", lambda line: line["email"]),
    ("now", lambda line: line["before"]),
    ("then", lambda line: line["after"]),
)


def _preview(group: str, principal: str, level: Level | None, *, as_json: bool) -> None:
    """Show what a change of access would mean, and change nothing."""
    from sharesync.services import grants as cases

    if level is not None:
        _learn(principal)
    with opening.trying() as work:
        effects = cases.preview(work, group, principal, level)
    lines = [
        {
            "email": effect.email,
            "before": effect.before.word if effect.before else None,
            "after": effect.after.word if effect.after else None,
            "overfull": effect.overfull,
        }
        for effect in effects
    ]
    show(lines, _EFFECTS, "Nobody would gain, lose or change anything.", as_json=as_json)
    for effect in effects if not as_json else ():
        if effect.overfull:
            click.echo(f"{effect.email} would have {effect.overfull:,} shared contacts; Google holds 25,000.", err=True)


def _learn(principal: str) -> None:
    """Ask Google for the members of a Google group that no grant has named yet. Raises GoogleError, SettingsError."""
    from sharesync.model.audit import OPERATOR
    from sharesync.services import directory

    with opening.store() as database, database.reading() as session:
        if directory.to_learn(session, principal) is None:
            return
    with opening.world() as world:
        directory.learn(world, OPERATOR, principal)


@grants.command("set")
@click.argument("group")
@_principal
@_level
@_dry_run
@json_option
def set_(*, group: str, principal: str, level: str, dry_run: bool, as_json: bool) -> None:
    """Grant a level, in place of the one that PRINCIPAL had on GROUP."""
    from sharesync.services import grants as cases

    if dry_run:
        _preview(group, principal, Level.parse(level), as_json=as_json)
        return
    try:
        _learn(principal)
    except (GoogleError, SettingsError) as error:
        click.echo(
            f"The members of {principal} are not known yet, and are read as soon as they can be: {error}", err=True
        )
    with opening.changing() as work:
        grant = cases.grant(work, group, principal, Level.parse(level))
    line = _line(grant)
    tell(line, f"{line['principal']} may {line['level']} in {line['group']} now.", as_json=as_json)


@grants.command()
@click.argument("group")
@_principal
@_dry_run
@json_option
def remove(*, group: str, principal: str, dry_run: bool, as_json: bool) -> None:
    """Take the grant of PRINCIPAL on GROUP away; the labels are withdrawn."""
    from sharesync.services import grants as cases
    from sharesync.store.records import groups as stored

    if dry_run:
        _preview(group, principal, None, as_json=as_json)
        return
    with opening.changing() as work:
        found = stored.find(work.session, group)
        removed = cases.revoke(work, found.id, principal)
    line = {"group": found.name, "principal": principal, "level": None}
    done = f"{principal} has no grant on {found.name} any more."
    tell(line, done if removed else f"{principal} had no grant on {found.name}; nothing changed.", as_json=as_json)


@grants.command()
@click.argument("group")
@click.argument("email")
@json_option
def explain(*, group: str, email: str, as_json: bool) -> None:
    """Show why someone may do what they may on a group: every path, the winning one first."""
    from sharesync.services import grants as cases

    with opening.store() as database, database.reading() as session:
        found = cases.explain(session, group, email)
    paths = [{"principal": str(name), "level": level.word, "via": via} for level, name, via in found.paths]
    word = found.level.word if found.level else None
    if as_json:
        show([{"group": found.group.name, "email": email, "level": word, "paths": paths}], (), as_json=as_json)
        return
    if word is None:
        click.echo(f"{email} cannot see {found.group.name}: no grant reaches them.")
        return
    click.echo(f"{email} may {word} in {found.group.name}:")
    columns: tuple[OutputColumn, ...] = (
        ("level", lambda line: line["level"]),
        ("principal", lambda line: line["principal"]),
        ("because", lambda line: line["via"]),
    )
    show(paths, columns, "", as_json=as_json)
