"""`plan-capacity`: what a company of a given size asks of Google and of the workers, before it is one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, counted, json_line, json_option, show

if TYPE_CHECKING:
    from sharesync.google.capacity import Cost

_COLUMNS: tuple[OutputColumn, ...] = (
    ("job", lambda line: line["job"]),
    ("calls", lambda line: line["calls"]),
    ("critical reads", lambda line: line["units"].get("critical_read", 0)),
    ("critical writes", lambda line: line["units"].get("critical_write", 0)),
    ("daily writes", lambda line: line["daily_writes"]),
    ("minutes", lambda line: line["minutes"]),
)
_NUMBER = click.IntRange(min=0)
DAY = 24 * 3600


@click.command("plan-capacity")
@click.option("--mailboxes", type=click.IntRange(min=1), required=True, help="How many mailboxes grants reach.")
@click.option("--contacts", type=_NUMBER, required=True, help="How many shared contacts stand in each.")
@click.option("--edits-per-day", "edits", type=_NUMBER, required=True, help="Changes a day that reach each mailbox.")
@click.option("--processes", type=click.IntRange(min=1), default=1, show_default=True, help="Worker processes.")
@click.option("--call-ms", type=click.IntRange(min=1), default=80, show_default=True, help="How long Google takes.")
@json_option
def plan_capacity(*, mailboxes: int, contacts: int, edits: int, processes: int, call_ms: int, as_json: bool) -> None:
    """Say what a company of this size asks of Google, in one mailbox and in all.

    By the settings of this machine: intervals, quotas and workers. Nothing is asked of Google or of the database.
    """
    from sharesync.google import capacity
    from sharesync.sync.reading import FULL_EVERY

    chosen = opening.settings()
    limits = {"critical_read": chosen.reads_per_minute, "critical_write": chosen.writes_per_minute}
    looks = capacity.look().times(DAY / chosen.sync_interval_max)
    everyone = capacity.full_reading(contacts).times(DAY / FULL_EVERY.total_seconds())
    changes = capacity.edit().times(edits)
    fill, day = capacity.fill(contacts), looks + everyone + changes
    jobs = {"first fill": fill, "a day": day, "of it looking": looks + everyone, "of it writing": changes}
    lines = [_line(job, cost, limits) for job, cost in jobs.items()]
    at_once = processes * chosen.workers
    per_second = mailboxes * day.calls / DAY
    line: dict[str, Any] = {
        "mailboxes": mailboxes,
        "jobs": lines,
        "calls_per_second": round(per_second, 2),
        "calls_per_second_at_most": round(at_once * 1000 / call_ms, 2),
        "last_mailbox_seconds": math.ceil(mailboxes * call_ms / 1000 / at_once),
        "warnings": _warnings(contacts, day.daily_writes, fill.daily_writes, per_second, at_once * 1000 / call_ms),
    }
    if as_json:
        json_line(line)
        return
    show(lines, _COLUMNS, as_json=False)
    click.echo(
        f"\n{counted(mailboxes, 'mailbox', 'mailboxes')}: {line['calls_per_second']} calls a second of"
        f" {line['calls_per_second_at_most']} that {counted(at_once, 'worker')} can make; a change reaches the last"
        f" mailbox after {counted(math.ceil(mailboxes * call_ms / 1000 / at_once), 'second')}."
    )
    for warning in line["warnings"]:
        click.echo(warning)


def _line(job: str, cost: Cost, limits: dict[str, int]) -> dict[str, Any]:
    return {
        "job": job,
        "calls": cost.calls,
        "units": cost.units,
        "daily_writes": cost.daily_writes,
        "minutes": cost.minutes(limits),
    }


def _warnings(contacts: int, a_day: int, fill: int, calls: float, most: float) -> list[str]:
    from sharesync.google.budget import CONTACTS_LIMIT
    from sharesync.google.capacity import DAILY_LIMIT

    told = []
    if contacts > CONTACTS_LIMIT:
        told.append(f"A Google account holds {CONTACTS_LIMIT:,} contacts: share fewer with each mailbox.")
    if max(a_day, fill) > DAILY_LIMIT:
        told.append(f"A mailbox may be written {DAILY_LIMIT:,} times a day: this takes more than one day.")
    if calls > most:
        told.append("The workers cannot make so many calls: start more processes, or lengthen the interval.")
    return told
