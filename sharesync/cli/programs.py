"""`services` and `tokens`: programs that come in by the API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, counted, json_option, local, show, tell
from sharesync.model.token import MOST_DAYS, USUAL_DAYS, in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sharesync.store.records.tokens import ProgramToken


@click.group()
def services() -> None:
    """Programs that are granted access like people.

    In `grants set` the PRINCIPAL of one is service:NAME.
    """


@services.command("create")
@click.argument("name")
@json_option
def create_service(*, name: str, as_json: bool) -> None:
    """Make a service that may do nothing yet: grant it a level, then make it a token."""
    from sharesync.services import programs

    with opening.changing() as work:
        made = programs.create(work, name)
    line = {"id": made.id, "name": made.name}
    tell(line, f"service:{made.name} is a principal now; grant it a level, and make it a token.", as_json=as_json)


@services.command("list")
@json_option
def list_services(*, as_json: bool) -> None:
    """Show all services."""
    from sharesync.store.records import services as kept

    with opening.store() as database, database.reading() as session:
        found = kept.listed(session)
    columns: tuple[OutputColumn, ...] = (
        ("service", lambda line: line["name"]),
        ("created", lambda line: local(line["moment"])),
    )
    lines = [
        {"id": one.id, "name": one.name, "created": one.created_at.isoformat()}
        | ({} if as_json else {"moment": one.created_at})
        for one in found
    ]
    show(lines, columns, "There is no service yet; `sharesync services create NAME` makes one.", as_json=as_json)


@services.command("remove")
@click.argument("name")
@json_option
def remove_service(*, name: str, as_json: bool) -> None:
    """End a service, with its grants and its tokens."""
    from sharesync.services import programs

    with opening.changing() as work:
        ended = programs.remove(work, name)
    done = f"service:{name} is no principal any more; {counted(ended, 'token')} ended."
    tell({"name": name, "tokens": ended}, done, as_json=as_json)


@click.group()
def tokens() -> None:
    """Keys by which programs come in. OWNER: someone@x.test or service:NAME, for whom the program acts."""


def _words(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [word.strip() for word in value.split(",") if word.strip()]


@tokens.command("create")
@click.argument("owner")
@click.option("--scopes", required=True, callback=_words, help="What it opens, comma-separated: contacts:read, …")
@click.option("--groups", callback=_words, help="The only groups it is for, comma-separated; else all of OWNER's.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=USUAL_DAYS, show_default=True)
@click.option("--name", default="", help="What it is for.")
@json_option
def create_token(
    *, owner: str, scopes: list[str], groups: list[str] | None, days: int, name: str, as_json: bool
) -> None:
    """Make a token and print it: this once, as only its hash is kept."""
    from sharesync.model.access import PrincipalKind
    from sharesync.model.audit import OPERATOR
    from sharesync.services.who_may import roles
    from sharesync.services.who_may import tokens as cases

    chosen = opening.settings()
    with opening.store(chosen) as database:
        with opening.changing_in(database) as work:
            made = cases.create(work, owner, name or "command line", scopes, groups=groups, days=days)
            names = _group_names(work.session)
        if made.token.owner.kind is PrincipalKind.USER:
            with opening.changing_in(database, replace(OPERATOR, id="settings")) as work:
                roles.appoint_first(work, made.token.owner.subject, chosen.admins)
    if as_json:
        show([{**_line(made.token, names), "token": made.text}], (), as_json=True)
        return
    until = local(made.token.expires_at)
    click.echo(
        f"Token {made.token.id} acts for {made.token.owner_name} until {until}. It is shown this once:", err=True
    )
    click.echo(made.text)


@tokens.command("list")
@json_option
def list_tokens(*, as_json: bool) -> None:
    """Show all tokens that were not revoked, also those whose time is over."""
    from sharesync.store.records import tokens as kept

    with opening.store() as database, database.reading() as session:
        found, names = kept.listed(session), _group_names(session)
    columns: tuple[OutputColumn, ...] = (
        ("id", lambda line: line["id"]),
        ("name", lambda line: line["name"]),
        ("owner", lambda line: line["owner"]),
        ("scopes", lambda line: " ".join(line["scopes"])),
        ("groups", lambda line: None if line["groups"] is None else ", ".join(line["groups"])),
        ("ends", lambda line: local(line["moments"][0])),
        ("last used", lambda line: local(line["moments"][1])),
    )
    lines = [_line(one, names) | ({} if as_json else {"moments": (one.expires_at, one.used_at)}) for one in found]
    show(lines, columns, "There is no token; `sharesync tokens create OWNER` makes one.", as_json=as_json)


@tokens.command("revoke")
@click.argument("token", metavar="ID")
@json_option
def revoke_token(*, token: str, as_json: bool) -> None:
    """End a token at once."""
    from sharesync.services.who_may import tokens as cases

    with opening.changing() as work:
        ended = cases.revoke(work, token)
    tell({"id": ended.id, "revoked": True}, f"The token “{ended.name}” no longer works.", as_json=as_json)


def _group_names(session: Any) -> Mapping[str, str]:
    from sharesync.store.records import groups

    return {group.id: group.name for group in groups.named(session)}


def _line(token: ProgramToken, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "owner": token.owner_name,
        "scopes": in_order(token.scopes),
        "groups": None if token.groups is None else [names.get(group, group) for group in token.groups],
        "created": token.created_at.isoformat(),
        "expires": token.expires_at.isoformat(),
        "last_used": token.used_at.isoformat() if token.used_at else None,
    }
