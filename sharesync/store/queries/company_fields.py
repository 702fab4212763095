"""The company's fields, as pages ask for them; what changes one is not to be had here."""

from __future__ import annotations

from sharesync.store.records.company_fields import defined, find, names

__all__ = ["defined", "find", "names"]
