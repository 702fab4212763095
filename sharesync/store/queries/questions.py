"""Questions that only one user can answer: whether what they typed was meant for everyone."""

from __future__ import annotations

from sharesync.store.records.private_cards import about, asked, number

__all__ = ["about", "asked", "number"]
