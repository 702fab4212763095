"""Quality over time: how many contacts each check found, day by day."""

from __future__ import annotations

from sharesync.store.records.quality_counts import since

__all__ = ["since"]
