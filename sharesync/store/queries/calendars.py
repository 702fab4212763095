"""Addresses of calendars, as pages ask for them; what changes one is not to be had here."""

from __future__ import annotations

from sharesync.store.records.calendars import made_at

__all__ = ["made_at"]
