"""Kinds of arguments: checked where they are typed, so that wrong usage is one sentence and exit status 2."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening

if TYPE_CHECKING:
    from sharesync.model.filters import Filter
    from sharesync.store.database.engine import Database


def whole(least: int) -> click.IntRange:
    """A whole number from `least` on, no larger than the database holds."""
    return click.IntRange(least, 2**63 - 1)


filter_option = click.option(
    "--filter",
    "filter_",
    default="",
    metavar="FILTER",
    help="Only those of which all of it holds: words, name:value, -not, OR, changed>-90d (README, “Filters”).",
)


def asked(filter_: str, database: Database) -> Filter:
    """The filter that was typed, its days those of this machine or of the setting. Raises InvalidFilter."""
    from sharesync.model.filter_lines import parse
    from sharesync.store.records import company_fields

    with database.reading() as session:
        fields = company_fields.defined(session)
    return parse(filter_, datetime.now(UTC), opening.settings().time_zone, fields)


class Moment(click.DateTime):
    """A moment with its zone; this machine's where none is typed."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it. Raises click.BadParameter, also for one at the calendar's end, which is beyond it elsewhere."""
        try:
            moment: datetime = super().convert(value, param, ctx).astimezone()
            moment.astimezone(UTC)
        except (OverflowError, ValueError, OSError):
            self.fail(f"{value} is beyond the calendar.", param, ctx)
        return moment
