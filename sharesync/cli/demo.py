"""`demo`: everything on this machine: sandbox Workspace with people and contacts, service, web page, background sync.

Everything in it is the real thing: real HTTP, the real client library, a real database. Only the times are short.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharesync.cli import logs, opening

if TYPE_CHECKING:
    from sharesync.sandbox.journal import Journal
    from sharesync.sandbox.workspace import Workspace
    from sharesync.services.app import World
    from sharesync.settings import Settings

HOST = "127.0.0.1"
LAG = 1.0
"""Seconds before a write shows in the sandbox's lists, as with Google."""
INTERVAL = 2.0
"""Seconds between two polls of one mailbox."""
SETTLE = 2.0
"""Seconds after which a read of the sandbox is no longer stale: its lag, and time for the calls themselves."""
LEASE = 5.0
"""Seconds after which the next start takes over what a kill left behind."""
BUDGET = 1_000
"""Quota units a mailbox and minute: polled so often, Google's 90 would soon be spent."""
DIRECTORY_EVERY = 10.0
"""Seconds between two readings of the sandbox's directory."""

_port = click.IntRange(0, 65535)


@click.command()
@click.option("--port", type=_port, default=8000, show_default=True, help="Of the web page; if taken, a free one.")
@click.option(
    "--sandbox-port", type=_port, default=8001, show_default=True, help="Of the sandbox; if taken, a free one."
)
def demo(*, port: int, sandbox_port: int) -> None:
    """Run everything here, with a Workspace to play in.

    Sandbox Workspace with people and contacts, service, web page and background sync, all on this machine.
    What is done there is kept in the data dir, under `demo`, and stands there again at the next start.
    """
    from sharesync.bootstrap import demo_folder, make_data_dir
    from sharesync.cli.serve import ending

    chosen = opening.settings()
    folder = demo_folder(chosen)
    make_data_dir(replace(chosen, data_dir=folder))
    logs.to_file(folder)
    with ending() as told_to_end, ExitStack() as house:
        from sharesync.cli import pages
        from sharesync.cli.sandbox import serve, settings_for, settings_of_mail, write_key
        from sharesync.jobs.background import background
        from sharesync.sandbox.journal import Journal
        from sharesync.sandbox.received import taking_mail
        from web import create_app

        state, key = folder / "sandbox.jsonl", folder / "key.json"
        new = not state.exists()
        workspace = _company(house.enter_context(closing(Journal(state))), new=new)
        sandbox = house.enter_context(serve(workspace, HOST, sandbox_port, or_any=True))
        write_key(key, workspace.service_account_key(sandbox.token_uri))
        mail = house.enter_context(taking_mail(sandbox.received))
        told = settings_of_mail(workspace.directory.domain, mail)
        ours = _settings(chosen, folder, settings_for(sandbox, key) | told)
        listening = house.enter_context(pages.listen(HOST, port, or_any=True))
        workspace.sign_in.register(_ways_back(pages.address(listening)))
        world = house.enter_context(opening.world(ours, make=True))
        world = replace(world, outside=replace(world.outside, public_url=pages.address(listening)))
        _fill_once(world, folder / "filled")
        house.enter_context(pages.PageThread(create_app(world, ours), listening))
        house.enter_context(
            background(world, workers=ours.workers, directory_every=DIRECTORY_EVERY, uploads=ours.uploads)
        )
        click.echo(_welcome(pages.address(listening), sandbox.url, folder))
        told_to_end()


def _company(journal: Journal, *, new: bool) -> Workspace:
    """The Workspace as the journal has it, or as it is at the very first start."""
    from sharesync.demo.company import DESCRIPTION, OWN
    from sharesync.sandbox.settings import Settings as Turned
    from sharesync.sandbox.workspace import Workspace

    turned = Turned(lag=LAG, label_lag=LAG)
    workspace = journal.open(lambda: Workspace.from_description(DESCRIPTION, settings=turned))
    if new:  # only now: the journal writes down what happens in mailboxes from its opening on
        for email, cards in OWN.items():
            for card in cards:
                workspace.hands(email).create(card)
    return workspace


def _ways_back(page: str) -> list[str]:
    """Where a sign-in may lead back to: the page, by either name of this machine."""
    back = f"{page}/sign-in/back"
    return [back, back.replace(HOST, "localhost")]


def _settings(chosen: Settings, folder: Path, sandbox: dict[str, str]) -> Settings:
    from sharesync.settings import QueueKind

    return replace(
        chosen,
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'sharesync.db'}",
        domain=(sandbox["SHARESYNC_DOMAIN"],),
        admins=(sandbox["SHARESYNC_GOOGLE_ADMIN"],),
        google_key_file=Path(sandbox["SHARESYNC_GOOGLE_KEY_FILE"]),
        google_admin=sandbox["SHARESYNC_GOOGLE_ADMIN"],
        people_endpoint=sandbox["SHARESYNC_PEOPLE_ENDPOINT"],
        directory_endpoint=sandbox["SHARESYNC_DIRECTORY_ENDPOINT"],
        oidc_issuer=sandbox["SHARESYNC_OIDC_ISSUER"],
        oidc_client_id=sandbox["SHARESYNC_OIDC_CLIENT_ID"],
        oidc_client_secret=sandbox["SHARESYNC_OIDC_CLIENT_SECRET"],
        smtp_url=sandbox["SHARESYNC_SMTP_URL"],
        mail_from=sandbox["SHARESYNC_MAIL_FROM"],
        endpoint_networks=(ip_network(sandbox["SHARESYNC_ENDPOINT_NETWORKS"]),),
        public_url=None,
        metrics_token=None,
        sync_interval=INTERVAL,
        sync_interval_max=INTERVAL,
        settle_seconds=SETTLE,
        lease_seconds=LEASE,
        queue=QueueKind.LOCAL,
        reads_per_minute=BUDGET,
        writes_per_minute=BUDGET,
    )


def _fill_once(world: World, mark: Path) -> None:
    """Share the company's contacts at the first start; whoever deletes them all later finds them deleted."""
    from sharesync.demo.filling import fill

    if not mark.exists():
        fill(world)
        mark.touch()


def _welcome(page: str, sandbox: str, folder: Path) -> str:
    return f"""
  sharesync         {page}   (sign in as Astrid, the administrator, or as anyone else)
  Google Contacts   {sandbox}   (the sandbox's; choose there whom to be)
  Mail and posts    {sandbox}/received/   (what people and programs are told)

  Try this:
  1. Be Chloé and change a phone number under the label Customers: seconds later it stands with Astrid and Erik,
     and in sharesync under Changes.
  2. Be Bjørn, who may only view Customers, and change a name there: it is put back, and the try is logged.
  3. Be Fatima and make a new contact under the label Press: it appears in all six people's contacts.
  4. Be Chloé, and give a customer the custom field Tags with the value “key customer”: it appears under the label
     Key customers of everyone in Sales.
  5. Sign in to sharesync as Astrid, be Erik, and delete thirty Suppliers: they are held, and Astrid gets a mail.
  6. As Astrid, make a webhook to {sandbox}/received/hook under Endpoints: it tells of each change.

  Ctrl-C ends it. Everything is kept in {folder}.
"""
