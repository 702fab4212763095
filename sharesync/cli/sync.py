"""`sync`: one pass now, over the named mailboxes or all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sharesync.cli import logs, opening
from sharesync.cli.endings import DONE_IN_PART
from sharesync.cli.output import OutputColumn, json_option, local, show

if TYPE_CHECKING:
    from sharesync.services.operation.pass_report import PassReport
    from sharesync.store.database.engine import Database

_COUNTS = ("pulled", "accepted", "reverted", "restored", "held", "created", "updated", "deleted")

_COLUMNS: tuple[OutputColumn, ...] = (
    ("mailbox", lambda line: line["mailbox"]),
    ("outcome", lambda line: line["outcome"]),
    *((name, lambda line, name=name: line[name]) for name in _COUNTS),
    ("calls", lambda line: sum(line["calls"].values())),
    ("seconds", lambda line: f"{line['seconds']:.2f}"),
)

_PLAN: tuple[OutputColumn, ...] = (
    ("mailbox", lambda line: line["mailbox"]),
    ("action", lambda line: line["action"]),
    ("contact", lambda line: line["title"]),
    ("group", lambda line: line["name"]),
    ("fields", lambda line: ", ".join(line["fields"])),
)


@click.command()
@click.argument("emails", metavar="[EMAIL]...", nargs=-1)
@click.option("--full", is_flag=True, help="Read everything, without the sync token.")
@click.option("--reset", is_flag=True, help="Forget the mailbox's links; find them again by mark and content.")
@click.option("--dry-run", is_flag=True, help="Print the plan, write nothing anywhere.")
@json_option
def sync(*, emails: tuple[str, ...], full: bool, reset: bool, dry_run: bool, as_json: bool) -> None:
    """Pass over all mailboxes now, or over those named.

    Runs at once, whenever the next pass is due; waits only where Google asked for it. All are those that a grant
    reaches or that have something left to withdraw.
    """
    from tqdm import tqdm

    from sharesync.mailbox_pass import sync_now as cases
    from sharesync.mailbox_pass.order import ordered

    chosen = opening.settings()
    with opening.world(chosen) as world, tqdm(desc="mailboxes", unit="", disable=None, leave=False) as bar:
        logs.to_file(chosen.data_dir)

        def ended(_: PassReport) -> None:
            bar.update()

        order = ordered(full=full, reset=reset, dry_run=dry_run)
        reports = cases.sync(world, emails, workers=chosen.workers, order=order, begun=bar.reset, ended=ended)
        if dry_run:
            _tell_plan(world.database, reports, as_json=as_json)
    if not dry_run:
        show([report.as_json() for report in reports], _COLUMNS, _NOBODY, as_json=as_json)
    failures = [report for report in reports if cases.failed(report)]
    if failures:
        if not as_json or dry_run:
            _tell_reasons(failures)
        click.get_current_context().exit(DONE_IN_PART)


_NOBODY = "No grant reaches anyone, and nothing is left to withdraw; there is nothing to do."


def _tell_plan(database: Database, reports: Sequence[PassReport], *, as_json: bool) -> None:
    """Every action; people read names where programs read ids."""
    from sharesync.store.records import contacts, groups

    lines = [action.as_json() for report in reports for action in report.actions]
    if not as_json:
        with database.reading() as session:
            cards = contacts.cards(session, {line["contact"] for line in lines if line["contact"]})
            names = {one.id: one.name for one in groups.named(session)}
        titles = {contact: card.title or contact for contact, (_, card) in cards.items()}
        for line in lines:
            line["title"] = titles.get(line["contact"], line["contact"])
            line["name"] = names.get(line["group"], line["group"])
    show(lines, _PLAN, "Every mailbox is as it should be; there is nothing to do.", as_json=as_json)


def _tell_reasons(reports: Sequence[PassReport]) -> None:
    """What stands in the way, below the table: a sentence does not fit into a column."""
    for report in reports:
        again = f" Again from {local(report.not_before)} on." if report.not_before else ""
        click.echo(f"{report.mailbox}: {report.reason}{again}", err=True)
