"""`endpoints`: who is told of what, by mail, in a chat room, or by a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, counted, json_option, show, tell

if TYPE_CHECKING:
    from sharesync.store.records.endpoints import Backlog, Endpoint


@click.group()
def endpoints() -> None:
    """Who is told of what: people by mail, rooms by chat, programs by webhook."""


def _words(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [word.strip() for word in value.split(",") if word.strip()]


@endpoints.command("create")
@click.argument("kind", type=click.Choice(["mail", "chat", "webhook"]))
@click.argument("target")
@click.option("--events", callback=_words, help="Of what it is told, comma-separated: contact, hold.opened, …")
@click.option("--groups", callback=_words, help="The only groups it is told of, comma-separated.")
@click.option("--owner", help="Whose it is: someone@x.test or service:NAME. It is told what that one may see.")
@json_option
def create_endpoint(
    *, kind: str, target: str, events: list[str] | None, groups: list[str] | None, owner: str | None, as_json: bool
) -> None:
    """Tell somebody of what happens from now on.

    TARGET: an address of mail, or of the web. The secret of a webhook is printed this once; it signs what is sent.
    Without --owner, an endpoint is the only administrator's, and mail is its recipient's.
    """
    from sharesync.model.endpoint import EndpointKind
    from sharesync.services.telling import endpoints as cases

    with opening.changing() as work:
        made = cases.create(work, EndpointKind(kind), target, owner=owner, events=events, groups=groups)
    line = {"id": made.id, "kind": kind} | ({"secret": made.secret} if made.secret else {})
    if as_json or made.secret is None:
        tell(line, f"Endpoint {made.id} is told from now on.", as_json=as_json)
        return
    click.echo(f"Endpoint {made.id} is told from now on. Its secret is shown this once:", err=True)
    click.echo(made.secret)


@endpoints.command("list")
@json_option
def list_endpoints(*, as_json: bool) -> None:
    """Show all endpoints, and how far each is behind."""
    from sharesync.store.records import endpoints as kept

    with opening.store() as database, database.reading() as session:
        found = kept.listed(session)
        behind = kept.backlogs(session, found)
    columns: tuple[OutputColumn, ...] = (
        ("id", lambda line: line["id"]),
        ("kind", lambda line: line["kind"]),
        ("target", lambda line: line["target"]),
        ("owner", lambda line: line["owner"]),
        ("state", lambda line: line["state"]),
        ("behind", lambda line: line["behind"]),
        ("error", lambda line: line["error"]),
    )
    nobody = "Nobody is told of anything; `sharesync endpoints create` changes that."
    show([_line(one, behind[one.id]) for one in found], columns, nobody, as_json=as_json)


@endpoints.command("test")
@click.argument("endpoint", metavar="ID")
@json_option
def test_endpoint(*, endpoint: str, as_json: bool) -> None:
    """Send a test at once, and say what came of it."""
    from sharesync.services.telling import endpoints as cases
    from sharesync.services.telling.outcomes import Fate

    with opening.store() as database:
        outcome = cases.test(opening.operation_in(database), opening.outside(), endpoint)
    taken = outcome.fate is Fate.TAKEN
    line = {"id": endpoint, "taken": taken, "status": outcome.status, "error": outcome.trouble or None}
    tell(line, "It was taken." if taken else f"It was not taken: {outcome.trouble}", as_json=as_json)
    if not taken:
        raise SystemExit(1)


@endpoints.command("replay")
@click.argument("endpoint", metavar="ID")
@click.option("--since", required=True, type=click.IntRange(0), help="Number of the first event; `audit list` has it.")
@json_option
def replay_endpoint(*, endpoint: str, since: int, as_json: bool) -> None:
    """Tell it again of what happened from one event on, each under the id that it had before."""
    from sharesync.services.telling import endpoints as cases

    with opening.changing() as work:
        again = cases.replay(work, endpoint, since)
    tell({"id": endpoint, "events": again}, f"{counted(again, 'event')} sent again.", as_json=as_json)


@endpoints.command("remove")
@click.argument("endpoint", metavar="ID")
@json_option
def remove_endpoint(*, endpoint: str, as_json: bool) -> None:
    """Tell it nothing more, and forget its address."""
    from sharesync.services.telling import endpoints as cases

    with opening.changing() as work:
        cases.remove(work, endpoint)
    tell({"id": endpoint, "removed": True}, "Endpoint removed.", as_json=as_json)


def _line(endpoint: Endpoint, behind: Backlog) -> dict[str, Any]:
    from sharesync.services.telling.endpoints import shown_target

    return {
        "id": endpoint.id,
        "kind": endpoint.kind.value,
        "target": shown_target(endpoint),
        "state": endpoint.state.value,
        "behind": behind.waiting,
        "error": endpoint.trouble or None,
        "owner": endpoint.owner_name,
        "dead": behind.dead,
        "events": list(endpoint.names),
    }
