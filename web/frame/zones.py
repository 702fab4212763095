"""Zones: in which time zone the reader reads times: their browser's, else that of the setting, else this machine's.

The browser's name of its zone comes in a cookie that the page's script writes; anything else in it is passed over.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, current_app, g, has_request_context, request

from web.frame.cookies import Cookies
from web.frame.live import settings, the_world

_COOKIE = "sharesync.zone"


def install(app: Flask, cookies: Cookies) -> None:
    """Tell pages their zone, and the name of the cookie to their script."""
    name = cookies.named("zone")
    app.extensions[_COOKIE] = name
    app.context_processor(lambda: {"zone_cookie": name, "zone_said": said})


def zone() -> tzinfo | None:
    """The zone of whoever reads; None is this machine's, as `datetime.astimezone` takes it."""
    if not has_request_context():
        return None
    if "zone" not in g:
        browsers = request.cookies.get(current_app.extensions[_COOKIE], "")
        g.zone = ZoneInfo(browsers) if browsers in _known() else settings().time_zone
    found: tzinfo | None = g.zone
    return found


def here(moment: datetime) -> datetime:
    """A moment by the reader's clock."""
    return moment.astimezone(zone())


def midnight(day: date) -> datetime:
    """When a day of the reader's begins."""
    begins, where = datetime.combine(day, time()), zone()
    return begins.replace(tzinfo=where) if where else begins.astimezone()


def from_form(typed: str) -> datetime | None:
    """The moment that a form's field of day and time names by the reader's clock; None for any other text."""
    try:
        named = datetime.fromisoformat(typed)
        moment = named.replace(tzinfo=zone()) if zone() and named.tzinfo is None else named.astimezone()
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def said() -> str:
    """The zone in words, with how far it is from UTC now: `Europe/Copenhagen (UTC+1)`."""
    where, now = zone(), here(the_world().now())
    name = where.key if isinstance(where, ZoneInfo) else now.tzname() or ""
    offset = _offset(now)
    return name if name == offset else f"{name} ({offset})"


def _offset(moment: datetime) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
