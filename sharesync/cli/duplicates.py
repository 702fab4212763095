"""`contacts duplicates`: contacts that are probably one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, counted, json_line, json_option, show

if TYPE_CHECKING:
    from sharesync.store.queries.duplicates import Pair
    from sharesync.store.queries.unlisted_pairs import Unlisted


@click.command()
@json_option
def duplicates(*, as_json: bool) -> None:
    """Show pairs of contacts that are probably one, with the reasons, the surest first.

    They are merged, or said to be two, in the web page. Where many are alike, each is shown with the first few alone;
    standard error says how many pairs are not listed.
    """
    from sharesync.services.duplicates import compared
    from sharesync.store.queries import duplicates as stored
    from sharesync.store.queries.unlisted_pairs import unlisted

    with opening.store() as database, compared(database) as session:
        found = stored.everything(session)
        beyond = unlisted(session, None)
    _tell_unlisted(beyond, as_json=as_json)
    if as_json:
        show([_pair(pair) for pair in found], (), as_json=True)
        return
    lines = [
        _pair(pair) | {"one_title": pair.one.card.title or None, "other_title": pair.other.card.title or None}
        for pair in found
    ]
    show(lines, _PAIRS, "No two contacts are probably one.", as_json=False)


def _tell_unlisted(beyond: Unlisted, *, as_json: bool) -> None:
    """Say on standard error how many pairs are not listed, if any."""
    if not beyond.pairs:
        return
    if as_json:
        json_line({"pairs_not_listed": beyond.pairs, "counted_all": beyond.all}, err=True)
        return
    number = ("" if beyond.all else "more than ") + counted(beyond.pairs, "pair")
    click.echo(f"{number} of the same contacts not listed; merge those that are, and the others show.", err=True)


def _pair(pair: Pair) -> dict[str, Any]:
    why = pair.likeness
    return {
        "one": pair.one.id,
        "other": pair.other.id,
        "surety": why.surety if why else 0,
        "reasons": [one.reason.value for one in why.evidence] if why else [],
    }


_PAIRS: tuple[OutputColumn, ...] = (
    ("one", lambda line: line["one_title"]),
    ("other", lambda line: line["other_title"]),
    ("same", lambda line: ", ".join(line["reasons"])),
    ("surety", lambda line: line["surety"]),
    ("id", lambda line: line["one"]),
    ("other id", lambda line: line["other"]),
)
