"""Groups by name or id, read-only, for pages and commands."""

from __future__ import annotations

from sharesync.store.records.groups import (
    find,
    find_any,
    find_id,
    keeping,
    listed,
    named,
    numbers,
    ordinary,
    sizes,
)
from sharesync.store.records.holds import special_limits
from sharesync.store.records.services import limits as service_limits

__all__ = [
    "find",
    "find_any",
    "find_id",
    "keeping",
    "listed",
    "named",
    "numbers",
    "ordinary",
    "service_limits",
    "sizes",
    "special_limits",
]
