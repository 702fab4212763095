"""The company's fields, read-only, for pages."""

from __future__ import annotations

from sharesync.store.records.company_fields import defined, find, names

__all__ = ["defined", "find", "names"]
