"""`roles` and `sessions`: who is administrator or auditor, and who is signed in to the web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, counted, json_option, local, show, tell

if TYPE_CHECKING:
    from sharesync.cli.output import OutputLine


@click.group()
def roles() -> None:
    """Who is administrator or auditor in the web page."""


@roles.command("set")
@click.argument("email")
@click.argument("role")
@json_option
def set_(*, email: str, role: str, as_json: bool) -> None:
    """Make someone administrator or auditor.

    ROLE: administrator (everything) or auditor (sees everything, the change log too, and changes nothing).
    """
    from sharesync.model.permission import Role
    from sharesync.services.who_may import roles as cases

    wanted = Role.parse(role)
    with opening.changing() as work:
        changed = cases.assign(work, email, wanted)
    line = {"email": email, "role": wanted.value, "changed": changed}
    done = f"{email} is {wanted.value} now." if changed else f"{email} is {wanted.value} already; nothing changed."
    tell(line, done, as_json=as_json)


@roles.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show who has a role."""
    from sharesync.store.records import roles as kept

    with opening.store() as database, database.reading() as session:
        lines: list[OutputLine] = [
            {"email": one.email, "role": one.role.value, "since": one.since.isoformat(), "moment": one.since}
            for one in kept.listed(session)
        ]
    columns: tuple[OutputColumn, ...] = (
        ("e-mail", lambda line: line["email"]),
        ("role", lambda line: line["role"]),
        ("since", lambda line: local(line["moment"])),
    )
    nothing = "Nobody has a role yet; who is named in SHARESYNC_ADMINS becomes administrator at their first sign-in."
    told = [{name: value for name, value in line.items() if name != "moment"} for line in lines] if as_json else lines
    show(told, columns, nothing, as_json=as_json)


@roles.command()
@click.argument("email")
@json_option
def remove(*, email: str, as_json: bool) -> None:
    """Take someone's role away; who is named in SHARESYNC_ADMINS gets it again at the next sign-in."""
    from sharesync.services.who_may import roles as cases

    with opening.changing() as work:
        removed = cases.remove(work, email)
    done = f"{email} has no role any more." if removed else f"{email} had no role; nothing changed."
    tell({"email": email, "removed": removed}, done, as_json=as_json)


@click.group()
def sessions() -> None:
    """Who is signed in to the web page."""


@sessions.command()
@click.argument("email")
@json_option
def revoke(*, email: str, as_json: bool) -> None:
    """Sign someone out everywhere, at once."""
    from sharesync.services.who_may import sessions as cases
    from sharesync.store.mailboxes import directory

    with opening.changing() as work:
        ended = cases.close_all(work, directory.user_id(work.session, email))
    done = f"{email} is signed out: {counted(ended, 'session')} ended." if ended else f"{email} was not signed in."
    tell({"email": email, "ended": ended}, done, as_json=as_json)
