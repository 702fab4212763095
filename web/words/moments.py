"""Moments: how long ago, at what time, on which day, as people say it in the language of the request."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date

from web.frame.zones import here
from web.words.languages import _, language
from web.words.terms import count

_STEPS = ((60, "second"), (60, "minute"), (24, "hour"), (30, "day"))


def ago(moment: datetime, now: datetime) -> str:
    """How long since, or until: `4 seconds ago`, `in 2 minutes`; a date where it is longer than a month."""
    seconds = (now - moment).total_seconds()
    number, unit = abs(seconds), "month"
    if number < 1.5:
        return _("just now") if seconds >= 0 else _("now")
    # A future moment is rounded: otherwise what is promised for 30 days would at once be due in 29.
    for step, name in _STEPS:
        if (number if seconds > 0 else round(number)) < step:
            unit = name
            break
        number /= step
    else:
        return on_day(moment)
    words = count(int(number) if seconds > 0 else round(number), unit)
    return _("%(span)s ago", span=words) if seconds > 0 else _("in %(span)s", span=words)


def at_time(moment: datetime, now: datetime) -> str:
    """The time of day by the reader's clock; with the day where it is another day."""
    there, today = here(moment), here(now).date()
    clock = f"{there:%H:%M:%S}"
    if there.date() == today:
        return clock
    return _("yesterday %(time)s", time=clock) if there.date() == today - timedelta(days=1) else in_full(moment)


def day_of(moment: datetime, now: datetime) -> str:
    """The day as the heading of what happened on it: Today, Yesterday, 3 November 2026."""
    there, today = here(moment).date(), here(now).date()
    if there == today:
        return _("Today")
    return _("Yesterday") if there == today - timedelta(days=1) else whole_day(there)


def in_full(moment: datetime) -> str:
    """The day and the time of day: 3 November 2026 14:05:00."""
    return f"{on_day(moment)} {here(moment):%H:%M:%S}"


def in_zone(moment: datetime) -> str:
    """The same with its zone: 3 November 2026 14:05:00 CET."""
    return f"{in_full(moment)} {here(moment):%Z}"


def soon(moment: datetime, now: datetime) -> str:
    """How long until something that is due: `in 2 minutes`, and once it is due, `any moment`."""
    return ago(moment, now) if (moment - now).total_seconds() >= 1 else _("any moment")


def on_day(moment: datetime) -> str:
    """The date of a moment: 3 November 2026."""
    return whole_day(here(moment).date())


def whole_day(day: date) -> str:
    """A date: 3 November 2026."""
    return format_date(day, "d MMMM y" if language() in ("en", "sv") else "d. MMMM y", language())
