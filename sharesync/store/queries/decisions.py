"""Decisions as pages show them: what was decided about duplicates, and who typed the values of a conflict."""

from __future__ import annotations

from sharesync.store.records.conflicts import whose
from sharesync.store.records.duplicate_decisions import are_apart
from sharesync.store.records.duplicate_decisions import listed as duplicates
from sharesync.store.records.proposals import listed as open_proposals

__all__ = ["are_apart", "duplicates", "open_proposals", "whose"]
