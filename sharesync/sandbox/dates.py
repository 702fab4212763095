"""Times and dates as Google writes them."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

from sharesync.sandbox.errors import invalid_argument
from sharesync.sandbox.wire import Json

EPOCH = "1970-01-01T00:00:00Z"  # the updateTime of a tombstone (observed)


def rfc3339(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds


def check_date(date: Json) -> Json:
    """google.type.Date: year, month or day may be absent or 0 (then unknown). Raises ApiError for an impossible day."""
    year, month, day = (date.get(part) or 0 for part in ("year", "month", "day"))
    fits = 0 <= year <= 9999 and 0 <= month <= 12 and 0 <= day <= (monthrange(year or 2000, month)[1] if month else 31)
    if not fits or (day and not month):
        raise invalid_argument()
    return {key: value for key, value in (("year", year), ("month", month), ("day", day)) if value}
