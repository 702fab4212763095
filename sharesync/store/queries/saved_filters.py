"""Saved filters, as pages list them."""

from __future__ import annotations

from sharesync.store.records.saved_filters import seen

__all__ = ["seen"]
