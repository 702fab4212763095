"""`status`: how every mailbox fares."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, json_option, local, show

if TYPE_CHECKING:
    from sharesync.settings import Settings
    from sharesync.store.database.engine import Database


@click.command()
@json_option
def status(*, as_json: bool) -> None:
    """Show how every mailbox fares.

    Its state, how many contacts do not stand there as they should, the last and the next pass, and what to do where
    something is wrong; below, of each group the oldest change that has not arrived everywhere, and which checkpoint of
    the log was sent away last.
    """
    from sharesync.services.operation.status import on_their_way, standings

    chosen = opening.settings()
    with opening.store(chosen) as database:
        found = standings(database, timedelta(seconds=chosen.sync_interval_max))
        waiting = on_their_way(database) if any(one.behind for one in found) else []
        sent_away = _sent_away(database, chosen)
    if as_json:
        show([one.as_json() for one in found], (), as_json=as_json)
        return
    lines = [{"one": one} for one in found]
    columns: tuple[OutputColumn, ...] = (
        ("mailbox", lambda line: line["one"].mailbox),
        ("state", lambda line: line["one"].state.value),
        ("behind", lambda line: line["one"].behind),
        ("since", lambda line: local(line["one"].oldest)),
        ("last pass", lambda line: local(line["one"].last_pass)),
        ("next pass", lambda line: local(line["one"].next_pass)),
        ("what to know", lambda line: line["one"].error),
    )
    show(
        lines,
        columns,
        "No grant reaches anyone yet; `sharesync grants set GROUP PRINCIPAL LEVEL` makes one.",
        as_json=as_json,
    )
    for number, (group, since) in enumerate(waiting):
        if not number:
            click.echo()
        click.echo(f"{group}: its oldest change has been on its way since {local(since)}.")
    for line in sent_away:
        click.echo(line)


def _sent_away(database: Database, chosen: Settings) -> list[str]:
    """How far the place that checkpoints are sent to is behind the log; nothing where there is none."""
    from sharesync import bootstrap

    place = bootstrap.checkpoints_to(chosen)
    if place is None:
        return []
    from sharesync.services.log import checkpoints_away

    every = timedelta(seconds=chosen.checkpoint_interval)
    away = checkpoints_away.standing(database, place, every, bootstrap.now())
    sent = f", since {local(away.sent_at)}" if away.sent_at else ""
    lines = [f"\nCheckpoints: {checkpoints_away.in_words(away)}{sent}."]
    if away.trouble:
        lines.append(f"The next is tried again at {local(away.due)}: {away.trouble}")
    return lines
