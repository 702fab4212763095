"""`sandbox`: a small Workspace of our own, alone: People, Directory, OAuth, and a page like Google Contacts."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.files import READABLE
from sharesync.cli.output import json_option, tell
from sharesync.errors import Refused

if TYPE_CHECKING:
    from sharesync.sandbox.server import SandboxServer
    from sharesync.sandbox.workspace import Workspace


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any free one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Keep the Workspace in this folder.")
@click.option(
    "--redirect-uri",
    "redirect_uris",
    multiple=True,
    default=("http://127.0.0.1:8000/sign-in/back", "http://localhost:8000/sign-in/back"),
    show_default=True,
    help="Where a sign-in may lead back to; may be said several times.",
)
@click.option("--users", type=READABLE, help="Units, users and groups of a new one (JSON).")
@json_option
def sandbox(
    *, host: str, port: int, data: Path | None, redirect_uris: tuple[str, ...], users: str | None, as_json: bool
) -> None:
    """Run the sandbox Workspace alone, until Ctrl-C.

    Says which settings point sharesync at it.
    Without --data nothing is kept. The file of --users holds {"domain", "org_units"?, "users": [{"email", "name"?,
    "ou"?, "admin"? …}], "groups"?: [{"email", "name"?, "members"}]}; without it six people are there.
    """
    from sharesync.cli.serve import ending
    from sharesync.sandbox.journal import Journal
    from sharesync.sandbox.received import taking_mail

    chosen = opening.settings()
    description = _description(users)
    journal = Journal(data / "workspace.jsonl") if data else None
    if data and users and (data / "workspace.jsonl").exists():
        raise click.UsageError(f"{data} holds a Workspace already; --users is for a new one.")
    with ending() as told_to_end:
        make = _maker(description)
        workspace = journal.open(make) if journal else make()
        with serve(workspace, host, port) as server, taking_mail(server.received) as mail:
            workspace.sign_in.register(redirect_uris)
            key = (data or chosen.data_dir) / "sandbox-key.json"
            write_key(key, workspace.service_account_key(server.token_uri))
            settings = settings_for(server, key) | settings_of_mail(workspace.directory.domain, mail)
            exports = "\n".join(f"export {name}={value}" for name, value in settings.items())
            sentence = f"The sandbox stands at {server.url}; Ctrl-C ends it. Point sharesync at it with\n\n{exports}\n"
            tell({"url": server.url, **settings}, sentence, as_json=as_json)
            told_to_end()
        if journal:
            journal.close()


def serve(workspace: Workspace, host: str, port: int, *, or_any: bool = False) -> SandboxServer:
    """The server of a Workspace, for use in a `with` block. Raises Refused where the port cannot be had."""
    from sharesync.sandbox.server import SandboxServer

    try:
        return SandboxServer(workspace, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and or_any:
            return SandboxServer(workspace, host, 0)
        raise Refused(f"{host}:{port} cannot be used here ({error.strerror}); choose another --port.") from None


def settings_for(server: SandboxServer, key: Path) -> dict[str, str]:
    """The settings that point sharesync at this Workspace."""
    directory = server.workspace.directory
    admin = next((user.email for user in directory.users.values() if user.admin), "")
    return {
        "SHARESYNC_DOMAIN": directory.domain,
        "SHARESYNC_GOOGLE_KEY_FILE": str(key.absolute()),
        "SHARESYNC_GOOGLE_ADMIN": admin,
        "SHARESYNC_PEOPLE_ENDPOINT": server.url,
        "SHARESYNC_DIRECTORY_ENDPOINT": server.url,
        "SHARESYNC_OIDC_ISSUER": server.url,
        "SHARESYNC_OIDC_CLIENT_ID": server.workspace.sign_in.client_id,
        "SHARESYNC_OIDC_CLIENT_SECRET": server.workspace.sign_in.client_secret,
    }


def settings_of_mail(domain: str, server: str) -> dict[str, str]:
    """The settings by which people and programs are told where the sandbox shows it: at `/received/`."""
    return {
        "SHARESYNC_SMTP_URL": server,
        "SHARESYNC_MAIL_FROM": f"sharesync@{domain}",
        "SHARESYNC_ENDPOINT_NETWORKS": "127.0.0.0/8",
    }


def write_key(file: Path, key: dict[str, Any]) -> None:
    """Write the service account's key, readable by its owner only. Raises Refused."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(key, out, indent=1)
    except OSError as error:
        raise Refused(f"{file} cannot be written ({error.strerror}); choose another place.") from None


def _description(users: str | None) -> dict[str, Any]:
    from sharesync.demo.company import DESCRIPTION

    if users is None:
        return DESCRIPTION
    try:
        with click.open_file(users, "rb") as opened:
            value = json.loads(opened.read())
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise click.UsageError("The file of --users is not one JSON object; see `sharesync sandbox --help`.")
    return value


def _maker(description: dict[str, Any]) -> Callable[[], Workspace]:
    from sharesync.sandbox.workspace import Workspace

    def make() -> Workspace:
        try:
            return Workspace.from_description(description)
        except (KeyError, TypeError, AttributeError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else "has a part of the wrong form"
            raise click.UsageError(f"The description {what}; see `sharesync sandbox --help`.") from None
        except ValueError as error:
            raise click.UsageError(f"The description does not fit together: {error}") from None

    return make
