"""Addresses of calendars, read-only, for pages."""

from __future__ import annotations

from sharesync.store.records.calendars import made_at

__all__ = ["made_at"]
