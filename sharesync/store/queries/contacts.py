"""Single contacts with their cards and groups, read-only, for pages."""

from __future__ import annotations

from sharesync.store.records.contacts import (
    cards_at,
    get,
    group_names,
    held_by,
    here_at,
    here_by_version,
    history,
    in_group,
    legal_hold,
)

__all__ = [
    "cards_at",
    "get",
    "group_names",
    "held_by",
    "here_at",
    "here_by_version",
    "history",
    "in_group",
    "legal_hold",
]
